package tree_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/linecheck/linecheck/rules/language"
)

func TestTreeFiles(t *testing.T) {
	files := fstest.MapFS{
		"b.hcl":                           {Data: []byte("b")},
		"a.hcl":                           {Data: []byte("a")},
		"README.md":                       {Data: []byte("r")},
		".gitignore":                      {Data: []byte("i")},
		".git/config":                     {Data: []byte("g")},
		language.LockName:                 {Data: []byte("l")},
		"tests/a.test.hcl":                {Data: []byte("t")},
		"tests/.a.test.hcl.swp":           {Data: []byte("s")},
		"vendor/net/net.hcl":              {Data: []byte("n")},
		"vendor/net/" + language.LockName: {Data: []byte("n")},
	}
	got, err := tree.Files(files)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{language.LockName, "README.md", "a.hcl", "b.hcl", "tests/a.test.hcl", "vendor/net/" + language.LockName, "vendor/net/net.hcl"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestTreeHash computes the hash a second time, from the words of the go
// command's documentation (go.dev/ref/mod#go-sum-files).
func TestTreeHash(t *testing.T) {
	files := fstest.MapFS{"b.hcl": {Data: []byte("b\n")}, "a.hcl": {Data: []byte("a\n")}, ".x": {Data: []byte("x\n")}}
	list := ""
	for _, name := range []string{"a.hcl", "b.hcl"} {
		list += fmt.Sprintf("%x  %s\n", sha256.Sum256(files[name].Data), name)
	}
	sum := sha256.Sum256([]byte(list))
	want := "h1:" + base64.StdEncoding.EncodeToString(sum[:])
	if got, err := tree.Hash(files); err != nil || got != want {
		t.Errorf("hash is %q (%v), want %q", got, err, want)
	}
}

func TestTreeRefuses(t *testing.T) {
	link := t.TempDir()
	if err := os.Symlink("/etc/passwd", filepath.Join(link, "a.hcl")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	many := fstest.MapFS{}
	for i := range tree.MaxFiles + 1 {
		many[fmt.Sprintf("%d.hcl", i)] = &fstest.MapFile{}
	}
	full := fstest.MapFS{}
	for i := range tree.MaxBytes/tree.MaxFileBytes + 1 {
		full[fmt.Sprintf("%d.bin", i)] = &fstest.MapFile{Data: make([]byte, tree.MaxFileBytes)}
	}
	for name, test := range map[string]struct {
		files fs.FS
		want  string
	}{
		"link": {os.DirFS(link), "a.hcl is not a regular file"},
		"many": {many, "more than 10000 files"},
		"deep": {fstest.MapFS{strings.Repeat("d/", tree.MaxDepth) + "a.hcl": {}}, "more than 16 levels deep"},
		"big":  {fstest.MapFS{"a.hcl": {Data: make([]byte, tree.MaxFileBytes+1)}}, "a.hcl is bigger than 16 MiB"},
		"full": {full, "more than 128 MiB together"},
	} {
		t.Run(name, func(t *testing.T) {
			if hash, err := tree.Hash(test.files); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("hash is %q (%v), want an error with %q", hash, err, test.want)
			}
		})
	}
}
