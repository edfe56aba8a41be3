//go:build linux

package checks_test

// Habits of the way to the remote subnet and its packet sizes that are no faults.
var healthyRemote = []trial{}
