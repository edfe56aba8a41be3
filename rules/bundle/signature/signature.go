// Package signature signs the digest of an OCI manifest with a key, and says
// which of the trusted keys signed it.
//
// Start with [Sign] and [Verify]; [ReadPrivateKey], [ReadPublicKey] and
// [ReadKeys] read the keys as "openssl genpkey" and "openssl pkey -pubout"
// write them. The script verify-with-openssl.sh beside this file checks the
// signature of a package without this package, with openssl alone.
//
// A signature is a Sigstore bundle v0.3, in the form that "cosign sign --key"
// gives it: a DSSE envelope around an in-toto statement whose one subject is
// the manifest, and the fingerprint of the key as a hint. It carries no
// certificate, no entry of a transparency log and no time, so that it can be
// verified years later with no network; what limits it is the day on which a
// site stops trusting the key.
//
// "cosign verify --key KEY.pub --insecure-ignore-tlog=true" of cosign 3.1 takes
// ours by P-256 and Ed25519 keys as they are, and by P-384 keys with
// --signature-digest-algorithm sha384; [Verify] takes those of its "sign --key"
// by P-256 and P-384 keys. With an Ed25519 key that cosign makes signatures
// (Ed25519ph) that it then refuses itself, as Verify does.
//
// Within a major version a bundle that was accepted stays accepted, and the
// same key, name and manifest give the same bytes.
package signature

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/opencontainers/go-digest"
)

// MediaType is that of a signature: a Sigstore bundle v0.3.
const MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

// MaxSize is how many bytes a signature may have. One of ours has less than
// 1 KiB; with a certificate chain, an entry of a transparency log and a time
// stamp, as other programs add them, it has about 10.
const MaxSize = 64 << 10

// PredicateType is what a signature states of its subject: that it is signed,
// and nothing else. Statements of another type about the same package, a list
// of its parts say, are no signature of it, even if the same key made them.
const PredicateType = "https://sigstore.dev/cosign/sign/v1"

const (
	payloadType   = "application/vnd.in-toto+json"
	statementType = "https://in-toto.io/Statement/v1"

	// maxName keeps whatever Sign makes far below MaxSize.
	maxName = 1024
)

// envelope is a bundle as Sign writes it: the order of its fields is the order
// in the file.
type envelope struct {
	MediaType            string `json:"mediaType"`
	VerificationMaterial struct {
		PublicKey struct {
			Hint string `json:"hint"`
		} `json:"publicKey"`
	} `json:"verificationMaterial"`
	DSSE struct {
		Payload     []byte `json:"payload"`
		PayloadType string `json:"payloadType"`
		Signatures  [1]struct {
			Sig []byte `json:"sig"`
		} `json:"signatures"`
	} `json:"dsseEnvelope"`
}

// statement is an in-toto statement as Sign writes it.
type statement struct {
	Type          string     `json:"_type"`
	Subject       [1]subject `json:"subject"`
	PredicateType string     `json:"predicateType"`
	Predicate     struct{}   `json:"predicate"`
}

type subject struct {
	Name   string `json:"name"`
	Digest struct {
		SHA256 string `json:"sha256"`
	} `json:"digest"`
}

// Sign signs the digest of a package's manifest. The name is for people who
// look into the bundle; what is proven is the digest, and through it whatever
// the manifest names. The same key, name and digest give the same bytes.
func Sign(k *PrivateKey, name string, manifest digest.Digest) ([]byte, error) {
	hex, err := sha256Hex(manifest)
	if err != nil {
		return nil, fmt.Errorf("signing %s: %w", strconv.Quote(name), err)
	}
	if name == "" || len(name) > maxName || !utf8.ValidString(name) {
		return nil, fmt.Errorf("signing %s: the name of what is signed must be text of 1 to %d bytes", manifest, maxName)
	}
	s := statement{Type: statementType, PredicateType: PredicateType}
	s.Subject[0].Name = name
	s.Subject[0].Digest.SHA256 = hex
	payload, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("signing %s: %w", manifest, err)
	}

	var e envelope
	e.MediaType = MediaType
	e.VerificationMaterial.PublicKey.Hint = k.public.hint()
	e.DSSE.Payload, e.DSSE.PayloadType = payload, payloadType
	e.DSSE.Signatures[0].Sig, err = k.sign(preAuthentication(payload))
	if err != nil {
		return nil, fmt.Errorf("signing %s: %w", manifest, err)
	}
	return json.Marshal(e)
}

// preAuthentication is what is signed of a payload: DSSE's pre-authentication
// encoding, in which no other pair of type and payload gives the same bytes.
func preAuthentication(payload []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "DSSEv1 %d %s %d ", len(payloadType), payloadType, len(payload))
	b.Write(payload)
	return b.Bytes()
}

// sha256Hex is the hexadecimal part of a digest, which must be SHA-256's: the
// statement names the algorithm, and a second one would be a second way to say
// what is signed.
func sha256Hex(d digest.Digest) (string, error) {
	if err := d.Validate(); err != nil || d.Algorithm() != digest.SHA256 {
		return "", fmt.Errorf("the digest of a manifest must be sha256: and 64 hexadecimal digits, not %q", string(d))
	}
	return d.Encoded(), nil
}
