//go:build !linux

package main

// closedStdout is false where a closed standard output can't be told from one
// that discards.
func closedStdout() bool { return false }
