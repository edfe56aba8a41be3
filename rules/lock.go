package rules

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// A Lock says of each import from a registry which package it stands for. It is
// written by programs only.
type Lock struct {
	Entries []*LockEntry // sorted by name once written

	// Name is what diagnostics call the file, Text what stands in it: nil where
	// there is no such file.
	Name string
	Text []byte
}

// A LockEntry is the package that one import stands for.
type LockEntry struct {
	Name        string   // of the import
	Source      string   // as the import has it: oci://…
	Version     string   // that was chosen
	Constraints string   // among which it was chosen; "" for none
	Digest      string   // of the package's manifest: sha256:…
	Hashes      []string // of the package's tree: see TreeHash
	Signer      string   // fingerprint of the key that signed it; "" for nobody's
	DeclRange   hcl.Range
}

// Entry finds the entry of an import; nil if there is none.
func (l *Lock) Entry(name string) *LockEntry {
	i := slices.IndexFunc(l.Entries, func(e *LockEntry) bool { return e.Name == name })
	if i < 0 {
		return nil
	}
	return l.Entries[i]
}

// ReadLock reads the lock file of a folder, which diagnostics call by its name. Where there is none the lock is
// empty. A lock beside errors must not be relied on.
func ReadLock(folder string, fsys fs.FS) (*Lock, hcl.Diagnostics) {
	l := &Lock{Name: joinPath(folder, LockName)}
	if _, err := fs.Stat(orNone(fsys), LockName); errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	src, problem := ReadFile(fsys, LockName, l.Name)
	if problem != nil {
		return l, hcl.Diagnostics{problem}
	}
	l.Text = src
	s := &source{overlay: folder, name: l.Name, src: src}
	parseAll([]*source{s}, LockFile)
	var d blockDecoder
	first := map[string]hcl.Range{}
	for _, b := range d.blocks(s, LockFile) {
		if at, twice := first[b.Labels[0]]; twice {
			d.diags = append(d.diags, again("lock", b.DefRange(), at))
			continue
		}
		first[b.Labels[0]] = b.DefRange()
		r := d.reader(LockBlock, b)
		l.Entries = append(l.Entries, &LockEntry{
			Name: r.name(), Source: r.str("source"), Version: r.str("version"), Constraints: r.str("constraints"),
			Digest: r.str("digest"), Hashes: r.strs("hashes"), Signer: r.str("signer"), DeclRange: b.DefRange(),
		})
	}
	diags := append(slices.Clone(s.diags), d.diags...)
	for _, problem := range diags {
		problem.Detail += badLockRemedy
	}
	return l, sortDiagnostics(diags, []string{s.name})
}

// What ends a message about a lock file: of one that can be read, and of one
// that can't, which "linecheck lock" refuses as well. It would have to forget
// what was locked.
const (
	lockRemedy    = ` This file is written by "linecheck lock": run it again rather than change the file by hand.`
	badLockRemedy = ` This file is written by "linecheck lock": bring it back from version control, or remove it and run that again.`
)

// lockComment stands at the head of a lock file.
const lockComment = `# This file is written by "linecheck lock", which also brings it up to date.
# Keep it beside the check files, under version control.
`

// Bytes is the lock file: the same entries give the same bytes.
func (l *Lock) Bytes() []byte {
	f := hclwrite.NewEmptyFile()
	entries := slices.SortedFunc(slices.Values(l.Entries), func(a, b *LockEntry) int { return strings.Compare(a.Name, b.Name) })
	for _, e := range entries {
		f.Body().AppendNewline()
		b := f.Body().AppendNewBlock(LockBlock.Name, []string{e.Name}).Body()
		put := func(name, value string) {
			if value != "" {
				b.SetAttributeValue(name, cty.StringVal(value))
			}
		}
		put("source", e.Source)
		put("version", e.Version)
		put("constraints", e.Constraints)
		put("digest", e.Digest)
		put("signer", e.Signer)
		b.SetAttributeRaw("hashes", onePerLine(e.Hashes))
	}
	return append([]byte(lockComment), hclwrite.Format(f.Bytes())...)
}

// onePerLine is a list of strings, each on a line of its own.
func onePerLine(list []string) hclwrite.Tokens {
	list = slices.Clone(list)
	slices.Sort(list)
	var b strings.Builder
	b.WriteString("[\n")
	for _, s := range list {
		b.Write(hclwrite.TokensForValue(cty.StringVal(s)).Bytes())
		b.WriteString(",\n")
	}
	b.WriteString("]")
	return hclwrite.Tokens{{Bytes: []byte(b.String())}}
}
