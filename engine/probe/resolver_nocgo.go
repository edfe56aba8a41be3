//go:build !cgo

package probe

// libraryLinked: see the other value.
const libraryLinked = false
