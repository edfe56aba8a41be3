package bundle_test

import (
	"bytes"
	"strings"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

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
