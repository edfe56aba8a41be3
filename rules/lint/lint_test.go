package lint_test

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/lint"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// TestRules holds each rule against testdata/ID.txtar, in which the lines that
// it must find have a comment and all others must not be found.
func TestRules(t *testing.T) {
	cases, err := rulestest.Corpus(os.DirFS("testdata"))
	if err != nil {
		t.Fatal(err)
	}
	hits, lines := map[string]int{}, map[string]int{}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			id, _, _ := strings.Cut(c.Name, "/")
			rb := load(t, &c)
			var found hcl.Diagnostics
			for _, f := range run(t, rb) {
				if f.Rule.ID == id {
					found = append(found, f.Diagnostic())
				}
			}
			for _, problem := range c.Compare("case", found) {
				t.Error(problem)
			}
			hits[id] += len(c.Want)
			for _, src := range rb.Files {
				lines[id] += bytes.Count(src, []byte("\n"))
			}
		})
	}
	for _, r := range lint.All() {
		if hits[r.ID] == 0 || lines[r.ID] < 2*hits[r.ID] {
			t.Errorf("testdata/%s.txtar: of %d lines %d must be found", r.ID, lines[r.ID], hits[r.ID])
		}
		delete(hits, r.ID)
	}
	for id := range hits {
		t.Errorf("testdata/%s.txtar is about no rule", id)
	}
}

func load(t *testing.T, c *rulestest.Case) *rules.Runbook {
	t.Helper()
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "case", FS: c.Files})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return rb
}

// TestConformance holds every rule to what help, comments and reports need of
// it.
func TestConformance(t *testing.T) {
	id := regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	last := ""
	for _, r := range lint.All() {
		if !id.MatchString(r.ID) {
			t.Errorf("%q is not in kebab case", r.ID)
		}
		if r.ID <= last {
			t.Errorf("%s stands behind %s", r.ID, last)
		}
		last = r.ID
		if r.Summary == "" || strings.HasSuffix(r.Summary, ".") || len(r.Summary) > 40 {
			t.Errorf("%s: %q is no heading", r.ID, r.Summary)
		}
		for what, text := range map[string]string{"doc": r.Doc, "hint": r.Hint} {
			if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "}.") {
				t.Errorf("%s: the %s %q is no sentence", r.ID, what, text)
			}
		}
		if r.Check == nil {
			t.Errorf("%s looks for nothing", r.ID)
		}
		if _, err := os.Stat(filepath.Join("testdata", r.ID+".txtar")); err != nil {
			t.Error(err)
		}
	}
}

// run is lint.Run of a runbook that is proved.
func run(t testing.TB, rb *rules.Runbook) []lint.Finding {
	t.Helper()
	findings, diags := lint.Run(rb)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return findings
}

func TestShippedRunbookIsClean(t *testing.T) {
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "checks.d", FS: checks.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, f := range run(t, rb) {
		t.Errorf("%s:%d: %s (%s)", f.Range.Filename, f.Range.Start.Line, f.Message, f.Rule.ID)
	}
}

// FuzzRun holds the rules against everything that the language can say: they
// must not break, and what they find must have a place in a file.
func FuzzRun(f *testing.F) {
	for _, folder := range []string{"../testdata/valid", "../testdata/faulty", "testdata"} {
		cases, err := rulestest.Corpus(os.DirFS(folder))
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range cases {
			for name, file := range c.Files {
				if path.Dir(name) == "." && path.Ext(name) == ".hcl" {
					f.Add(file.Data)
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "case", FS: fstest.MapFS{"a.hcl": {Data: src}}})
		if diags.HasErrors() {
			return
		}
		for _, f := range run(t, rb) {
			if f.Range.Filename != "case/a.hcl" || f.Range.Start.Line < 1 || f.Range.End.Byte > len(src) || f.Message == "" {
				t.Errorf("%s is nowhere: %v %q", f.Rule.ID, f.Range, f.Message)
			}
		}
	})
}
