package engine_test

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// importName is a word that stands nowhere in the shipped runbook.
const importName = "zz9"

// TestImportSame runs the shipped runbook's tests twice, on the runbook itself
// and on one that does nothing but import it: what comes out must be the same
// but for the names.
func TestImportSame(t *testing.T) {
	shipped, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "shipped", FS: checks.FS})
	noDiags(t, diags)
	folder, err := fs.Sub(checks.FS, "tests")
	if err != nil {
		t.Fatal(err)
	}
	tests, diags := rules.LoadTests(shipped, rules.Overlay{Name: "tests", FS: folder})
	noDiags(t, diags)
	if len(tests.Runs) < 50 {
		t.Fatalf("only %d tests", len(tests.Runs))
	}
	var before, beforeImported *engine.Report
	failed := 0
	imports := map[string]*rules.Runbook{} // by what is handed on: one serves many tests
	for i, run := range tests.Runs {
		if run.Recording != "" || testing.Short() && i%10 != 0 {
			continue
		}
		t.Run(run.Name, func(t *testing.T) {
			world := engine.Options{Probes: probe.All(), Answer: given(run, tests.Mocks)}
			s := valuesOf(run)
			var names []string
			for _, v := range run.Vars {
				names = append(names, v.Name)
			}
			slices.Sort(names)
			key := strings.Join(names, " ")
			if imports[key] == nil {
				imports[key] = importing(t, names)
			}
			imported := imports[key]
			own, through := ranWith(t, shipped, s, world), ranWith(t, imported, s, world)
			if diff := cmp.Diff(told(own), told(through)); diff != "" {
				t.Errorf("reports (-own +imported):\n%s", diff)
			}
			if own.Verdict() == engine.Fail {
				failed++
			}
			if before != nil {
				sameConclusions(t, shipped, imported, [2]*engine.Report{before, own}, [2]*engine.Report{beforeImported, through})
			}
			before, beforeImported = own, through
		})
	}
	if failed < 20 && !testing.Short() {
		t.Errorf("only %d tests failed as they should", failed)
	}
}

// importing is a runbook that hands the values of variables on to the shipped one.
func importing(t *testing.T, names []string) *rules.Runbook {
	t.Helper()
	files := fstest.MapFS{}
	shipped, err := fs.Glob(checks.FS, "*.hcl")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range shipped {
		data, err := fs.ReadFile(checks.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		files[path.Join("shipped", name)] = &fstest.MapFile{Data: data}
	}
	var variables, arguments strings.Builder
	for _, name := range names {
		fmt.Fprintf(&variables, "variable %q {}\n", name)
		fmt.Fprintf(&arguments, "  %s = var.%s\n", name, name)
	}
	files["top.hcl"] = &fstest.MapFile{Data: fmt.Appendf(nil, "%simport %q {\n  source = \"./shipped\"\n%s}\n", &variables, importName, &arguments)}
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "top", FS: files})
	noDiags(t, diags)
	return rb
}

func valuesOf(run *rules.TestRun) engine.Settings {
	typed := map[string]cty.Value{}
	for _, v := range run.Vars {
		typed[v.Name] = v.Value
	}
	return engine.Settings{Values: []engine.Values{{Origin: "the test", Typed: typed}}}
}

// given answers with the results of a test, under either name.
func given(run *rules.TestRun, mocks []*rules.GivenResult) func(engine.Query) engine.Answer {
	results := map[string]*rules.GivenResult{}
	for _, g := range append(mocks[:len(mocks):len(mocks)], run.Results...) {
		results[g.Address] = g
	}
	return func(q engine.Query) engine.Answer {
		address := strings.TrimPrefix(q.Address, importName+".")
		block, _, _ := strings.Cut(address, "[")
		g := results[address]
		if g == nil {
			g = results[block]
		}
		switch {
		case g == nil:
			return engine.Answer{Problem: "nothing is said of it", Last: true}
		case g.Error != "":
			return engine.Answer{Problem: g.Error, Last: true}
		}
		return engine.Answer{Result: g.Result, Last: true}
	}
}

func ranWith(t *testing.T, rb *rules.Runbook, s engine.Settings, w engine.Options) *engine.Report {
	t.Helper()
	p, diags := engine.NewPlan(rb, s)
	noDiags(t, diags)
	return p.Run(t.Context(), w)
}

// told is all that a report says, without times and the names of an import.
func told(r *engine.Report) []string {
	plain := strings.NewReplacer(` of import \"`+importName+`\"`, "", importName+".", "") // behind %q
	var out []string
	v := r.Sites[0].Vantages[0]
	for _, c := range v.Checks {
		line := fmt.Sprintf("%s %s %s %q %s %q %q %q %s %s %s %t", c.Address, c.Status, c.Cause, c.Title, terminal.Value(c.Target),
			c.Explain, c.Remedy, c.Reason, c.BlockedBy, c.Blocks, terminal.Value(c.Result), c.Waived)
		for _, e := range c.Evidence {
			line += " " + e.Ref + "=" + terminal.Value(e.Value)
		}
		for _, d := range c.NotRuledOut {
			line += fmt.Sprintf(" %+v", d)
		}
		for _, e := range c.Evaluations {
			line += fmt.Sprintf(" %s %s %q %d", e.Name, e.Outcome, e.Problem, e.Range.Start.Line)
		}
		out = append(out, plain.Replace(line))
	}
	for _, f := range v.Facts {
		out = append(out, plain.Replace(fmt.Sprintf("%s %s %s %q", f.Address, terminal.Value(f.Target), terminal.Value(f.Result), f.Problem)))
	}
	return out
}

// sameConclusions takes two reports for those of the two ends of a site.
func sameConclusions(t *testing.T, own, imported *rules.Runbook, reports, through [2]*engine.Report) {
	t.Helper()
	draw := func(rb *rules.Runbook, ends [2]*engine.Report) []string {
		site := &engine.SiteReport{Name: "s"}
		for i, name := range []string{"gateway", "host"} {
			v := *ends[i].Sites[0].Vantages[0]
			v.Name = name
			site.Vantages = append(site.Vantages, &v)
		}
		held, diags := engine.Conclude(rb, site)
		noDiags(t, diags)
		var out []string
		for _, c := range held {
			out = append(out, strings.ReplaceAll(fmt.Sprintf("%+v", *c), importName+".", ""))
		}
		return out
	}
	if diff := cmp.Diff(draw(own, reports), draw(imported, through)); diff != "" {
		t.Errorf("conclusions (-own +imported):\n%s", diff)
	}
}
