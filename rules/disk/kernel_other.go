//go:build !linux

package disk

import "os"

// madeByKernel is false: other systems have no such files, or no way to tell.
func madeByKernel(*os.File) bool { return false }
