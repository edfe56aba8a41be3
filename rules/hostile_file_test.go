//go:build unix

package rules_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// hugeFile is a file that says it is big and must not be read.
type hugeFile struct{ fstest.MapFS }

func (h hugeFile) Open(name string) (fs.File, error) {
	if name == "big.hcl" {
		return nil, errors.New("opened")
	}
	return h.MapFS.Open(name)
}

func (h hugeFile) Stat(name string) (fs.FileInfo, error) {
	info, err := h.MapFS.Stat(name)
	if err == nil && name == "big.hcl" {
		return sized{info}, nil
	}
	return info, err
}

type sized struct{ fs.FileInfo }

func (sized) Size() int64 { return 100 << 20 }

func TestFilesThatAreNone(t *testing.T) {
	good := map[string]string{"good.hcl": goodCheck}
	only := func(t *testing.T, o rules.Overlay, want string) {
		t.Helper()
		_, diags := rules.Load(probe.Kinds(), o)
		if len(diags) != 1 {
			t.Fatalf("want one diagnostic: %q", messages(diags))
		}
		wantError(t, diags, want)
	}
	t.Run("folder", func(t *testing.T) {
		o := overlay("case", good)
		o.FS.(fstest.MapFS)["x.hcl/y.hcl"] = &fstest.MapFile{Data: []byte("nonsense")}
		only(t, o, "case/x.hcl is a folder")
	})
	t.Run("big", func(t *testing.T) {
		o := overlay("case", map[string]string{"good.hcl": goodCheck, "big.hcl": ""})
		o.FS = hugeFile{o.FS.(fstest.MapFS)}
		only(t, o, "case/big.hcl is bigger than 16 MiB")
	})
	t.Run("bigger than it says", func(t *testing.T) {
		only(t, overlay("case", map[string]string{"good.hcl": goodCheck, "x.hcl": strings.Repeat(" ", 16<<20+1)}), "bigger than 16 MiB")
	})
	t.Run("unreadable", func(t *testing.T) {
		dir := t.TempDir()
		write(t, dir, "good.hcl", goodCheck)
		if err := os.Symlink("nowhere", filepath.Join(dir, "x.hcl")); err != nil {
			t.Fatal(err)
		}
		only(t, rules.Overlay{Name: "case", FS: os.DirFS(dir)}, "case/x.hcl can't be read: no such file")
	})
	t.Run("pipe", func(t *testing.T) {
		dir := t.TempDir()
		write(t, dir, "good.hcl", goodCheck)
		if err := syscall.Mkfifo(filepath.Join(dir, "x.hcl"), 0o600); err != nil {
			rulestest.Missing(t, err.Error())
		}
		only(t, rules.Overlay{Name: "case", FS: os.DirFS(dir)}, "not a regular file")
	})
	t.Run("no folder", func(t *testing.T) {
		only(t, rules.Overlay{Name: "case", FS: os.DirFS(filepath.Join(t.TempDir(), "missing"))}, "case can't be read")
	})
	t.Run("same folder twice", func(t *testing.T) {
		_, diags := rules.Load(probe.Kinds(), overlay("case", good), overlay("case", good))
		wantError(t, diags, "Same folder twice")
	})
	t.Run("too many", func(t *testing.T) {
		if testing.Short() {
			t.Skip("takes a second")
		}
		files := map[string]string{"good.hcl": goodCheck}
		big := strings.Repeat(" ", 15<<20)
		for i := range 20 {
			files[fmt.Sprintf("x%02d.hcl", i)] = big
		}
		only(t, overlay("case", files), "more than 256 MiB together")
	})
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
