//go:build linux

package checks_test

// Habits of mail servers and the ways to them that are no faults.
var healthySMTP = []trial{}
