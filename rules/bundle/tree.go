package bundle

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"slices"

	"github.com/linecheck/linecheck/rules/bundle/tree"
	"golang.org/x/mod/sumdb/dirhash"
)

// A File is one file of a tree.
type File struct {
	Name string // slash-separated path from the runbook's folder
	Size int64

	content []byte
}

// hashTree is what tree.Hash says of a folder with these files: the h1 hash of
// golang.org/x/mod/sumdb/dirhash.
func hashTree(files []File) string {
	names := make([]string, len(files))
	byName := make(map[string][]byte, len(files))
	for i, f := range files {
		names[i] = f.Name
		byName[f.Name] = f.content
	}
	h1, err := dirhash.Hash1(names, func(name string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(byName[name])), nil
	})
	if err != nil {
		panic(err) // only a newline in a name is an error, and no path has one
	}
	return h1
}

// readTree reads what belongs into a package, sorted by name.
func readTree(fsys fs.FS) ([]File, error) {
	files, err := listTree(fsys)
	if err != nil {
		return nil, err
	}
	for i := range files {
		f := &files[i]
		if err := f.read(fsys); err != nil {
			return nil, err
		}
		if line := privateKey(f.content); line > 0 {
			return nil, refuse(PrivateKey, "%s holds a private key (line %d), which everybody who gets the package would have. Move it out of the runbook's folder.", f.Name, line)
		}
	}
	return files, nil
}

// listTree finds the files that belong into a package and refuses what can't
// be packed, before anything is read.
func listTree(fsys fs.FS) ([]File, error) {
	names, err := tree.Files(fsys)
	if err != nil {
		return nil, badFolder(err)
	}
	if len(names) == 0 {
		return nil, refuse(BadTree, "The folder holds no file that belongs into a package. Names that begin with a dot stay out.")
	}
	slices.Sort(names)
	files := make([]File, len(names))
	var paths pathSet
	total := int64(0)
	for i, name := range names {
		if r := paths.add(name); r != nil {
			return nil, r
		}
		info, err := fs.Stat(fsys, name)
		if err != nil {
			return nil, err
		}
		if info.Size() > MaxFileBytes {
			return nil, fileTooBig(name)
		}
		if total += info.Size(); total > MaxTreeBytes {
			return nil, treeTooBig()
		}
		files[i] = File{Name: name, Size: info.Size()}
	}
	return files, nil
}

// badFolder is a refusal of a folder that can be read and is not one of files.
func badFolder(err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return err
	}
	return refuse(BadTree, "The folder can't be packed: %s. Packages hold a bounded number of regular files: put a copy in the place of a link, and move out what the runbook does not need.", err)
}

// read reads the content of a file that was listed.
func (f *File) read(fsys fs.FS) error {
	r, err := fsys.Open(f.Name)
	if err != nil {
		return err
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() != f.Size {
		return f.changed()
	}
	content := make([]byte, f.Size+1) // one more, to see it grow
	n, err := io.ReadFull(r, content)
	switch {
	case err == nil:
		return f.changed()
	case !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF):
		return err
	case n < len(content)-1:
		return f.changed()
	}
	f.content = content[:n]
	return nil
}

func (f *File) changed() *Refusal {
	return refuse(BadTree, "%s changed while it was read. Pack the folder when nobody writes to it.", f.Name)
}

func tooManyFiles() *Refusal {
	return refuse(TooBig, "The tree holds more than %d files, and a package may not. Move out what the runbook does not need.", MaxFiles)
}

func fileTooBig(name string) *Refusal {
	return refuse(TooBig, "%s is bigger than %d MiB, and no file of a package may be.", name, MaxFileBytes>>20)
}

func treeTooBig() *Refusal {
	return refuse(TooBig, "The files of the tree hold more than %d MiB together, and a package may not. Move out what the runbook does not need.", MaxTreeBytes>>20)
}

// pemPrivateKey is the first line of a private key, also where it stands
// escaped within a string or indented. Prose that only names the line goes on
// behind it.
var pemPrivateKey = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[ \t\r]*(?:\n|\\n|\\r)`)

// privateKey is the line on which a file holds a private key; 0 if it does not.
func privateKey(content []byte) int {
	// The expression is slow, and hardly a file holds these words.
	if !bytes.Contains(content, []byte("PRIVATE KEY")) {
		return 0
	}
	at := pemPrivateKey.FindIndex(content)
	if at == nil {
		return 0
	}
	return 1 + bytes.Count(content[:at[0]], []byte{'\n'})
}
