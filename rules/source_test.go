package rules

import (
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/linecheck/linecheck/rules/language"
)

// opened counts what is opened.
type opened struct {
	fs.FS
	files int
}

func (o *opened) Open(name string) (fs.File, error) {
	o.files++
	return o.FS.Open(name)
}

// Once the bound of all files together is reached, no more is read: neither of
// that folder nor of those behind it.
func TestReadingEnds(t *testing.T) {
	files := fstest.MapFS{}
	for i := range 100 {
		files[fmt.Sprintf("%02d.hcl", i)] = &fstest.MapFile{Data: []byte("locals {}\n")}
	}
	first, second := &opened{FS: files}, &opened{FS: files}
	total := language.MaxAllBytes - 25
	sources, diags := readOverlays([]Overlay{{Name: "first", FS: first}, {Name: "second", FS: second}}, &total)
	if len(sources) != 2 || len(diags) != 1 || diags[0].Summary != "Runbook too big" {
		t.Errorf("read %d files: %v", len(sources), diags)
	}
	if first.files > 10 || second.files > 0 {
		t.Errorf("%d and %d files were opened", first.files, second.files)
	}
}
