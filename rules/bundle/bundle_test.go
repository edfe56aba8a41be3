package bundle_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/tree"
)

// aTree is a small folder with all that a package treats in a way of its own:
// folders, names that stay out, one that does not, an empty file, names that a
// plain tar header can't hold.
func aTree() fstest.MapFS {
	long := "tests/" + string(bytes.Repeat([]byte("long-"), 30)) + ".hcl"
	return fstest.MapFS{
		"00-runbook.hcl":      {Data: []byte(fullBlock)},
		"README.md":           {Data: []byte("# The network\n")},
		"empty.hcl":           {},
		"tests/one.test.hcl":  {Data: bytes.Repeat([]byte("# 31 bytes that are a comment\n\n"), 40)},
		long:                  {Data: []byte("# long\n")},
		"sites.d/køge.hcl":    {Data: []byte("# not ASCII\n")},
		".runbook.lock.hcl":   {Data: []byte(aLock)},
		".git/config":         {Data: []byte("stays out")},
		"tests/.one.swp":      {Data: []byte("stays out")},
		"vendor/ip/ip.hcl":    {Data: []byte("# imported\n")},
		"vendor/ip/README.md": {Data: []byte("# The addresses\n")},
	}
}

// vendoredHash is the h1 of vendor/ip in aTree, as sha256sum and base64 make
// it.
const vendoredHash = "h1:sG9CywbZAE+C5bvRRx96RepM0frsZGEv5dVKcspYGNg="

const aLock = `import "ip" {
  source  = "oci://registry.example/ip"
  version = "0.1.0"
  digest  = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
  hashes  = ["` + vendoredHash + `"]
}
`

const fullBlock = `runbook "net" {
  title    = "The network"
  version  = "1.2.0"
  requires = ">= 0.1"
  license  = "Apache-2.0"
  authors  = ["A <a@example.org>", "B"]
}
`

func aSource(tree fs.FS) bundle.Source {
	return bundle.Source{
		FS: tree, Name: "net", Version: "1.2.0", Title: "The network", License: "Apache-2.0",
		Authors: []string{"A <a@example.org>", "B"}, Requires: []string{">= 0.1"},
		Imports: []bundle.Import{{Name: "ip", Source: "oci://registry.example/ip", Version: "0.1.0", H1: vendoredHash}},
		Readme:  []byte("# The network\n"), Page: []byte("<!doctype html>"),
	}
}

// A tester is what a test and a property have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func pack(t tester, s bundle.Source) *bundle.Layout {
	t.Helper()
	l, err := bundle.Pack(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func write(t tester, l *bundle.Layout) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := l.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("wrote %d bytes of %d: %v", b.Len(), n, err)
	}
	return b.Bytes()
}

func read(t tester, file []byte) *bundle.Layout {
	t.Helper()
	l, err := bundle.ReadLayout(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func opened(t *testing.T, l *bundle.Layout) *bundle.Package {
	t.Helper()
	p, err := l.Open(bundle.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// contents are the files of a tree by name.
func contents(t tester, tree fs.FS) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(tree, name)
		all[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestThereAndBack(t *testing.T) {
	files := aTree()
	want := contents(t, files)
	delete(want, ".git/config")
	delete(want, "tests/.one.swp")

	sent := pack(t, aSource(files))
	file := write(t, sent)
	l := read(t, file)
	if l.Digest() != sent.Digest() {
		t.Errorf("digest %s became %s", sent.Digest(), l.Digest())
	}
	if !bytes.Equal(write(t, l), file) {
		t.Error("written again, the layout has other bytes")
	}
	p, err := l.Open(bundle.Policy{Name: "net", Version: "1.2.0", Digest: sent.Digest()})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, contents(t, p.FS())); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
	if string(p.Readme) != "# The network\n" || string(p.Page) != "<!doctype html>" {
		t.Errorf("README is %q, page %q", p.Readme, p.Page)
	}
	var names []string
	for _, f := range p.Files() {
		names = append(names, f.Name)
		if int(f.Size) != len(want[f.Name]) {
			t.Errorf("%s has %d bytes, want %d", f.Name, f.Size, len(want[f.Name]))
		}
	}
	if len(names) != len(want) || !slices.IsSorted(names) {
		t.Errorf("files are %q", names)
	}
	if err := fstest.TestFS(p.FS(), names...); err != nil {
		t.Error(err)
	}

	dir := filepath.Join(t.TempDir(), "net")
	if err := p.Unpack(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, contents(t, os.DirFS(dir))); diff != "" {
		t.Errorf("unpacked (-want +got):\n%s", diff)
	}
	if h1, err := tree.Hash(os.DirFS(dir)); err != nil || h1 != p.Config.H1 {
		t.Errorf("what was unpacked has the hash %s (%v), the package %s", h1, err, p.Config.H1)
	}
	if again := pack(t, aSource(os.DirFS(dir))); again.Digest() != sent.Digest() {
		t.Error("packed again, what was unpacked is another package")
	}
}

// is reports whether an error is a refusal of a kind.
func is(err error, code bundle.Code) bool {
	r, ok := errors.AsType[*bundle.Refusal](err)
	return ok && r.Code == code
}

func ExamplePack() {
	tree := fstest.MapFS{"net.hcl": {Data: []byte("runbook \"net\" {\n  version = \"1.2.0\"\n}\n")}}
	l, err := bundle.Pack(bundle.Source{FS: tree, Name: "net", Version: "1.2.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer // net-1.2.0.oci.tar
	if _, err := l.WriteTo(&file); err != nil {
		fmt.Println(err)
		return
	}

	received, err := bundle.ReadLayout(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := received.Open(bundle.Policy{Name: "net", Version: "1.2.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range p.Files() {
		fmt.Println(f.Name, f.Size)
	}
	_, err = received.Open(bundle.Policy{Name: "net", Version: "1.3.0"})
	fmt.Println(err)
	// Output:
	// net.hcl 38
	// This is version 1.2.0 of net, and 1.3.0 was asked for. Somebody may have put an old package in the place of a new one.
}
