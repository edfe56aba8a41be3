package syntax

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/language"
)

// A Source is one file of check or site blocks.
type Source struct {
	Overlay  string
	Name     string // as ranges have it
	override bool
	json     bool
	Src      []byte

	Body   *hclsyntax.Body
	Diags  hcl.Diagnostics
	Broken bool // its syntax is wrong: names may be missing from body
}

// ReadFolder reads the files of one folder in lexical order, those that
// override last. It adds what it reads to total, and stops when that is too much.
func ReadFolder(folder string, fsys fs.FS, total *int) ([]*Source, hcl.Diagnostics) {
	entries, err := fs.ReadDir(language.OrNone(fsys), ".")
	if err != nil {
		return nil, hcl.Diagnostics{language.Unreadable(folder, err)}
	}
	var diags hcl.Diagnostics
	var plain, override []*Source
	for _, e := range entries {
		if !language.IsCheckFile(e.Name()) {
			continue
		}
		s := &Source{
			Overlay:  folder,
			Name:     JoinPath(folder, e.Name()),
			override: language.IsOverride(e.Name()),
			json:     language.IsJSON(e.Name()),
		}
		var d *hcl.Diagnostic
		if s.Src, d = language.ReadFile(fsys, e.Name(), s.Name); d != nil {
			diags = append(diags, d)
			continue
		}
		if *total += len(s.Src); *total > language.MaxAllBytes {
			diags = append(diags, diagnostic.Error("Runbook too big", "The check files hold more than %d MiB together. %s and those after it were not read.", language.MaxAllBytes>>20, s.Name))
			break
		}
		if s.override {
			override = append(override, s)
		} else {
			plain = append(plain, s)
		}
	}
	return slices.Concat(plain, override), diags
}

// JoinPath is what a file of a folder is called in ranges and messages.
func JoinPath(folder, name string) string {
	// A reference to a package elsewhere, oci://…, is no path to be cleaned.
	if scheme, rest, ok := strings.Cut(folder, "://"); ok {
		return scheme + "://" + path.Join(rest, name)
	}
	return path.Join(folder, name)
}

// NamesOf are the names of sources.
func NamesOf(sources []*Source) []string {
	names := make([]string, len(sources))
	for i, s := range sources {
		names[i] = s.Name
	}
	return names
}
