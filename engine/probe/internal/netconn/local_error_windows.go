package netconn

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// localErrorWords: Windows Sockets error codes; the filtering platform makes
// WSAEACCES of what a rule blocks.
var localErrorWords = map[syscall.Errno]string{
	windows.WSAENETUNREACH:   "no_route",
	windows.WSAEHOSTUNREACH:  "no_route",
	windows.WSAENETDOWN:      "no_route",
	windows.WSAEACCES:        "filtered",
	windows.WSAEADDRNOTAVAIL: "address_unavailable",
	windows.WSAEADDRINUSE:    "address_unavailable",
}

const errnoRefused = windows.WSAECONNREFUSED
