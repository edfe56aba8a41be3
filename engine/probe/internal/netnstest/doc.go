// Package netnstest builds small networks for tests out of network namespaces.
//
// A [Namespace] is one computer. [Connect] puts a cable between two of them,
// [Namespace.IP] configures it in the words of ip(8), and [Namespace.Do] runs
// a func there:
//
//	here, router := netnstest.New(t), netnstest.New(t)
//	netnstest.Connect(here, "eth0", router, "eth0")
//	here.IP("addr add 10.1.0.10/24 dev eth0")
//	router.IP("addr add 10.1.0.1/24 dev eth0")
//	here.Do(func() { … })
//
// A [Path] is a computer and a host with two routers between them, and [NewHosts]
// one with thousands of hosts behind a router.
//
// Everything is gone when the test ends: the namespaces have no name, so the
// kernel removes them, and all links in them, with their last user.
//
// It exists on Linux only; tests that use it stand in files named *_linux_test.go.
package netnstest
