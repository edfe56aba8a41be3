package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// closedStdout reports whether standard output was closed when we were started.
// Go's runtime then opens the null device in its place, for reading and writing
// (runtime.checkfds), and what is written is lost without an error. A shell that
// is told to discard output opens it for writing only. Who hands the same open
// file to us as standard input or error, as daemons do, means it as well. A
// parent that opens it for both and for this stream alone can't be told from a
// closed one.
func closedStdout() bool {
	flags, err := unix.FcntlInt(uintptr(unix.Stdout), unix.F_GETFL, 0)
	if err != nil {
		return true
	}
	info, err := os.Stdout.Stat()
	if err != nil {
		return true
	}
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(info, null) && flags&unix.O_ACCMODE == unix.O_RDWR &&
		!sharesFlags(flags, unix.Stdin) && !sharesFlags(flags, unix.Stderr)
}

// sharesFlags reports whether a descriptor is of the same open file as standard
// output: then a flag that one is given shows on the other.
func sharesFlags(flags, fd int) bool {
	if _, err := unix.FcntlInt(uintptr(unix.Stdout), unix.F_SETFL, flags^unix.O_APPEND); err != nil {
		return false
	}
	defer unix.FcntlInt(uintptr(unix.Stdout), unix.F_SETFL, flags)
	before := flags & unix.O_APPEND
	own, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil || own&unix.O_APPEND == before {
		return false
	}
	unix.FcntlInt(uintptr(unix.Stdout), unix.F_SETFL, flags)
	own, err = unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	return err == nil && own&unix.O_APPEND == before
}
