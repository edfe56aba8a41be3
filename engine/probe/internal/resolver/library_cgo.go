//go:build cgo

package resolver

// libraryLinked: this program has the C library's resolver, and Go's uses it
// where the system's configuration asks for more than files and DNS.
const libraryLinked = true
