package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/linecheck/linecheck/rules/disk"
)

// inputs are the files that were read, whatever they are called: nothing must be
// written over them.
type inputs struct {
	mu    sync.Mutex
	files []input
}

type input struct {
	name string
	info fs.FileInfo
}

// errReadAndWritten refuses to read what grows by being read.
var errReadAndWritten = errors.New("standard output is written to this very file; send it elsewhere")

// opened notes a file that is about to be read.
func (c *console) opened(name string, info fs.FileInfo) error {
	if c.stdout != nil && c.stdout.Mode().IsRegular() && os.SameFile(info, c.stdout) {
		return errReadAndWritten
	}
	if info.Mode().IsRegular() {
		c.inputs.mu.Lock()
		defer c.inputs.mu.Unlock()
		c.inputs.files = append(c.inputs.files, input{name, info})
	}
	return nil
}

// folder is a folder to be read from.
func (c *console) folder(dir string) fs.FS { return disk.Folder(dir, c.opened) }

// open opens a file that a flag names, to be read.
func (c *console) open(name string) (*os.File, error) { return c.noted(disk.OpenArgument(name)) }

// noted notes a file that was opened.
func (c *console) noted(f *os.File, err error) (*os.File, error) {
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		err = c.opened(f.Name(), info)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// readFile reads a file that a flag names, of so many bytes at most.
func (c *console) readFile(name string, most int64) ([]byte, error) {
	f, err := c.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return disk.ReadAll(f, name, most)
}

// A destination is a file that a command is asked to write.
type destination struct {
	file string
	flag string // that names it, with its value
}

// provable proves destinations before the work: that each can be written, and
// that no two are one. OnStdout is the flag of what is written to standard
// output; "" for nothing.
func (c *console) provable(onStdout string, all ...destination) error {
	var names, flags []string
	folders := map[string]bool{}
	for _, d := range all {
		if d := noFolder(d.file); d != nil {
			return d
		}
		switch {
		case !c.isStdout(d.file):
			names, flags = append(names, d.file), append(flags, d.flag)
			folders[filepath.Dir(d.file)] = true
		case onStdout != "":
			return mistake("Two outputs in one place", fmt.Sprintf("%s is where standard output goes, which %s is written to. Give one of them another file.", d.flag, onStdout))
		default:
			onStdout = d.flag
		}
	}
	err := heldBack(func() error {
		for dir := range folders {
			disk.Clear(dir)
		}
		return disk.Prove(names...)
	})
	var same *disk.SameError
	var path *fs.PathError
	switch {
	case errors.As(err, &same):
		return mistake("Two outputs in one place", fmt.Sprintf("%s and %s are one file, and one of them would be lost. Give each a file of its own.",
			flags[same.Position[0]], flags[same.Position[1]]))
	case errors.As(err, &path):
		return mistake("Can't write there", fmt.Sprintf("%s can't be written: %v. Name a file that you may write, in a folder that is there.", flags[slices.Index(names, path.Path)], path.Err))
	}
	return err
}

// refuseInputs refuses destinations that were read as well.
func (c *console) refuseInputs(all ...destination) error {
	c.inputs.mu.Lock()
	defer c.inputs.mu.Unlock()
	for _, d := range all {
		info, err := os.Stat(d.file)
		if err != nil {
			continue // there is nothing to be lost
		}
		for _, in := range c.inputs.files {
			if os.SameFile(info, in.info) {
				return mistake("Output over an input", fmt.Sprintf("%s would overwrite %s, which is read here. Name another file.", d.flag, in.name))
			}
		}
	}
	return nil
}

// writeFile writes to a destination. What leads to one of our own streams is
// written there, behind what is there already.
func (c *console) writeFile(name string, content []byte) error {
	var err error
	switch {
	case c.isStdout(name):
		_, err = c.out.Write(content)
	case is(name, c.stderr):
		_, err = c.err.Write(content)
	default:
		err = disk.Write(name, content)
	}
	return err
}

// isStdout reports whether a path leads to where standard output goes.
func (c *console) isStdout(name string) bool { return is(name, c.stdout) }

// is reports whether a path leads to a stream, unless that discards what it
// gets, which more than one may be written to.
func is(name string, stream fs.FileInfo) bool {
	info, err := os.Stat(name)
	if err != nil || stream == nil || !os.SameFile(info, stream) {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
