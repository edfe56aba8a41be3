package report

import (
	"bytes"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// TestSparseReports hands every format reports in which something is left out
// that a run would have filled in.
func TestSparseReports(t *testing.T) {
	one := func(c engine.CheckReport) *engine.Report {
		return &engine.Report{Sites: []*engine.SiteReport{{Vantages: []*engine.VantageReport{{Checks: []*engine.CheckReport{&c}}}}}}
	}
	for name, r := range map[string]*engine.Report{
		"nothing":                  {},
		"a site without a vantage": {Sites: []*engine.SiteReport{{}}},
		"a vantage without checks": {Sites: []*engine.SiteReport{{Vantages: []*engine.VantageReport{{}}}}},
		"a fact of nothing":        {Sites: []*engine.SiteReport{{Vantages: []*engine.VantageReport{{Facts: []*engine.FactReport{{}}}}}}},
		"a check of nothing":       one(engine.CheckReport{}),
		"a failure of nothing":     one(engine.CheckReport{Address: "check.a", Status: engine.Fail}),
		"an error of nothing":      one(engine.CheckReport{Address: "check.a", Status: engine.Error}),
		"blocked by nothing":       one(engine.CheckReport{Address: "check.a", Status: engine.Blocked, BlockedBy: []string{"check.gone"}}),
		"evidence of nothing":      one(engine.CheckReport{Status: engine.Fail, Evidence: []engine.Evidence{{}}}),
		"infinite evidence":        one(engine.CheckReport{Status: engine.Fail, Evidence: []engine.Evidence{{Ref: "x", Value: cty.PositiveInfinity}}}),
		"a conclusion of nothing":  {Sites: []*engine.SiteReport{{Conclusions: []*engine.ConclusionReport{{}}}}},
		"a refusal":                {Sites: []*engine.SiteReport{{Refused: hcl.Diagnostics{{Severity: hcl.DiagError}}}}},
		"a replay of nothing":      {Replayed: &engine.Replayed{}},
	} {
		for _, f := range All() {
			var out bytes.Buffer
			if err := f.Write(&out, r, Options{}); err != nil {
				t.Errorf("%s as %s: %v", name, f.Name, err)
			}
			if out.Len() == 0 && name != "nothing" {
				t.Errorf("%s as %s: not a word", name, f.Name)
			}
		}
	}
}
