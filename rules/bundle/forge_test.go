package bundle_test

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"golang.org/x/mod/sumdb/dirhash"
)

// A forgery is a package that is sound but for what its functions change: all
// digests, sizes and hashes fit what comes after them, so that a package is
// refused for the one thing that a test means and for nothing else.
type forgery struct {
	entries  []tarEntry                  // of the tree; nil: a sound one
	tree     func([]byte) []byte         // the tree's tar
	config   func(map[string]any)        // before it is encoded
	rawConf  func([]byte) []byte         // the encoded config
	manifest func(*ocispec.Manifest)     // before it is encoded
	rawMan   func([]byte) []byte         // the encoded manifest
	layout   func(*bundle.Layout)        // signatures, blobs
	index    func(*ocispec.Index)        // before it is encoded
	rawIndex func([]byte) []byte         // the encoded index
	outer    func([]tarEntry) []tarEntry // the layout's tar
	file     func([]byte) []byte
}

// A tarEntry is a header and its content.
type tarEntry struct {
	tar.Header
	content string
}

// plain is an entry as it stands in a sound package.
func plain(name, content string) tarEntry {
	return tarEntry{tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(content)), Mode: 0o644, ModTime: time.Unix(0, 0)}, content}
}

// special is an entry without content of a type of its own.
func special(typeflag byte, name, linkname string) tarEntry {
	return tarEntry{tar.Header{Typeflag: typeflag, Name: name, Linkname: linkname, Mode: 0o644, ModTime: time.Unix(0, 0)}, ""}
}

func with(e tarEntry, change func(*tar.Header)) tarEntry {
	change(&e.Header)
	return e
}

const theBlock = "runbook \"net\" {\n  version = \"1.2.0\"\n}\n"

func soundTree(more ...tarEntry) []tarEntry {
	return append([]tarEntry{plain("00-runbook.hcl", theBlock), plain("README.md", "# net\n")}, more...)
}

// tarOf writes a tar with archive/tar, whatever the entries are.
func tarOf(entries []tarEntry) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		must(0, w.WriteHeader(&e.Header))
		must(io.WriteString(w, e.content))
	}
	must(0, w.Close())
	return b.Bytes()
}

// h1Of is the hash of the regular files of a tar, as far as it can be read.
func h1Of(data []byte) string {
	if len(data) > 32*mib {
		return "" // refused before anybody looks at it
	}
	files := map[string][]byte{}
	var names []string
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		h, err := r.Next()
		if err != nil {
			break
		}
		content, _ := io.ReadAll(io.LimitReader(r, bundle.MaxFileBytes+1))
		if _, ok := files[h.Name]; h.Typeflag == tar.TypeReg && !ok {
			files[h.Name] = content
			names = append(names, h.Name)
		}
	}
	h1, _ := dirhash.Hash1(names, func(name string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(files[name])), nil
	})
	return h1
}

// must is for what can't fail unless the test itself is wrong.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func change[T any](f func(T), v T) {
	if f != nil {
		f(v)
	}
}

func changed(f func([]byte) []byte, v []byte) []byte {
	if f == nil {
		return v
	}
	return f(v)
}

// describe is a blob's descriptor, and puts the blob into a layout.
func describe(l *bundle.Layout, mediaType string, content []byte) ocispec.Descriptor {
	d := ocispec.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(content), Size: int64(len(content))}
	l.Blobs[d.Digest] = content
	return d
}

// forge makes the layout.
func (f forgery) forge() *bundle.Layout {
	if f.entries == nil {
		f.entries = soundTree()
	}
	tree := changed(f.tree, tarOf(f.entries))
	l := &bundle.Layout{Blobs: map[digest.Digest][]byte{}}
	config := map[string]any{"name": "net", "version": "1.2.0", "requires": []string{}, "imports": []string{}, "h1": h1Of(tree)}
	change(f.config, config)
	readme := describe(l, bundle.ReadmeType, []byte("# net\n"))
	readme.Annotations = map[string]string{ocispec.AnnotationTitle: bundle.ReadmeTitle}
	m := &ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, ArtifactType: bundle.ArtifactType,
		Config: describe(l, bundle.ConfigType, changed(f.rawConf, must(json.Marshal(config)))),
		Layers: []ocispec.Descriptor{describe(l, bundle.TreeType, tree), readme},
		Annotations: map[string]string{
			ocispec.AnnotationTitle: "net", ocispec.AnnotationVersion: "1.2.0", ocispec.AnnotationCreated: "1970-01-01T00:00:00Z",
		},
	}
	change(f.manifest, m)
	l.Manifest = changed(f.rawMan, must(json.Marshal(m)))
	change(f.layout, l)
	return l
}

// bytes makes the file.
func (f forgery) bytes() []byte {
	l := f.forge()
	index := &ocispec.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex}
	blobs := map[digest.Digest][]byte{}
	list := func(manifest []byte, of map[digest.Digest][]byte) {
		d := ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: digest.FromBytes(manifest), Size: int64(len(manifest))}
		index.Manifests = append(index.Manifests, d)
		blobs[d.Digest] = manifest
		for d, content := range of {
			blobs[d] = content
		}
	}
	list(l.Manifest, l.Blobs)
	for _, s := range l.Signatures {
		list(s.Manifest, s.Blobs)
	}
	change(f.index, index)
	entries := []tarEntry{
		plain("oci-layout", `{"imageLayoutVersion":"1.0.0"}`),
		plain("index.json", string(changed(f.rawIndex, must(json.Marshal(index))))),
	}
	for _, d := range slices.Sorted(maps.Keys(blobs)) {
		entries = append(entries, plain("blobs/sha256/"+d.Encoded(), string(blobs[d])))
	}
	if f.outer != nil {
		entries = f.outer(entries)
	}
	return changed(f.file, tarOf(entries))
}
