// Package lock reads and writes lock files, which say of each import from a registry
// which package it stands for: [Read] and [File.Bytes].
package lock

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/decode"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A File says of each import from a registry which package it stands for. It is
// written by programs only.
type File struct {
	Entries []*Entry // sorted by name once written

	// Name is what diagnostics call the file, Text what stands in it: nil where
	// there is no such file.
	Name string
	Text []byte
}

// A Entry is the package that one import stands for.
type Entry struct {
	Name        string   // of the import
	Source      string   // as the import has it: oci://…
	Version     string   // that was chosen
	Constraints string   // among which it was chosen; "" for none
	Digest      string   // of the package's manifest: sha256:…
	Hashes      []string // of the package's tree: see tree.Hash
	Signer      string   // fingerprint of the key that signed it; "" for nobody's
	DeclRange   hcl.Range
}

// Entry finds the entry of an import; nil if there is none.
func (l *File) Entry(name string) *Entry {
	i := slices.IndexFunc(l.Entries, func(e *Entry) bool { return e.Name == name })
	if i < 0 {
		return nil
	}
	return l.Entries[i]
}

// Read reads the lock file of a folder, which diagnostics call by its name. Where there is none the lock is
// empty. A lock beside errors must not be relied on.
func Read(folder string, fsys fs.FS) (*File, hcl.Diagnostics) {
	l := &File{Name: syntax.JoinPath(folder, language.LockName)}
	if _, err := fs.Stat(language.OrNone(fsys), language.LockName); errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	src, problem := language.ReadFile(fsys, language.LockName, l.Name)
	if problem != nil {
		return l, hcl.Diagnostics{problem}
	}
	l.Text = src
	s := &syntax.Source{Overlay: folder, Name: l.Name, Src: src}
	syntax.ParseAll([]*syntax.Source{s}, language.LockFile)
	var d decode.Decoder
	first := map[string]hcl.Range{}
	for _, b := range d.Blocks(s, language.LockFile) {
		if at, twice := first[b.Labels[0]]; twice {
			d.Diags = append(d.Diags, decode.Again("lock", b.DefRange(), at))
			continue
		}
		first[b.Labels[0]] = b.DefRange()
		r := d.Reader(language.LockBlock, b)
		l.Entries = append(l.Entries, &Entry{
			Name: r.Name(), Source: r.Str("source"), Version: r.Str("version"), Constraints: r.Str("constraints"),
			Digest: r.Str("digest"), Hashes: r.Strs("hashes"), Signer: r.Str("signer"), DeclRange: b.DefRange(),
		})
	}
	diags := append(slices.Clone(s.Diags), d.Diags...)
	for _, problem := range diags {
		problem.Detail += badLockRemedy
	}
	return l, diagnostic.Sort(diags, []string{s.Name})
}

// What ends a message about a lock file: of one that can be read, and of one
// that can't, which "linecheck lock" refuses as well. It would have to forget
// what was locked.
const (
	Remedy        = ` This file is written by "linecheck lock": run it again rather than change the file by hand.`
	badLockRemedy = ` This file is written by "linecheck lock": bring it back from version control, or remove it and run that again.`
)

// lockComment stands at the head of a lock file.
const lockComment = `# This file is written by "linecheck lock", which also brings it up to date.
# Keep it beside the check files, under version control.
`

// Bytes is the lock file: the same entries give the same bytes.
func (l *File) Bytes() []byte {
	f := hclwrite.NewEmptyFile()
	entries := slices.SortedFunc(slices.Values(l.Entries), func(a, b *Entry) int { return strings.Compare(a.Name, b.Name) })
	for _, e := range entries {
		f.Body().AppendNewline()
		b := f.Body().AppendNewBlock(language.LockBlock.Name, []string{e.Name}).Body()
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
