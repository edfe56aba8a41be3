package signature

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/opencontainers/go-digest"
)

var (
	manifest = digest.FromString("a manifest")
	another  = digest.FromString("another manifest")
	today    = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
)

// openssl runs the real command and returns what it printed.
func openssl(t testing.TB, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		rulestest.Missing(t, "needs the program openssl")
	}
	var stderr bytes.Buffer
	cmd := exec.Command("openssl", args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("openssl %q: %v\n%s", args, err, &stderr)
	}
	return out
}

// algorithms are the kinds of keys that are used, as openssl is told to make
// them, and the hash with which it verifies.
var algorithms = []struct {
	name string
	args []string
	hash string
}{
	{"Ed25519", []string{"-algorithm", "ED25519"}, ""},
	{"P-256", []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}, "-sha256"},
	{"P-384", []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"}, "-sha384"},
}

// newKey makes a private key with openssl.
func newKey(t testing.TB, args ...string) *PrivateKey {
	t.Helper()
	k, err := ReadPrivateKey(openssl(t, append([]string{"genpkey"}, args...)...))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// named is the public half of a key as it comes out of a folder.
func named(k *PrivateKey, name string) *PublicKey {
	public := *k.Public()
	public.Name = name
	return &public
}

func sign(t testing.TB, k *PrivateKey, d digest.Digest) []byte {
	t.Helper()
	b, err := Sign(k, "mail-ladder", d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSign(t *testing.T) {
	for _, a := range algorithms {
		t.Run(a.name, func(t *testing.T) {
			k, stranger := newKey(t, a.args...), newKey(t, a.args...)
			b := sign(t, k, manifest)
			if again := sign(t, k, manifest); !bytes.Equal(b, again) {
				t.Errorf("signing twice gives two signatures:\n%s\n%s", b, again)
			}
			if len(b) > 1024 {
				t.Errorf("a signature has %d bytes", len(b))
			}
			key, err := Verify(b, manifest, Keys{named(stranger, "a.pub"), named(k, "b.pub")}, today)
			if err != nil || key.Name != "b.pub" {
				t.Errorf("Verify = %v, %v", key, err)
			}
		})
	}
}

// TestSignedByOpenSSL takes a bundle apart without this package and has openssl
// verify it.
func TestSignedByOpenSSL(t *testing.T) {
	for _, a := range algorithms {
		t.Run(a.name, func(t *testing.T) {
			dir := t.TempDir()
			file := func(name string) string { return filepath.Join(dir, name) }
			openssl(t, append([]string{"genpkey", "-out", file("key.pem")}, a.args...)...)
			openssl(t, "pkey", "-in", file("key.pem"), "-pubout", "-out", file("key.pub"))
			pem, err := os.ReadFile(file("key.pem"))
			if err != nil {
				t.Fatal(err)
			}
			k, err := ReadPrivateKey(pem)
			if err != nil {
				t.Fatal(err)
			}
			var b struct {
				VerificationMaterial struct{ PublicKey struct{ Hint string } }
				DSSEEnvelope         struct {
					Payload    []byte
					Signatures []struct{ Sig []byte }
				}
			}
			if err := json.Unmarshal(sign(t, k, manifest), &b); err != nil {
				t.Fatal(err)
			}
			payload := b.DSSEEnvelope.Payload
			message := fmt.Sprintf("DSSEv1 28 application/vnd.in-toto+json %d %s", len(payload), payload)
			for name, content := range map[string][]byte{"message": []byte(message), "sig": b.DSSEEnvelope.Signatures[0].Sig} {
				if err := os.WriteFile(file(name), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if a.hash == "" {
				openssl(t, "pkeyutl", "-verify", "-pubin", "-inkey", file("key.pub"), "-rawin", "-in", file("message"), "-sigfile", file("sig"))
			} else {
				openssl(t, "dgst", a.hash, "-verify", file("key.pub"), "-signature", file("sig"), file("message"))
			}

			der := openssl(t, "pkey", "-pubin", "-in", file("key.pub"), "-outform", "DER")
			if want := base64.StdEncoding.EncodeToString(digestBytes(der)); b.VerificationMaterial.PublicKey.Hint != want || k.Public().Fingerprint() != "SHA256:"+want {
				t.Errorf("the hint is %q and the fingerprint %q, and openssl gives %q", b.VerificationMaterial.PublicKey.Hint, k.Public().Fingerprint(), want)
			}
		})
	}
}

func digestBytes(b []byte) []byte {
	h := digest.SHA256.Hash()
	h.Write(b)
	return h.Sum(nil)
}

func TestSignRefuses(t *testing.T) {
	k := newKey(t, "-algorithm", "ED25519")
	for _, d := range []digest.Digest{"", "sha256:ab", digest.SHA512.FromString("a manifest"), "SHA256:" + digest.Digest(manifest.Encoded())} {
		if b, err := Sign(k, "mail-ladder", d); err == nil {
			t.Errorf("signed %q: %s", d, b)
		}
		if key, err := Verify(sign(t, k, manifest), d, Keys{k.Public()}, today); err == nil {
			t.Errorf("verified %q: %v", d, key)
		}
	}
	for _, name := range []string{"", strings.Repeat("x", maxName+1), "\xff"} {
		if b, err := Sign(k, name, manifest); err == nil {
			t.Errorf("signed with the name %q: %s", name, b)
		}
	}
}

func BenchmarkSign(b *testing.B) {
	for _, a := range algorithms {
		k := newKey(b, a.args...)
		b.Run(a.name, func(b *testing.B) {
			for b.Loop() {
				sign(b, k, manifest)
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, a := range algorithms {
		k := newKey(b, a.args...)
		signed := sign(b, k, manifest)
		b.Run(a.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Verify(signed, manifest, Keys{k.Public()}, today); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
