package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manualColumns is what a terminal shows, and what the help is written for.
const manualColumns = 80

// TestManual renders each man page as man does, and holds it against the help:
// no warning, no line that is too long, every word of the text, every flag.
func TestManual(t *testing.T) {
	if _, err := exec.LookPath("man"); err != nil {
		rulestest.Missing(t, "needs man and its --warnings, as of Debian's package man-db")
	}
	dir := t.TempDir()
	root := newRoot(&console{})
	if err := (&console{}).writeManual(root, dir); err != nil {
		t.Fatal(err)
	}
	pages := 0
	for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
		name := filepath.Join(dir, manualName(cmd)+".1")
		if _, err := os.Stat(name); err != nil {
			if !cmd.Hidden {
				t.Error(err)
			}
			continue
		}
		pages++
		text := render(t, name)
		for line := range strings.Lines(text) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > manualColumns {
				t.Errorf("%s: %d columns: %s", name, n, line)
			}
		}
		// A backslash at the end of a line folds a command line.
		words := " " + strings.Join(strings.Fields(strings.ReplaceAll(text, " \\\n", " ")), " ") + " "
		holds := func(what, part string) {
			if part = strings.Join(strings.Fields(part), " "); !strings.Contains(words, " "+part) {
				t.Errorf("%s lacks its %s: %q", filepath.Base(name), what, part)
			}
		}
		holds("name", manualName(cmd)+" - "+cmd.Short)
		holds("synopsis", cmd.UseLine())
		holds("description", cmd.Long)
		holds("examples", cmd.Example)
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			placeholder, usage := pflag.UnquoteUsage(f)
			holds("flag", strings.TrimSpace("--"+f.Name+" "+placeholder))
			holds("flag's text", usage)
		})
	}
	if pages < 10 {
		t.Errorf("only %d pages", pages)
	}
}

// render is a man page as text; a warning is an error.
func render(t *testing.T, name string) string {
	t.Helper()
	cmd := exec.Command("man", "--warnings", "--encoding=UTF-8", "--local-file", name)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=80", "MAN_KEEP_FORMATTING=", "MANPAGER=cat")
	var warnings strings.Builder
	cmd.Stderr = &warnings
	out, err := cmd.Output()
	if err != nil || warnings.Len() > 0 {
		t.Errorf("man %s: %v %s", name, err, &warnings)
	}
	return string(out)
}

// TestRoff holds what is spelled for roff against what must not reach it.
func TestRoff(t *testing.T) {
	for text, want := range map[string]string{
		"--site 'emea-*'": `\-\-site \(aqemea\-*\(aq`,
		".hcl\n'x":        "\\&.hcl\n\\&\\(aqx",
		`a\nb …`:          `a\enb \[u2026]`,
	} {
		if got := roff(text); got != want {
			t.Errorf("%q is spelled %q, want %q", text, got, want)
		}
	}
}
