package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/disk"
)

// results is standard output as commands write to it. It remembers what went
// wrong, so that no command that forgets to look exits as if its result were
// there.
//
// Once its reader has gone away (head, a pager) it takes everything: whoever
// read a part has seen enough, and what a command found decides how it exits. A
// reader that took nothing at all is another matter.
type results struct {
	w     io.Writer
	begun bool  // something of it was taken
	lost  error // the first that went wrong; nil: nothing
}

// A lostError is one of writing to standard output, which is said at the end.
type lostError struct{ error }

func (e lostError) Unwrap() error { return e.error }

func isLost(err error) bool {
	_, ok := errors.AsType[lostError](err)
	return ok
}

func (r *results) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	r.begun = r.begun || n > 0
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, syscall.EPIPE) && r.begun && r.lost == nil:
		return len(p), nil
	case r.lost == nil:
		r.lost = err
	}
	return n, lostError{err}
}

// exit is the code to exit with, once a lost result is said: a failure that was
// found, or files that are wrong, outweigh it.
func (r *results) exit(c *console, code int) int {
	if r.lost == nil {
		return code
	}
	c.diagnose(nil, hcl.Diagnostics{notWritten(fmt.Sprintf("Standard output can't be written: %v.", disk.Cause(r.lost)))})
	if code == int(exitOK) {
		return int(exitUnproved)
	}
	return code
}

// notWritten is the error of a result that does not get to who asked for it.
func notWritten(why string) *hcl.Diagnostic {
	return mistake("Result not written", why+" What the command has to tell is lost there. Make room, or send it elsewhere, and run it again.")
}

// errClosed is the error of writing to a standard output that nobody opened.
var errClosed = errors.New("it is closed, or open for reading as well and discards everything; to discard it write >" + os.DevNull)

// A closedOutput stands for a standard output that nobody opened (">&-").
type closedOutput struct{}

func (closedOutput) Write([]byte) (int, error) { return 0, errClosed }
