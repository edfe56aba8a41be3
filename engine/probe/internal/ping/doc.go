// Package ping sends echo requests and counts the replies. Many pings share a
// socket for each family and source, of which they know their replies by data
// that strangers can't guess; where the system has no such sockets, go-ping is
// used.
//
// Start with [NewPool] and [Pool.Ping].
package ping
