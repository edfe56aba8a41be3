package signature_test

import (
	"fmt"
	"log"
	"testing/fstest"
	"time"

	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/opencontainers/go-digest"
)

// A key pair that is no secret, as "openssl genpkey -algorithm ED25519" and
// "openssl pkey -pubout" write one.
const (
	privatePEM = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
-----END PRIVATE KEY-----
`
	publicPEM = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAiojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=
-----END PUBLIC KEY-----
`
)

// A publisher signs the digest of a manifest; a site asks which of the keys in
// its folder did, and does not take the signature for that of another one.
func Example() {
	manifest := digest.FromString("the manifest of a package")
	key, err := signature.ReadPrivateKey([]byte(privatePEM))
	if err != nil {
		log.Fatal(err)
	}
	bundle, err := signature.Sign(key, "mail-ladder-1.4.0", manifest)
	if err != nil {
		log.Fatal(err)
	}

	trusted, err := signature.ReadKeys(fstest.MapFS{
		"operators-2026.pub": {Data: []byte("expires: 2026-12-31\n" + publicPEM)},
	})
	if err != nil {
		log.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	signer, err := signature.Verify(bundle, manifest, trusted, now)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("signed by", signer.Name)
	_, err = signature.Verify(bundle, digest.FromString("another manifest"), trusted, now)
	fmt.Println(err != nil)
	_, err = signature.Verify(bundle, manifest, trusted, now.AddDate(1, 0, 0))
	fmt.Println(err)

	// Output:
	// signed by operators-2026.pub
	// true
	// the key operators-2026.pub (SHA256:/RENMB0vB33hQUuPmfRBsUA/qyB7IFL70sBl5O6OfcI=) signed this package, but is trusted only until 2026-12-31; have the package signed with a key that is in use, or correct the line "expires:" of the key's file
}
