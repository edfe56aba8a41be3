//go:build !cgo

package resolver

// libraryLinked: see the other value.
const libraryLinked = false
