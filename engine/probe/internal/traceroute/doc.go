// Package traceroute finds the routers on the way to a host, by echo requests or
// connection attempts whose time to live grows. It observes nothing but on Linux.
//
// Start with [Run].
package traceroute
