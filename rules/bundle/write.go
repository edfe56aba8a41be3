package bundle

import (
	"io"
	"maps"
	"slices"
	"time"

	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// blobFolder is where a layout's blobs stand, each under the hexadecimal
// digits of its digest.
const blobFolder = ocispec.ImageBlobsDir + "/sha256/"

// WriteTo writes the layout as an image layout in a tar, which is what a file
// NAME-VERSION.oci.tar holds: oci-layout, index.json with the runbook before
// its signatures, then the blobs in the order of their digests. The same
// layout gives the same bytes. What its manifests do not name is not written.
func (l *Layout) WriteTo(w io.Writer) (int64, error) {
	index, blobs, err := l.index()
	if err != nil {
		return 0, err
	}
	files := []File{
		newFile(ocispec.ImageLayoutFile, encode(ocispec.ImageLayout{Version: ocispec.ImageLayoutVersion})),
		newFile(ocispec.ImageIndexFile, encode(index)),
	}
	for _, d := range slices.Sorted(maps.Keys(blobs)) {
		files = append(files, newFile(blobFolder+d.Encoded(), blobs[d]))
	}
	counted := &counter{w: w}
	err = writeTar(counted, files, time.Unix(0, 0))
	return counted.n, err
}

func newFile(name string, content []byte) File {
	return File{Name: name, Size: int64(len(content)), content: content}
}

// index lists the layout's manifests, and all blobs that these name, with the
// manifests themselves.
func (l *Layout) index() (*ocispec.Index, map[digest.Digest][]byte, error) {
	m, named, r := describe(l.Manifest)
	if r != nil {
		return nil, nil, r
	}
	runbook := descriptor(ocispec.MediaTypeImageManifest, l.Manifest)
	runbook.ArtifactType = ArtifactType
	runbook.Annotations = map[string]string{ocispec.AnnotationRefName: m.Annotations[ocispec.AnnotationVersion]}
	index := &ocispec.Index{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex,
		Manifests: []ocispec.Descriptor{runbook},
	}
	blobs := map[digest.Digest][]byte{runbook.Digest: l.Manifest}
	if r := take(blobs, named, l.Blobs); r != nil {
		return nil, nil, r
	}
	for _, s := range sorted(l.Signatures) {
		named, ok, r := describeSignature(s.Manifest, runbook.Digest)
		if r != nil {
			return nil, nil, r
		}
		if !ok {
			continue
		}
		d := descriptor(ocispec.MediaTypeImageManifest, s.Manifest)
		d.ArtifactType = signature.MediaType
		index.Manifests = append(index.Manifests, d)
		blobs[d.Digest] = s.Manifest
		if r := take(blobs, named, s.Blobs); r != nil {
			return nil, nil, r
		}
	}
	return index, blobs, nil
}

// take adds the blobs that descriptors name.
func take(blobs map[digest.Digest][]byte, named []ocispec.Descriptor, from map[digest.Digest][]byte) *Refusal {
	for _, d := range named {
		content, ok := from[d.Digest]
		if !ok {
			return blobMissing(d)
		}
		blobs[d.Digest] = content
	}
	return nil
}

// A counter counts what is written.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
