package rules_test

import (
	"io/fs"
	"os"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// loadCase loads a case of the corpus with the kinds that are shipped.
func loadCase(t testing.TB, c *rulestest.Case) hcl.Diagnostics {
	t.Helper()
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "case", FS: c.Files})
	if c.HasSites() {
		sites, err := fs.Sub(c.Files, rulestest.SitesFolder)
		if err != nil {
			t.Fatal(err)
		}
		_, more := rules.LoadSites(rb, rules.Overlay{Name: "case/" + rulestest.SitesFolder, FS: sites})
		diags = append(diags, more...)
	}
	return diags
}

func corpus(t testing.TB, folder string) []rulestest.Case {
	t.Helper()
	cases, err := rulestest.Corpus(os.DirFS("testdata/" + folder))
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

func TestFaultyFiles(t *testing.T) {
	cases := corpus(t, "faulty")
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if len(c.Want) == 0 {
				t.Error("the case expects nothing")
			}
			for _, problem := range c.Compare("case", loadCase(t, &c)) {
				t.Error(problem)
			}
		})
	}
	if len(cases) < 60 {
		t.Errorf("only %d faulty cases", len(cases))
	}
}

func TestValidFiles(t *testing.T) {
	for _, c := range corpus(t, "valid") {
		t.Run(c.Name, func(t *testing.T) {
			if len(c.Want) != 0 {
				t.Error("a valid case expects something")
			}
			for _, problem := range c.Compare("case", loadCase(t, &c)) {
				t.Error(problem)
			}
		})
	}
}
