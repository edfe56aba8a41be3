package rules

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// LockName is the file beside the check files that says which packages a
// runbook's imports were resolved to.
const LockName = ".runbook.lock.hcl"

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

// ReadLock reads the lock file of a folder. Where there is none the lock is
// empty. A lock beside errors must not be relied on.
func ReadLock(folder Overlay) (*Lock, hcl.Diagnostics) {
	l := &Lock{Name: folder.Path(LockName)}
	if _, err := fs.Stat(orNone(folder.FS), LockName); errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	src, problem := ReadFile(folder.FS, LockName, l.Name)
	if problem != nil {
		return l, hcl.Diagnostics{problem}
	}
	l.Text = src
	s := &source{overlay: folder.Name, name: l.Name, src: src}
	parseAll([]*source{s}, lockFile)
	d := testDecoder{} // whose blocks are of one file as well
	first := map[string]hcl.Range{}
	for _, b := range d.blocks(s, lockFile) {
		if at, twice := first[b.Labels[0]]; twice {
			d.diags = append(d.diags, again("lock", b.DefRange(), at))
			continue
		}
		first[b.Labels[0]] = b.DefRange()
		r := d.reader(lockBlock, b)
		l.Entries = append(l.Entries, &LockEntry{
			Name: r.name(), Source: r.str("source"), Version: r.str("version"), Constraints: r.str("constraints"),
			Digest: r.str("digest"), Hashes: r.strs("hashes"), Signer: r.str("signer"), DeclRange: b.DefRange(),
		})
	}
	diags := append(slices.Clone(s.diags), d.diags...)
	for _, problem := range diags {
		problem.Detail += badLockRemedy
	}
	return l, sortDiagnostics(diags, []*source{s})
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
		b := f.Body().AppendNewBlock(lockBlock.Name, []string{e.Name}).Body()
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

var lockFile = &BlockType{
	Doc:    "A lock file, " + LockName + " beside the check files.",
	Blocks: []*BlockType{lockBlock},
}

var lockBlock = &BlockType{
	Name:   "import",
	Labels: blockName,
	Doc:    "The package that an import stands for. The label is the import's name.",
	Attrs: []AttrType{
		required(checked(literal("source", cty.String, "Source of the import."), Judged(isRegistrySource))),
		required(checked(literal("version", cty.String, "Version that was chosen."), Judged(isVersion))),
		checked(literal("constraints", cty.String, "Constraint under which it was chosen."), Judged(isVersionConstraint)),
		required(checked(literal("digest", cty.String, "Digest of the package's manifest."), Judged(isDigest))),
		required(checked(literal("hashes", cty.List(cty.String), "Hashes of the package's files."), Judged(areHashes))),
		checked(literal("signer", cty.String, "Fingerprint of the key that signed the package."), Judged(notEmpty)),
	},
}

// registryScheme begins the source of an import that is a package.
const registryScheme = "oci://"

// isRegistrySource checks the source of a package. Which of its versions is
// meant is the business of version and of the lock.
func isRegistrySource(v cty.Value) error {
	rest, ok := strings.CutPrefix(v.AsString(), registryScheme)
	parts := strings.Split(rest, "/")
	switch {
	case holdsCredentials(rest):
		return errCredentials
	case !ok || len(parts) < 2 || slices.Contains(parts, "") || strings.ContainsAny(rest, " \t\r\n?#\\"):
		return fmt.Errorf(`must be a package such as "oci://registry.example/runbooks/net", not %q`, v.AsString())
	case strings.ContainsAny(parts[len(parts)-1], ":@"):
		return fmt.Errorf("names the package without a tag or digest: which version is meant stands in version, such as \"~> 2.1\"")
	}
	return nil
}

// holdsCredentials reports whether a source, without its scheme, names a user as
// URLs do. No name of a package has an "@"; behind one there may be a digest.
func holdsCredentials(rest string) bool {
	before, _, _ := strings.Cut(rest, "@"+digestScheme)
	return strings.Contains(before, "@")
}

// errCredentials is about a value that must not be quoted.
var errCredentials = errors.New("must hold no credentials, which everybody would have who gets the runbook: write the registry's host without them, and store them with \"docker login\"")

// digestScheme begins a digest.
const digestScheme = "sha256:"

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func isDigest(v cty.Value) error {
	if !digestForm.MatchString(v.AsString()) {
		return fmt.Errorf(`must be "sha256:" and 64 hexadecimal digits, not %q`, v.AsString())
	}
	return nil
}

// treeHashScheme begins what TreeHash makes.
const treeHashScheme = "h1:"

// areHashes checks hashes of a tree.
func areHashes(v cty.Value) error {
	for _, el := range v.AsValueSlice() {
		if el.IsNull() {
			continue // said by the reader
		}
		hash, ok := strings.CutPrefix(el.AsString(), treeHashScheme)
		if sum, err := base64.StdEncoding.DecodeString(hash); !ok || err != nil || len(sum) != 32 {
			return fmt.Errorf(`must be hashes such as "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", not %q`, el.AsString())
		}
	}
	if v.LengthInt() == 0 {
		return errors.New("must hold a hash")
	}
	return nil
}
