//go:build unix

package main

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/hashicorp/hcl/v2"
)

// A terminal that goes away ends a run, and what its shell sends after that does
// not keep the report from being written.
func TestSecondHangUp(t *testing.T) {
	// A signal that is only on its way must not arrive when nobody waits for it
	// any more. Where interruptible resets SIGHUP, this ends as well.
	seen := make(chan os.Signal, 1)
	signal.Notify(seen, syscall.SIGHUP)
	defer signal.Stop(seen)
	// After that: under nohup the signal is ignored, until somebody waits for it.
	ctx, cancel := interruptible(0)
	defer cancel()
	for range 3 {
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		<-seen
		<-ctx.Done()
	}
}

// A request to end waits until what is being done is done, and is obeyed then.
func TestHeldBack(t *testing.T) {
	failed := errors.New("failed")
	for _, test := range []struct {
		name   string
		asked  []syscall.Signal
		err    error
		obeyed bool
	}{
		{"nobody asks", nil, nil, false},
		{"terminate", []syscall.Signal{syscall.SIGTERM}, nil, true},
		{"Ctrl-C twice", []syscall.Signal{syscall.SIGINT, syscall.SIGINT}, nil, true},
		{"one after another", []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGTERM}, nil, true},
		{"it fails", nil, failed, false},
		{"it fails meanwhile", []syscall.Signal{syscall.SIGTERM}, failed, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			// A signal that is only on its way must not arrive later.
			seen := make(chan os.Signal, len(test.asked))
			for _, s := range test.asked {
				if signal.Ignored(s) {
					t.Skip("the tests were started to ignore it")
				}
				signal.Notify(seen, s)
			}
			defer signal.Stop(seen)
			done := false
			err := heldBack(func() error {
				for _, s := range test.asked {
					if err := syscall.Kill(syscall.Getpid(), s); err != nil {
						t.Fatal(err)
					}
					<-seen
				}
				done = true
				return test.err
			})
			diag, interrupted := errors.AsType[*hcl.Diagnostic](err)
			if interrupted != test.obeyed || interrupted && diag.Summary != "Interrupted" || !interrupted && err != test.err || !done {
				t.Errorf("done is %v: %v", done, err)
			}
		})
	}
}
