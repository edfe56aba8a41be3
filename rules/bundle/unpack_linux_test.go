package bundle_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// names are those in a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// TestUnpackOverwritesNothing unpacks to names that are taken.
func TestUnpackOverwritesNothing(t *testing.T) {
	p := opened(t, pack(t, aSource(aTree())))
	for name, take := range map[string]func(dir string) error{
		"file":                 func(dir string) error { return os.WriteFile(dir, []byte("mine"), 0o666) },
		"folder":               func(dir string) error { return os.Mkdir(dir, 0o777) },
		"link to nothing":      func(dir string) error { return os.Symlink("nowhere", dir) },
		"link to a folder":     func(dir string) error { return os.Symlink(filepath.Dir(dir), dir) },
		"link that leads away": func(dir string) error { return os.Symlink("/tmp", dir) },
		"named pipe":           func(dir string) error { return syscall.Mkfifo(dir, 0o666) },
	} {
		t.Run(name, func(t *testing.T) {
			above := t.TempDir()
			dir := filepath.Join(above, "net")
			if err := take(dir); err != nil {
				t.Fatal(err)
			}
			before, err := os.Lstat(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Unpack(dir); !is(err, bundle.AlreadyThere) {
				t.Errorf("unpacking gives %v", err)
			}
			after, err := os.Lstat(dir)
			if err != nil || after.Mode() != before.Mode() || !after.ModTime().Equal(before.ModTime()) {
				t.Errorf("it was changed: %v (%v)", after, err)
			}
			if diff := cmp.Diff([]string{"net"}, names(t, above)); diff != "" {
				t.Errorf("beside it (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnpackElsewhere(t *testing.T) {
	p := opened(t, pack(t, aSource(aTree())))
	above := t.TempDir()
	t.Chdir(above)
	for _, dir := range []string{"", ".", "..", "/", "a/..", "net/../.."} {
		if err := p.Unpack(dir); !is(err, bundle.BadName) {
			t.Errorf("unpacking to %q gives %v", dir, err)
		}
	}
	if err := p.Unpack("missing/net"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("unpacking below a folder that is not there gives %v", err)
	}
	if err := p.Unpack("net/"); err != nil {
		t.Errorf("a slash at the end: %v", err)
	}
	if diff := cmp.Diff([]string{"net"}, names(t, above)); diff != "" {
		t.Errorf("there (-want +got):\n%s", diff)
	}
}

// TestUnpackFails runs out of room in the middle, and leaves nothing behind.
func TestUnpackFails(t *testing.T) {
	tree := aTree()
	tree["zz.hcl"] = &fstest.MapFile{Data: make([]byte, 4*mib)}
	p, err := pack(t, aSource(tree)).Open(bundle.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	above := t.TempDir()
	if err := syscall.Mount("tmpfs", above, "tmpfs", 0, "size=1m"); err != nil {
		rulestest.Missing(t, "no small file system can be mounted: "+err.Error())
	}
	defer syscall.Unmount(above, 0)
	err = p.Unpack(filepath.Join(above, "net"))
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("unpacking gives %v", err)
	}
	if left := names(t, above); len(left) != 0 {
		t.Errorf("%q were left behind", left)
	}
}
