package rules

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/bundle/lock"
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/decode"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
)

// Bounds of what one runbook can bring in, all imports of imports together.
const (
	maxImports     = 256
	maxImportDepth = 16
)

// ReservedImportNames are names that an import can't have: what expressions
// refer to begins with them.
func ReservedImportNames() []string {
	names := []string{"import", "true", "false", "null"}
	for _, r := range language.Roots() {
		names = append(names, string(r.Name))
	}
	return names
}

// importOf decodes an import block.
func (d *decoder) importOf(r decode.Reader, l syntax.Layered) *Import {
	im := &Import{
		Name: r.Name(), Source: r.Str("source"), Version: r.Str("version"),
		Overlay: l.Overlay, DeclRange: l.DefRange(), Overrides: l.Changed,
		nameRange: l.LabelRanges[0], sourceRange: r.RangeOf("source"), versionRange: r.RangeOf("version"),
	}
	if slices.Contains(ReservedImportNames(), im.Name) {
		d.ErrorAt(im.nameRange, "Reserved name", "An import can't be called %q: in expressions that word has a meaning of its own. Choose another name.", im.Name)
	}
	for _, attr := range sortedAttributes(l.Body) {
		if language.ImportBlock.Attr(attr.Name) == language.ImportBlock.Any {
			im.Args = append(im.Args, &ImportArg{Name: attr.Name, Expr: expression.New(attr.Expr), NameRange: attr.NameRange})
		}
	}
	slices.SortStableFunc(im.Args, func(a, b *ImportArg) int { // an override may have brought some in
		return cmp.Or(strings.Compare(a.NameRange.Filename, b.NameRange.Filename), cmp.Compare(a.NameRange.Start.Byte, b.NameRange.Start.Byte))
	})
	return im
}

// Imports lists the import blocks of overlays, with the arguments that they
// give, and reads nothing of what they bring in. The diagnostics are those of
// the files and of the import blocks only.
func Imports(overlays ...Overlay) ([]*Import, hcl.Diagnostics) {
	sources, diags := readOverlays(overlays, new(int))
	syntax.ParseAll(sources, language.CheckFile)
	for _, s := range sources {
		diags = append(diags, s.Diags...)
	}
	blocks, more := syntax.LayOver(sources, language.CheckFile)
	diags = append(diags, more...)
	blocks = slices.DeleteFunc(blocks, func(l syntax.Layered) bool { return l.Typ != language.ImportBlock })
	rb := &Runbook{}
	diags = append(diags, decodeRunbook(rb, blocks)...)
	return rb.Imports, diagnostic.Sort(diags, syntax.NamesOf(sources))
}

// A loader loads a runbook with all that it imports.
type loader struct {
	kinds   []*language.Kind
	imports int // read so far
	bytes   int // of check files, so far
	sources []*syntax.Source
	files   map[string][]byte
	diags   hcl.Diagnostics
	hashes  map[string]string // of copies, by their folders
}

// bring loads what the runbook imports and merges it into it. It returns what
// is known of each import, by name: nil of one that has errors.
func (l *loader) bring(rb *Runbook, overlays []Overlay, depth int) map[string]*views {
	if len(rb.Imports) == 0 && !slices.ContainsFunc(overlays, hasLock) {
		return nil
	}
	locks := map[string]*lock.File{}
	for _, o := range overlays {
		locks[o.Name] = l.lock(rb, o)
	}
	known := make(map[string]*views, len(rb.Imports))
	own := rb.Imports
	var merged []mergedImport
	for _, im := range own {
		known[im.Name] = nil
		i := slices.IndexFunc(overlays, func(o Overlay) bool { return o.Name == im.Overlay })
		if folder, ok := l.find(im, overlays[i], locks[im.Overlay]); ok {
			if sub, views := l.open(im, folder, depth); sub != nil {
				known[im.Name] = views
				merged = append(merged, mergedImport{im, sub})
			}
		}
	}
	mergeImports(rb, merged)
	return known
}

// hasLock reports whether the lock file is one of an overlay's files. Where a
// single check file is the overlay, the folder's lock may serve others as well.
func hasLock(o Overlay) bool {
	if o.FS == nil {
		return false
	}
	if _, err := fs.Stat(o.FS, language.LockName); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	entries, err := fs.ReadDir(o.FS, ".")
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == language.LockName })
}

// lock reads the lock of an overlay and refuses entries that stand for nothing.
// It is nil where it can't be relied on.
func (l *loader) lock(rb *Runbook, o Overlay) *lock.File {
	locked, diags := lock.Read(o.Name, o.FS)
	l.diags = append(l.diags, diags...)
	if locked.Text != nil {
		l.files[locked.Name] = locked.Text
	}
	if diags.HasErrors() {
		return nil
	}
	if !hasLock(o) {
		return locked
	}
	for _, e := range locked.Entries {
		if !slices.ContainsFunc(rb.Imports, func(im *Import) bool {
			return im.Name == e.Name && im.Overlay == o.Name && !language.IsFolder(im.Source)
		}) {
			l.diags = append(l.diags, diagnostic.ErrorAt(e.DeclRange, "Stale lock", "No import from a registry is called %q here any more.%s", e.Name, lock.Remedy))
		}
	}
	return locked
}

// find is the folder that an import stands for, if all that is said of it is
// true.
func (l *loader) find(im *Import, o Overlay, lock *lock.File) (Overlay, bool) {
	folder := strings.TrimSuffix(strings.TrimPrefix(im.Source, language.FolderScheme), "/")
	switch {
	case im.Source == "" || lock == nil:
		return Overlay{}, false // said already
	case !language.IsFolder(im.Source):
		folder = path.Join(language.VendorFolder, im.Name)
	}
	found := Overlay{Name: o.Path(folder)}
	im.Folder = found.Name
	if link := linkOn(o.FS, folder); link != "" {
		l.errorAt(im.sourceRange, "Link in place of a folder", "%s is a link, and what it leads to does not belong to the runbook, which could not be packed and carried elsewhere. Put a copy of that folder in its place.", o.Path(link))
		return Overlay{}, false
	}
	info, err := fs.Stat(o.FS, folder)
	if err == nil && !info.IsDir() {
		err = errNoFolder
	}
	if err == nil {
		found.FS, err = fs.Sub(o.FS, folder)
	}
	if language.IsFolder(im.Source) {
		if err != nil {
			l.noFolder(im, o, folder, err)
		}
		return found, err == nil
	}
	return found, l.locked(im, found, lock, err)
}

var errNoFolder = errors.New("it is a file")

// noFolder says why what an import names in its own runbook can't be opened.
func (l *loader) noFolder(im *Import, o Overlay, folder string, err error) {
	name, from := o.Path(folder), ""
	if base := o.Path("."); path.Dir(im.sourceRange.Filename) != base {
		from = fmt.Sprintf(" The way to it begins where the import itself stands, in the folder %s.", base)
	}
	switch {
	case errors.Is(err, errNoFolder):
		l.errorAt(im.sourceRange, "Not a folder", "%s is a file. Name the folder of the runbook.", name)
	case errors.Is(err, fs.ErrNotExist):
		l.errorAt(im.sourceRange, "No such folder", "There is no folder %s.%s%s", name, from, diagnostic.DidYouMean(path.Base(folder), foldersIn(o.FS, path.Dir(folder))))
	default:
		l.errorAt(im.sourceRange, "Unreadable folder", "The folder %s can't be read: %s.", name, reason(err))
	}
}

// foldersIn are the names of the folders in one; none if it can't be read.
func foldersIn(fsys fs.FS, dir string) []string {
	entries, _ := fs.ReadDir(fsys, dir)
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// linkOn is the first link on the way to a folder; "" if there is none, or the
// file system knows no links.
func linkOn(fsys fs.FS, folder string) string {
	for i, r := range folder + "/" {
		if r != '/' {
			continue
		}
		info, err := fs.Lstat(fsys, folder[:i])
		if err != nil {
			return ""
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return folder[:i]
		}
	}
	return ""
}

func (l *loader) errorAt(rng hcl.Range, summary, format string, args ...any) {
	l.diags = append(l.diags, diagnostic.ErrorAt(rng, summary, format, args...))
}

// reason is an error of a file system without the operation and the path.
func reason(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return err.Error()
}

const (
	runLock   = `Run "linecheck lock", then "linecheck vendor".`
	runVendor = `Run "linecheck vendor" to fetch what the lock names.`
)

// locked holds a package and its copy, which missing says is not there, against
// the lock.
func (l *loader) locked(im *Import, found Overlay, lock *lock.File, missing error) bool {
	im.Lock = lock.Entry(im.Name)
	e := im.Lock
	switch {
	case e == nil:
		l.errorAt(im.sourceRange, "Import not locked", "%s does not say which package import %q stands for. %s", lock.Name, im.Name, runLock)
		return false
	case e.Source != im.Source:
		l.errorAt(im.sourceRange, "Lock of another source", "In %s import %q stands for %s. %s", lock.Name, im.Name, e.Source, runLock)
		return false
	case im.Version != "" && !language.Allows(im.Version, e.Version):
		l.errorAt(im.versionRange, "Lock of another version", "In %s import %q stands for version %s, which %q does not allow. %s", lock.Name, im.Name, e.Version, im.Version, runLock)
		return false
	case missing != nil:
		l.errorAt(im.sourceRange, "Import not vendored", "There is no copy of it in %s: %s. %s", found.Name, reason(missing), runVendor)
		return false
	}
	hash, err := l.hash(found)
	switch {
	case err != nil:
		l.errorAt(im.sourceRange, "Copy unreadable", "The copy of it in %s can't be read: %s. %s", found.Name, reason(err), runVendor)
		return false
	case !slices.Contains(e.Hashes, hash):
		l.errorAt(im.sourceRange, "Changed copy", "The files in %s are not those of version %s: their hash is %s, and %s has another. %s", found.Name, e.Version, hash, lock.Name, runVendor)
		return false
	}
	return true
}

// hash is the hash of a copy, which is computed once: a folder that is imported
// under many names brings each of its copies in as many times.
func (l *loader) hash(folder Overlay) (string, error) {
	if hash, ok := l.hashes[folder.Name]; ok {
		return hash, nil
	}
	hash, err := tree.Hash(folder.FS)
	if err != nil {
		return "", err
	}
	if l.hashes == nil {
		l.hashes = map[string]string{}
	}
	l.hashes[folder.Name] = hash
	return hash, nil
}

// open loads what an import stands for; nil where something is wrong with it.
func (l *loader) open(im *Import, folder Overlay, depth int) (*Runbook, *views) {
	switch l.imports++; {
	case depth == maxImportDepth:
		l.errorAt(im.sourceRange, "Imports too deep", "Imports stand in imports more than %d deep here. Import what is needed directly.", maxImportDepth)
		return nil, nil
	case l.imports > maxImports:
		if l.imports == maxImports+1 {
			l.errorAt(im.sourceRange, "Too many imports", "There are more than %d imports with those of imports. This one and those after it were not read.", maxImports)
		}
		return nil, nil
	}
	before := len(l.diags)
	rb, views := l.load([]Overlay{folder}, depth+1)
	im.RunbookName, im.Title, im.RunbookVersion = rb.Name, rb.Title, rb.Version
	if l.diags[before:].HasErrors() {
		return nil, nil
	}
	l.suits(im, rb, folder)
	return rb, views
}

// suits holds a runbook without errors against what its import says of it.
func (l *loader) suits(im *Import, rb *Runbook, folder Overlay) {
	switch {
	case len(rb.Checks) == 0 && len(rb.Facts) == 0:
		l.errorAt(im.sourceRange, "Nothing to import", "There is neither a check nor a fact in %s.", folder.Name)
	case im.Lock != nil && im.Lock.Version != rb.Version:
		l.errorAt(im.sourceRange, "Copy of another version", "The runbook in %s says that it is version %q, and the lock names %s. %s", folder.Name, rb.Version, im.Lock.Version, runVendor)
	case im.Version != "" && rb.Version == "":
		l.errorAt(im.versionRange, "No version", "The runbook in %s does not say which version it is: give its runbook block a version, or take this constraint out.", folder.Name)
	case im.Version != "" && !language.Allows(im.Version, rb.Version):
		l.errorAt(im.versionRange, "Wrong version", "The runbook in %s is version %s.", folder.Name, rb.Version)
	}
	im.Variables = rb.Variables
	names := make([]string, len(rb.Variables))
	for i, v := range rb.Variables {
		names[i] = v.Name
	}
	for _, a := range im.Args {
		if a.Variable = rb.Variable(a.Name); a.Variable == nil {
			hint := diagnostic.DidYouMean(a.Name, names)
			if hint == "" && len(names) <= diagnostic.FewNames && len(names) > 0 {
				hint = " It has " + terminal.List(names) + "."
			}
			l.errorAt(a.NameRange, "Unknown variable", "The runbook in %s has no variable %q.%s", folder.Name, a.Name, hint)
		}
	}
	for _, v := range rb.Variables {
		if v.Required() && im.Arg(v) == nil {
			l.errorAt(im.DeclRange, "Missing "+v.Name, "import %q needs %s%s", im.Name, v.Name, diagnostic.Gloss(v.Description))
		}
	}
}
