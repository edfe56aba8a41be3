package bundle

import (
	"cmp"
	"slices"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

const signatureType = "application/vnd.dev.sigstore.bundle.v0.3+json"

// DescribeSignature lists what the manifest of a signature names: its config,
// which is empty, and its bundle, both within the bounds. False says that the
// manifest is of something else that refers to the same subject; a signature
// that can't be one of the subject is an error.
func DescribeSignature(manifest []byte, subject digest.Digest) ([]ocispec.Descriptor, bool, error) {
	named, ok, r := describeSignature(manifest, subject)
	if r != nil {
		return nil, ok, r
	}
	return named, ok, nil
}

func describeSignature(manifest []byte, subject digest.Digest) ([]ocispec.Descriptor, bool, *Refusal) {
	m, r := parseManifest(manifest)
	switch {
	case r != nil:
		return nil, false, r
	case typeOf(m) != signatureType:
		return nil, false, nil
	case m.Subject == nil || m.Subject.Digest != subject:
		return nil, true, refuse(Untrusted, "The package holds a signature of another package (%s). Fetch package and signature again.", subjectOf(m))
	case len(m.Layers) != 1:
		return nil, true, refuse(Foreign, "The signature's manifest names %d layers, and it has one, which is the signature.", len(m.Layers))
	}
	if r := checkDescriptor("signature's config", m.Config, ocispec.MediaTypeEmptyJSON, ocispec.DescriptorEmptyJSON.Size); r != nil {
		return nil, true, r
	}
	if r := checkDescriptor("signature", m.Layers[0], signatureType, MaxSignatureBytes); r != nil {
		return nil, true, r
	}
	return []ocispec.Descriptor{m.Config, m.Layers[0]}, true, nil
}

func subjectOf(m *ocispec.Manifest) string {
	if m.Subject == nil {
		return "none is named"
	}
	return string(m.Subject.Digest)
}

// sorted is signatures in the order of their manifests' digests, each once.
func sorted(all []Signature) []Signature {
	by := func(a, b Signature) int {
		return cmp.Compare(digest.FromBytes(a.Manifest), digest.FromBytes(b.Manifest))
	}
	all = slices.Clone(all)
	slices.SortFunc(all, by)
	return slices.CompactFunc(all, func(a, b Signature) bool { return by(a, b) == 0 })
}
