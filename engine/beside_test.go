package engine_test

import (
	"context"
	"maps"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

const besideSource = `
variable "words" { default = ["none"] }
check "fixed" {
  target = "fixed"
  probe "ask" { count = 5 }
  pass    = result.ok
  explain = "no"
}
check "varied" {
  target = "varied"
  probe "ask" {
    count = 7
    words = var.words
  }
  pass    = result.ok
  explain = "no"
}
`

// A plan beside another asks what it would ask alone, in its own values.
func TestPlanBesideAnother(t *testing.T) {
	rb := load(t, besideSource)
	words := func(word string) engine.Settings {
		return engine.Settings{Values: []engine.Values{{Origin: "test", Typed: map[string]cty.Value{"words": cty.TupleVal([]cty.Value{cty.StringVal(word)})}}}}
	}
	asked := func(s engine.Settings) map[string]map[string]string {
		p, diags := engine.NewPlan(rb, s)
		noDiags(t, diags)
		var mu sync.Mutex
		args := map[string]map[string]string{}
		note := func(_ context.Context, q engine.Query) (cty.Value, error) {
			mu.Lock()
			defer mu.Unlock()
			args[q.Target] = map[string]string{}
			for name, v := range maps.All(q.Args) {
				args[q.Target][name] = v.GoString()
			}
			return attrs{"ok": cty.True}.value(askKind), nil
		}
		p.Run(t.Context(), script{"fixed": note, "varied": note}.world())
		return args
	}
	first, diags := engine.NewPlan(rb, words("first"))
	noDiags(t, diags)
	alone, beside := words("second"), words("second")
	beside.Beside = first
	want := asked(alone)
	if want["fixed"]["count"] != cty.NumberIntVal(5).GoString() || want["varied"]["count"] != cty.NumberIntVal(7).GoString() {
		t.Fatalf("alone, it asks %v", want)
	}
	if diff := cmp.Diff(want, asked(beside)); diff != "" {
		t.Errorf("beside another plan, it asks otherwise (-alone +beside):\n%s", diff)
	}
	// A plan of other rules has nothing in common with it.
	beside.Beside = plan(t, besideSource, words("first"))
	if diff := cmp.Diff(want, asked(beside)); diff != "" {
		t.Errorf("beside a plan of other rules (-alone +beside):\n%s", diff)
	}
}

// What only authors of checks read is left out where nobody asks for it, and
// changes nothing else.
func TestBriefReport(t *testing.T) {
	p := plan(t, besideSource, engine.Settings{})
	w := script{"fixed": no}.world()
	whole := p.Run(t.Context(), w).Sites[0].Vantages[0].Checks[0]
	w.Brief = true
	brief := p.Run(t.Context(), w).Sites[0].Vantages[0].Checks[0]
	if len(whole.Evaluations) == 0 || len(brief.Evaluations) != 0 {
		t.Errorf("%d evaluations, %d where they are left out", len(whole.Evaluations), len(brief.Evaluations))
	}
	if whole.Status != engine.Fail || brief.Status != whole.Status || brief.Explain != whole.Explain || len(brief.Evidence) != len(whole.Evidence) {
		t.Errorf("left out, they change the report: %+v, want %+v", brief, whole)
	}
}
