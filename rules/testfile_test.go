package rules_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/terminal"
)

// Tests are held against the runbook before one is run.
func TestFaultyTests(t *testing.T) {
	for _, c := range corpus(t, "tests") {
		rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "case", FS: c.Files})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		folder, err := fs.Sub(c.Files, "tests")
		if err != nil {
			t.Fatal(err)
		}
		_, diags = rules.LoadTests(rb, rules.Overlay{Name: "case/tests", FS: folder})
		for _, problem := range c.Compare("case", diags) {
			t.Error(problem)
		}
	}
}

// No kind has a result that the language of tests has another meaning for.
func TestNoResultIsCalledError(t *testing.T) {
	for _, k := range probe.Kinds() {
		for _, a := range k.Result {
			if a.Name == "error" {
				t.Errorf("%s has a result called %q, which a result block in a test means otherwise", k.Name, a.Name)
			}
		}
	}
}

// Tests of the last folder are run; shared results of a later folder lie over
// those of an earlier.
func TestTestsOfSeveralFolders(t *testing.T) {
	rb, diags := rules.Load(probe.Kinds(), overlay("a", map[string]string{"a.hcl": `
check "a" {
  target = "192.0.2.1"
  probe "ping" {}
  pass    = result.received > 0
  explain = "No."
}`}))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	folder := func(name, run, mock string) rules.Overlay {
		return overlay(name, map[string]string{"a.test.hcl": run, "a.mock.hcl": mock})
	}
	tests, diags := rules.LoadTests(rb,
		folder("one", "run \"one\" {\n expect { verdict = \"pass\" }\n}", `result "check.a" { received = 1 }`),
		folder("two", "run \"two\" {\n expect { verdict = \"pass\" }\n}", `result "check.a" { received = 2 }`))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var got []string
	for _, r := range tests.Runs {
		got = append(got, r.Name)
	}
	for _, m := range tests.Mocks {
		got = append(got, m.Address+" "+terminal.Value(m.Result.GetAttr("received")))
	}
	if diff := cmp.Diff([]string{"two", "check.a 1", "check.a 2"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever stands in a test file, reading it ends with what it is or with
// diagnostics that have a place.
func FuzzTests(f *testing.F) {
	for _, c := range corpus(f, "tests") {
		for name, file := range c.Files {
			f.Add(file.Data, strings.HasSuffix(name, ".mock.hcl"))
		}
	}
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "case", FS: corpus(f, "tests")[0].Files})
	if diags.HasErrors() {
		f.Fatal(diags)
	}
	f.Fuzz(func(t *testing.T, src []byte, mock bool) {
		name := "a.test.hcl"
		if mock {
			name = "a.mock.hcl"
		}
		tests, diags := rules.LoadTests(rb, overlay("tests", map[string]string{name: string(src)}))
		for _, d := range diags {
			if d.Subject == nil || d.Summary == "" || d.Detail == "" {
				t.Errorf("%#v", d)
			}
		}
		for _, r := range tests.Runs {
			if r.Expect == nil {
				t.Errorf("run %q expects nothing at all", r.Name)
			}
		}
	})
}
