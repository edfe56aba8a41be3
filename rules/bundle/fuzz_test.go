package bundle_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/tree"
)

// judge opens a file that may hold anything. Either it is refused, or written
// again it gives a file that opens to the same tree.
func judge(t *testing.T, file []byte) *bundle.Package {
	l, err := bundle.ReadLayout(bytes.NewReader(file))
	if err != nil {
		refused(t, err)
		return nil
	}
	p, err := l.Open(bundle.Policy{})
	if err != nil {
		refused(t, err)
		return nil
	}
	again := read(t, write(t, l))
	if again.Digest() != l.Digest() || len(again.Signatures) != len(l.Signatures) {
		t.Fatalf("written again, the package is %s with %d signatures, not %s with %d", again.Digest(), len(again.Signatures), l.Digest(), len(l.Signatures))
	}
	q, err := again.Open(bundle.Policy{Name: p.Config.Name, Version: p.Config.Version, Digest: p.Digest})
	if err != nil {
		t.Fatalf("written again, it is refused: %v", err)
	}
	for _, pkg := range []*bundle.Package{p, q} {
		if h1, err := tree.Hash(pkg.FS()); err != nil || h1 != p.Config.H1 {
			t.Fatalf("the tree has the hash %s (%v), its config says %s", h1, err, p.Config.H1)
		}
	}
	return p
}

// refused holds that an error is a refusal which says something.
func refused(t *testing.T, err error) {
	var r *bundle.Refusal
	if !errors.As(err, &r) || r.Code == "" || r.Reason == "" {
		t.Fatalf("%T: %v", err, err)
	}
}

func FuzzReadLayout(f *testing.F) {
	f.Add(write(f, pack(f, aSource(aTree()))))
	signed := pack(f, aSource(aTree()))
	must(0, signed.Sign(newKey()))
	f.Add(write(f, signed))
	for _, group := range [][]hostile{hostileFiles, hostileIndexes, hostileManifests, hostileBlobs, hostileSignatures()} {
		for _, h := range group {
			if h.stream == nil {
				f.Add(h.bytes())
			}
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) { judge(t, file) })
}

// FuzzTree puts any bytes for a tree into a package that is sound otherwise,
// and holds what it opens to against archive/tar.
func FuzzTree(f *testing.F) {
	for _, h := range hostileTrees {
		if h.big {
			continue
		}
		entries := h.entries
		if entries == nil {
			entries = soundTree()
		}
		f.Add(changed(h.tree, tarOf(entries)))
	}
	f.Add(tarOf(soundTree(plain("a/b.hcl", "x"), plain("a/\u00f8.hcl", "y"))))
	f.Fuzz(func(t *testing.T, tree []byte) {
		if len(tree) > 1<<20 {
			return
		}
		p := judge(t, forgery{tree: func([]byte) []byte { return tree }}.bytes())
		if p == nil {
			return
		}
		r := tar.NewReader(bytes.NewReader(tree))
		for _, file := range p.Files() {
			h, err := r.Next()
			if err != nil || h.Name != file.Name || h.Size != file.Size || h.Mode != 0o644 {
				t.Fatalf("another reader finds %+v (%v), not %+v", h, err, file)
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Fatalf("another reader finds more (%v)", err)
		}
	})
}

// FuzzDescribe reads any bytes as manifests.
func FuzzDescribe(f *testing.F) {
	l := pack(f, aSource(aTree()))
	must(0, l.Sign(newKey()))
	f.Add(l.Manifest, []byte(`{"name":"net"}`))
	f.Add(l.Signatures[0].Manifest, []byte(nested(40)))
	for _, h := range hostileManifests {
		f.Add(h.forge().Manifest, []byte("{}"))
	}
	f.Fuzz(func(t *testing.T, manifest, config []byte) {
		named, err := bundle.Describe(manifest)
		if err != nil {
			refused(t, err)
		} else if len(named) < 2 || named[0].MediaType != bundle.ConfigType || named[1].MediaType != bundle.TreeType {
			t.Fatalf("it names %v", named)
		}
		for _, d := range named {
			if d.Digest.Validate() != nil || d.Size < 0 || d.Size > 200*mib {
				t.Fatalf("it names %v", d)
			}
		}
		if _, err := bundle.ReadConfig(manifest, config); err != nil {
			refused(t, err)
		}
		if _, _, err := bundle.DescribeSignature(manifest, l.Digest()); err != nil {
			refused(t, err)
		}
	})
}
