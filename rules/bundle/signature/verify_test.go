package signature

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
)

// forge is a bundle over any payload, signed with a real key; the edit changes
// what is then written.
func forge(t testing.TB, k *PrivateKey, payload string, edit func(*envelope)) []byte {
	t.Helper()
	var e envelope
	if err := json.Unmarshal(sign(t, k, manifest), &e); err != nil {
		t.Fatal(err)
	}
	e.DSSE.Payload = []byte(payload)
	var err error
	if e.DSSE.Signatures[0].Sig, err = k.sign(preAuthentication(e.DSSE.Payload)); err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(&e)
	}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// statementOf is a statement with the members given in place of Sign's.
func statementOf(subject string) string {
	return `{"_type":"https://in-toto.io/Statement/v1","subject":` + subject + `,"predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}`
}

func subjectOf(d digest.Digest) string { return `{"digest":{"sha256":"` + d.Encoded() + `"}}` }

func TestVerifyRefuses(t *testing.T) {
	k, stranger := newKey(t, algorithms[1].args...), newKey(t, algorithms[0].args...)
	trusted := Keys{named(k, "ops.pub")}
	good := string(sign(t, k, manifest))
	valid := statementOf("[" + subjectOf(manifest) + "]")
	// put replaces text in the good bundle, which must be there.
	put := func(old, new string) string {
		if strings.Count(good, old) != 1 {
			t.Fatalf("%s is not once in %s", old, good)
		}
		return strings.Replace(good, old, new, 1)
	}
	signed := func(payload string) string { return string(forge(t, k, payload, nil)) }
	edited := func(edit func(*envelope)) string { return string(forge(t, k, valid, edit)) }

	none := regexp.MustCompile(`"signatures":.*\]`)

	tests := []struct {
		name   string
		bundle string
		keys   Keys
		reason Reason
		says   string
	}{
		{"empty", "", trusted, Damaged, "not JSON"},
		{"null", "null", trusted, Damaged, "object is missing"},
		{"a list", "[]", trusted, Damaged, "object is missing"},
		{"an empty object", "{}", trusted, Damaged, "media type"},
		{"cut off", good[:len(good)-1], trusted, Damaged, "not JSON"},
		{"two bundles", good + good, trusted, Damaged, "not JSON"},
		{"too large", good + strings.Repeat(" ", MaxSize), trusted, Damaged, "at most 65536"},
		{"deep", strings.Repeat("[", MaxSize/2) + strings.Repeat("]", MaxSize/2), trusted, Damaged, "not JSON"},
		{"not UTF-8", put(`"hint":"`, `"hint":"`+"\xff"), trusted, Damaged, "not JSON"},
		{"an older media type", put(MediaType, "application/vnd.dev.sigstore.bundle+json;version=0.2"), trusted, Damaged, "media type"},
		{"an unknown field", put(`{"mediaType"`, `{"note":1,"mediaType"`), trusted, Damaged, `"note" is unknown`},
		{"an unknown field of the material", put(`{"publicKey"`, `{"note":1,"publicKey"`), trusted, Damaged, `verificationMaterial: the field "note" is unknown`},
		{"an unknown field of the key", put(`{"hint"`, `{"note":1,"hint"`), trusted, Damaged, `publicKey: the field "note" is unknown`},
		{"an unknown field of the envelope", put(`{"payload"`, `{"note":1,"payload"`), trusted, Damaged, `dsseEnvelope: the field "note" is unknown`},
		{"an unknown field of the signature", put(`{"sig"`, `{"note":1,"sig"`), trusted, Damaged, `signatures: the field "note" is unknown`},
		{"a name in other letters", put(`"dsseEnvelope"`, `"DSSEEnvelope"`), trusted, Damaged, `"DSSEEnvelope" is unknown`},
		{"a name twice", put(`{"mediaType"`, `{"mediaType":"x","mediaType"`), trusted, Damaged, `"mediaType" stands twice`},
		{"a name twice, null", put(`{"mediaType"`, `{"mediaType":null,"mediaType"`), trusted, Damaged, `"mediaType" stands twice`},
		{"a name twice, escaped", put(`{"payload"`, `{"p\u0061yload":"e30=","payload"`), trusted, Damaged, `"payload" stands twice`},
		{"a signature twice in one object", put(`{"sig"`, `{"sig":"AA==","sig"`), trusted, Damaged, `"sig" stands twice`},
		{"a message signature", put(`"dsseEnvelope"`, `"messageSignature":{},"dsseEnvelope"`), trusted, Damaged, `"messageSignature" is unknown`},
		{"a certificate", put(`{"publicKey"`, `{"certificate":{"rawBytes":"AA=="},"publicKey"`), trusted, Untrusted, "certificate"},
		{"no key named", put(`"publicKey"`, `"tlogEntries"`), trusted, Damaged, "publicKey"},
		{"a hint that is no text", put(`"hint":"`+k.Public().hint()+`"`, `"hint":1`), trusted, Damaged, "hint: a text is missing"},
		{"another payload type", put(payloadType, "text/plain"), trusted, Damaged, "type of its payload"},
		{"no signatures", none.ReplaceAllString(good, `"signatures":[]`), trusted, Damaged, "exactly one signature"},
		{"two signatures", put(`"signatures":[`, `"signatures":[{"sig":"AA=="},`), trusted, Damaged, "exactly one signature"},
		{"base64 with a line end", put(`"payload":"`, `"payload":"\n`), trusted, Damaged, "base64"},
		{"base64 without padding", put(`"}]}}`, `AA"}]}}`), trusted, Damaged, "base64"},
		{"base64 for addresses", put(`"payload":"`, `"payload":"-_-_`), trusted, Damaged, "base64"},
		{"an empty payload", `{"mediaType":"` + MediaType + `","verificationMaterial":{"publicKey":{}},"dsseEnvelope":{"payload":"","payloadType":"` + payloadType + `","signatures":[{"sig":"AA=="}]}}`, trusted, Damaged, "base64"},

		{"another key", string(sign(t, stranger, manifest)), trusted, Untrusted, stranger.Public().Fingerprint() + ", and trusted are: ops.pub (" + k.Public().Fingerprint() + ")"},
		{"no keys", good, nil, Untrusted, "trusted are: none"},
		{"another key that names the trusted one", string(forge(t, stranger, valid, func(e *envelope) { e.VerificationMaterial.PublicKey.Hint = k.Public().hint() })), trusted, Damaged, "names the trusted key ops.pub"},
		{"another key that names itself with escapes", string(forge(t, stranger, valid, func(e *envelope) { e.VerificationMaterial.PublicKey.Hint = "\x1b[2J" })), trusted, Untrusted, "the key that it does not name,"},
		{"a changed payload", edited(func(e *envelope) { e.DSSE.Payload = bytes.Replace(e.DSSE.Payload, []byte(`{}`), []byte(`{ }`), 1) }), trusted, Damaged, "does not fit"},
		{"a changed signature", edited(func(e *envelope) { e.DSSE.Signatures[0].Sig[9] ^= 1 }), trusted, Damaged, "does not fit"},
		{"a longer signature", edited(func(e *envelope) { e.DSSE.Signatures[0].Sig = append(e.DSSE.Signatures[0].Sig, 0) }), trusted, Damaged, "does not fit"},
		{"a signature of the payload without its type", edited(func(e *envelope) { e.DSSE.Signatures[0].Sig, _ = k.sign(e.DSSE.Payload) }), trusted, Damaged, "does not fit"},

		{"of another package", string(sign(t, k, another)), trusted, Elsewhere, another.String() + ", and this one is " + manifest.String()},
		{"another statement of the package", signed(strings.Replace(valid, PredicateType, "https://spdx.dev/Document", 1)), trusted, Elsewhere, "something else"},
		{"signed text that is no JSON", signed("mail-ladder"), trusted, Damaged, "not JSON"},
		{"signed text that is no UTF-8", signed(statementOf(`[{"name":"` + "\xff" + `",` + subjectOf(manifest)[1:] + "]")), trusted, Damaged, "not JSON"},
		{"an older statement", signed(strings.Replace(valid, "/v1", "/v0.1", 1)), trusted, Damaged, "Statement/v1"},
		{"no subject", signed(statementOf("[]")), trusted, Damaged, "exactly one thing"},
		{"two subjects", signed(statementOf("[" + subjectOf(manifest) + "," + subjectOf(another) + "]")), trusted, Damaged, "exactly one thing"},
		{"a subject twice", signed(strings.Replace(valid, `"subject"`, `"subject":[],"subject"`, 1)), trusted, Damaged, `"subject" stands twice`},
		{"a digest twice", signed(statementOf(`[{"digest":{"sha256":"` + another.Encoded() + `","sha256":"` + manifest.Encoded() + `"}}]`)), trusted, Damaged, `"sha256" stands twice`},
		{"a second digest", signed(statementOf(`[{"digest":{"sha256":"` + manifest.Encoded() + `","sha512":"00"}}]`)), trusted, Damaged, `"sha512" is unknown`},
		{"only another digest", signed(statementOf(`[{"digest":{"sha512":"00"}}]`)), trusted, Damaged, `"sha512" is unknown`},
		{"a digest in capitals", signed(statementOf(`[{"digest":{"sha256":"` + strings.ToUpper(manifest.Encoded()) + `"}}]`)), trusted, Damaged, "lower case"},
		{"a name instead of a digest", signed(statementOf(`[{"name":"` + manifest.String() + `"}]`)), trusted, Damaged, "digest"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			key, err := Verify([]byte(test.bundle), manifest, test.keys, today)
			var f *Failure
			if key != nil || !errors.As(err, &f) {
				t.Fatalf("Verify = %v, %v", key, err)
			}
			if f.Reason != test.reason || !strings.Contains(f.Error(), test.says) {
				t.Errorf("reason %d (want %d), which does not say %q: %s", f.Reason, test.reason, test.says, f)
			}
			if strings.ContainsFunc(f.Detail, func(r rune) bool { return r < ' ' || r == 0x7f }) {
				t.Errorf("the text has control characters: %q", f.Detail)
			}
		})
	}
}

// TestStrictBase64 changes the bits of a signature's last letter that mean
// nothing: lenient readers decode the same bytes from either.
func TestStrictBase64(t *testing.T) {
	k := newKey(t, algorithms[0].args...)
	b := sign(t, k, manifest)
	last := bytes.LastIndex(b, []byte(`=="`)) - 1 // 64 bytes leave four bits over
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	b[last] = alphabet[strings.IndexByte(alphabet, b[last])+1]
	if sig := payloadOf(b); sig == nil {
		t.Fatal("the standard library does not read it either")
	}
	if key, err := Verify(b, manifest, Keys{k.Public()}, today); err == nil || !strings.Contains(err.Error(), "standard form") {
		t.Errorf("Verify = %v, %v", key, err)
	}
}

// TestLongName holds that what a stranger wrote does not fill the terminal.
func TestLongName(t *testing.T) {
	_, err := Verify([]byte(`{"mediaType":"`+MediaType+`","`+strings.Repeat("x", 10_000)+`":1}`), manifest, nil, today)
	if err == nil || len(err.Error()) > 300 {
		t.Errorf("%v", err)
	}
}

// TestVerifyOthers takes what other programs write: cosign leaves the name of
// the subject out and writes annotations, and what its transparency log and
// time stamps add stands unread in the bundle.
func TestVerifyOthers(t *testing.T) {
	k := newKey(t, algorithms[1].args...)
	payload := statementOf(`[{"digest":{"sha256":"` + manifest.Encoded() + `"}, "annotations":{"team":"ops"}}]`)
	b := string(forge(t, k, payload, nil))
	b = strings.Replace(b, `{"publicKey"`, `{"tlogEntries":[{"logIndex":"1","logIndex":"2"}],"timestampVerificationData":{"rfc3161Timestamps":[]},"publicKey"`, 1)
	b = strings.Replace(b, `{"sig"`, ` { "keyid" : "" , "sig"`, 1)
	if key, err := Verify([]byte(b), manifest, Keys{k.Public()}, today); err != nil || key != k.Public() {
		t.Errorf("Verify = %v, %v", key, err)
	}
	// Ours with a fingerprint left out: a hint is optional.
	b = string(sign(t, k, manifest))
	b = strings.Replace(b, `"hint":"`+k.Public().hint()+`"`, "", 1)
	if key, err := Verify([]byte(b), manifest, Keys{k.Public()}, today); err != nil || key != k.Public() {
		t.Errorf("without a hint: Verify = %v, %v", key, err)
	}
}

// TestCosign reads what cosign 3.1.1 wrote in "cosign sign --key" for a package
// of ours, with keys made by openssl (testdata/cosign). That cosign refuses the
// one by its own Ed25519 key itself.
func TestCosign(t *testing.T) {
	signed := digest.Digest("sha256:4a9eae6adc76d50b1c6262ce84b9ff016b43ec676e553de30b01ff9e7b85f437")
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("testdata", "cosign", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, name := range []string{"p256", "p384", "ed25519ph"} {
		key, err := ReadPublicKey(read(name + ".pub"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Verify(read(name+".json"), signed, Keys{key}, today)
		if name == "ed25519ph" {
			var f *Failure
			if !errors.As(err, &f) || f.Reason != Damaged || !strings.Contains(f.Detail, "Ed25519ph") {
				t.Errorf("%s: Verify = %v, %v", name, got, err)
			}
			continue
		}
		if err != nil || got != key {
			t.Errorf("%s: Verify = %v, %v", name, got, err)
		}
		if _, err := Verify(read(name+".json"), manifest, Keys{key}, today); err == nil {
			t.Errorf("%s is taken for a signature of another manifest", name)
		}
	}
}

// TestChangedByte changes, removes and doubles every byte of a signature in
// turn. What is still accepted says the same in the same words: only the hint,
// which proves nothing, may differ.
func TestChangedByte(t *testing.T) {
	k := newKey(t, algorithms[0].args...)
	good := sign(t, k, manifest)
	var want envelope
	if err := json.Unmarshal(good, &want); err != nil {
		t.Fatal(err)
	}
	accepted := 0
	try := func(at int, changed []byte) {
		key, err := Verify(changed, manifest, Keys{k.Public()}, today)
		if err != nil {
			return
		}
		accepted++
		var got envelope
		if err := json.Unmarshal(changed, &got); err != nil {
			t.Fatal(err)
		}
		got.VerificationMaterial = want.VerificationMaterial
		if a, b := fmt.Sprint(got), fmt.Sprint(want); a != b || key != k.Public() {
			t.Errorf("accepted with byte %d changed: %s", at, changed)
		}
	}
	for at := range good {
		for _, flip := range []byte{0x01, 0x02, 0x08, 0x20, 0x80} {
			changed := bytes.Clone(good)
			changed[at] ^= flip
			try(at, changed)
		}
		try(at, slices.Concat(good[:at], good[at+1:]))
		try(at, slices.Concat(good[:at+1], good[at:]))
	}
	if accepted == 0 {
		t.Error("no change of the hint was accepted: was anything tried?")
	}
}

// TestMalleable computes from a signature by ECDSA the other one that fits, as
// anybody can: it is accepted, and still is a signature of this manifest alone.
// Other encodings of the same two numbers are not.
func TestMalleable(t *testing.T) {
	k := newKey(t, algorithms[1].args...)
	var e envelope
	if err := json.Unmarshal(sign(t, k, manifest), &e); err != nil {
		t.Fatal(err)
	}
	sig := &e.DSSE.Signatures[0].Sig
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(*sig, &rs); err != nil {
		t.Fatal(err)
	}
	verify := func(sig []byte, d digest.Digest) error {
		changed := e
		changed.DSSE.Signatures[0].Sig = sig
		b, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Verify(b, d, Keys{k.Public()}, today)
		return err
	}
	original := bytes.Clone(*sig)
	n := elliptic.P256().Params().N
	rs.S.Sub(n, rs.S)
	other, err := asn1.Marshal(rs)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(other, manifest); err != nil || bytes.Equal(other, original) {
		t.Errorf("the other signature: %v", err)
	}
	if err := verify(other, another); err == nil {
		t.Error("the other signature is taken for one of another manifest")
	}
	rs.S.Add(rs.S, n)
	tooLarge, err := asn1.Marshal(rs)
	if err != nil {
		t.Fatal(err)
	}
	long := append([]byte{0x30, 0x81}, original[1:]...)                             // a length in more bytes than it needs
	padded := append([]byte{0x30, original[1] + 1, 2}, padInteger(original[3:])...) // a number with a zero before it
	zero, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int), new(big.Int)})
	if err != nil {
		t.Fatal(err)
	}
	for name, sig := range map[string][]byte{"s beyond the order": tooLarge, "long form": long, "padded": padded, "zeros": zero} {
		if err := verify(sig, manifest); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if !ecdsa.VerifyASN1(k.Public().key.(*ecdsa.PublicKey), digestBytes(preAuthentication(e.DSSE.Payload)), original) {
		t.Error("the original does not verify")
	}
}

// padInteger puts a zero before the number whose length and bytes follow.
func padInteger(rest []byte) []byte {
	return append([]byte{rest[0] + 1, 0}, rest[1:]...)
}

func TestExpiry(t *testing.T) {
	old, new := newKey(t, algorithms[0].args...), newKey(t, algorithms[1].args...)
	retired := named(old, "2025.pub")
	retired.Expires = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	keys := Keys{retired, named(new, "2026.pub")}
	b := sign(t, old, manifest)
	last := time.Date(2026, 11, 24, 23, 59, 59, 999_999_999, time.UTC)
	west := time.FixedZone("west", -8*3600) // the day is UTC's wherever the site is
	for _, now := range []time.Time{today, last, last.In(west)} {
		if key, err := Verify(b, manifest, keys, now); err != nil || key.Name != "2025.pub" {
			t.Errorf("at %v: %v, %v", now, key, err)
		}
	}
	for _, now := range []time.Time{last.Add(1), last.Add(1).In(west), last.AddDate(10, 0, 0)} {
		_, err := Verify(b, manifest, keys, now)
		var f *Failure
		if !errors.As(err, &f) || f.Reason != Expired || !strings.Contains(f.Detail, "2025.pub") || !strings.Contains(f.Detail, "until 2026-11-24") {
			t.Errorf("at %v: %v", now, err)
		}
		if key, err := Verify(sign(t, new, manifest), manifest, keys, now); err != nil || key.Name != "2026.pub" {
			t.Errorf("the new key at %v: %v, %v", now, key, err)
		}
		// Whatever else is wrong is told first: it stays wrong with a longer date.
		_, err = Verify(sign(t, old, another), manifest, keys, now)
		if !errors.As(err, &f) || f.Reason != Elsewhere {
			t.Errorf("another package at %v: %v", now, err)
		}
	}
}

// FuzzVerify holds that what is accepted is a statement that the key has signed
// about this manifest, read here by the standard library's lenient reader.
func FuzzVerify(f *testing.F) {
	// The same keys in every process that fuzzes: what one signed must be
	// good for the others.
	k := fixedKey(f, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	scalar, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{1}, 32))
	if err != nil {
		f.Fatal(err)
	}
	ec := fixedKey(f, scalar)
	stranger := fixedKey(f, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize)))
	keys := Keys{k.Public(), ec.Public()}
	statements := map[string]bool{}
	for _, key := range []*PrivateKey{k, ec} {
		for _, d := range []digest.Digest{manifest, another} {
			b := sign(f, key, d)
			f.Add(b)
			if d == manifest {
				statements[string(payloadOf(b))] = true
			}
		}
		f.Add(forge(f, key, statementOf("["+subjectOf(another)+","+subjectOf(manifest)+"]"), nil))
	}
	f.Add(sign(f, stranger, manifest))
	f.Fuzz(func(t *testing.T, b []byte) {
		key, err := Verify(b, manifest, keys, today)
		if (key == nil) != (err != nil) {
			t.Fatalf("Verify = %v, %v", key, err)
		}
		if err == nil && !statements[string(payloadOf(b))] {
			t.Errorf("accepted, though no key signed this of the manifest: %s", b)
		}
	})
}

// fixedKey reads a key that is no secret.
func fixedKey(t testing.TB, key any) *PrivateKey {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	k, err := ReadPrivateKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func payloadOf(b []byte) []byte {
	var e envelope
	if json.Unmarshal(b, &e) != nil {
		return nil
	}
	return e.DSSE.Payload
}
