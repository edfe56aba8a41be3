//go:build unix

package disk

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is written gets to where a name leads, and nothing else is changed.
func TestWriteKeepsLinks(t *testing.T) {
	for name, test := range map[string]struct {
		tree               []string
		name               string
		holdsNew, holdsOld []string
	}{
		"new":                     {nil, "a", []string{"a"}, nil},
		"symbolic link":           {[]string{"a", "l -> a"}, "l", []string{"a", "l"}, nil},
		"link behind links":       {[]string{"d/", "d/a", "m -> d/a", "l -> m"}, "l", []string{"d/a", "m", "l"}, nil},
		"link to nothing yet":     {[]string{"d/", "l -> d/new"}, "l", []string{"d/new", "l"}, nil},
		"hard link":               {[]string{"a", "b = a", "c"}, "b", []string{"a", "b"}, []string{"c"}},
		"link to a hard link":     {[]string{"a", "b = a", "l -> b"}, "l", []string{"a", "b", "l"}, nil},
		"the name is a long one":  {[]string{strings.Repeat("n", 255)}, strings.Repeat("n", 255), []string{strings.Repeat("n", 255)}, nil},
		"through a linked folder": {[]string{"d/", "d/a", "l -> d"}, "l/../a", []string{"a"}, []string{"d/a"}},
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, test.tree...)
			var links []string
			for _, n := range test.tree {
				if link, _, ok := strings.Cut(n, " -> "); ok {
					links = append(links, link)
				}
			}
			if err := Write(test.name, []byte("new")); err != nil {
				t.Fatal(err)
			}
			for want, names := range map[string][]string{"new": test.holdsNew, "old": test.holdsOld} {
				for _, n := range names {
					if have, err := os.ReadFile(n); err != nil || string(have) != want {
						t.Errorf("%s holds %q, %v", n, have, err)
					}
				}
			}
			for _, l := range links {
				if _, err := os.Readlink(l); err != nil {
					t.Errorf("%s is no link any more: %v", l, err)
				}
			}
			for _, n := range listed(t) {
				if tempName.MatchString(filepath.Base(n)) {
					t.Errorf("left behind: %s", n)
				}
			}
		})
	}
}

func TestWriteToAPipe(t *testing.T) {
	tree(t, "p|")
	read := make(chan string)
	go func() {
		content, err := os.ReadFile("p")
		if err != nil {
			t.Error(err)
		}
		read <- string(content)
	}()
	if err := Write("p", []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "new" {
		t.Errorf("the reader got %q", got)
	}
}

// What is left over is what is called so, is of this user and has no lock.
func TestClear(t *testing.T) {
	if !canLock {
		t.Skip("there are no locks here")
	}
	tree(t, "a", "keep/", "keep/a")
	kept := []string{
		".linecheck-short.tmp", ".linecheck-AAAAAAAAAAAAAAAAAAAAAAAAAA.tmp~", "linecheck-AAAAAAAAAAAAAAAAAAAAAAAAAA.tmp",
		".linecheck-aaaaaaaaaaaaaaaaaaaaaaaaaa.tmp", "a.linecheck-AAAAAAAAAAAAAAAAAAAAAAAAAA.tmp", ".unpack-AAAAAAAAAAAAAAAAAAAAAAAAAA",
	}
	for _, name := range kept {
		writeOld(t, name, 0o600)
	}
	const link, pipe = ".linecheck-BAAAAAAAAAAAAAAAAAAAAAAAAA.tmp", ".linecheck-CAAAAAAAAAAAAAAAAAAAAAAAAA.tmp"
	if err := errors.Join(os.Symlink("keep", link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	alive, err := NewStage(".")
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Remove()
	writing, err := newTemp(".", 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer writing.remove()
	before := listed(t)

	const file, folder = ".linecheck-DAAAAAAAAAAAAAAAAAAAAAAAAA.tmp", ".linecheck-EAAAAAAAAAAAAAAAAAAAAAAAAA.tmp"
	writeOld(t, file, 0o600)
	if err := errors.Join(os.Mkdir(folder, 0o777), os.WriteFile(filepath.Join(folder, "x"), nil, 0o666), os.Symlink("../keep", filepath.Join(folder, "l"))); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		const others = ".linecheck-FAAAAAAAAAAAAAAAAAAAAAAAAA.tmp"
		writeOld(t, others, 0o600)
		if err := os.Chown(others, 1234, 5678); err != nil {
			t.Fatal(err)
		}
		defer os.Remove(others)
		before = listed(t)[:0]
		for _, n := range listed(t) {
			if !strings.HasPrefix(n, file) && !strings.HasPrefix(n, folder) {
				before = append(before, n)
			}
		}
	}
	Clear(".")
	if diff := cmp.Diff(before, listed(t)); diff != "" {
		t.Errorf("what is there (-want +got):\n%s", diff)
	}
}

// What a process that is killed leaves behind is cleared, and not before that.
func TestClearAfterAKill(t *testing.T) {
	if dir := os.Getenv("TEST_STAGE_IN"); dir != "" {
		if _, err := NewStage(dir); err != nil {
			t.Fatal(err)
		}
		os.Stdout.WriteString("made\n")
		select {}
	}
	if !canLock {
		t.Skip("there are no locks here")
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestClearAfterAKill$")
	cmd.Env = append(os.Environ(), "TEST_STAGE_IN="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	left := func() int {
		Clear(dir)
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	if n := left(); n != 1 {
		t.Errorf("%d stages of a process that is alive", n)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if n := left(); n != 0 {
		t.Errorf("%d stages of a process that was killed", n)
	}
}
