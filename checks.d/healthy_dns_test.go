//go:build linux

package checks_test

// Habits of DNS and the system's look-ups that are no faults.
var healthyDNS = []trial{}
