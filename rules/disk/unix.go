//go:build unix

package disk

import (
	"io/fs"
	"os"
	"syscall"
)

// nonBlocking keeps opening from waiting for the other end of a pipe. Regular
// files don't mind.
const nonBlocking = syscall.O_NONBLOCK

// keepOwner gives a new file the owner and the group of another.
func keepOwner(f *os.File, like fs.FileInfo) error {
	own, err := f.Stat()
	if err != nil {
		return err
	}
	was, ok := like.Sys().(*syscall.Stat_t)
	is, okay := own.Sys().(*syscall.Stat_t)
	if !ok || !okay || was.Uid == is.Uid && was.Gid == is.Gid {
		return nil
	}
	return f.Chown(int(was.Uid), int(was.Gid))
}

// links is how many names a file has.
func links(info fs.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Nlink) // whose type is another one on each system
	}
	return 1
}

// ownedByUs reports whether a file belongs to the user that runs this.
func ownedByUs(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Geteuid()
}
