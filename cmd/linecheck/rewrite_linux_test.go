package main

import (
	"os"
	"runtime"
	"syscall"
	"testing"
)

// asOrdinaryUser takes root's right to write everywhere from the test, until
// it ends: file access of its thread is that of nobody (setfsuid(2)).
func asOrdinaryUser(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	const nobody = 65534
	runtime.LockOSThread()
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setfsuid(0); err == nil {
			runtime.UnlockOSThread() // else the thread ends with the goroutine
		}
	})
}
