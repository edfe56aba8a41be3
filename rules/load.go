package rules

import (
	"io/fs"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
)

// An Overlay is one folder of check files.
type Overlay struct {
	// Name stands before the file names in diagnostics and says in reports
	// where a block came from: a path, or "embedded". Every overlay of a
	// runbook has another.
	Name string
	FS   fs.FS
	// FromPackage marks a folder of site profiles that came with a package:
	// what would start a program, or names what is trusted, has no force there.
	FromPackage bool
}

// Path is what a file of the overlay is called in ranges and messages.
func (o Overlay) Path(name string) string { return syntax.JoinPath(o.Name, name) }

// Load reads the check files of overlays, the later laid over the earlier, with
// what they import, and proves them against kinds. Imports are read from the
// overlays themselves: nothing is ever fetched. Whatever the files hold, it ends
// in bounded time and memory: a file has at most 16 MiB, all of them 256 MiB.
// Kinds that are not as [Kind] wants them are errors, and nothing is read then.
//
// Where the syntax of a file is wrong, nothing is proved: what can't be read
// would be missed everywhere.
func Load(kinds []*language.Kind, overlays ...Overlay) (*Runbook, hcl.Diagnostics) {
	if diags := language.CheckKinds(kinds); diags.HasErrors() {
		return &Runbook{Files: map[string][]byte{}}, diags
	}
	l := &loader{kinds: kinds, files: map[string][]byte{}}
	rb, _ := l.load(overlays, 0)
	rb.proved = !l.diags.HasErrors()
	return rb, diagnostic.Sort(l.diags, syntax.NamesOf(l.sources))
}

// testsNothing adds the error of a runbook in which nothing else is wrong.
func (l *loader) testsNothing(rb *Runbook) {
	switch {
	case l.diags.HasErrors():
	case len(l.sources) == 0:
		l.diags = append(l.diags, diagnostic.Error("No checks", "There is no check file in %s, which is one whose name ends in .hcl or .hcl.json: nothing would be tested, and a run that tests nothing must not pass.", terminal.List(rb.Overlays)))
	case len(rb.Checks) == 0:
		l.diags = append(l.diags, diagnostic.Error("No checks", "There is no check block in %s: nothing would be tested, and a run that tests nothing must not pass.", terminal.List(rb.Overlays)))
	}
}

// load reads overlays, with what they import, and proves them. depth is the
// number of imports that they stand in. What is known of the runbook is there
// for its importer, nil where it was not proved.
func (l *loader) load(overlays []Overlay, depth int) (*Runbook, *views) {
	rb := &Runbook{Kinds: l.kinds, Files: l.files}
	sources, diags := readOverlays(overlays, &l.bytes)
	for _, o := range overlays {
		rb.Overlays = append(rb.Overlays, o.Name)
	}
	broken := diags.HasErrors()
	for _, s := range sources {
		rb.Files[s.Name] = s.Src
	}
	syntax.ParseAll(sources, language.CheckFile)
	for _, s := range sources {
		diags = append(diags, s.Diags...)
		broken = broken || s.Broken
	}
	blocks, more := syntax.LayOver(sources, language.CheckFile)
	diags = append(diags, more...)
	if names := importNames(blocks); names != nil {
		collapse(blocks, names)
	}
	diags = append(diags, decodeRunbook(rb, blocks)...)
	l.sources = append(l.sources, sources...)
	l.diags = append(l.diags, diags...)
	known := l.bring(rb, overlays, depth)
	if depth == 0 {
		l.testsNothing(rb)
	}
	if broken {
		return rb, nil // with a part missing, every reference into it would look wrong
	}
	views, diags := prove(rb, known)
	l.diags = append(l.diags, diags...)
	return rb, views
}

// readOverlays reads the files of overlays. total is what was read in all.
func readOverlays(overlays []Overlay, total *int) ([]*syntax.Source, hcl.Diagnostics) {
	var sources []*syntax.Source
	var diags hcl.Diagnostics
	for i, o := range overlays {
		if slices.ContainsFunc(overlays[:i], func(p Overlay) bool { return p.Name == o.Name }) {
			diags = append(diags, diagnostic.Error("Same folder twice", "%q is named twice. Each folder can be laid over the others once.", o.Name))
			continue
		}
		read, more := syntax.ReadFolder(o.Name, o.FS, total)
		sources = append(sources, read...)
		diags = append(diags, more...)
		if *total > language.MaxAllBytes {
			break
		}
	}
	return sources, diags
}
