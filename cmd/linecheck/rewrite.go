package main

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// rewriteFile gives a file that exists its new content and leaves all else as
// it is: mode, owner, and the link that leads to it. Whoever reads it meanwhile
// sees the old content or the new, except where its folder or its owner allows
// no second file: there it is written in place.
func rewriteFile(name string, content []byte) error {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := writable(name)
	if err != nil {
		return err
	}
	temp := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text()[:8])
	switch err := writeLike(info, temp, content); {
	case errors.Is(err, fs.ErrPermission):
		return writeInPlace(name, content)
	case err != nil:
		return err
	}
	if err := os.Rename(temp, name); err != nil {
		os.Remove(temp)
		return err
	}
	return nil
}

// writeInPlace writes over a file. What makes it longer is written first, so
// that a full disk takes nothing of what was there.
func writeInPlace(name string, content []byte) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	before := min(info.Size(), int64(len(content)))
	if _, err := f.WriteAt(content[before:], before); err != nil {
		return errors.Join(err, f.Truncate(info.Size()))
	}
	if _, err := f.WriteAt(content[:before], 0); err != nil {
		return err
	}
	return errors.Join(f.Truncate(int64(len(content))), f.Sync())
}

// writable says what a file is like that may be written: who may not write a
// file must not replace it either.
func writable(name string) (fs.FileInfo, error) {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

// writeLike writes a new file with the mode and the owner of another, or none.
func writeLike(info fs.FileInfo, name string, content []byte) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			os.Remove(name)
		}
	}()
	if _, err := f.Write(content); err != nil {
		return err
	}
	if err := keepOwner(f, info); err != nil {
		return err
	}
	if err := f.Chmod(info.Mode()); err != nil {
		return err
	}
	return f.Sync()
}
