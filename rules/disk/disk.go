// Package disk reads and writes files of this computer so that neither the file
// nor the moment hurts.
//
// What is read is a regular file and has a bound: [Open], [OpenArgument],
// [ReadAll], and [Folder] for whatever reads through an [fs.FS]. What is written
// is there as a whole or not at all and keeps its mode, owner and links:
// [Write], after [Prove] has found out beforehand that it can be. What is made
// of several files comes into being in a [Stage]. What an end by force leaves
// behind is cleared by [Clear].
package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A KindError says that something is no regular file: opening a pipe may wait
// for ever, reading a device may have no end, and looking at either may change
// it.
type KindError struct {
	Mode   fs.FileMode
	Kernel bool // made by the kernel as it is read: proc, sysfs and the like
}

func (e *KindError) Error() string {
	kind := "something else"
	switch {
	case e.Kernel:
		kind = "a file that the kernel makes up as it is read"
	case e.Mode.IsDir():
		kind = "a folder"
	case e.Mode&fs.ModeNamedPipe != 0:
		kind = "a named pipe"
	case e.Mode&fs.ModeSocket != 0:
		kind = "a socket"
	case e.Mode&fs.ModeDevice != 0:
		kind = "a device"
	}
	return "not a regular file but " + kind
}

// A SizeError says that a file has more bytes than are read.
type SizeError struct{ Most int64 }

func (e *SizeError) Error() string {
	return "bigger than " + sizeText(e.Most)
}

func sizeText(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

// Open opens a regular file for reading, links followed. It never waits, and
// anything else is an [fs.PathError] with a [KindError].
func Open(name string) (*os.File, error) { return open(name, fs.FileMode.IsRegular) }

// OpenArgument is Open for a file that is named on a command line, which may
// also be a pipe that the shell has opened already: <(…) or /dev/stdin.
func OpenArgument(name string) (*os.File, error) {
	return open(name, func(m fs.FileMode) bool {
		return m.IsRegular() || m.Type() == fs.ModeNamedPipe && handedOver(name)
	})
}

// handedOver reports whether a path names a descriptor of this process.
func handedOver(name string) bool {
	name = filepath.ToSlash(filepath.Clean(name))
	return name == "/dev/stdin" || strings.HasPrefix(name, "/dev/fd/") || strings.HasPrefix(name, "/proc/self/fd/")
}

// open opens what is of a kind. It is looked at before, since opening alone may
// set a device off, and again when it is open, since another file may have
// come into its place.
func open(name string, wanted func(fs.FileMode) bool) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !wanted(info.Mode()) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: &KindError{Mode: info.Mode()}}
	}
	return openLooked(name, wanted)
}

// openLooked opens what was of a kind a moment ago.
func openLooked(name string, wanted func(fs.FileMode) bool) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && (!wanted(info.Mode()) || madeByKernel(f)) {
		err = &fs.PathError{Op: "open", Path: name, Err: &KindError{Mode: info.Mode(), Kernel: info.Mode().IsRegular()}}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// ReadAll reads a file to its end, which must come within so many bytes; else
// it is an [fs.PathError] with a [SizeError].
func ReadAll(f fs.File, name string, most int64) ([]byte, error) {
	var content bytes.Buffer
	// The size may be another one meanwhile, or unknown.
	if info, err := f.Stat(); err == nil {
		content.Grow(int(min(max(info.Size(), 0), most)) + bytes.MinRead)
	}
	if _, err := content.ReadFrom(io.LimitReader(f, most+1)); err != nil {
		return nil, err
	}
	if int64(content.Len()) > most {
		return nil, &fs.PathError{Op: "read", Path: name, Err: &SizeError{most}}
	}
	return content.Bytes(), nil
}

// ReadFile reads a regular file of any file system, of so many bytes at most.
// The errors are those of [Open] and [ReadAll]. Of a file system that is no
// [Folder] a pipe that takes a file's place at that moment may still be opened.
func ReadFile(fsys fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "open", Path: name, Err: &KindError{Mode: info.Mode()}}
	case info.Size() > most:
		return nil, &fs.PathError{Op: "read", Path: name, Err: &SizeError{most}}
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadAll(f, name, most)
}

// Cause is an error of the file system without its path, which the message that
// it becomes part of names already.
func Cause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}
