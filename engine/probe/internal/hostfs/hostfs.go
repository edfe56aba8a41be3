// Package hostfs is how probes read this computer's files: those of its
// administrator through the World's Open, and those in which the Linux kernel
// shows its own state (proc(5)), which is no World's.
package hostfs

import (
	"errors"
	"io"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/disk"
)

// Open opens a file through the world. Of the operating system's own only
// regular files are opened: a pipe without a writer would block for ever, and
// a device or a file of the kernel has no end.
func Open(w *engine.World, name string) (io.ReadSeekCloser, error) {
	if w.Open != nil {
		return w.Open(name)
	}
	f, err := disk.Open(name)
	if err != nil {
		return nil, err // never a nil *os.File in an interface
	}
	return f, nil
}

// IsNoRegularFile reports whether a file can't be read for what it is.
func IsNoRegularFile(err error) bool {
	_, ok := errors.AsType[*disk.KindError](err)
	return ok
}
