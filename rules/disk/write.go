package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Write gives a file its new content as a whole: whoever reads it meanwhile sees
// the old or the new, and what goes wrong leaves the old. Mode and owner stay,
// and so do the links that lead to it, symbolic and hard. A file that is not
// there is made, where a link leads to if there is one.
//
// Where no second file can be made beside it, where it can't be replaced (a
// mount point, another's file in a sticky folder), or where it has several
// names, it is written in place. A device is written to, and so is a named pipe,
// for whose reader it waits up to ten seconds. An error is an [fs.PathError].
func Write(name string, content []byte) error {
	err := write(name, content)
	if err != nil {
		return &fs.PathError{Op: "write", Path: name, Err: Cause(err)}
	}
	return nil
}

func write(name string, content []byte) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		target, err := Target(name)
		if err != nil {
			return err
		}
		return replace(target, nil, content)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return send(name, info.Mode(), content)
	}
	// Who may not write a file must not replace it either.
	if err := writable(name); err != nil {
		return err
	}
	target, err := Target(name)
	if err != nil {
		return err
	}
	if links(info) > 1 || ofThisProcess(name) {
		return writeInPlace(name, content)
	}
	err = replace(target, info, content)
	if _, ok := errors.AsType[*besideError](err); ok {
		return writeInPlace(name, content)
	}
	return err
}

// ofThisProcess reports whether a path leads to an open file, which whoever
// opened it goes on writing to.
func ofThisProcess(name string) bool {
	name = filepath.ToSlash(filepath.Clean(name))
	return strings.HasPrefix(name, "/dev/") || strings.HasPrefix(name, "/proc/")
}

// writable reports why a file that is there can't be written, nil if it can. It
// changes nothing.
func writable(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|nonBlocking, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// A besideError is one of making a second file or putting it into the place of
// the first.
type besideError struct{ error }

func (e *besideError) Unwrap() error { return e.error }

// replace writes a file beside another one and puts it into its place, with the
// mode and the owner of what is there; with those of a new file where like is
// nil.
func replace(target string, like fs.FileInfo, content []byte) error {
	mode := fs.FileMode(0o666) // less what the umask says
	if like != nil {
		mode = 0o600
	}
	t, err := newTemp(filepath.Dir(target), mode)
	if err != nil {
		return &besideError{err}
	}
	defer t.remove()
	if _, err := t.f.Write(content); err != nil {
		return err
	}
	if like != nil {
		if err := t.be(like); err != nil {
			return &besideError{err}
		}
	}
	if err := t.f.Sync(); err != nil {
		return err
	}
	return t.become(target)
}

// be gives the file the mode and the owner of another.
func (t *temp) be(like fs.FileInfo) error {
	return errors.Join(keepOwner(t.f, like), t.f.Chmod(like.Mode()))
}

// writeInPlace writes over a file. What makes it longer is written first, so
// that a full disk takes nothing of what was there.
func writeInPlace(name string, content []byte) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	before := min(info.Size(), int64(len(content)))
	if _, err := f.WriteAt(content[before:], before); err != nil {
		return errors.Join(err, f.Truncate(info.Size()))
	}
	if _, err := f.WriteAt(content[:before], 0); err != nil {
		return err
	}
	return errors.Join(f.Truncate(int64(len(content))), f.Sync())
}

// How long the reader of a named pipe is waited for, and how often it is looked
// for: a script starts it right before us.
const (
	readerTimeout  = 10 * time.Second
	readerInterval = 20 * time.Millisecond
)

// errNoReader says that nobody came to read a pipe.
var errNoReader = errors.New("nobody reads this named pipe; start its reader first")

// send writes to what is no regular file.
func send(name string, mode fs.FileMode, content []byte) (err error) {
	flags := os.O_WRONLY
	if mode&fs.ModeNamedPipe != 0 {
		flags |= nonBlocking // which fails where nobody reads it
	}
	f, err := os.OpenFile(name, flags, 0)
	for end := time.Now().Add(readerTimeout); errors.Is(err, syscall.ENXIO) && mode&fs.ModeNamedPipe != 0; {
		if time.Now().After(end) {
			return errNoReader
		}
		time.Sleep(readerInterval)
		f, err = os.OpenFile(name, flags, 0)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// mostLinks is how many links are followed, as many as Linux does.
const mostLinks = 40

// Target is where a file lies, or would lie, links followed. Unlike
// [filepath.EvalSymlinks] it takes a file that is not there.
func Target(name string) (string, error) {
	for range mostLinks {
		parent, err := filepath.EvalSymlinks(parentOf(name))
		if err != nil {
			return "", err
		}
		name = filepath.Join(parent, filepath.Base(name))
		info, err := os.Lstat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return name, nil
		case err != nil:
			return "", err
		case info.Mode()&fs.ModeSymlink == 0:
			return name, nil
		}
		link, err := os.Readlink(name)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(link) {
			// Not joined, which would take a folder and the ".." behind it
			// away: the folder may be a link.
			link = parent + string(filepath.Separator) + link
		}
		name = link
	}
	return "", &fs.PathError{Op: "open", Path: name, Err: errors.New("too many links")}
}

// parentOf is the folder of a path, whose ".." stay.
func parentOf(name string) string {
	dir, _ := filepath.Split(name)
	if dir == "" {
		return "."
	}
	return dir
}
