package netconn

import "syscall"

// localErrorWords: what sendto(2) and connect(2) return on Linux for a route
// of each type (fib_props in net/ipv4/fib_semantics.c, ip6_route_info_create
// in net/ipv6/route.c) and for a packet that netfilter's output hook drops
// (nf_hook_slow: EPERM).
var localErrorWords = map[syscall.Errno]string{
	syscall.ENETUNREACH:  "no_route",
	syscall.EHOSTUNREACH: "no_route",
	syscall.ENETDOWN:     "no_route",
	syscall.EACCES:       "prohibited",
	syscall.EINVAL:       "blackhole",
	syscall.EPERM:        "filtered",
	// No port is left in net.ipv4.ip_local_port_range: EADDRNOTAVAIL of
	// connect(2), EADDRINUSE of bind(2) to a source.
	syscall.EADDRNOTAVAIL: "address_unavailable",
	syscall.EADDRINUSE:    "address_unavailable",
}

const errnoRefused = syscall.ECONNREFUSED
