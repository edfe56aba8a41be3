package disk

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Folder is a folder of this computer as [os.DirFS] has it, of which only
// regular files and folders are opened, as [Open] does. Opened, if it is not
// nil, is told of each file that is opened; the error that it returns keeps
// that file from being read.
func Folder(dir string, opened func(name string, info fs.FileInfo) error) fs.FS {
	return folder{dir, os.DirFS(dir), opened}
}

type folder struct {
	dir    string
	plain  fs.FS
	opened func(name string, info fs.FileInfo) error
}

// Open implements fs.FS.
func (d folder) Open(name string) (fs.File, error) {
	info, err := fs.Stat(d.plain, name) // refuses names that lead out of it
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return d.plain.Open(name)
	}
	full := filepath.Join(d.dir, filepath.FromSlash(name))
	f, err := Open(full)
	if err == nil && d.opened != nil {
		if info, err = f.Stat(); err == nil {
			err = d.opened(full, info)
		}
	}
	if err != nil {
		if f != nil {
			f.Close()
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: Cause(err)}
	}
	return f, nil
}

// ReadDir implements fs.ReadDirFS.
func (d folder) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(d.plain, name) }

// Stat implements fs.StatFS.
func (d folder) Stat(name string) (fs.FileInfo, error) { return fs.Stat(d.plain, name) }

// Lstat implements fs.ReadLinkFS.
func (d folder) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(d.plain, name) }

// ReadLink implements fs.ReadLinkFS.
func (d folder) ReadLink(name string) (string, error) { return fs.ReadLink(d.plain, name) }

// Sub implements fs.SubFS.
func (d folder) Sub(name string) (fs.FS, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "sub", Path: name, Err: fs.ErrInvalid}
	}
	if path.Clean(name) == "." {
		return d, nil
	}
	return Folder(filepath.Join(d.dir, filepath.FromSlash(name)), d.opened), nil
}
