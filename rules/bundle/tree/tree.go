// Package tree says which files of a folder belong to a runbook, within which bounds,
// and what the hash of them is: [Files] and [Hash].
package tree

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/linecheck/linecheck/rules/language"
	"golang.org/x/mod/sumdb/dirhash"
)

// What a runbook's folder may hold, wherever it is packed or its hash is taken.
const (
	MaxFiles     = 10_000
	MaxFileBytes = 16 << 20
	MaxBytes     = 128 << 20
	MaxDepth     = 16 // folders and the file itself
)

// Files lists the files that make up a runbook, in the order of fs.WalkDir: every
// regular file of its folder and of those below, except names that begin with
// a dot. The lock file [language.LockName] belongs to it all the same. A link or device
// among them is an error, and so is a tree beyond the bounds above.
func Files(fsys fs.FS) ([]string, error) {
	var files []string
	err := fs.WalkDir(language.OrNone(fsys), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case strings.HasPrefix(path.Base(name), ".") && !(d.Type().IsRegular() && path.Base(name) == language.LockName):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case strings.Count(name, "/") >= MaxDepth:
			return fmt.Errorf("%s lies more than %d levels deep", name, MaxDepth)
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%s is not a regular file (%s)", name, d.Type())
		case len(files) == MaxFiles:
			return fmt.Errorf("there are more than %d files", MaxFiles)
		}
		files = append(files, name)
		return nil
	})
	return files, err
}

// Hash is the hash of what [Files] lists, as Go's module checksums
// have it: "h1:" and the base64 of a SHA-256 over each file's name and SHA-256.
func Hash(fsys fs.FS) (string, error) {
	files, err := Files(fsys)
	if err != nil {
		return "", err
	}
	left := int64(MaxBytes)
	return dirhash.Hash1(files, func(name string) (io.ReadCloser, error) {
		f, err := fsys.Open(name)
		if err != nil {
			return nil, err
		}
		return &treeFile{File: f, name: name, own: MaxFileBytes, all: &left}, nil
	})
}

// A treeFile is read up to the bounds of a tree, whatever its size was said to
// be.
type treeFile struct {
	fs.File
	name string
	own  int64  // bytes that the file may still have
	all  *int64 // and those that the tree may
}

func (f *treeFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.own -= int64(n)
	*f.all -= int64(n)
	switch {
	case f.own < 0:
		return 0, fmt.Errorf("%s is bigger than %d MiB", f.name, MaxFileBytes>>20)
	case *f.all < 0:
		return 0, fmt.Errorf("the files hold more than %d MiB together", MaxBytes>>20)
	}
	return n, err
}
