//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package disk

import (
	"errors"
	"os"
	"syscall"
)

// canLock is whether the system locks files and folders.
const canLock = true

// lock locks an open file or folder for this process unless another has it,
// until it is closed (flock(2)).
func lock(f *os.File) lockState {
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case err == nil:
		return lockedByUs
	case errors.Is(err, syscall.EWOULDBLOCK):
		return lockedByOther
	}
	return notLockable
}
