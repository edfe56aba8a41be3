package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"github.com/linecheck/linecheck/rules/diagnostic"
)

const (
	// maxVersions bounds what is kept of a list of tags.
	maxVersions = 10_000
	// newestNamed is how many versions a message names.
	newestNamed = 5
)

// Versions are the versions of the reference's repository, the newest last: its
// tags that are versions, as versions are written ("1.4.0+eu", not "1.4.0_eu").
func (c *Client) Versions(ctx context.Context, ref Reference) ([]string, error) {
	s, err := c.open("list", ref)
	if err != nil {
		return nil, err
	}
	defer s.close()
	versions, err := s.versions(ctx)
	if err != nil {
		return nil, s.fail(ctx, "the list of versions", err)
	}
	return versions, nil
}

// Resolve is a reference with a tag or digest as it is; to others it adds the
// newest version that is no prerelease.
func (c *Client) Resolve(ctx context.Context, ref Reference) (Reference, error) {
	if ref.Tag != "" || ref.Digest != "" {
		return ref, nil
	}
	s, err := c.open("resolve", ref)
	if err != nil {
		return ref, err
	}
	defer s.close()
	if err := s.resolve(ctx); err != nil {
		return ref, s.fail(ctx, "the list of versions", err)
	}
	return s.ref, nil
}

// resolve gives the session's reference a tag where it has neither one nor a
// digest.
func (s *session) resolve(ctx context.Context) error {
	if s.ref.Tag != "" || s.ref.Digest != "" {
		return nil
	}
	versions, err := s.versions(ctx)
	if err != nil {
		return err
	}
	for _, v := range slices.Backward(versions) {
		if semver.Prerelease("v"+v) == "" {
			s.ref = s.ref.At(v)
			return nil
		}
	}
	if len(versions) == 0 {
		return s.error(NotFound, nil, "The repository holds no version of a runbook: none of its tags is a version. Push one first.")
	}
	return s.error(NotFound, nil, "The repository holds prereleases only: %s. Name the one that you want, such as %s.", newest(versions), s.ref.At(versions[len(versions)-1]))
}

// versions lists the tags that are versions, the newest last.
func (s *session) versions(ctx context.Context) ([]string, error) {
	var versions []string
	err := s.repo.Tags(ctx, "", func(tags []string) error {
		for _, tag := range tags {
			v, ok := versionOf(tag)
			switch {
			case !ok || len(tag) > maxTag:
			case len(versions) == maxVersions:
				return s.error(TooBig, nil, "The repository lists more than %d versions. Remove old ones from it.", maxVersions)
			default:
				versions = append(versions, v)
			}
		}
		return nil
	})
	var answer *errcode.ErrorResponse
	if errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound {
		return nil, s.noRepository(answer)
	}
	slices.SortFunc(versions, CompareVersions)
	return slices.Compact(versions), err
}

// noRepository is the error where there is no such repository. A registry says
// so; what answers no more than 404 may be none.
func (s *session) noRepository(answer *errcode.ErrorResponse) error {
	doubt := ""
	if len(answer.Errors) == 0 {
		doubt = fmt.Sprintf(" It does not answer as registries do: perhaps %s is none.", s.ref.Host)
	}
	return s.error(NotFound, answer, "There is no repository %s at %s.%s Compare the spelling; a first push makes it.", quoted(s.ref.Repository), s.ref.Host, doubt)
}

// noManifest says why there is nothing under a reference: no repository, or no
// such version, and then which there are.
func (s *session) noManifest(ctx context.Context, cause error) error {
	versions, err := s.versions(ctx)
	var answer *Error
	switch {
	case errors.As(err, &answer):
		return answer
	case s.ref.Digest != "":
		return s.error(NotFound, cause, "The repository holds no manifest with the digest %s. It was deleted, or was never pushed there.", s.ref.Digest)
	case err != nil || len(versions) == 0:
		return s.error(NotFound, cause, "There is no version %s of %s at %s.", s.ref.Version(), s.ref.Name(), s.ref.Host)
	}
	slices.Reverse(versions)
	detail := fmt.Sprintf("There is no version %s of %s at %s.%s", s.ref.Version(), s.ref.Name(), s.ref.Host, diagnostic.DidYouMean(s.ref.Version(), versions))
	slices.Reverse(versions)
	return s.error(NotFound, cause, "%s The newest there: %s.", detail, newest(versions))
}

// newest names the last few versions, the newest first.
func newest(versions []string) string {
	last := slices.Clone(versions[max(0, len(versions)-newestNamed):])
	slices.Reverse(last)
	return strings.Join(last, ", ")
}
