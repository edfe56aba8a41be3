//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package main

import (
	"os"
	"syscall"

	"github.com/linecheck/linecheck/rules/disk"
)

// exclusive waits until no other linecheck is about to give a file its new
// content, and keeps them waiting until the function that it returns is called
// (flock(2)). Where that can't be had, as on some network file systems, it is
// done without.
func exclusive(name string) (release func()) {
	for {
		f, err := disk.Open(name)
		if err != nil {
			return func() {} // opening it to be read says what is wrong
		}
		release = func() { f.Close() }
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX) != nil {
			return release
		}
		// Whoever had it before may have put another file in its place.
		held, err := f.Stat()
		if err != nil {
			return release
		}
		if now, err := os.Stat(name); err != nil || os.SameFile(held, now) {
			return release
		}
		release()
	}
}
