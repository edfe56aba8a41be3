//go:build unix

package main

import (
	"syscall"
	"testing"
)

// A terminal that goes away ends a run, and what its shell sends after that does
// not keep the report from being written.
func TestSecondHangUp(t *testing.T) {
	ctx, cancel := interruptible(0)
	defer cancel()
	for range 3 {
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		<-ctx.Done()
	}
}
