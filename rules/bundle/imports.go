package bundle

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/linecheck/linecheck/rules/bundle/lock"
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/linecheck/linecheck/rules/language"
)

// maxLockBytes is more than a lock file of a thousand imports has.
const maxLockBytes = 256 << 10

// checkImports holds what a config says of its imports against the lock file
// of the tree, and the copies of these packages in the tree against both: a
// package contains all that it needs. Imports that are folders of the tree
// itself have nothing to be held against.
func checkImports(tree fs.FS, imports []Import) *Refusal {
	// In their order, each once: what a thousand times names one big copy would
	// have its hash computed a thousand times.
	for i := range imports[min(1, len(imports)):] {
		if imports[i].Name >= imports[i+1].Name {
			return refuse(Contradiction, "The package says twice what it imports as %.100q, or its imports are not in the order of their names. Have the package made again.", imports[i+1].Name)
		}
	}
	imports = slices.DeleteFunc(slices.Clone(imports), func(i Import) bool { return strings.HasPrefix(i.Source, "./") })
	lock, r := readLock(tree)
	if r != nil {
		return r
	}
	for _, i := range imports {
		e := lock.Entry(i.Name)
		if e == nil || e.Source != i.Source || e.Version != i.Version || !slices.Contains(e.Hashes, i.H1) {
			return refuse(Contradiction, "The package says that it imports %.100q in version %.100q from %.200q, and %s in its tree does not. Have the package made again.", i.Name, i.Version, i.Source, language.LockName)
		}
		if r := checkCopy(tree, i); r != nil {
			return r
		}
	}
	for _, e := range lock.Entries {
		if !slices.ContainsFunc(imports, func(i Import) bool { return i.Name == e.Name }) {
			return refuse(Contradiction, "%s in the tree names the import %.100q, and the package does not say that it has one. Have the package made again.", language.LockName, e.Name)
		}
	}
	return nil
}

// readLock reads the lock file of a tree; it is empty where there is none.
func readLock(tree fs.FS) (*lock.File, *Refusal) {
	if info, err := fs.Stat(tree, language.LockName); err == nil && info.Size() > maxLockBytes {
		return nil, refuse(TooBig, "%s in the tree has %d bytes, and may have %d.", language.LockName, info.Size(), maxLockBytes)
	}
	locked, diags := lock.Read("", tree)
	if diags.HasErrors() {
		return nil, refuse(BadTree, "The lock file in the tree can't be read. %s", firstError(diags))
	}
	return locked, nil
}

// checkCopy proves that the tree holds the package that an import stands for.
func checkCopy(fsys fs.FS, i Import) *Refusal {
	folder := path.Join(language.VendorFolder, i.Name)
	vendored, err := fs.Sub(fsys, folder)
	if err != nil {
		return refuse(BadName, "%.100q can't be the name of an import.", i.Name)
	}
	switch h1, err := tree.Hash(vendored); {
	case err != nil:
		return refuse(Damaged, "The import %s is not in the package: there is no folder %s in its tree. Run \"linecheck vendor\" before it is packed.", i.Name, folder)
	case h1 != i.H1:
		return refuse(Contradiction, "The import %s in the package is not the one that its lock file names: the hash of %s is %s, and it should be %.100q. Run \"linecheck vendor\" before it is packed.", i.Name, folder, h1, i.H1)
	}
	return nil
}
