//go:build !linux && !windows

package netconn

import "syscall"

// localErrorWords: what the BSD family returns; pf makes EACCES or EPERM of
// what a rule blocks, and a reject or blackhole route gives EHOSTUNREACH.
var localErrorWords = map[syscall.Errno]string{
	syscall.ENETUNREACH:   "no_route",
	syscall.EHOSTUNREACH:  "no_route",
	syscall.ENETDOWN:      "no_route",
	syscall.EACCES:        "filtered",
	syscall.EPERM:         "filtered",
	syscall.EADDRNOTAVAIL: "address_unavailable",
	syscall.EADDRINUSE:    "address_unavailable",
}

const errnoRefused = syscall.ECONNREFUSED
