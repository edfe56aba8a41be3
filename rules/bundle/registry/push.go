package registry

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/errdef"

	"github.com/linecheck/linecheck/rules/bundle"
)

const (
	// maxRounds is how often signatures are pushed that others' pushes at the
	// same time have driven out of the list.
	maxRounds = 5
	// defaultSettle is how long at least, after a push, its place in the list
	// may still be overwritten by somebody who read the list before.
	defaultSettle = 300 * time.Millisecond
)

// Push carries a package with its signatures to the reference's repository and
// returns its digest. The tag, which is the version, is written last, so that
// a push that ends midway is seen by nobody. A version that is there already
// with other content is not overwritten; with the same content there is little
// to do.
//
// The package is opened first: one that Pull's readers would refuse, or whose
// name and version are not the reference's, is refused here.
func (c *Client) Push(ctx context.Context, ref Reference, l *bundle.Layout) (digest.Digest, error) {
	s, err := c.open("push", ref)
	if err != nil {
		return "", err
	}
	defer s.close()
	if ref.Tag == "" {
		return "", s.error(BadReference, nil, "A push needs the version: %s:VERSION.", ref)
	}
	if _, err := l.Open(bundle.Policy{Name: ref.Name(), Version: ref.Version(), Digest: ref.Digest}); err != nil {
		return "", err
	}
	there, err := s.isThere(ctx, l.Digest())
	if err != nil {
		return "", s.fail(ctx, "the version's manifest", err)
	}
	if !there {
		if err := s.pushContent(ctx, l); err != nil {
			return "", err
		}
	}
	if err := s.pushSignatures(ctx, l); err != nil {
		return "", err
	}
	if !there {
		if err := s.pushTag(ctx, l); err != nil {
			return "", s.fail(ctx, "the version's tag", err)
		}
	}
	return l.Digest(), nil
}

// PushSignature adds those signatures of a package to a registry that are not
// there yet. The package itself must be there, under the reference's tag if it
// has one.
func (c *Client) PushSignature(ctx context.Context, ref Reference, l *bundle.Layout) error {
	s, err := c.open("sign", ref)
	if err != nil {
		return err
	}
	defer s.close()
	if ref.Tag == "" && ref.Digest == "" {
		s.ref.Digest = l.Digest()
	}
	manifest, err := s.manifest(ctx, s.ref)
	if err != nil {
		return s.fail(ctx, "the manifest", err)
	}
	if have := digest.FromBytes(manifest); have != l.Digest() {
		return s.error(WrongContent, nil, "The package there is another one (%s) than the one that was signed (%s). Pull it, and sign that.", have, l.Digest())
	}
	return s.pushSignatures(ctx, l)
}

// isThere reports whether the session's tag names the manifest already; that
// it names another one is an error.
func (s *session) isThere(ctx context.Context, want digest.Digest) (bool, error) {
	manifest, err := s.fetchManifest(ctx, s.ref.Tag, "")
	if errors.Is(err, errdef.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if have := digest.FromBytes(manifest); have != want {
		return false, s.error(Exists, nil, "Version %s of %s is there already with other content (%s, and this package is %s). A version never changes: raise the version in the runbook block, and pack again.", s.ref.Version(), s.ref.Name(), have, want)
	}
	return true, nil
}

// pushContent pushes the blobs, then the manifest by its digest.
func (s *session) pushContent(ctx context.Context, l *bundle.Layout) error {
	named, err := bundle.Describe(l.Manifest)
	if err != nil {
		return err
	}
	if err := s.pushBlobs(ctx, named, l.Blobs, "config", "files"); err != nil {
		return err
	}
	d := manifestDescriptor(l.Manifest)
	err = s.repo.Manifests().Push(ctx, d, bytes.NewReader(l.Manifest))
	return s.fail(ctx, "the manifest", err)
}

// pushTag makes a pushed manifest the version. It looks before and behind it
// whether somebody else did so with another one: the specification knows no
// way to write a tag only if it is not there.
func (s *session) pushTag(ctx context.Context, l *bundle.Layout) error {
	d := manifestDescriptor(l.Manifest)
	if there, err := s.isThere(ctx, l.Digest()); there || err != nil {
		return err
	}
	if err := s.repo.Manifests().PushReference(ctx, d, bytes.NewReader(l.Manifest), s.ref.Tag); err != nil {
		return err
	}
	there, err := s.isThere(ctx, l.Digest())
	if err == nil && !there {
		err = s.error(Lost, nil, "The registry took the tag and does not have it now. Push again.")
	}
	return err
}

func manifestDescriptor(manifest []byte) ocispec.Descriptor {
	return ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: digest.FromBytes(manifest), Size: int64(len(manifest))}
}

// pushBlobs pushes what the registry does not have yet; see blobs for names.
func (s *session) pushBlobs(ctx context.Context, named []ocispec.Descriptor, content map[digest.Digest][]byte, names ...string) error {
	for i, d := range named {
		what := d.Annotations[ocispec.AnnotationTitle]
		if what == "" {
			what = names[min(i, len(names)-1)]
		}
		if err := s.pushBlob(ctx, d, content[d.Digest], what); err != nil {
			return s.fail(ctx, "the blob "+what, err)
		}
	}
	return nil
}

func (s *session) pushBlob(ctx context.Context, d ocispec.Descriptor, content []byte, what string) error {
	ctx, t := s.client.start(ctx, what, d.Size)
	defer t.end()
	there, err := s.repo.Blobs().Exists(ctx, d)
	if err != nil {
		return err
	}
	if there {
		t.moved(d.Size)
		return nil
	}
	return s.repo.Blobs().Push(ctx, d, bytes.NewReader(content))
}

// pushSignatures pushes the signatures that are not listed yet, until all are:
// where the registry keeps no list of referrers, clients do so by a tag, and
// who writes it at the same time as another drives the other's entry out.
func (s *session) pushSignatures(ctx context.Context, l *bundle.Layout) error {
	for round := 0; ; round++ {
		start := time.Now()
		missing, err := s.missing(ctx, l)
		if err != nil || len(missing) == 0 {
			return s.fail(ctx, "the list of signatures", err)
		}
		if round == maxRounds {
			return s.error(Lost, nil, "The registry does not list the signature after %d pushes. Others may be pushing signatures of this package; try again later.", maxRounds)
		}
		for _, sig := range missing {
			if err := s.pushSignature(ctx, l.Digest(), sig); err != nil {
				return err
			}
		}
		if !s.keepsReferrers() {
			if err := s.settle(ctx, time.Since(start)); err != nil {
				return s.fail(ctx, "the list of signatures", err)
			}
		}
	}
}

// missing are the signatures that the registry does not list.
func (s *session) missing(ctx context.Context, l *bundle.Layout) ([]bundle.Signature, error) {
	if len(l.Signatures) == 0 {
		return nil, nil
	}
	list, err := s.referrers(ctx, l.Digest())
	if err != nil {
		return nil, err
	}
	listed := map[digest.Digest]bool{}
	for _, d := range list {
		listed[d.Digest] = true
	}
	var missing []bundle.Signature
	for _, sig := range l.Signatures {
		if !listed[digest.FromBytes(sig.Manifest)] {
			missing = append(missing, sig)
		}
	}
	return missing, nil
}

func (s *session) pushSignature(ctx context.Context, subject digest.Digest, sig bundle.Signature) error {
	named, ok, err := bundle.DescribeSignature(sig.Manifest, subject)
	if err != nil {
		return err
	}
	if !ok {
		return s.error(WrongContent, nil, "What the package holds as a signature is none.")
	}
	if err := s.pushBlobs(ctx, named, sig.Blobs, "signature's config", "signature"); err != nil {
		return err
	}
	err = s.repo.Manifests().Push(ctx, manifestDescriptor(sig.Manifest), bytes.NewReader(sig.Manifest))
	return s.fail(ctx, "the signature's manifest", err)
}

// keepsReferrers reports whether the registry itself lists what hangs on a
// manifest. It is known once that list was asked for.
func (s *session) keepsReferrers() bool { return s.repo.SetReferrersCapability(true) == nil }

// settle waits until what others do at the same time is over, which takes them
// about as long as us, and a different time for each of them.
func (s *session) settle(ctx context.Context, took time.Duration) error {
	d := s.client.settle
	if d == 0 {
		d = defaultSettle
	}
	d = max(d, 2*took)
	timer := time.NewTimer(d + rand.N(d))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
