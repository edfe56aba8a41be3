package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// here runs a command line in this process.
func here(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	c := &console{in: strings.NewReader(""), out: &out, err: &err, environ: []string{"LANG=C.UTF-8"}, etc: t.TempDir()}
	code = execute(c, args)
	return code, out.String(), err.String()
}

// below are the names of all that lies in a folder.
func below(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, _ os.DirEntry, err error) error {
		names = append(names, strings.TrimPrefix(name, dir))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// On a disk that is full, at whichever file that shows, everything is as it was
// before or complete, and the code says which.
func TestFullDisk(t *testing.T) {
	checks := runbookFile(t, "runbook \"net\" { version = \"1.0.0\" }"+openPort)
	folder := filepath.Dir(checks)
	made := filepath.Join(t.TempDir(), "net.oci.tar")
	if code, _, stderr := here(t, "pack", folder, "-o", made); code != 0 {
		t.Fatal(stderr)
	}
	for _, test := range []struct {
		name    string
		command func(disk string) []string
		code    int
	}{
		{"init a new folder", func(d string) []string { return []string{"init", d + "/dublin"} }, 2},
		{"init below new folders", func(d string) []string { return []string{"init", d + "/a/b/dublin"} }, 2},
		{"init a folder that is there", func(d string) []string { return []string{"init", d + "/there", "--name", "dublin"} }, 2},
		{"unpack", func(d string) []string { return []string{"unpack", made, d + "/net"} }, 2},
		{"pack", func(d string) []string { return []string{"pack", folder, "-o", d + "/net.oci.tar"} }, 2},
		{"a report", func(d string) []string { return []string{"run", checks, "--format", "json=" + d + "/new.json"} }, 3},
		{"a report over another", func(d string) []string { return []string{"run", checks, "--format", "json=" + d + "/there/old.json"} }, 3},
		{"a recording", func(d string) []string { return []string{"run", checks, "--record", d + "/new.jsonl"} }, 3},
		{"a page", func(d string) []string { return []string{"doc", checks, "--format", "html=" + d + "/new.html"} }, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			codes := map[int]bool{}
			for _, free := range []int{0, 1, 2, 3, 5, 8, 24} {
				codes[onFullDisk(t, free, test.code, test.command)] = true
			}
			if !codes[0] || !codes[test.code] {
				t.Errorf("the codes were %v, want 0 and %d", codes, test.code)
			}
		})
	}
}

// onFullDisk runs a command that writes to a disk with so many pages left, and is
// its code.
func onFullDisk(t *testing.T, free, failed int, command func(disk string) []string) int {
	t.Helper()
	disk := t.TempDir()
	const pages = 64
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=%d", pages*os.Getpagesize())); err != nil {
		rulestest.Missing(t, "only root can mount a small disk: "+err.Error())
	}
	defer func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	}()
	err := errors.Join(os.Mkdir(disk+"/there", 0o777), os.WriteFile(disk+"/there/old.json", []byte("old"), 0o600),
		os.WriteFile(disk+"/full", make([]byte, (pages-1-free)*os.Getpagesize()), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	before := below(t, disk)
	code, _, stderr := here(t, command(disk)...)
	switch old, err := os.ReadFile(disk + "/there/old.json"); {
	case code != 0 && code != failed:
		t.Errorf("%d pages: code %d: %s", free, code, stderr)
	case code == failed && (err != nil || string(old) != "old" || !strings.Contains(stderr, "no space left")):
		t.Errorf("%d pages: the old file holds %.20q, %v, and it is said: %s", free, old, err, stderr)
	case code == failed:
		if diff := cmp.Diff(before, below(t, disk)); diff != "" {
			t.Errorf("%d pages: it is not as before (-before +after):\n%s", free, diff)
		}
	}
	return code
}
