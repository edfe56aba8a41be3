//go:build unix

package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// oddities are what is no regular file, by what an error calls it, in a folder.
func oddities(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(syscall.Mkfifo(in("pipe"), 0o600))
	must(os.Symlink("pipe", in("link")))
	must(os.Mkdir(in("folder"), 0o700))
	l, err := net.Listen("unix", in("s"))
	must(err)
	t.Cleanup(func() { l.Close() })
	return map[string]string{
		in("pipe"): "a named pipe", in("link"): "a named pipe", in("folder"): "a folder", in("s"): "a socket",
		os.DevNull: "a device", "/dev/zero": "a device", "/dev/tty": "a device",
	}
}

// opensNone fails unless a function refuses each of them for what it is, at once.
func opensNone(t *testing.T, files map[string]string, open func(name string) error) {
	t.Helper()
	for name, kind := range files {
		done := make(chan error, 1)
		go func() { done <- open(name) }()
		select {
		case err := <-done:
			if _, ok := errors.AsType[*KindError](err); !ok || !strings.Contains(err.Error(), kind) {
				t.Errorf("%s: %v, want that it is %s", name, err, kind)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s: still waiting", name)
		}
	}
}

func TestOpenTakesRegularFilesOnly(t *testing.T) {
	files := oddities(t)
	opensNone(t, files, func(name string) error { _, err := Open(name); return err })
	opensNone(t, files, func(name string) error { _, err := OpenArgument(name); return err })
	delete(files, "/dev/tty")
	opensNone(t, files, func(name string) error {
		dir := Folder(filepath.Dir(name), nil)
		if strings.HasSuffix(name, "folder") {
			_, err := ReadFile(dir, filepath.Base(name), 1)
			return err
		}
		_, err := dir.Open(filepath.Base(name))
		return err
	})
	opensNone(t, files, func(name string) error {
		above, below := filepath.Split(filepath.Dir(name))
		sub, err := fs.Sub(Folder(above, nil), below)
		if err != nil {
			return err
		}
		_, err = ReadFile(sub, filepath.Base(name), 1)
		return err
	})
}

// What takes the place of a file after it was looked at is not waited for.
func TestOpenWaitsForNobody(t *testing.T) {
	files := oddities(t)
	maps.DeleteFunc(files, func(name, kind string) bool { return kind == "a socket" || name == "/dev/tty" }) // which can't be opened at all
	opensNone(t, files, func(name string) error { _, err := openLooked(name, fs.FileMode.IsRegular); return err })
}

func TestReadIsBounded(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "five"), []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	for most, fits := range map[int64]bool{0: false, 4: false, 5: true, 6: true} {
		f, err := Open(filepath.Join(dir, "five"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = ReadAll(f, "five", most)
		f.Close()
		_, tooBig := errors.AsType[*SizeError](err)
		_, viaFS := ReadFile(Folder(dir, nil), "five", most)
		_, tooBigViaFS := errors.AsType[*SizeError](viaFS)
		if tooBig == fits || tooBigViaFS == fits || fits && err != nil {
			t.Errorf("5 bytes where %d are read: %v, %v", most, err, viaFS)
		}
	}
}

// A pipe that the shell hands over is read, also before anything is in it.
func TestOpenArgumentTakesAPipeOfTheShell(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	name := fmt.Sprintf("/dev/fd/%d", r.Fd())
	f, err := OpenArgument(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	go func() { w.WriteString("x = 1\n"); w.Close() }()
	if content, err := ReadAll(f, "pipe", 10); err != nil || string(content) != "x = 1\n" {
		t.Errorf("%q, %v", content, err)
	}
	if _, err := Open(name); err == nil {
		t.Error("a pipe was opened where none is meant")
	}
}

// A folder is told of each file that is opened in it, and may keep it closed.
func TestFolderTells(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "a", "b", "c")
	if err := os.WriteFile(name, []byte("c"), 0o600); err != nil {
		t.Fatal(err)
	}
	var told []string
	refusal := errors.New("not this one")
	var refused error
	root := Folder(dir, func(name string, _ fs.FileInfo) error { told = append(told, name); return refused })
	sub, err := fs.Sub(root, "a/b")
	if err != nil {
		t.Fatal(err)
	}
	if content, err := fs.ReadFile(sub, "c"); err != nil || string(content) != "c" {
		t.Errorf("%q, %v", content, err)
	}
	if _, err := fs.ReadDir(sub, "."); err != nil {
		t.Error(err)
	}
	if len(told) != 1 || told[0] != name {
		t.Errorf("told of %q", told)
	}
	refused = refusal
	if _, err := fs.ReadFile(sub, "c"); !errors.Is(err, refusal) {
		t.Errorf("not refused: %v", err)
	}
	if _, err := root.Open("../" + filepath.Base(dir)); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a name that leads out: %v", err)
	}
}
