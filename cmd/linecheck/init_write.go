package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/disk"
)

// writeNew writes files into a folder: all of them or, if one is there already or
// anything goes wrong, none. They come into being in a stage, which becomes the
// folder, or from which they are moved to their places if that is there.
func writeNew(dir string, files []newFile) error {
	if err := refuseExisting(dir, files); err != nil {
		return err
	}
	err := heldBack(func() (err error) {
		var made undo
		defer func() {
			if err != nil {
				made.all()
			}
		}()
		around := dir
		if !isFolder(dir) {
			around = filepath.Dir(dir)
		}
		if err := made.folder(around); err != nil {
			return err
		}
		disk.Clear(around)
		stage, err := disk.NewStage(around)
		if err != nil {
			return err
		}
		defer stage.Remove()
		if err := fill(stage, files); err != nil {
			return err
		}
		if around != dir {
			err := os.Rename(stage.Path(""), dir)
			if err == nil {
				stage.Renamed()
			}
			return err
		}
		for _, f := range files {
			if err := made.move(stage.Path(f.path), filepath.Join(dir, f.path)); err != nil {
				return err
			}
		}
		return nil
	})
	if _, ok := errors.AsType[*hcl.Diagnostic](err); err != nil && !ok {
		return mistake("Can't write there", fmt.Sprintf("Nothing was written to %s: %v. Name a folder where there is room and you may write.", dir, disk.Cause(err)))
	}
	return err
}

// refuseExisting refuses a folder that holds one of the files.
func refuseExisting(dir string, files []newFile) error {
	var taken []string
	for _, f := range files {
		if _, err := os.Lstat(filepath.Join(dir, f.path)); !errors.Is(err, fs.ErrNotExist) {
			if err != nil {
				return mistake("Can't write there", fmt.Sprintf("%v. Name a folder that you may write to.", err))
			}
			taken = append(taken, filepath.ToSlash(filepath.Join(dir, f.path)))
		}
	}
	if len(taken) > 0 {
		return mistake("Files that are there already", fmt.Sprintf("Nothing was written, since %s would be overwritten. Name another folder, or move what is there.", strings.Join(taken, ", ")))
	}
	return nil
}

// fill writes files into a stage.
func fill(stage *disk.Stage, files []newFile) error {
	for _, f := range files {
		name := stage.Path(f.path)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := disk.Write(name, f.content); err != nil {
			return err
		}
	}
	return nil
}

// undo is what was made so far, in its order.
type undo []string

// folder makes a folder and those above it, as far as they are missing.
func (u *undo) folder(dir string) error {
	if isFolder(dir) {
		return nil
	}
	if above := filepath.Dir(dir); above != dir {
		if err := u.folder(above); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	*u = append(*u, dir)
	return nil
}

// move moves a file to its place, which must be vacant.
func (u *undo) move(from, to string) error {
	if err := u.folder(filepath.Dir(to)); err != nil {
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return &fs.PathError{Op: "create", Path: to, Err: fs.ErrExist}
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	*u = append(*u, to)
	return nil
}

// all takes away what was made, the last first.
func (u undo) all() {
	for _, name := range slices.Backward(u) {
		os.Remove(name)
	}
}
