package engine_test

import (
	"context"
	"maps"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
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

// A plan that another one makes asks what it would ask alone, in its own values.
func TestPlanForOtherSettings(t *testing.T) {
	rb := load(t, besideSource)
	words := func(word string) engine.Settings {
		return engine.Settings{Values: []engine.Values{{Origin: "test", Typed: map[string]cty.Value{"words": cty.TupleVal([]cty.Value{cty.StringVal(word)})}}}}
	}
	asked := func(p *engine.Plan, diags hcl.Diagnostics) map[string]map[string]string {
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
		p.Run(t.Context(), script{"fixed": note, "varied": note}.options())
		return args
	}
	first, diags := engine.NewPlan(rb, words("first"))
	noDiags(t, diags)
	want := asked(engine.NewPlan(rb, words("second")))
	if want["fixed"]["count"] != cty.NumberIntVal(5).GoString() || want["varied"]["count"] != cty.NumberIntVal(7).GoString() {
		t.Fatalf("alone, it asks %v", want)
	}
	if diff := cmp.Diff(want, asked(first.For(words("second")))); diff != "" {
		t.Errorf("made by another plan, it asks otherwise (-alone +made):\n%s", diff)
	}
	// What is wrong with the one that makes it is not wrong with it.
	wrong, diags := engine.NewPlan(rb, engine.Settings{Only: []string{"check.nothing"}})
	if !diags.HasErrors() {
		t.Fatal("the plan is not wrong")
	}
	if diff := cmp.Diff(want, asked(wrong.For(words("second")))); diff != "" {
		t.Errorf("made by a wrong plan (-alone +made):\n%s", diff)
	}
	if _, diags := (&engine.Plan{}).For(engine.Settings{}); !diags.HasErrors() {
		t.Error("the zero plan makes others")
	}
}

// The plans of many sites may be made side by side.
func TestPlansAreMadeSideBySide(t *testing.T) {
	first := plan(t, besideSource, engine.Settings{})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			p, diags := first.For(engine.Settings{})
			if r := p.Run(t.Context(), script{}.options()); diags.HasErrors() || r.Verdict() != engine.Pass {
				t.Error(diags, r.Verdict())
			}
		})
	}
	group.Wait()
}
