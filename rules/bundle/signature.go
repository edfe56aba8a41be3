package bundle

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

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
	case typeOf(m) != signature.MediaType:
		return nil, false, nil
	case m.Subject == nil || m.Subject.Digest != subject:
		return nil, true, refuse(Untrusted, "The package holds a signature of another package (%s). Fetch package and signature again.", subjectOf(m))
	case len(m.Layers) != 1:
		return nil, true, refuse(Foreign, "The signature's manifest names %d layers, and it has one, which is the signature.", len(m.Layers))
	}
	if r := checkDescriptor("signature's config", m.Config, ocispec.MediaTypeEmptyJSON, ocispec.DescriptorEmptyJSON.Size); r != nil {
		return nil, true, r
	}
	if r := checkDescriptor("signature", m.Layers[0], signature.MediaType, signature.MaxSize); r != nil {
		return nil, true, r
	}
	return []ocispec.Descriptor{m.Config, m.Layers[0]}, true, nil
}

func subjectOf(m *ocispec.Manifest) string {
	if m.Subject == nil {
		return "none is named"
	}
	return fmt.Sprintf("%.100q", string(m.Subject.Digest))
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

// Sign adds a signature of the package. Signing again with the same key
// changes nothing.
func (l *Layout) Sign(k *signature.PrivateKey) error {
	m, _, r := describe(l.Manifest)
	if r != nil {
		return r
	}
	if len(l.Signatures) == MaxSignatures {
		return refuse(TooBig, "The package has %d signatures, and may not have more.", MaxSignatures)
	}
	subject := descriptor(ocispec.MediaTypeImageManifest, l.Manifest)
	bundle, err := signature.Sign(k, m.Annotations[ocispec.AnnotationTitle]+"-"+m.Annotations[ocispec.AnnotationVersion], subject.Digest)
	if err != nil {
		return err
	}
	s := Signature{Blobs: map[digest.Digest][]byte{}}
	config := s.add(ocispec.MediaTypeEmptyJSON, ocispec.DescriptorEmptyJSON.Data)
	of := newManifest(signature.MediaType, config, []ocispec.Descriptor{s.add(signature.MediaType, bundle)})
	of.Subject = &subject
	// As cosign has it, which looks for them.
	of.Annotations = map[string]string{
		"dev.sigstore.bundle.content":       "dsse-envelope",
		"dev.sigstore.bundle.predicateType": signature.PredicateType,
	}
	s.Manifest = encode(of)
	l.Signatures = sorted(append(slices.Clip(l.Signatures), s))
	return nil
}

func (s *Signature) add(mediaType string, content []byte) ocispec.Descriptor {
	d := descriptor(mediaType, content)
	s.Blobs[d.Digest] = content
	return d
}

// verify finds the trusted key that signed the package. One good signature is
// enough: others may be of keys that somebody else trusts.
func (l *Layout) verify(p Policy) (*signature.PublicKey, error) {
	if p.Now.IsZero() {
		return nil, errors.New("no time is given at which the keys must be trusted")
	}
	if len(l.Signatures) == 0 {
		return nil, refuse(Unsigned, "The package has no signature, and one is needed here. Have it signed by a key that is trusted here, or copy it again by a way that keeps signatures.")
	}
	subject := l.Digest()
	var closest error
	for _, s := range l.Signatures {
		key, err := s.verify(subject, p)
		if err == nil {
			return key, nil
		}
		if reasonOf(err) > reasonOf(closest) || closest == nil {
			closest = err
		}
	}
	if r, ok := errors.AsType[*Refusal](closest); ok {
		return nil, r
	}
	code := Untrusted
	if reasonOf(closest) == signature.Expired {
		code = Expired
	}
	return nil, refuse(code, "The package's signature is not accepted: %s.", closest)
}

// reasonOf is why a signature was not accepted; 0 where it could not even be
// looked at.
func reasonOf(err error) signature.Reason {
	if f, ok := errors.AsType[*signature.Failure](err); ok {
		return f.Reason
	}
	return 0
}

func (s *Signature) verify(subject digest.Digest, p Policy) (*signature.PublicKey, error) {
	named, ok, r := describeSignature(s.Manifest, subject)
	if r != nil {
		return nil, r
	}
	if !ok {
		return nil, refuse(Untrusted, "What stands for the signature of the package is of another type than %s.", signature.MediaType)
	}
	d := named[1]
	if r := checkBlob("signature", d, s.Blobs[d.Digest]); r != nil {
		return nil, r
	}
	return signature.Verify(s.Blobs[d.Digest], subject, p.Keys, p.Now)
}
