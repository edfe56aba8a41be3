package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"time"
)

// howToMake is the remedy for every key that can't be used.
const howToMake = `make one with "openssl genpkey -algorithm ED25519 -out KEY.pem" or "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out KEY.pem", and its public half with "openssl pkey -in KEY.pem -pubout -out KEY.pub"`

// A PrivateKey signs: ECDSA over P-256 with SHA-256 or over P-384 with
// SHA-384, or Ed25519 (RFC 8032, the message itself and not its hash), as
// Sigstore assigns them to the kinds of keys.
type PrivateKey struct {
	key    crypto.Signer
	public *PublicKey
}

// A PublicKey verifies what its private half signed.
type PublicKey struct {
	Name    string    // of the file that it stood in, if it came from a folder
	Expires time.Time // last day (UTC) on which it is trusted; zero: no such day

	key crypto.PublicKey
	der []byte // PKIX
}

// ReadPrivateKey reads a PKCS#8 private key in PEM, as "openssl genpkey" writes
// it. An encrypted key is refused: this package asks nobody for a password.
func ReadPrivateKey(pem []byte) (*PrivateKey, error) {
	block, _, err := onlyBlock(pem)
	if err != nil {
		return nil, err
	}
	if err := wantBlock(block, "PRIVATE KEY"); err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the private key is damaged or of a kind that is not used here (%w); %s", err, howToMake)
	}
	signer, ok := parsed.(crypto.Signer)
	if !ok { // X25519, which only agrees on keys
		return nil, fmt.Errorf("the private key is of a kind that can't sign; %s", howToMake)
	}
	public, err := newPublicKey(signer.Public())
	if err != nil {
		return nil, err
	}
	return &PrivateKey{key: signer, public: public}, nil
}

// Public is the key's public half, with neither name nor last day.
func (k *PrivateKey) Public() *PublicKey { return k.public }

// sign signs a message. Nothing about it is random: ECDSA takes its nonce from
// the key and the message (RFC 6979), so that signing twice gives one signature
// and a weak source of randomness gives no key away.
func (k *PrivateKey) sign(message []byte) ([]byte, error) {
	hash, digest := hashFor(k.public.key, message)
	return k.key.Sign(nil, digest, hash)
}

// ReadPublicKey reads a PKIX public key in PEM, as "openssl pkey -pubout" writes
// it. In the text before it, which is otherwise free, a line
// "expires: 2027-01-31" gives the last day on which the key is trusted. A line
// that speaks of an end in other words is refused, and so is a file that is not
// plain UTF-8 text; one byte order mark at its beginning is passed over.
func ReadPublicKey(pem []byte) (*PublicKey, error) {
	block, before, err := onlyBlock(pem)
	if err != nil {
		return nil, err
	}
	if err := wantBlock(block, "PUBLIC KEY"); err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the public key is damaged or of a kind that is not used here (%w); %s", err, howToMake)
	}
	k, err := newPublicKey(parsed)
	if err != nil {
		return nil, err
	}
	k.Expires, err = expiry(before)
	return k, err
}

// newPublicKey takes the kinds of keys that are used here, and no others.
func newPublicKey(key crypto.PublicKey) (*PublicKey, error) {
	switch key := key.(type) {
	case ed25519.PublicKey:
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() && key.Curve != elliptic.P384() {
			return nil, fmt.Errorf("the key is on the elliptic curve %s, and only P-256 and P-384 are used here; %s", key.Curve.Params().Name, howToMake)
		}
	case *rsa.PublicKey:
		return nil, fmt.Errorf("the key is an RSA key, and only EC and Ed25519 keys are used here; %s", howToMake)
	default:
		return nil, fmt.Errorf("the key is of a kind that is not used here; %s", howToMake)
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("the key can't be written as PKIX (%w); %s", err, howToMake)
	}
	return &PublicKey{key: key, der: der}, nil
}

// Fingerprint names the key: "SHA256:" and the base64 of the SHA-256 of its
// PKIX form. "openssl pkey -pubin -in KEY.pub -outform DER | openssl dgst
// -sha256 -binary | base64" prints what follows the colon.
func (k *PublicKey) Fingerprint() string { return "SHA256:" + k.hint() }

// hint is the fingerprint as cosign writes it into a bundle.
func (k *PublicKey) hint() string {
	sum := sha256.Sum256(k.der)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// String is the fingerprint, after the file's name if there is one.
func (k *PublicKey) String() string {
	if k.Name == "" {
		return k.Fingerprint()
	}
	return k.Name + " (" + k.Fingerprint() + ")"
}

// strangerName is the fingerprint in a bundle's hint, which a stranger may have
// written and may hold anything.
func strangerName(hint string) string {
	if sum, err := base64.StdEncoding.Strict().DecodeString(hint); err == nil && len(sum) == sha256.Size && len(hint) == base64.StdEncoding.EncodedLen(sha256.Size) {
		return "SHA256:" + hint
	}
	return "that it does not name"
}

func (k *PublicKey) expired(now time.Time) bool {
	return !k.Expires.IsZero() && !now.Before(k.Expires.AddDate(0, 0, 1))
}

func (k *PublicKey) verify(message, sig []byte) bool {
	_, digest := hashFor(k.key, message)
	switch key := k.key.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(key, digest, sig)
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, digest, sig)
	}
	return false // the zero PublicKey
}

// verifyPrehashed tells the one mistake that is made with a good key: Ed25519ph
// (RFC 8032, section 5.1), which signs the SHA-512 of the message.
func (k *PublicKey) verifyPrehashed(message, sig []byte) bool {
	key, ok := k.key.(ed25519.PublicKey)
	sum := sha512.Sum512(message)
	return ok && ed25519.VerifyWithOptions(key, sum[:], sig, &ed25519.Options{Hash: crypto.SHA512}) == nil
}

// hashFor is what a key of this kind signs of a message, and the hash that it
// was made with: none for Ed25519, which signs the message itself.
func hashFor(key crypto.PublicKey, message []byte) (crypto.Hash, []byte) {
	ec, ok := key.(*ecdsa.PublicKey)
	switch {
	case !ok:
		return 0, message
	case ec.Curve == elliptic.P384():
		sum := sha512.Sum384(message)
		return crypto.SHA384, sum[:]
	default:
		sum := sha256.Sum256(message)
		return crypto.SHA256, sum[:]
	}
}
