package disk

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
)

// What is made for the time being is called .linecheck-RANDOM.tmp, whose 26
// letters and digits (crypto/rand.Text) nobody else hits on, and is locked
// (flock(2)) by the process that made it for as long as that needs it. The
// kernel takes the lock away with the process, however it ends: what is called
// so, belongs to the same user and is not locked is left over.
//
// A process's number would prove less: containers that share a folder have
// numbers of their own, and they are given anew.
const (
	tempPrefix = ".linecheck-"
	tempSuffix = ".tmp"
)

var tempName = regexp.MustCompile(`^\.linecheck-[A-Z2-7]{26}\.tmp$`)

// A temp is a file or a folder for the time being.
type temp struct {
	name string
	f    *os.File // holds the lock; nil for a folder where there are no locks
}

// errTaken says that a temp was cleared away before it was locked.
var errTaken = errors.New("what was just made there is gone")

// newTemp makes an empty file.
func newTemp(dir string, mode fs.FileMode) (*temp, error) {
	return locked(dir, func(name string) (*os.File, error) {
		return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	})
}

// locked makes something with a name of its own and locks it.
func locked(dir string, make func(name string) (*os.File, error)) (*temp, error) {
	const tries = 10 // another of us may clear it away before it is locked
	for range tries {
		name := filepath.Join(dir, tempPrefix+rand.Text()+tempSuffix)
		f, err := make(name)
		if err != nil {
			return nil, err
		}
		if f == nil || lockOwn(f, name) {
			return &temp{name, f}, nil
		}
		f.Close()
	}
	return nil, &fs.PathError{Op: "create", Path: dir, Err: errTaken}
}

// lockOwn locks what was just made, and reports whether it is still there. Where
// locks can't be had it is done without: then nobody clears it away either.
func lockOwn(f *os.File, name string) bool {
	if lock(f) == lockedByOther {
		return false
	}
	own, err := f.Stat()
	if err != nil {
		return true
	}
	now, err := os.Lstat(name)
	return err == nil && os.SameFile(own, now)
}

// become puts a file into the place of another, or of none.
func (t *temp) become(target string) error {
	if runtime.GOOS == "windows" { // where no open file is renamed
		if err := t.f.Close(); err != nil {
			return err
		}
	}
	if err := os.Rename(t.name, target); err != nil {
		return &besideError{err}
	}
	t.name = ""
	return nil
}

// remove removes what became nothing else, and gives up the lock.
func (t *temp) remove() error {
	var err error
	if t.name != "" {
		err = os.RemoveAll(t.name)
	}
	if t.f != nil {
		t.f.Close()
	}
	return err
}

// A Stage is a folder in which something comes into being, before it is renamed
// to its place in the folder around it or below that.
type Stage struct{ t *temp }

// NewStage makes an empty stage in a folder.
func NewStage(dir string) (*Stage, error) {
	t, err := locked(dir, func(name string) (*os.File, error) {
		if err := os.Mkdir(name, 0o777); err != nil || !canLock {
			return nil, err
		}
		return os.Open(name)
	})
	if err != nil {
		return nil, err
	}
	return &Stage{t}, nil
}

// Path is the path of something in the stage; of the stage itself for "".
func (s *Stage) Path(name string) string { return filepath.Join(s.t.name, name) }

// Renamed says that the stage itself was renamed to its place, where it stays.
func (s *Stage) Renamed() { s.t.name = "" }

// Remove removes the stage with what is still in it. It must be called.
func (s *Stage) Remove() error { return s.t.remove() }

// Clear removes from a folder what a process of the same user that was ended by
// force left there, and nothing else; where locks can't be had, nothing.
func Clear(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // whoever wants to write there will say so
	}
	for _, e := range entries {
		if tempName.MatchString(e.Name()) && (e.Type().IsRegular() || e.IsDir()) {
			clearOne(filepath.Join(dir, e.Name()))
		}
	}
}

func clearOne(name string) {
	info, err := os.Lstat(name)
	if err != nil || !ownedByUs(info) {
		return
	}
	f, err := os.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if opened, err := f.Stat(); err == nil && os.SameFile(info, opened) && lock(f) == lockedByUs {
		os.RemoveAll(name)
	}
}
