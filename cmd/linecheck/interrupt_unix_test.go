//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
	"testing"
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
