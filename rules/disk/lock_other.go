//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package disk

import "os"

// canLock is whether the system locks files and folders as is needed here.
const canLock = false

func lock(*os.File) lockState { return notLockable }
