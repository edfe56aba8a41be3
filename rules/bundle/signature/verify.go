package signature

import (
	"fmt"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
)

// A Reason is why a signature was not accepted. Of several signatures of one
// package, the one with the greatest reason came closest to being accepted and
// is the one to tell about.
type Reason int

// The reasons, from the farthest to the closest.
const (
	// Damaged: it is no bundle of this form, or was changed after signing.
	Damaged Reason = iota + 1
	// Untrusted: no trusted key made it.
	Untrusted
	// Elsewhere: a trusted key signed something else with it.
	Elsewhere
	// Expired: it is right, but its key is no longer trusted.
	Expired
)

// A Failure is a signature that was not accepted.
type Failure struct {
	Reason Reason
	Detail string // says what is wrong, and what to do
}

func (f *Failure) Error() string { return f.Detail }

func failed(r Reason, format string, args ...any) error {
	return &Failure{Reason: r, Detail: fmt.Sprintf(format, args...)}
}

// Verify says which of the keys signed the manifest. It is the caller who has
// computed the manifest's digest. An error that is about the signature is a
// [*Failure].
//
// What is accepted: one bundle of [MediaType] with one signature, made by one
// of the keys on or before the last day of its use, over an in-toto statement
// of [PredicateType] whose one subject has this SHA-256 and no other digest.
// The name of the subject proves nothing and is not looked at.
//
// A bundle with fields that Sigstore's version 0.3 does not have is refused, as
// protobuf's JSON parsers do by default and Sigstore's clients do: nobody has
// signed them. Those that it has beyond Sign's, an entry of a transparency log
// and a time stamp, are permitted and prove nothing here. In the signed
// statement unknown fields are ignored, as in-toto demands of its readers. A
// name that an object has twice is refused in both, since readers differ in
// which of the two they take.
//
// The signature inside a bundle is not unique: from one by ECDSA anybody can
// compute a second for the same statement. It says the same thing of the same
// manifest, so that both are accepted, as by every other reader of ECDSA;
// nothing may identify a package by the bytes of its signature.
func Verify(bundle []byte, manifest digest.Digest, keys Keys, now time.Time) (*PublicKey, error) {
	want, err := sha256Hex(manifest)
	if err != nil {
		return nil, err
	}
	b, err := parseBundle(bundle)
	if err != nil {
		return nil, err
	}
	key := keys.whoSigned(preAuthentication(b.payload), b.sig)
	if key == nil {
		return nil, noKey(b, keys)
	}
	got, err := parseStatement(b.payload)
	if err != nil {
		return nil, err
	}
	if got != want {
		return nil, failed(Elsewhere, "this is the signature of another package: %s signed the manifest sha256:%s, and this one is sha256:%s; get the package and its signature again from where it is published", key, got, want)
	}
	if key.expired(now) {
		return nil, failed(Expired, "the key %s signed this package, but is trusted only until %s; have the package signed with a key that is in use, or correct the line \"expires:\" of the key's file", key, key.Expires.Format(time.DateOnly))
	}
	return key, nil
}

// whoSigned is the key that made a signature, nil if none did. The hint in the
// bundle is not asked: it is a claim, and a folder holds few keys.
func (keys Keys) whoSigned(message, sig []byte) *PublicKey {
	for _, k := range keys {
		if k.verify(message, sig) {
			return k
		}
	}
	return nil
}

// noKey explains a signature that no trusted key made. The hint tells a
// stranger's from a trusted key's that was changed afterwards.
func noKey(b bundle, keys Keys) error {
	var trusted []string
	for _, k := range keys {
		if k.hint() == b.hint {
			return misfit(b, k)
		}
		trusted = append(trusted, k.String())
	}
	if len(trusted) == 0 {
		trusted = []string{"none"}
	}
	return failed(Untrusted, "there is no signature by a trusted key: this one was made by the key %s, and trusted are: %s; if you know whose key that is, put its public half among the trusted keys", strangerName(b.hint), strings.Join(trusted, ", "))
}

// misfit explains a signature that names a trusted key and is not by it.
func misfit(b bundle, k *PublicKey) error {
	if k.verifyPrehashed(preAuthentication(b.payload), b.sig) {
		return failed(Damaged, "the key %s made this signature in the way Ed25519ph, which is not the one of this kind of bundle (some versions of cosign do so and then refuse it themselves); have the package signed by linecheck, or by cosign with an EC key", k)
	}
	return failed(Damaged, "the signature is damaged: it names the trusted key %s, but does not fit it; the package's signature was changed after signing, so get it again from where it is published", k)
}
