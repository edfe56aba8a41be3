//go:build !unix

package disk

import (
	"io/fs"
	"os"
)

// Opening waits for nobody there.
const nonBlocking = 0

// keepOwner does nothing: a new file has the owner of its folder there.
func keepOwner(*os.File, fs.FileInfo) error { return nil }

// links is how many names a file has, as far as that is known.
func links(fs.FileInfo) uint64 { return 1 }

// ownedByUs is not known there.
func ownedByUs(fs.FileInfo) bool { return false }
