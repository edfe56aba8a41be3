package bundle

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// A treeFS is files in memory as a file system.
type treeFS struct {
	entries map[string]*entry // files and folders by path
}

// An entry is a file or, where children is not nil, a folder.
type entry struct {
	file     File
	mtime    time.Time
	children []fs.DirEntry // sorted by name
	folder   bool
}

func newFS(files []File, mtime time.Time) *treeFS {
	t := &treeFS{entries: map[string]*entry{".": {file: File{Name: "."}, mtime: mtime, folder: true}}}
	for _, f := range files {
		t.add(&entry{file: f, mtime: mtime})
	}
	for _, e := range t.entries {
		slices.SortFunc(e.children, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	}
	return t
}

// add puts an entry into its folder, which is made where it is missing.
func (t *treeFS) add(e *entry) {
	t.entries[e.file.Name] = e
	dir := path.Dir(e.file.Name)
	parent, ok := t.entries[dir]
	if !ok {
		parent = &entry{file: File{Name: dir}, mtime: e.mtime, folder: true}
		t.add(parent)
	}
	parent.children = append(parent.children, fs.FileInfoToDirEntry(e))
}

func (t *treeFS) find(op, name string) (*entry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	e, ok := t.entries[name]
	if !ok {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return e, nil
}

// Open implements [fs.FS].
func (t *treeFS) Open(name string) (fs.File, error) {
	e, err := t.find("open", name)
	if err != nil {
		return nil, err
	}
	if e.folder {
		return &openedFolder{entry: e}, nil
	}
	return &openedFile{entry: e, Reader: bytes.NewReader(e.file.content)}, nil
}

// Stat implements [fs.StatFS].
func (t *treeFS) Stat(name string) (fs.FileInfo, error) {
	e, err := t.find("stat", name)
	if err != nil {
		return nil, err
	}
	return e, nil
}

// ReadFile implements [fs.ReadFileFS]; the bytes are the caller's.
func (t *treeFS) ReadFile(name string) ([]byte, error) {
	e, err := t.find("read", name)
	if err != nil {
		return nil, err
	}
	if e.folder {
		return nil, e.isFolder()
	}
	return slices.Clone(e.file.content), nil
}

// The methods of fs.FileInfo.

func (e *entry) Name() string       { return path.Base(e.file.Name) }
func (e *entry) Size() int64        { return e.file.Size }
func (e *entry) ModTime() time.Time { return e.mtime }
func (e *entry) IsDir() bool        { return e.folder }
func (e *entry) Sys() any           { return nil }
func (e *entry) Mode() fs.FileMode {
	if e.folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

func (e *entry) isFolder() error {
	return &fs.PathError{Op: "read", Path: e.file.Name, Err: fs.ErrInvalid}
}

type openedFile struct {
	*entry
	*bytes.Reader
}

func (f *openedFile) Stat() (fs.FileInfo, error) { return f.entry, nil }
func (f *openedFile) Close() error               { return nil }
func (f *openedFile) Size() int64                { return f.entry.Size() }

type openedFolder struct {
	*entry
	at int
}

func (f *openedFolder) Stat() (fs.FileInfo, error) { return f.entry, nil }
func (f *openedFolder) Close() error               { return nil }
func (f *openedFolder) Read([]byte) (int, error)   { return 0, f.isFolder() }

func (f *openedFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := f.children[f.at:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 && n < len(rest) {
		rest = rest[:n]
	}
	f.at += len(rest)
	return slices.Clone(rest), nil
}
