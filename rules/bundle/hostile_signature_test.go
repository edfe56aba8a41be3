package bundle_test

import (
	"archive/tar"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"time"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// newKey is made anew for each run: nothing depends on which it is.
func newKey() *signature.PrivateKey {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	der := must(x509.MarshalPKCS8PrivateKey(key))
	return must(signature.ReadPrivateKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

func trust(expires time.Time, keys ...*signature.PrivateKey) bundle.Policy {
	p := bundle.Policy{Keys: signature.Keys{}, Now: today}
	for _, k := range keys {
		public := *k.Public()
		public.Name, public.Expires = "vendor.pub", expires
		p.Keys = append(p.Keys, &public)
	}
	return p
}

var today = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

func signed(k *signature.PrivateKey, more ...func(*bundle.Layout)) forgery {
	return forgery{layout: func(l *bundle.Layout) {
		must(0, l.Sign(k))
		for _, f := range more {
			f(l)
		}
	}}
}

// signatureOf is a signature whose manifest names any subject and bundle.
func signatureOf(subject []byte, content []byte, change func(*ocispec.Manifest)) bundle.Signature {
	s := &bundle.Layout{Blobs: map[digest.Digest][]byte{}}
	m := ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, ArtifactType: signature.MediaType,
		Config: describe(s, ocispec.MediaTypeEmptyJSON, []byte("{}")),
		Layers: []ocispec.Descriptor{describe(s, signature.MediaType, content)},
	}
	m.Subject = &ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: digest.FromBytes(subject), Size: int64(len(subject))}
	if change != nil {
		change(&m)
	}
	return bundle.Signature{Manifest: must(json.Marshal(m)), Blobs: s.Blobs}
}

// forged puts one such signature into a layout.
func forged(content []byte, change func(*ocispec.Manifest)) forgery {
	return forgery{layout: func(l *bundle.Layout) {
		l.Signatures = []bundle.Signature{signatureOf(l.Manifest, content, change)}
	}}
}

// bundleOf is the Sigstore bundle of a signature.
func bundleOf(s bundle.Signature) []byte {
	for _, b := range s.Blobs {
		if len(b) > 2 {
			return b
		}
	}
	panic("no bundle")
}

// hostileSignatures are sound packages that nobody who is trusted here has
// signed.
func hostileSignatures() []hostile {
	vendor, stranger := newKey(), newKey()
	trusted := trust(time.Time{}, vendor)
	other := forgery{manifest: func(m *ocispec.Manifest) { m.Annotations["x"] = "another" }, layout: func(l *bundle.Layout) {
		must(0, l.Sign(vendor))
	}}.forge()
	return []hostile{
		{name: "no signature", policy: trusted, code: bundle.Unsigned, reason: "has no signature"},
		{name: "signature stripped", forgery: signed(vendor, func(l *bundle.Layout) { l.Signatures = nil }), policy: trusted, code: bundle.Unsigned, reason: "copy it again by a way that keeps signatures"},
		{name: "signature of another package", forgery: forgery{layout: func(l *bundle.Layout) { l.Signatures = other.Signatures }}, policy: trusted, code: bundle.Untrusted, reason: "a signature of another package"},
		{name: "signature of another package in a new wrapper", forgery: forged(bundleOf(other.Signatures[0]), nil), policy: trusted, code: bundle.Untrusted, reason: "not accepted"},
		{name: "signature of an unknown key", forgery: signed(stranger), policy: trusted, code: bundle.Untrusted, reason: stranger.Public().Fingerprint()},
		{name: "signature of an expired key", forgery: signed(vendor), policy: trust(today.AddDate(0, 0, -1), vendor), code: bundle.Expired, reason: "vendor.pub"},
		{name: "two signatures, one unknown and one expired", forgery: signed(vendor, func(l *bundle.Layout) { must(0, l.Sign(stranger)) }), policy: trust(today.AddDate(0, 0, -1), vendor), code: bundle.Expired, reason: "vendor.pub"},
		{name: "nobody is trusted", forgery: signed(vendor), policy: trust(time.Time{}), code: bundle.Untrusted, reason: "not accepted"},
		{name: "signature that was changed", forgery: signed(vendor, func(l *bundle.Layout) {
			b := bytes.Replace(bundleOf(l.Signatures[0]), []byte(`"sig":"M`), []byte(`"sig":"N`), 1)
			l.Signatures = []bundle.Signature{signatureOf(l.Manifest, b, nil)}
		}), policy: trusted, code: bundle.Untrusted, reason: "not accepted"},
		{name: "signature of another digest", forgery: signed(vendor, func(l *bundle.Layout) {
			for d, b := range l.Signatures[0].Blobs {
				l.Signatures[0].Blobs[d] = flipped(bytes.Clone(b))
			}
		}), policy: trusted, code: bundle.WrongDigest, reason: "not the one that was named"},
		{name: "signature that is no bundle", forgery: forged([]byte("-----BEGIN PGP SIGNATURE-----"), nil), policy: trusted, code: bundle.Untrusted, reason: "not JSON"},
		{name: "signature of 100 KiB", forgery: forged(bytes.Repeat([]byte(" "), 100<<10), nil), policy: trusted, code: bundle.TooBig, reason: "102400 bytes"},
		{name: "signature with two bundles", forgery: forged([]byte("x"), func(m *ocispec.Manifest) { m.Layers = append(m.Layers, m.Layers[0]) }), policy: trusted, code: bundle.Foreign, reason: "2 layers"},
		{name: "signature with a config", forgery: forged([]byte("x"), func(m *ocispec.Manifest) { m.Config.MediaType = bundle.ConfigType }), policy: trusted, code: bundle.Foreign, reason: "signature's config"},
		{name: "signature without a subject", forgery: forged([]byte("x"), func(m *ocispec.Manifest) { m.Subject = nil }), policy: trusted, code: bundle.Untrusted, reason: "another package"},
		{name: "signature that is missing", forgery: signed(vendor, func(l *bundle.Layout) { clear(l.Signatures[0].Blobs) }), policy: trusted, code: bundle.Damaged, reason: "is missing"},
		{name: "something else about the package", forgery: forged([]byte("x"), func(m *ocispec.Manifest) { m.ArtifactType = "application/spdx+json" }), code: bundle.Foreign, reason: "neither a runbook nor a signature"},
		{name: "package that was changed after signing", forgery: signed(vendor, func(l *bundle.Layout) {
			l.Manifest = bytes.Replace(l.Manifest, []byte("net"), []byte("nex"), 1)
			b := bundleOf(l.Signatures[0])
			l.Signatures = []bundle.Signature{signatureOf(l.Manifest, b, nil)}
		}), policy: trusted, code: bundle.Untrusted, reason: "not accepted"},
		{name: "an old version, rightly signed", forgery: signed(vendor), policy: bundle.Policy{Keys: trusted.Keys, Now: today, Name: "net", Version: "1.3.0"}, code: bundle.OtherPackage, reason: "1.3.0 was asked for"},
		{name: "rightly signed and hostile", forgery: forgery{entries: soundTree(special(tar.TypeSymlink, "a", "/etc/passwd")), layout: func(l *bundle.Layout) { must(0, l.Sign(vendor)) }}, policy: trusted, code: bundle.NotRegular, reason: "a symbolic link"},
	}
}
