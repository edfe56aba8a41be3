package disk

import (
	"bytes"
	"errors"
	"github.com/linecheck/linecheck/rules/rulestest"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// asOrdinaryUser takes root's right to write everywhere from the test, until
// it ends: file access of its thread is that of nobody (setfsuid(2)).
func asOrdinaryUser(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	const nobody = 65534
	runtime.LockOSThread()
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setfsuid(0); err == nil {
			runtime.UnlockOSThread() // else the thread ends with the goroutine
		}
	})
}

func TestWriteInPlaceOnAFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64k"); err != nil {
		rulestest.Missing(t, "only root can mount a small disk: "+err.Error())
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	name := filepath.Join(disk, "a.oci.tar")
	old, long, short := bytes.Repeat([]byte("a"), 20<<10), bytes.Repeat([]byte("b"), 100<<10), []byte("c")
	if err := os.WriteFile(name, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeInPlace(name, long); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("100 KiB on a disk of 64: %v", err)
	}
	if have, err := os.ReadFile(name); err != nil || !bytes.Equal(have, old) {
		t.Errorf("of the old content %d of %d bytes are left, %v", len(have), len(old), err)
	}
	for _, content := range [][]byte{long[:40<<10], short} {
		if err := writeInPlace(name, content); err != nil {
			t.Error(err)
		}
		if have, err := os.ReadFile(name); err != nil || !bytes.Equal(have, content) {
			t.Errorf("%d bytes instead of %d, %v", len(have), len(content), err)
		}
	}
}
