package registry

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"github.com/linecheck/linecheck/rules/bundle"
)

// maxReferrers bounds how many manifests are read to find the signatures among
// them. Scanners hang reports on a package too, a few each.
const maxReferrers = 256

// signatures fetches the signatures of a manifest, sorted by digest. All that
// hangs on it is read: registries disagree on which type an artifact has, so
// what they list it as says nothing.
func (s *session) signatures(ctx context.Context, subject digest.Digest) ([]bundle.Signature, error) {
	list, err := s.referrers(ctx, subject)
	if err != nil {
		return nil, err
	}
	var signatures []bundle.Signature
	for _, d := range list {
		if d.Size > bundle.MaxManifestBytes {
			continue // no signature of ours
		}
		manifest, err := s.fetchManifest(ctx, d.Digest.String(), d.Digest)
		if errors.Is(err, errdef.ErrNotFound) {
			continue // deleted, while the list still names it
		}
		if err != nil {
			return nil, s.fail(ctx, "the manifest "+d.Digest.String(), err)
		}
		blobs, ok, err := bundle.DescribeSignature(manifest, subject)
		if err != nil || !ok {
			// Something else, or a signature that can be none of this package's.
			// Whoever may push here could hang it there; the package is still
			// as good as its other signatures.
			continue
		}
		if len(signatures) == bundle.MaxSignatures {
			// Which of them count only keys can tell, which a transfer does not
			// know; any other choice, such as the first by digest, can be
			// forestalled, and a good signature would silently be missing. Nothing
			// is believed for it: who may push here can as well hang on more than
			// may be read, or move the tag, and only the registry can keep them out.
			return nil, s.error(TooBig, nil, "The package has more than %d signatures, and none of them is taken. Delete those that nobody needs, and see who may push there.", bundle.MaxSignatures)
		}
		sig := bundle.Signature{Manifest: manifest}
		if sig.Blobs, err = s.blobs(ctx, blobs, "signature's config", "signature"); err != nil {
			return nil, err
		}
		signatures = append(signatures, sig)
	}
	return signatures, nil
}

// referrers lists what hangs on a manifest, sorted by digest.
func (s *session) referrers(ctx context.Context, subject digest.Digest) ([]ocispec.Descriptor, error) {
	list, err := s.listReferrers(ctx, subject)
	if refusesReferrers(err) {
		if err := s.repo.SetReferrersCapability(false); err != nil {
			return nil, err
		}
		list, err = s.listReferrers(ctx, subject)
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b ocispec.Descriptor) int { return strings.Compare(string(a.Digest), string(b.Digest)) })
	return slices.CompactFunc(list, func(a, b ocispec.Descriptor) bool { return a.Digest == b.Digest }), nil
}

func (s *session) listReferrers(ctx context.Context, subject digest.Digest) ([]ocispec.Descriptor, error) {
	var list []ocispec.Descriptor
	err := s.repo.Referrers(ctx, ocispec.Descriptor{Digest: subject}, "", func(page []ocispec.Descriptor) error {
		for _, d := range page {
			if d.MediaType != ocispec.MediaTypeImageManifest || d.Digest.Validate() != nil {
				continue // nothing that could be a signature
			}
			if len(list) == maxReferrers {
				return s.error(TooBig, nil, "More than %d manifests hang on this one (signatures, reports of scanners and so on), and none of them is read. Delete those that nobody needs.", maxReferrers)
			}
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

// refusesReferrers recognises registries that know nothing of referrers and say
// so in another way than the specification demands. A 404 gets here that says
// that there is no such repository, from which a manifest was just fetched: the
// registry took the question for one about "NAME/referrers".
func refusesReferrers(err error) bool {
	var answer *errcode.ErrorResponse
	if !errors.As(err, &answer) || !strings.Contains(answer.URL.Path, "/referrers/") {
		return false
	}
	switch answer.StatusCode {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusNotImplemented:
		return true
	}
	return false
}
