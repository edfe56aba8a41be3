package engine_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

const scopeRules = `
variable "open" { default = "yes" }
variable "closed" {
  default   = "no"
  sensitive = true
}
fact "late" {
  target = "x"
  probe "seen" {}
}
check "a" {
  probe "seen" {}
  pass    = result.n == 1
  explain = "no"
}
conclusion "c" {
  when    = CONDITION
  explain = "late: ${vantage.far.fact.late.n}"
}
`

// Conclusions see a vantage's facts and open values, when its checks began, and
// whether its look is complete.
func TestConclusionsSee(t *testing.T) {
	at := time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
	check := func(c *engine.CheckReport) *engine.CheckReport { c.Attempts, c.Started = 1, 2*time.Second; return c }
	near := &engine.VantageReport{Name: "near", StartedAt: at, Checks: []*engine.CheckReport{check(looked(engine.Pass, "", 1))}}
	far := func(change func(*engine.VantageReport)) *engine.VantageReport {
		v := &engine.VantageReport{Name: "far", StartedAt: at.Add(3 * time.Second), Checks: []*engine.CheckReport{check(looked(engine.Pass, "", 1))},
			Facts: []*engine.FactReport{{Address: "fact.late", Result: cty.ObjectVal(map[string]cty.Value{"n": cty.NumberIntVal(7)})}},
			Vars:  map[string]cty.Value{"open": cty.StringVal("there"), "closed": cty.UnknownVal(cty.String)}}
		if change != nil {
			change(v)
		}
		return v
	}
	for name, tc := range map[string]struct {
		when string
		far  *engine.VantageReport
		want bool
	}{
		"a fact":                        {`vantage.far.fact.late.n == 7`, far(nil), true},
		"a fact that was not gathered":  {`vantage.far.fact.late.n == 7`, far(func(v *engine.VantageReport) { v.Facts = nil }), false},
		"a variable":                    {`vantage.far.var.open == "there" && vantage.far.complete`, far(nil), true},
		"a sensitive variable":          {`vantage.far.var.closed != "x" && vantage.far.complete`, far(nil), false},
		"when a check began":            {`vantage.far.check.a.started_ms - vantage.near.check.a.started_ms == 3000`, far(nil), true},
		"when the first check began":    {`vantage.near.check.a.started_ms == 2000`, far(nil), true},
		"a check that never began":      {`vantage.far.check.a.started_ms >= 0`, far(func(v *engine.VantageReport) { v.Checks = []*engine.CheckReport{looked(engine.Blocked, "", 0)} }), false},
		"complete":                      {`vantage.far.complete && vantage.far.check.a.passed`, far(nil), true},
		"lacking":                       {`!vantage.far.complete && vantage.near.check.a.passed`, nil, true},
		"not reached":                   {`!vantage.far.complete && vantage.near.check.a.passed`, far(func(v *engine.VantageReport) { v.Checks = nil }), true},
		"lost":                          {`!vantage.far.complete && vantage.near.check.a.passed`, far(func(v *engine.VantageReport) { v.Reason = "killed" }), true},
		"interrupted":                   {`!vantage.far.complete && vantage.near.check.a.passed`, far(func(v *engine.VantageReport) { v.Checks[0].Interrupted = true }), true},
		"complete but for its facts":    {`!vantage.far.complete && vantage.near.check.a.passed`, far(func(v *engine.VantageReport) { v.Facts = nil }), true},
		"a condition that is not to be": {`vantage.far.complete ? vantage.far.check.a.status == "fail" : true`, far(nil), false},
	} {
		t.Run(name, func(t *testing.T) {
			site := &engine.SiteReport{Name: "pair", Vantages: []*engine.VantageReport{near}}
			if tc.far != nil {
				site.Vantages = append(site.Vantages, tc.far)
			}
			held, diags := engine.Conclude(conclusionRunbook(t, tc.when), site)
			if len(diags) > 0 || len(held) > 0 != tc.want {
				t.Errorf("held: %v, %v", held, diags)
			}
		})
	}
}

func conclusionRunbook(t *testing.T, when string) *rules.Runbook {
	t.Helper()
	src := []byte(strings.Replace(scopeRules, "CONDITION", when, 1))
	rb, diags := rules.Load([]*language.Kind{seenKind}, rules.Overlay{Name: "rb", FS: fstest.MapFS{"a.hcl": {Data: src}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return rb
}

// The facts that conclusions read of a vantage are gathered by it, once all
// checks are done, and only where the site has others.
func TestConcludedFactsAreGathered(t *testing.T) {
	rb := conclusionRunbook(t, "vantage.far.fact.late.n == 7")
	for name, tc := range map[string]struct {
		vantage string
		several bool
		want    []string
	}{
		"one of two":     {"far", true, []string{"check.a", "fact.late"}},
		"the other":      {"near", true, []string{"check.a"}},
		"the only one":   {"far", false, []string{"check.a"}},
		"without a name": {"", false, []string{"check.a"}},
	} {
		t.Run(name, func(t *testing.T) {
			var s engine.Settings
			if tc.vantage != "" {
				s.Vantage = &rules.Vantage{Name: tc.vantage}
				s.Site = &rules.Site{Name: "pair", Vantages: []*rules.Vantage{s.Vantage}}
			}
			if tc.several {
				s.Site.Vantages = append(s.Site.Vantages, &rules.Vantage{Name: "another"})
			}
			plan, diags := engine.NewPlan(rb, s)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			var asked []string
			r := plan.Run(t.Context(), engine.Options{Probes: []*engine.Probe{{Kind: seenKind,
				Observe: func(_ context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
					asked = append(asked, q.Address)
					return cty.ObjectVal(map[string]cty.Value{"n": cty.NumberIntVal(1)}), nil
				}}}})
			if diff := cmp.Diff(tc.want, asked); diff != "" {
				t.Errorf("asked for (-want +got):\n%s", diff)
			}
			v := r.Sites[0].Vantages[0]
			if v.StartedAt.IsZero() || v.Vars["open"] != cty.StringVal("yes") || v.Vars["closed"].IsKnown() {
				t.Errorf("started at %v, values %#v", v.StartedAt, v.Vars)
			}
		})
	}
}
