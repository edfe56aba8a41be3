package disk

import (
	"os"
	"testing"
)

func TestOpenTakesNoFileOfTheKernel(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{
		"/proc/self/mem", "/proc/self/environ", "/proc/kmsg", "/proc/cmdline", "/proc/sys/kernel/hostname",
		"/sys/kernel/mm/transparent_hugepage/enabled", "/sys/kernel/notes", "/sys/fs/cgroup/cgroup.procs",
	} {
		if f, err := os.OpenFile(name, os.O_RDONLY|nonBlocking, 0); err == nil { // which root and not everybody may
			f.Close()
			files[name] = "a file that the kernel makes up"
		}
	}
	if len(files) < 3 {
		t.Fatalf("only %v can be opened here", files)
	}
	opensNone(t, files, func(name string) error { _, err := Open(name); return err })
	opensNone(t, files, func(name string) error { _, err := OpenArgument(name); return err })
}
