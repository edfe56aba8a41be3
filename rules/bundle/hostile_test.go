package bundle_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// A hostile is a package that must be refused.
type hostile struct {
	name string
	forgery
	stream func() io.Reader // in place of the forgery: what does not fit into memory
	big    bool             // too big for a seed
	policy bundle.Policy
	code   bundle.Code
	reason string // a part of it
}

const (
	mib = 1 << 20
	gib = 1 << 30
)

// What refusing a package may take. Time is for a computer under the load of
// other tests; most are refused in microseconds.
const (
	refusedWithin = time.Second
	// aPackage is as many bytes as a package of the greatest size has. Nothing
	// can be known of a blob before its digest, so that one may be read whole.
	aPackage = 200 * mib
	// besides is for headers and names: some 900 bytes for each of 10,000 files.
	besides = 12 * mib
)

var hostiles = [][]hostile{hostileFiles, hostileIndexes, hostileManifests, hostileBlobs, hostileTrees, hostileSignatures()}

// racing says that the race detector is built in, which takes ten times the
// time and twice the memory.
var racing bool

func TestHostile(t *testing.T) {
	n := 0
	for _, group := range hostiles {
		for _, h := range group {
			if n++; racing && h.big {
				continue
			}
			t.Run(h.name, func(t *testing.T) { h.test(t) })
		}
	}
	if n < 30 {
		t.Errorf("there are only %d hostile packages", n)
	}
}

func (h hostile) reader() io.Reader {
	if h.stream != nil {
		return h.stream()
	}
	return bytes.NewReader(h.bytes())
}

func (h hostile) test(t *testing.T) {
	// Whatever is written by a path of the package comes to stand in here.
	sandbox := t.TempDir()
	below := filepath.Join(sandbox, "a", "b")
	if err := os.MkdirAll(below, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Chdir(below)

	in := &counted{r: h.reader()}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	err := openAll(in, h.policy)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if racing {
		took, after.TotalAlloc = 0, before.TotalAlloc
	}
	for try := 0; took > refusedWithin && try < 3; try++ { // other tests are under way
		again := h.reader()
		start = time.Now()
		err = openAll(again, h.policy)
		took = time.Since(start)
	}

	var r *bundle.Refusal
	switch {
	case err == nil:
		t.Fatal("it was opened")
	case !errors.As(err, &r):
		t.Fatalf("it was refused by another error: %v", err)
	case r.Code != h.code || !strings.Contains(r.Reason, h.reason):
		t.Errorf("refused as %s: %s\nwant %s: …%s…", r.Code, r.Reason, h.code, h.reason)
	case !strings.HasSuffix(r.Reason, ".") || strings.HasSuffix(r.Reason, ".."):
		t.Errorf("no whole sentence: %s", r.Reason)
	}
	if took > refusedWithin {
		t.Errorf("it took %v", took)
	}
	// What was read may be held, at most twice while it grows, its check files
	// once more while they are looked through, and little else.
	allocated := after.TotalAlloc - before.TotalAlloc
	if limit := uint64(3*in.n + besides); allocated > limit || in.n > aPackage {
		t.Errorf("it took %d bytes of memory and read %d", allocated, in.n)
	}
	t.Logf("%v, read %d bytes, took %d bytes of memory: %s: %s", took.Round(time.Microsecond), in.n, allocated, r.Code, r.Reason)
	var there []string
	err = filepath.WalkDir(sandbox, func(name string, _ fs.DirEntry, err error) error {
		there = append(there, name)
		return err
	})
	if err != nil || len(there) != 3 {
		t.Errorf("there are %q (%v)", there, err)
	}
}

// openAll does everything that makes a folder of a file.
func openAll(r io.Reader, policy bundle.Policy) error {
	l, err := bundle.ReadLayout(r)
	if err != nil {
		return err
	}
	p, err := l.Open(policy)
	if err != nil {
		return err
	}
	return p.Unpack("unpacked")
}

// A counted reader counts what is taken of it.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// zeros is a reader of so many of them.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// headerOf is the bytes of a header that promises size bytes.
func headerOf(h tar.Header) []byte {
	var b bytes.Buffer
	must(0, tar.NewWriter(&b).WriteHeader(&h))
	return b.Bytes()
}

// rawHeader is one block of an old tar with any type and size, which
// archive/tar would not write.
func rawHeader(name string, typeflag byte, size int64) []byte {
	b := make([]byte, 512)
	copy(b, name)
	copy(b[100:], "0000644\x000000000\x000000000\x00")
	copy(b[124:], fmt.Sprintf("%011o\x0000000000000\x00        ", size))
	b[156] = typeflag
	copy(b[257:], "ustar\x0000")
	sum := 0
	for _, c := range b {
		sum += int(c)
	}
	copy(b[148:], fmt.Sprintf("%06o\x00 ", sum))
	return b
}

// repeated is a reader of the same bytes over and over.
type repeated struct {
	unit []byte
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		k := copy(p[n:], r.unit[r.at:])
		n += k
		r.at = (r.at + k) % len(r.unit)
	}
	return n, nil
}

func appending(more ...tarEntry) forgery {
	return forgery{outer: func(e []tarEntry) []tarEntry { return append(e, more...) }}
}

// blobName is a well-formed name of a blob that nothing names.
var blobName = "blobs/sha256/" + strings.Repeat("ab", 32)

// hostileFiles are wrong as files, before any blob is looked at.
var hostileFiles = []hostile{
	{name: "empty", forgery: forgery{file: func([]byte) []byte { return nil }}, code: bundle.NotAPackage, reason: "holds no oci-layout"},
	{name: "web page", forgery: forgery{file: func([]byte) []byte { return bytes.Repeat([]byte("<html>Please log in</html>\n"), 100) }}, code: bundle.NotAPackage, reason: "does not begin like a tar"},
	{name: "compressed", forgery: forgery{file: gzipped}, code: bundle.NotAPackage, reason: "gunzip"},
	{name: "truncated in a blob", forgery: forgery{file: func(b []byte) []byte { return b[:len(b)-1024-700] }}, code: bundle.Damaged, reason: "ends too early"},
	{name: "truncated in a header", forgery: forgery{file: func(b []byte) []byte { return b[:300] }}, code: bundle.Damaged, reason: "ends too early"},
	{name: "truncated between entries", forgery: forgery{file: func(b []byte) []byte { return b[:1024] }}, code: bundle.NotAPackage, reason: "holds no index.json"},
	{name: "trailing data", forgery: forgery{file: func(b []byte) []byte { return append(b, "#!/bin/sh\n"...) }}, code: bundle.Foreign, reason: "behind the end of its tar"},
	{name: "a second tar behind the first", forgery: forgery{file: func(b []byte) []byte { return append(b, b...) }}, code: bundle.Foreign, reason: "behind the end of its tar"},
	{name: "2 GiB of padding", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(forgery{}.bytes()), zeros(2*gib))
	}, code: bundle.Foreign, reason: "goes on for more than 64 KiB"},
	{name: "200,000 entries", stream: func() io.Reader {
		var b bytes.Buffer
		for i := range 200_000 {
			b.Write(rawHeader(fmt.Sprintf("blobs/sha256/%064x", i), tar.TypeReg, 0))
		}
		return &b
	}, code: bundle.TooBig, reason: "more than 96 entries"},
	{name: "1 GiB bomb", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(rawHeader(blobName, tar.TypeReg, gib)), zeros(gib))
	}, code: bundle.TooBig, reason: "has 1073741824 bytes"},
	{name: "many blobs of the greatest size", stream: func() io.Reader {
		var parts []io.Reader
		for i := range 20 {
			parts = append(parts, bytes.NewReader(rawHeader(fmt.Sprintf("blobs/sha256/%064x", i), tar.TypeReg, 100*mib)), zeros(100*mib))
		}
		return io.MultiReader(parts...)
	}, code: bundle.TooBig, reason: "more than a package may hold"},
	{name: "big index", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(rawHeader("index.json", tar.TypeReg, 100*mib)), zeros(100*mib))
	}, code: bundle.TooBig, reason: `"index.json" has 104857600 bytes`},
	{name: "promised and not kept", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(rawHeader(blobName, tar.TypeReg, 140*mib)), zeros(5000))
	}, code: bundle.Damaged, reason: "ends too early"},
	{name: "extended headers without end", stream: func() io.Reader {
		record := strings.Repeat("30 comment=aaaaaaaaaaaaaaaaaaa\n", 500)
		unit := append(rawHeader("x", tar.TypeXHeader, int64(len(record))), record...)
		return &repeated{unit: append(unit, make([]byte, -len(record)&511)...)}
	}, code: bundle.NotAPackage, reason: "longer than any package needs"},
	{name: "extended header of 1 GiB", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(rawHeader("x", tar.TypeXHeader, gib)), zeros(gib))
	}, code: bundle.NotAPackage, reason: "longer than any package needs"},
	{name: "long names without end", stream: func() io.Reader {
		return &repeated{unit: append(rawHeader("././@LongLink", tar.TypeGNULongName, 512), bytes.Repeat([]byte("a"), 512)...)}
	}, code: bundle.NotAPackage, reason: "longer than any package needs"},
	{name: "header for all", forgery: appending(tarEntry{tar.Header{Typeflag: tar.TypeXGlobalHeader, Name: "pax_global_header", PAXRecords: map[string]string{"comment": "x"}}, ""}), code: bundle.NotRegular, reason: "a header for all that follow"},
	{name: "path that leads out", forgery: appending(plain("../../etc/cron.d/evil", "x")), code: bundle.Foreign, reason: `"../../etc/cron.d/evil"`},
	{name: "path that leads out of the blobs", forgery: appending(plain("blobs/sha256/../../../evil", "x")), code: bundle.Foreign, reason: "no part of a package"},
	{name: "absolute path", forgery: appending(plain("/etc/cron.d/evil", "x")), code: bundle.Foreign, reason: `"/etc/cron.d/evil"`},
	{name: "symbolic link", forgery: appending(special(tar.TypeSymlink, blobName, "/etc/shadow")), code: bundle.NotRegular, reason: "a symbolic link"},
	{name: "hard link", forgery: appending(special(tar.TypeLink, blobName, "index.json")), code: bundle.NotRegular, reason: "a hard link"},
	{name: "device", forgery: appending(special(tar.TypeChar, blobName, "")), code: bundle.NotRegular, reason: "a device"},
	{name: "named pipe", forgery: appending(special(tar.TypeFifo, blobName, "")), code: bundle.NotRegular, reason: "a named pipe"},
	{name: "sparse file of 2 GiB", stream: func() io.Reader { return bytes.NewReader(sparseFile(blobName)) }, code: bundle.NotRegular, reason: "a sparse file"},
	{name: "folder of another name", forgery: appending(special(tar.TypeDir, "blobs/sha512/", "")), code: bundle.Foreign, reason: `a folder "blobs/sha512/"`},
	{name: "folder with content", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(rawHeader("blobs/", tar.TypeDir, gib)), zeros(gib))
	}, code: bundle.NotRegular, reason: "is a folder"},
	{name: "index.json twice", forgery: appending(plain("index.json", "{}")), code: bundle.Foreign, reason: `"index.json" stands twice`},
	{name: "index.json twice under two names", forgery: appending(plain("./index.json", "{}")), code: bundle.Foreign, reason: `"index.json" stands twice`},
	{name: "entry of docker save", forgery: appending(plain("manifest.json", "[]")), code: bundle.Foreign, reason: `"manifest.json"`},
	{name: "blob that nothing names", forgery: appending(plain(blobName, "x")), code: bundle.Foreign, reason: "a blob that nothing in it names"},
	{name: "blob with a name in upper case", forgery: appending(plain("blobs/sha256/"+strings.Repeat("AB", 32), "x")), code: bundle.Foreign, reason: "no part of a package"},
	{name: "no oci-layout", forgery: forgery{outer: func(e []tarEntry) []tarEntry { return e[1:] }}, code: bundle.NotAPackage, reason: "holds no oci-layout"},
	{name: "oci-layout of another version", forgery: forgery{outer: func(e []tarEntry) []tarEntry {
		e[0] = plain("oci-layout", `{"imageLayoutVersion":"2.0.0"}`)
		return e
	}}, code: bundle.NotAPackage, reason: `version "2.0.0"`},
	{name: "oci-layout that is no JSON", forgery: forgery{outer: func(e []tarEntry) []tarEntry {
		e[0] = plain("oci-layout", "1.0.0")
		return e
	}}, code: bundle.NotAPackage, reason: "oci-layout can't be read"},
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	must(w.Write(b))
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// sparseFile is a tar with one file of 2 GiB of which all is a hole, in the old
// form of GNU tar.
func sparseFile(name string) []byte {
	b := rawHeader(name, tar.TypeGNUSparse, 0)
	copy(b[257:], "ustar  \x00")
	copy(b[483:], fmt.Sprintf("%011o\x00", 2*gib-1)) // the real size
	copy(b[386:], fmt.Sprintf("%011o\x00%011o\x00", 2*gib-1, 0))
	copy(b[148:], "        ")
	sum := 0
	for _, c := range b {
		sum += int(c)
	}
	copy(b[148:], fmt.Sprintf("%06o\x00 ", sum))
	return append(b, make([]byte, 1024)...)
}

// record is one of an extended header: its length, which counts itself, a key
// and a value.
func record(key, value string) string {
	for n := 0; ; n++ {
		if r := fmt.Sprintf("%d %s=%s\n", n, key, value); len(r) == n {
			return r
		}
	}
}

// sparseExtended is a tar with one sparse file as newer tars have it.
func sparseExtended(records, content string) []byte {
	b := append(rawHeader("x", tar.TypeXHeader, int64(len(records))), records...)
	b = append(b, make([]byte, -len(b)&511)...)
	b = append(append(b, rawHeader("a", tar.TypeReg, int64(len(content)))...), content...)
	return append(b, make([]byte, -len(b)&511+1024)...)
}

func nested(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }

// member puts one more member in front of a JSON object's.
func member(text string) func([]byte) []byte {
	return func(b []byte) []byte { return append([]byte("{"+text+","), b[1:]...) }
}

func indexed(change func(d *ocispec.Descriptor)) forgery {
	return forgery{index: func(i *ocispec.Index) { change(&i.Manifests[0]) }}
}

// hostileIndexes are wrong in their index.json.
var hostileIndexes = []hostile{
	{name: "index that is no JSON", forgery: forgery{rawIndex: func([]byte) []byte { return []byte("<html>") }}, code: bundle.NotAPackage, reason: "index.json can't be read"},
	{name: "index nested 3,000 deep", forgery: forgery{rawIndex: member(`"x":` + nested(3000))}, code: bundle.NotAPackage, reason: "nested more than 32 deep"},
	{name: "index with two lists of manifests", forgery: forgery{rawIndex: member(`"manifests":[]`)}, code: bundle.NotAPackage, reason: `the key "manifests" stands twice`},
	{name: "index with two lists in other case", forgery: forgery{rawIndex: member(`"Manifests":[]`)}, code: bundle.NotAPackage, reason: `the key "manifests" stands twice`},
	{name: "index with two lists in a rare case", forgery: forgery{rawIndex: member("\"manifest\u017f\":[]")}, code: bundle.NotAPackage, reason: `the key "manifests" stands twice`},
	{name: "index with something behind its end", forgery: forgery{rawIndex: func(b []byte) []byte { return append(b, "{}"...) }}, code: bundle.NotAPackage, reason: "something stands behind its end"},
	{name: "index that is not UTF-8", forgery: forgery{rawIndex: member("\"x\":\"\xff\"")}, code: bundle.NotAPackage, reason: "not UTF-8"},
	{name: "index of Docker's type", forgery: forgery{index: func(i *ocispec.Index) {
		i.MediaType = "application/vnd.docker.distribution.manifest.list.v2+json"
	}}, code: bundle.NotAPackage, reason: "manifest.list.v2+json"},
	{name: "index of an index", forgery: indexed(func(d *ocispec.Descriptor) { d.MediaType = ocispec.MediaTypeImageIndex }), code: bundle.Foreign, reason: "image.index.v1+json"},
	{name: "manifest with another digest", forgery: forgery{outer: func(e []tarEntry) []tarEntry {
		for i := range e {
			if strings.HasPrefix(e[i].content, `{"schemaVersion":2`) && strings.HasPrefix(e[i].Name, "blobs/") {
				e[i].content = strings.Replace(e[i].content, "1.2.0", "1.3.0", 1)
			}
		}
		return e
	}}, code: bundle.WrongDigest, reason: "The manifest is not the one that was named"},
	{name: "manifest of another size", forgery: indexed(func(d *ocispec.Descriptor) { d.Size++ }), code: bundle.WrongDigest, reason: "The manifest has"},
	{name: "manifest of a negative size", forgery: indexed(func(d *ocispec.Descriptor) { d.Size = -1 }), code: bundle.TooBig, reason: "has -1 bytes"},
	{name: "manifest named by SHA-512", forgery: indexed(func(d *ocispec.Descriptor) { d.Digest = digest.SHA512.FromString("x") }), code: bundle.Foreign, reason: "sha256 only"},
	{name: "manifest named by a path", forgery: indexed(func(d *ocispec.Descriptor) { d.Digest = "sha256:../../index.json" }), code: bundle.Foreign, reason: "sha256 only"},
	{name: "manifest that is missing", forgery: indexed(func(d *ocispec.Descriptor) { d.Digest = digest.FromString("x") }), code: bundle.Damaged, reason: "is missing"},
	{name: "manifest named twice", forgery: forgery{index: func(i *ocispec.Index) { i.Manifests = append(i.Manifests, i.Manifests[0]) }}, code: bundle.Foreign, reason: "twice"},
	{name: "no manifest", forgery: forgery{index: func(i *ocispec.Index) { i.Manifests = nil }}, code: bundle.NotAPackage, reason: "holds no runbook"},
	{name: "two runbooks", forgery: forgery{layout: func(l *bundle.Layout) {
		other := forgery{manifest: func(m *ocispec.Manifest) { m.Annotations["x"] = "y" }}
		l.Signatures = append(l.Signatures, bundle.Signature{Manifest: other.forge().Manifest})
	}}, code: bundle.Foreign, reason: "two runbooks"},
	{name: "forty signatures", forgery: forgery{index: func(i *ocispec.Index) {
		for range 40 {
			i.Manifests = append(i.Manifests, i.Manifests[0])
		}
	}}, code: bundle.TooBig, reason: "more than 32 signatures"},
	{name: "replaced tag", forgery: indexed(func(d *ocispec.Descriptor) {
		d.Annotations = map[string]string{ocispec.AnnotationRefName: "1.3.0"}
	}), code: bundle.Contradiction, reason: "calls the runbook version 1.3.0"},
}

func manifested(change func(*ocispec.Manifest)) forgery { return forgery{manifest: change} }

// layered changes the tree's descriptor.
func layered(change func(*ocispec.Descriptor)) forgery {
	return manifested(func(m *ocispec.Manifest) { change(&m.Layers[0]) })
}

// hostileManifests are wrong in their manifest.
var hostileManifests = []hostile{
	{name: "manifest that is no JSON", forgery: forgery{rawMan: func([]byte) []byte { return []byte("{") }}, code: bundle.NotAPackage, reason: "manifest can't be read"},
	{name: "manifest nested 3,000 deep", forgery: forgery{rawMan: member(`"x":` + nested(3000))}, code: bundle.NotAPackage, reason: "nested more than 32 deep"},
	{name: "manifest with layers in a letter that folds to s", forgery: forgery{rawMan: member(`"layerſ":[]`)}, code: bundle.NotAPackage, reason: `the key "layers" stands twice`},
	{name: "manifest with two configs", forgery: forgery{rawMan: member(`"config":{}`)}, code: bundle.NotAPackage, reason: `the key "config" stands twice`},
	{name: "manifest of 1 MiB", forgery: manifested(func(m *ocispec.Manifest) { m.Annotations["x"] = strings.Repeat("x", mib) }), code: bundle.TooBig, reason: "The manifest of type"},
	{name: "container image", forgery: manifested(func(m *ocispec.Manifest) {
		m.ArtifactType, m.Config.MediaType = "", ocispec.MediaTypeImageConfig
	}), code: bundle.NotAPackage, reason: "holds no runbook"},
	{name: "Docker's manifest", forgery: manifested(func(m *ocispec.Manifest) {
		m.MediaType = "application/vnd.docker.distribution.manifest.v2+json"
	}), code: bundle.NotAPackage, reason: "docker"},
	{name: "unknown artifact type", forgery: manifested(func(m *ocispec.Manifest) { m.ArtifactType = "application/vnd.linecheck.runbook.v2" }), code: bundle.NotAPackage, reason: "holds no runbook"},
	{name: "unknown type of config", forgery: manifested(func(m *ocispec.Manifest) { m.Config.MediaType = "application/json" }), code: bundle.Foreign, reason: `The config is of type "application/json"`},
	{name: "unknown type of layer", forgery: layered(func(d *ocispec.Descriptor) { d.MediaType = "application/x-sh" }), code: bundle.Foreign, reason: `"application/x-sh", which is unknown`},
	{name: "compressed tree", forgery: layered(func(d *ocispec.Descriptor) { d.MediaType = ocispec.MediaTypeImageLayerGzip }), code: bundle.Foreign, reason: "The tree is compressed"},
	{name: "no layer", forgery: manifested(func(m *ocispec.Manifest) { m.Layers = nil }), code: bundle.Damaged, reason: "names no tree"},
	{name: "no tree", forgery: manifested(func(m *ocispec.Manifest) { m.Layers = m.Layers[1:] }), code: bundle.Damaged, reason: "names no tree"},
	{name: "two trees", forgery: manifested(func(m *ocispec.Manifest) { m.Layers = append(m.Layers, m.Layers[0]) }), code: bundle.Foreign, reason: "a second layer"},
	{name: "README before the tree", forgery: manifested(func(m *ocispec.Manifest) { m.Layers[0], m.Layers[1] = m.Layers[1], m.Layers[0] }), code: bundle.Foreign, reason: "not in their order"},
	{name: "tree of 2 GiB", forgery: layered(func(d *ocispec.Descriptor) { d.Size = 2 * gib }), code: bundle.TooBig, reason: "2147483648 bytes"},
	{name: "config of 1 GiB", forgery: manifested(func(m *ocispec.Manifest) { m.Config.Size = gib }), code: bundle.TooBig, reason: "1073741824 bytes"},
	{name: "size that is no whole number", forgery: forgery{rawMan: func(b []byte) []byte { return bytes.Replace(b, []byte(`"size":`), []byte(`"size":0.`), 1) }}, code: bundle.NotAPackage, reason: "manifest can't be read"},
	{name: "size beyond 64 bits", forgery: forgery{rawMan: func(b []byte) []byte {
		return bytes.Replace(b, []byte(`"size":`), []byte(`"size":99999999999999999999`), 1)
	}}, code: bundle.NotAPackage, reason: "manifest can't be read"},
	{name: "layer from elsewhere", forgery: layered(func(d *ocispec.Descriptor) { d.URLs = []string{"https://evil.example/"} }), code: bundle.Foreign, reason: "fetched from elsewhere"},
	{name: "title that leads out", forgery: manifested(func(m *ocispec.Manifest) { m.Layers[1].Annotations[ocispec.AnnotationTitle] = "../../evil" }), code: bundle.Foreign, reason: `"../../evil"`},
	{name: "tree with a title", forgery: layered(func(d *ocispec.Descriptor) {
		d.Annotations = map[string]string{ocispec.AnnotationTitle: "/etc/passwd"}
	}), code: bundle.Foreign, reason: `"/etc/passwd"`},
	{name: "runbook that refers to another", forgery: manifested(func(m *ocispec.Manifest) { m.Subject = &m.Config }), code: bundle.Foreign, reason: "belongs to another"},
	{name: "no time", forgery: manifested(func(m *ocispec.Manifest) { delete(m.Annotations, ocispec.AnnotationCreated) }), code: bundle.Foreign, reason: "The manifest's time"},
	{name: "time before 1970", forgery: manifested(func(m *ocispec.Manifest) { m.Annotations[ocispec.AnnotationCreated] = "1969-12-31T23:59:59Z" }), code: bundle.Foreign, reason: "1969"},
	{name: "time in two spellings", forgery: manifested(func(m *ocispec.Manifest) { m.Annotations[ocispec.AnnotationCreated] = "1970-01-01T01:00:00+01:00" }), code: bundle.Foreign, reason: "+01:00"},
}

// exchanged changes blobs of a type behind the manifest's back.
func exchanged(mediaType string, change func([]byte) []byte) forgery {
	return forgery{layout: func(l *bundle.Layout) {
		named, err := bundle.Describe(l.Manifest)
		if err != nil {
			panic(err)
		}
		for _, d := range named {
			if d.MediaType != mediaType {
				continue
			}
			if content := change(bytes.Clone(l.Blobs[d.Digest])); content != nil {
				l.Blobs[d.Digest] = content
			} else {
				delete(l.Blobs, d.Digest)
			}
		}
	}}
}

func flipped(b []byte) []byte {
	b[0] ^= 1
	return b
}

func configured(key string, value any) forgery {
	return forgery{config: func(c map[string]any) { c[key] = value }}
}

// lie says the same untruth in the config and in the manifest.
func lie(key, value, annotation string) forgery {
	f := configured(key, value)
	f.manifest = func(m *ocispec.Manifest) { m.Annotations[annotation] = value }
	return f
}

// importingOften is one import as it should be, named n times.
func importingOften(n int) forgery {
	text := strings.Repeat("#", 15*mib) + "\n"
	h1, err := bundle.TreeHash(fstest.MapFS{"a.hcl": {Data: []byte(text)}})
	if err != nil {
		panic(err)
	}
	f := importing("ip", h1, plain(rules.LockName, strings.Replace(aLock, vendoredHash, h1, 1)), plain("vendor/ip/a.hcl", text))
	f.config = func(c map[string]any) {
		c["imports"] = slices.Repeat([]bundle.Import{{Name: "ip", Source: "oci://registry.example/ip", Version: "0.1.0", H1: h1}}, n)
	}
	return f
}

// locking is a tree with a lock file.
func locking(text string) forgery {
	return forgery{entries: append([]tarEntry{plain(rules.LockName, text)}, soundTree()...)}
}

// importing is a package that says it has an import.
func importing(name, h1 string, more ...tarEntry) forgery {
	f := configured("imports", []bundle.Import{{Name: name, Source: "oci://registry.example/ip", Version: "0.1.0", H1: h1}})
	f.entries = soundTree(more...)
	slices.SortFunc(f.entries, func(a, b tarEntry) int { return strings.Compare(a.Name, b.Name) })
	return f
}

// hostileBlobs have blobs that are not what they were said to be, and configs
// that lie.
var hostileBlobs = []hostile{
	{name: "tree of another digest", forgery: exchanged(bundle.TreeType, flipped), code: bundle.WrongDigest, reason: "layer.v1.tar is not the one"},
	{name: "config of another digest", forgery: exchanged(bundle.ConfigType, flipped), code: bundle.WrongDigest, reason: "config.v1+json is not the one"},
	{name: "README that is not the tree's", forgery: forgery{entries: []tarEntry{plain("00-runbook.hcl", theBlock), plain("README.md", "# Another\n")}}, code: bundle.Contradiction, reason: "README.md in the tree is not the one"},
	{name: "README that the tree lacks", forgery: forgery{entries: []tarEntry{plain("00-runbook.hcl", theBlock)}}, code: bundle.Contradiction, reason: "there is none in the tree"},
	{name: "README that only the tree has", forgery: forgery{
		manifest: func(m *ocispec.Manifest) { m.Layers = m.Layers[:1] },
		layout:   func(l *bundle.Layout) { delete(l.Blobs, digest.FromString("# net\n")) },
	}, code: bundle.Contradiction, reason: "README.md in the tree is not the one"},
	{name: "README of another digest", forgery: exchanged(bundle.ReadmeType, flipped), code: bundle.WrongDigest, reason: "text/markdown is not the one"},
	{name: "tree cut short", forgery: exchanged(bundle.TreeType, func(b []byte) []byte { return b[:1024] }), code: bundle.WrongDigest, reason: "has 1024 bytes"},
	{name: "tree that goes on", forgery: exchanged(bundle.TreeType, func(b []byte) []byte { return append(b, 0) }), code: bundle.WrongDigest, reason: "were named"},
	{name: "tree that is missing", forgery: exchanged(bundle.TreeType, func([]byte) []byte { return nil }), code: bundle.Damaged, reason: "is missing"},
	{name: "config that is missing", forgery: exchanged(bundle.ConfigType, func([]byte) []byte { return nil }), code: bundle.Damaged, reason: "is missing"},
	{name: "config that lies about its name", forgery: configured("name", "mail-line"), code: bundle.Contradiction, reason: `config says mail-line 1.2.0, and its manifest says "net" "1.2.0"`},
	{name: "config that lies about its version", forgery: configured("version", "9.9.9"), code: bundle.Contradiction, reason: "config says net 9.9.9"},
	{name: "config and manifest that lie about the name", forgery: lie("name", "mail-line", ocispec.AnnotationTitle), code: bundle.Contradiction, reason: `says "mail-line" for the runbook's name, and the runbook block in its tree says "net"`},
	{name: "config and manifest that lie about the version", forgery: lie("version", "9.9.9", ocispec.AnnotationVersion), code: bundle.Contradiction, reason: `says "9.9.9" for the runbook's version, and the runbook block in its tree says "1.2.0"`},
	{name: "config that lies about its title", forgery: configured("title", "Safe"), code: bundle.Contradiction, reason: `"Safe" for the runbook's title`},
	{name: "manifest that lies about the license", forgery: manifested(func(m *ocispec.Manifest) { m.Annotations[ocispec.AnnotationLicenses] = "MIT" }), code: bundle.Contradiction, reason: `"MIT" for the runbook's license`},
	{name: "config that lies about what it requires", forgery: configured("requires", []string{">= 99"}), code: bundle.Contradiction, reason: `[">= 99"] for the versions`},
	{name: "version changed by an override", forgery: treed(plain("override.hcl", "runbook \"net\" {\n  version = \"0.1.0\"\n}\n")), code: bundle.Contradiction, reason: `says "0.1.0"`},
	{name: "no runbook block", forgery: forgery{entries: []tarEntry{plain("a.hcl", "# nothing")}}, code: bundle.BadName, reason: "no runbook block"},
	{name: "two runbook blocks", forgery: treed(plain("a.hcl", "runbook \"mail-line\" {\n  version = \"1.2.0\"\n}\n")), code: bundle.BadTree, reason: "a.hcl"},
	{name: "runbook block that never ends", forgery: treed(plain("a.hcl", "runbook \"net\" {")), code: bundle.BadTree, reason: "a.hcl"},
	{name: "runbook block of 1 MiB", forgery: forgery{entries: []tarEntry{plain("a.hcl", "runbook \"net\" {\n"+strings.Repeat("# x\n", mib/4)+"}\n")}}, code: bundle.BadTree, reason: "bigger than 64 KiB"},
	{name: "runbook block beside much else", forgery: treed(plain("a.hcl.json", `{"locals":{"runbook":["`+strings.Repeat(`","`, 5*mib)+`"]}}`)), code: bundle.BadTree, reason: "more than 4 MiB"},
	{name: "import that the lock file does not have", forgery: importing("ip", vendoredHash, plain("vendor/ip/a.hcl", "")), code: bundle.Contradiction, reason: ".runbook.lock.hcl in its tree does not"},
	{name: "import that is kept back", forgery: locking(aLock), code: bundle.Contradiction, reason: `names the import "ip", and the package does not`},
	{name: "import with another hash than in the lock file", forgery: importing("ip", "h1:x", plain(rules.LockName, aLock), plain("vendor/ip/a.hcl", "")), code: bundle.Contradiction, reason: "does not. Have"},
	{name: "import in another version than in the lock file", forgery: importing("ip", vendoredHash, plain(rules.LockName, strings.Replace(aLock, "0.1.0", "0.2.0", 1)), plain("vendor/ip/a.hcl", "")), code: bundle.Contradiction, reason: `in version "0.1.0"`},
	{name: "import from another place than in the lock file", forgery: importing("ip", vendoredHash, plain(rules.LockName, strings.Replace(aLock, "registry.example", "other.example", 1)), plain("vendor/ip/a.hcl", "")), code: bundle.Contradiction, reason: `from "oci://registry.example/ip"`},
	{name: "import of which the copy was changed", forgery: importing("ip", vendoredHash, plain(rules.LockName, aLock), plain("vendor/ip/a.hcl", "evil")), code: bundle.Contradiction, reason: "is not the one that its lock file names"},
	{name: "import of which the copy is missing", forgery: importing("ip", vendoredHash, plain(rules.LockName, aLock)), code: bundle.Damaged, reason: "there is no folder vendor/ip"},
	{name: "import a thousand times", forgery: importingOften(1000), code: bundle.Contradiction, reason: `twice what it imports as "ip"`},
	{name: "import with a path for a name", forgery: importing("../..", vendoredHash, plain(rules.LockName, aLock)), code: bundle.Contradiction, reason: `imports "../.."`},
	{name: "lock file that can't be read", forgery: locking("import {"), code: bundle.BadTree, reason: "lock file in the tree can't be read"},
	{name: "lock file of 1 MiB", forgery: locking(strings.Repeat("#", mib)), code: bundle.TooBig, reason: "has 1048576 bytes"},
	{name: "config that lies about its tree", forgery: configured("h1", "h1:AAAA"), code: bundle.Contradiction, reason: `has the hash "h1:AAAA"`},
	{name: "config without a hash", forgery: configured("h1", ""), code: bundle.Contradiction, reason: "the hash"},
	{name: "config with a path for a name", forgery: configured("name", "../../evil"), code: bundle.BadName, reason: `"../../evil" can't be that of a repository`},
	{name: "config with a tag for a version", forgery: configured("version", "latest"), code: bundle.BadName, reason: `"latest" is no complete semantic version`},
	{name: "config with signs that a terminal obeys", forgery: configured("name", "net\x1b[2J"), code: bundle.BadName, reason: `"net\x1b[2J"`},
	{name: "config that is no JSON", forgery: forgery{rawConf: func([]byte) []byte { return []byte("name: net") }}, code: bundle.NotAPackage, reason: "config can't be read"},
	{name: "config nested 3,000 deep", forgery: forgery{rawConf: member(`"x":` + nested(3000))}, code: bundle.NotAPackage, reason: "nested more than 32 deep"},
	{name: "config with two names", forgery: forgery{rawConf: member(`"name":"mail-line"`)}, code: bundle.NotAPackage, reason: `the key "name" stands twice`},
	{name: "another name than was asked for", policy: bundle.Policy{Name: "mail-line"}, code: bundle.OtherPackage, reason: "This is the runbook net, and mail-line was asked for"},
	{name: "an older version than was asked for", policy: bundle.Policy{Name: "net", Version: "1.3.0"}, code: bundle.OtherPackage, reason: "This is version 1.2.0 of net, and 1.3.0 was asked for"},
	{name: "another digest than was asked for", policy: bundle.Policy{Digest: digest.FromString("x")}, code: bundle.WrongDigest, reason: "was asked for"},
}

func treed(more ...tarEntry) forgery { return forgery{entries: soundTree(more...)} }

// rewritten changes the one entry of the tree in a way that leaves it readable.
func rewritten(change func(*tar.Header)) forgery {
	return forgery{entries: []tarEntry{with(plain("00-runbook.hcl", theBlock), change)}}
}

// entriesOf are n files; one has size bytes.
func entriesOf(n int, size int) []tarEntry {
	content := strings.Repeat("x", size)
	all := make([]tarEntry, n)
	for i := range all {
		all[i] = plain(fmt.Sprintf("%06d.hcl", i), content)
	}
	return all
}

// hostileTrees are wrong in their tree, and everything outside of it fits.
var hostileTrees = []hostile{
	{name: "tree: path that leads out", forgery: treed(plain("../../evil", "x")), code: bundle.BadName, reason: `"../../evil" can't be a path`},
	{name: "tree: path that leads out in the middle", forgery: treed(plain("a/../../evil", "x")), code: bundle.BadName, reason: `"a/../../evil" can't be a path`},
	{name: "tree: absolute path", forgery: treed(plain("/etc/cron.d/evil", "x")), code: bundle.BadName, reason: `"/etc/cron.d/evil" can't be a path`},
	{name: "tree: backslashes", forgery: treed(plain(`..\..\evil`, "x")), code: bundle.BadName, reason: "can't be a path"},
	{name: "tree: drive letter", forgery: treed(plain("C:evil", "x")), code: bundle.BadName, reason: "can't be a path"},
	{name: "tree: stream of a file", forgery: treed(plain("a.hcl:evil", "x")), code: bundle.BadName, reason: "can't be a path"},
	{name: "tree: device name of Windows", forgery: treed(plain("a/aux.hcl", "x")), code: bundle.BadName, reason: `"aux" disallowed`},
	{name: "tree: device name in another case", forgery: treed(plain("NuL", "x")), code: bundle.BadName, reason: `"NuL" disallowed`},
	{name: "tree: dot at the end", forgery: treed(plain("a.", "x")), code: bundle.BadName, reason: "trailing dot"},
	{name: "tree: space at the end", forgery: treed(plain("a ", "x")), code: bundle.BadName, reason: "ends with a space"},
	{name: "tree: space at the end of a folder", forgery: treed(plain("a /b", "x")), code: bundle.BadName, reason: "ends with a space"},
	{name: "tree: newline", forgery: treed(plain("a\nb", "x")), code: bundle.BadName, reason: `"a\nb"`},
	{name: "tree: signs that a terminal obeys", forgery: treed(plain("a\x1b[2J", "x")), code: bundle.BadName, reason: `\x1b`},
	{name: "tree: letters that run backwards", forgery: treed(plain("a\u202elch.md", "x")), code: bundle.BadName, reason: "can't be a path"},
	{name: "tree: not UTF-8", forgery: forgery{tree: func(b []byte) []byte {
		return append(append(rawHeader("a\xff", tar.TypeReg, 0), make([]byte, 1024)...), b[:0]...)
	}}, code: bundle.BadName, reason: "invalid UTF-8"},
	{name: "tree: empty name", forgery: forgery{tree: func([]byte) []byte { return append(rawHeader("", tar.TypeReg, 0), make([]byte, 1024)...) }}, code: bundle.BadName, reason: `"" can't be a path`},
	{name: "tree: double slash", forgery: treed(plain("a//b", "x")), code: bundle.BadName, reason: "can't be a path"},
	{name: "tree: hidden file", forgery: treed(plain("a/.bashrc", "x")), code: bundle.BadName, reason: "begins with a dot"},
	{name: "tree: hidden folder", forgery: forgery{entries: append([]tarEntry{plain(".git/hooks/post-checkout", "x")}, soundTree()...)}, code: bundle.BadName, reason: "begins with a dot"},
	{name: "tree: lock file for a folder", forgery: forgery{entries: append([]tarEntry{plain(".runbook.lock.hcl/x", "x")}, soundTree()...)}, code: bundle.BadName, reason: "begins with a dot"},
	{name: "tree: path of 201 bytes", forgery: treed(plain(strings.Repeat("a", 97)+"/"+strings.Repeat("b", 103), "x")), code: bundle.BadName, reason: "longer than 200 bytes"},
	{name: "tree: 17 deep", forgery: treed(plain(strings.Repeat("a/", 16)+"b", "x")), code: bundle.BadName, reason: "more than 16 deep"},
	{name: "tree: 3,000 deep", forgery: treed(plain(strings.Repeat("a/", 3000)+"b", "x")), code: bundle.NotCanonical, reason: "longer than a file of ours needs"},
	{name: "tree: symbolic link", forgery: treed(special(tar.TypeSymlink, "a", "/etc/passwd")), code: bundle.NotRegular, reason: "a symbolic link"},
	{name: "tree: link and a file behind it", forgery: treed(special(tar.TypeSymlink, "a", "/etc"), plain("a/passwd", "x")), code: bundle.NotRegular, reason: "a symbolic link"},
	{name: "tree: hard link", forgery: treed(special(tar.TypeLink, "a", "00-runbook.hcl")), code: bundle.NotRegular, reason: "a hard link"},
	{name: "tree: character device", forgery: treed(special(tar.TypeChar, "a", "")), code: bundle.NotRegular, reason: "a device"},
	{name: "tree: block device", forgery: treed(special(tar.TypeBlock, "a", "")), code: bundle.NotRegular, reason: "a device"},
	{name: "tree: named pipe", forgery: treed(special(tar.TypeFifo, "a", "")), code: bundle.NotRegular, reason: "a named pipe"},
	{name: "tree: folder", forgery: treed(special(tar.TypeDir, "a/", "")), code: bundle.NotRegular, reason: "a folder"},
	{name: "tree: unknown type", forgery: forgery{tree: func([]byte) []byte { return append(rawHeader("a", 'Z', 0), make([]byte, 1024)...) }}, code: bundle.NotRegular, reason: "of an unknown kind"},
	{name: "tree: sparse file of 2 GiB", forgery: forgery{tree: func([]byte) []byte { return sparseFile("a") }}, code: bundle.NotRegular, reason: "a sparse file"},
	{name: "tree: sparse file by extended header", forgery: forgery{tree: func([]byte) []byte {
		return sparseExtended(record("GNU.sparse.size", "2147483647")+record("GNU.sparse.numblocks", "1")+record("GNU.sparse.map", "0,2"), "xx")
	}}, code: bundle.NotRegular, reason: "a sparse file"},
	{name: "tree: sparse file with its map in front", forgery: forgery{tree: func([]byte) []byte {
		return sparseExtended(record("GNU.sparse.major", "1")+record("GNU.sparse.minor", "0")+record("GNU.sparse.realsize", "2147483647"), "0\n"+strings.Repeat("\x00", 510))
	}}, code: bundle.NotCanonical, reason: "longer than a file of ours needs"},
	{name: "tree: header for all", forgery: treed(tarEntry{tar.Header{Typeflag: tar.TypeXGlobalHeader, Name: "g", PAXRecords: map[string]string{"path": "evil"}}, ""}), code: bundle.NotRegular, reason: "a header for all"},
	{name: "tree: extended headers without end", big: true, forgery: forgery{tree: func([]byte) []byte {
		record := strings.Repeat("30 comment=aaaaaaaaaaaaaaaaaaa\n", 500)
		unit := append(rawHeader("x", tar.TypeXHeader, int64(len(record))), record...)
		return bytes.Repeat(append(unit, make([]byte, -len(record)&511)...), 1000)
	}}, code: bundle.NotCanonical, reason: "longer than a file of ours needs"},
	{name: "tree: same file twice", forgery: treed(plain("a", "x"), plain("a", "y")), code: bundle.BadName, reason: `"a" stands twice`},
	{name: "tree: two files by case", forgery: treed(plain("S.hcl", "x"), plain("s.hcl", "y")), code: bundle.BadName, reason: `"S.hcl" and "s.hcl" differ only in case`},
	{name: "tree: two folders by case", forgery: treed(plain("Sites/a", "x"), plain("sites/b", "y")), code: bundle.BadName, reason: `"Sites" and "sites" differ only in case`},
	{name: "tree: file and folder by case", forgery: treed(plain("Sites", "x"), plain("sites/b", "y")), code: bundle.BadName, reason: `"Sites" and "sites"`},
	{name: "tree: two spellings of a letter", forgery: treed(plain("\u00c5", "x"), plain("\u212b", "y")), code: bundle.BadName, reason: "differ only in case or in how a letter is encoded"},
	{name: "tree: two spellings of a syllable", forgery: treed(plain("\u1112\u1161\u11ab", "x"), plain("\ud55c", "y")), code: bundle.BadName, reason: "how a letter is encoded"},
	{name: "tree: two files by a rare case", forgery: treed(plain("sites", "x"), plain("\u017fites", "y")), code: bundle.BadName, reason: "differ only in case"},
	{name: "tree: file and folder", forgery: treed(plain("a", "x"), plain("a/b", "y")), code: bundle.BadName, reason: `"a" is both a file and a folder`},
	{name: "tree: not sorted", forgery: treed(plain("b", "x"), plain("a", "y")), code: bundle.NotCanonical, reason: "a comes behind b"},
	{name: "tree: program", forgery: rewritten(func(h *tar.Header) { h.Mode = 0o755 }), code: bundle.NotCanonical, reason: "00-runbook.hcl"},
	{name: "tree: set-user-id", forgery: rewritten(func(h *tar.Header) { h.Mode = 0o4644 }), code: bundle.NotCanonical, reason: "mode 0644"},
	{name: "tree: owner", forgery: rewritten(func(h *tar.Header) { h.Uid = 1000 }), code: bundle.NotCanonical, reason: "no owner"},
	{name: "tree: owner's name", forgery: rewritten(func(h *tar.Header) { h.Uname = "root" }), code: bundle.NotCanonical, reason: "no owner"},
	{name: "tree: another time", forgery: rewritten(func(h *tar.Header) { h.ModTime = time.Unix(1, 0) }), code: bundle.NotCanonical, reason: "the time that the manifest names"},
	{name: "tree: extended attribute", forgery: rewritten(func(h *tar.Header) {
		h.PAXRecords = map[string]string{"SCHILY.xattr.security.capability": "x"}
	}), code: bundle.NotCanonical, reason: "not written as linecheck writes it"},
	{name: "tree: name by GNU's header", forgery: treed(with(plain(strings.Repeat("a", 150), "x"), func(h *tar.Header) { h.Format = tar.FormatGNU })), code: bundle.NotCanonical, reason: "not written as linecheck writes it"},
	{name: "tree: padding that is not zero", forgery: forgery{tree: func(b []byte) []byte {
		b[1023] = 'x'
		return b
	}}, code: bundle.NotCanonical, reason: "not written as linecheck writes it"},
	{name: "tree: trailing data", forgery: forgery{tree: func(b []byte) []byte { return append(b, "#!/bin/sh\n"...) }}, code: bundle.NotCanonical, reason: "goes on behind its end"},
	{name: "tree: trailing zeros", forgery: forgery{tree: func(b []byte) []byte { return append(b, make([]byte, 512)...) }}, code: bundle.NotCanonical, reason: "goes on behind its end"},
	{name: "tree: no end", forgery: forgery{tree: func(b []byte) []byte { return b[:len(b)-1024] }}, code: bundle.Damaged, reason: "ends too early"},
	{name: "tree: truncated in a file", forgery: forgery{tree: func(b []byte) []byte { return b[:520] }}, code: bundle.Damaged, reason: "ends within 00-runbook.hcl"},
	{name: "tree: truncated in a header", forgery: forgery{tree: func(b []byte) []byte { return b[:300] }}, code: bundle.Damaged, reason: "ends too early"},
	{name: "tree: no tar", forgery: forgery{tree: func([]byte) []byte { return bytes.Repeat([]byte("x"), 2048) }}, code: bundle.NotCanonical, reason: "can't be read"},
	{name: "tree: gzip", forgery: forgery{tree: gzipped}, code: bundle.Damaged, reason: "ends too early"},
	{name: "tree: no file", forgery: forgery{tree: func([]byte) []byte { return make([]byte, 1024) }}, code: bundle.NotAPackage, reason: "holds no file"},
	{name: "tree: empty", forgery: forgery{tree: func([]byte) []byte { return nil }}, code: bundle.NotAPackage, reason: "holds no file"},
	{name: "tree: 10,001 files", big: true, forgery: forgery{entries: entriesOf(10_001, 0)}, code: bundle.TooBig, reason: "more than 10000 files"},
	{name: "tree: 200,000 files", big: true, forgery: forgery{tree: func([]byte) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for i := range 200_000 {
			must(0, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: fmt.Sprintf("%06d", i), Mode: 0o644, ModTime: time.Unix(0, 0)}))
		}
		return b.Bytes()
	}}, code: bundle.TooBig, reason: "more than 10000 files"},
	{name: "tree: file of more than 16 MiB", big: true, forgery: treed(plain("a", strings.Repeat("x", 16*mib+1))), code: bundle.TooBig, reason: "a is bigger than 16 MiB"},
	{name: "tree: more than 128 MiB", big: true, forgery: forgery{entries: entriesOf(9, 15*mib)}, code: bundle.TooBig, reason: "more than 128 MiB"},
	{name: "tree: file that promises 8 GiB", forgery: forgery{tree: func([]byte) []byte { return append(rawHeader("a", tar.TypeReg, 8*gib-1), make([]byte, 1024)...) }}, code: bundle.TooBig, reason: "a is bigger than 16 MiB"},
	{name: "tree: file that promises 15 MiB", big: true, forgery: forgery{tree: func([]byte) []byte {
		return append(headerOf(plain("a", strings.Repeat("x", 15*mib)).Header), make([]byte, 1024)...)
	}}, code: bundle.Damaged, reason: "ends within a"},
}

// someKeys are made anew for each run: nothing depends on which they are.
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
