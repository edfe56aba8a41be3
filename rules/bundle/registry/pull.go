package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/errdef"

	"github.com/linecheck/linecheck/rules/bundle"
)

// maxAttempts is how often a blob is begun whose connection ends midway. What
// fails before any of it has come is tried again by oras-go's client.
const maxAttempts = 3

// Pull fetches a package with its signatures. Nothing of it has been believed;
// open it by a policy that demands ref.Name() and ref.Version(). A reference
// without tag and digest means the newest release, see [Client.Resolve].
func (c *Client) Pull(ctx context.Context, ref Reference) (*bundle.Layout, error) {
	return c.fetch(ctx, "pull", ref, func(named []ocispec.Descriptor) []ocispec.Descriptor { return named })
}

// Describe is Pull without the layers: it fetches what says what a package is,
// the manifest, the config and the signatures. bundle.ReadConfig reads the
// config.
func (c *Client) Describe(ctx context.Context, ref Reference) (*bundle.Layout, error) {
	return c.fetch(ctx, "inspect", ref, func(named []ocispec.Descriptor) []ocispec.Descriptor { return named[:1] })
}

// fetch fetches a package with those of its blobs that are picked.
func (c *Client) fetch(ctx context.Context, op string, ref Reference, pick func([]ocispec.Descriptor) []ocispec.Descriptor) (*bundle.Layout, error) {
	s, err := c.open(op, ref)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if err := s.resolve(ctx); err != nil {
		return nil, s.fail(ctx, "the list of versions", err)
	}
	l := &bundle.Layout{}
	if l.Manifest, err = s.manifest(ctx, s.ref); err != nil {
		return nil, s.fail(ctx, "the manifest", err)
	}
	if err := s.isRunbook(l.Manifest); err != nil {
		return nil, err
	}
	blobs, err := bundle.Describe(l.Manifest)
	if err != nil {
		return nil, err
	}
	if l.Blobs, err = s.blobs(ctx, pick(blobs), "config", "files"); err != nil {
		return nil, err
	}
	if l.Signatures, err = s.signatures(ctx, l.Digest()); err != nil {
		return nil, s.fail(ctx, "the list of signatures", err)
	}
	return l, nil
}

// manifest fetches the manifest that a reference names, and says which there
// are if there is none.
func (s *session) manifest(ctx context.Context, ref Reference) ([]byte, error) {
	name := ref.Tag
	if ref.Digest != "" {
		name = ref.Digest.String()
	}
	manifest, err := s.fetchManifest(ctx, name, ref.Digest)
	if errors.Is(err, errdef.ErrNotFound) {
		return nil, s.noManifest(ctx, err)
	}
	return manifest, err
}

// fetchManifest fetches what a tag or digest names, which has the wanted digest
// where one is given.
func (s *session) fetchManifest(ctx context.Context, name string, want digest.Digest) ([]byte, error) {
	d, body, err := s.repo.Manifests().FetchReference(ctx, name)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	if want != "" {
		d.Digest = want
	}
	return content.ReadAll(body, d)
}

// blobs fetches what descriptors name. The names are for whoever looks on, the
// last one for all further ones that have no title.
func (s *session) blobs(ctx context.Context, blobs []ocispec.Descriptor, names ...string) (map[digest.Digest][]byte, error) {
	all := map[digest.Digest][]byte{}
	for i, d := range blobs {
		what := d.Annotations[ocispec.AnnotationTitle]
		if what == "" {
			what = names[min(i, len(names)-1)]
		}
		blob, err := s.blob(ctx, d, what)
		if err != nil {
			return nil, s.fail(ctx, fmt.Sprintf("the blob %s (%s)", excerpt(what), d.Digest), err)
		}
		all[d.Digest] = blob
	}
	return all, nil
}

// blob fetches one blob of the announced size and digest.
func (s *session) blob(ctx context.Context, d ocispec.Descriptor, what string) ([]byte, error) {
	if d.Digest == ocispec.DescriptorEmptyJSON.Digest && d.Size == ocispec.DescriptorEmptyJSON.Size {
		return bytes.Clone(ocispec.DescriptorEmptyJSON.Data), nil
	}
	ctx, t := s.client.start(ctx, what, d.Size)
	defer t.end()
	for attempt := 1; ; attempt++ {
		blob, err := s.readBlob(ctx, d)
		if !wasCut(err) || attempt == maxAttempts || ctx.Err() != nil {
			return blob, err
		}
	}
}

func (s *session) readBlob(ctx context.Context, d ocispec.Descriptor) ([]byte, error) {
	body, err := s.repo.Blobs().Fetch(ctx, d)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return content.ReadAll(body, d)
}

// isRunbook says what a manifest is that is none of a runbook's. Whether it is
// a good one is Describe's question.
func (s *session) isRunbook(manifest []byte) error {
	var m struct {
		MediaType    string            `json:"mediaType"`
		ArtifactType string            `json:"artifactType"`
		Manifests    []json.RawMessage `json:"manifests"`
		Config       struct {
			MediaType string `json:"mediaType"`
		} `json:"config"`
	}
	if err := json.Unmarshal(manifest, &m); err != nil {
		start := bytes.TrimSpace(manifest[:min(len(manifest), maxShown)])
		return s.error(NotARunbook, err, "What %s answers is no manifest, but begins with %s. Perhaps something between asks for a login, or the host is no registry.", s.ref.Host, quoted(string(start)))
	}
	kind := ""
	switch config := m.Config.MediaType; {
	case m.ArtifactType == bundle.ArtifactType:
		return nil
	case len(m.Manifests) > 0, strings.Contains(m.MediaType, "manifest.list"), m.MediaType == ocispec.MediaTypeImageIndex:
		kind = fmt.Sprintf("an index of %d manifests, as container images for several platforms have", len(m.Manifests))
	case m.ArtifactType != "":
		kind = "an artifact of the type " + quoted(m.ArtifactType)
	case config == ocispec.MediaTypeImageConfig, config == "application/vnd.docker.container.image.v1+json":
		kind = "a container image"
	case config != "":
		kind = "an artifact of the type " + quoted(config)
	default:
		kind = "a manifest of the type " + quoted(m.MediaType)
	}
	return s.error(NotARunbook, nil, "This is no runbook, but %s. Compare the repository's name.", kind)
}
