package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/rules/panics"
)

// breaks panics the way that kind says, in functions of this program.
func breaks(kind string) int {
	switch kind {
	case "index":
		var none []int
		return none[len(kind)]
	case "nil":
		var none *console
		return len(none.environ)
	case "words":
		panic("no such value: hunter2-secret")
	case "error":
		panic(fmt.Errorf("wrapped: %w", errors.New("hunter2-secret")))
	case "goroutine":
		var g panics.Group
		g.Go(func() { breaks("index") })
		g.Wait()
	}
	return 0
}

func TestCrash(t *testing.T) {
	for kind, want := range map[string]string{
		"index":     "index out of range [5] with length 0, in cmd/linecheck.breaks (crash_test.go:",
		"nil":       "nil pointer dereference, in cmd/linecheck.breaks (crash_test.go:",
		"words":     "a panic of type string, in cmd/linecheck.breaks (crash_test.go:",
		"error":     "a panic of type *fmt.wrapError, in cmd/linecheck.breaks (crash_test.go:",
		"goroutine": "index out of range [5] with length 0, in cmd/linecheck.breaks (crash_test.go:",
		"nothing":   "",
	} {
		t.Run(kind, func(t *testing.T) {
			folder := t.TempDir()
			for _, name := range []string{"TMPDIR", "TMP"} {
				t.Setenv(name, folder)
			}
			var out, stderr bytes.Buffer
			c := &console{out: &out, err: &stderr, environ: []string{envPrefix + "b=hunter3"}}
			args := []string{"run", "--var", "a=hunter2-secret", "./checks", "--format=json=F"}
			code := c.guarded(args, func() int { return breaks(kind) })
			files, _ := filepath.Glob(filepath.Join(folder, "*"))
			if kind == "nothing" {
				if code != 0 || stderr.Len() > 0 || len(files) > 0 {
					t.Errorf("code %d, %q, %q", code, stderr.String(), files)
				}
				return
			}
			said := strings.Join(strings.Fields(stderr.String()), " ")
			for _, part := range []string{"linecheck " + version, want, `"linecheck run --var … ./checks --format=…"`} {
				if !strings.Contains(said, part) {
					t.Errorf("%q is not in %s", part, said)
				}
			}
			if code != int(exitUnproved) || out.Len() > 0 || strings.Contains(said, "hunter") || strings.Contains(said, "goroutine ") {
				t.Errorf("code %d, standard output %q, standard error %s", code, out.String(), said)
			}
			if len(files) != 1 || !strings.Contains(said, files[0]) {
				t.Fatalf("%q, and said is %s", files, said)
			}
			full, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(full, []byte("linecheck.breaks(")) || bytes.Contains(full, []byte("hunter2")) {
				t.Errorf("the file holds %s", full)
			}
			if info, err := os.Stat(files[0]); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("%v %v", info.Mode(), err)
			}
		})
	}
}

// TestCrashWithoutAFile is of a computer on which nothing can be written.
func TestCrashWithoutAFile(t *testing.T) {
	for _, name := range []string{"TMPDIR", "TMP"} {
		t.Setenv(name, filepath.Join(t.TempDir(), "gone"))
	}
	var out, stderr bytes.Buffer
	c := &console{out: &out, err: &stderr}
	if code := c.guarded([]string{"validate"}, func() int { return breaks("index") }); code != int(exitUnproved) || out.Len() > 0 {
		t.Errorf("code %d, standard output %q", code, out.String())
	}
	if !regexp.MustCompile(`(?s)could not be\s+written to a file.*goroutine \d+.*linecheck\.breaks\(`).MatchString(stderr.String()) {
		t.Errorf("said is %s", stderr.String())
	}
}
