package engine_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

const askedRules = `
variable "n" {
  type    = number
  default = 1
}
check "a" {
  probe "seen" {}
  pass    = result.n == var.n
  explain = "no"
}
`

// seenProbe is a probe of seenKind that observes 1.
func seenProbe() *engine.Probe {
	return &engine.Probe{Kind: seenKind, Observe: func(context.Context, *engine.World, engine.Query) (cty.Value, error) {
		return cty.ObjectVal(map[string]cty.Value{"n": cty.NumberIntVal(1)}), nil
	}}
}

func seen(text string) (*rules.Runbook, hcl.Diagnostics) {
	return rules.Load([]*language.Kind{seenKind}, rules.Overlay{Name: "rb", FS: fstest.MapFS{"a.hcl": {Data: []byte(text)}}})
}

func TestPlansAreRefusedAtTheDoor(t *testing.T) {
	rb, diags := seen(askedRules)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	broken, _ := seen(strings.Replace(askedRules, "var.n", "var.gone", 1))
	noValue := []rules.VarValue{{Name: "n"}}
	for want, give := range map[string]struct {
		rb *rules.Runbook
		s  engine.Settings
	}{
		"there is none":                       {},
		"was not made by rules.Load":          {rb: &rules.Runbook{Checks: []*rules.Check{{Name: "a"}}}},
		"has errors":                          {rb: broken},
		`site "s" has no value for variable`:  {rb, engine.Settings{Site: &rules.Site{Name: "s", Vars: noValue}}},
		"vantages of site":                    {rb, engine.Settings{Site: &rules.Site{Vantages: []*rules.Vantage{nil}}}},
		"waivers of site":                     {rb, engine.Settings{Site: &rules.Site{Waivers: []*rules.Waiver{nil}}}},
		`vantage "v" has no value`:            {rb, engine.Settings{Vantage: &rules.Vantage{Name: "v", Vars: noValue}}},
		`from x has no value for variable "n`: {rb, engine.Settings{Values: []engine.Values{{Origin: "x", Typed: map[string]cty.Value{"n": cty.NilVal}}}}},
	} {
		plan, diags := engine.NewPlan(give.rb, give.s)
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, want) {
			t.Errorf("want %q, got %v", want, diags)
		}
		// Whoever does not look at diagnostics learns it from the report.
		r := plan.Run(t.Context(), engine.Options{Probes: []*engine.Probe{seenProbe()}})
		if r.Verdict() != engine.Error || !r.Sites[0].Refused.HasErrors() {
			t.Errorf("%s: the report is %+v", want, r.Sites[0])
		}
		plan.Checks()
		plan.Facts()
		plan.Origins()
		plan.Unreached("x", r.StartedAt)
		if _, diags := engine.Conclude(give.rb, nil); give.rb != rb && !diags.HasErrors() {
			t.Errorf("%s: conclusions are drawn", want)
		}
	}
}

func TestWorldsAreRefusedAtTheDoor(t *testing.T) {
	rb, _ := seen(askedRules)
	plan, diags := engine.NewPlan(rb, engine.Settings{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	blind := &engine.Probe{Kind: seenKind}
	for want, probes := range map[string][]*engine.Probe{
		"":                   {seenProbe()},
		"number 1 is nil":    {nil},
		"or has no Kind":     {seenProbe(), {}},
		"is there twice":     {seenProbe(), seenProbe()},
		"has no function":    {blind},
		"number 2 is nil, o": {seenProbe(), {Observe: seenProbe().Observe}},
	} {
		r := plan.Run(t.Context(), engine.Options{Probes: probes})
		switch refused := r.Sites[0].Refused; {
		case want == "" && (refused != nil || r.Verdict() != engine.Pass):
			t.Errorf("one that observes: %v %s", refused, r.Verdict())
		case want != "" && (len(refused) != 1 || !strings.Contains(refused[0].Detail, want)):
			t.Errorf("want %q, got %v", want, refused)
		}
	}
	unmoving := engine.Options{Probes: []*engine.Probe{seenProbe()}, InFlight: make(chan struct{})}
	if refused := plan.Run(t.Context(), unmoving).Sites[0].Refused; len(refused) != 1 || !strings.Contains(refused[0].Detail, "InFlight has no capacity") {
		t.Errorf("no room for a probe: %v", refused)
	}
	answered := engine.Options{Probes: []*engine.Probe{blind}, Answer: func(q engine.Query) engine.Answer {
		v, _ := seenProbe().Observe(t.Context(), nil, q)
		return engine.Answer{Result: v}
	}}
	if r := plan.Run(t.Context(), answered); r.Verdict() != engine.Pass {
		t.Errorf("a world that answers needs no probe that observes: %v", r.Sites[0].Refused)
	}
}

// TestWhatIsCalledBreaks has each function that a run is handed panic. What was
// observed stands where only the words for it broke.
func TestWhatIsCalledBreaks(t *testing.T) {
	rb, _ := seen(askedRules)
	plan, _ := engine.NewPlan(rb, engine.Settings{})
	summary, observe := seenProbe(), seenProbe()
	summary.Summary = func(cty.Value) string { panic("odd") }
	observe.Observe = func(context.Context, *engine.World, engine.Query) (cty.Value, error) { panic("odd") }
	for name, give := range map[string]struct {
		options engine.Options
		want    engine.Status
	}{
		"summary": {engine.Options{Probes: []*engine.Probe{summary}}, engine.Pass},
		"observe": {engine.Options{Probes: []*engine.Probe{observe}}, engine.Error},
		"answer":  {engine.Options{Answer: func(engine.Query) engine.Answer { panic("odd") }, Probes: []*engine.Probe{observe}}, engine.Error},
	} {
		c := plan.Run(t.Context(), give.options).Sites[0].Vantages[0].Checks[0]
		if c.Status != give.want || c.Status == engine.Error && !strings.Contains(c.Reason, "broke") {
			t.Errorf("%s: %s, %q", name, c.Status, c.Reason)
		}
	}
}

// A func of a World that returns nothing at all has not observed anything.
func TestWorldsThatReturnNothing(t *testing.T) {
	rb, _ := seen(askedRules)
	plan, _ := engine.NewPlan(rb, engine.Settings{})
	world := engine.World{
		Dial: func(context.Context, string, string) (net.Conn, error) { return nil, nil },
		Open: func(string) (io.ReadSeekCloser, error) { return nil, nil },
	}
	p := seenProbe()
	p.Observe = func(ctx context.Context, w *engine.World, _ engine.Query) (cty.Value, error) {
		if w.Lookup != nil {
			t.Error("what was not set is set")
		}
		_, dialled := w.Dial(ctx, "tcp", "192.0.2.1:25")
		_, opened := w.Open("/etc/hosts")
		return cty.NilVal, errors.Join(dialled, opened)
	}
	c := plan.Run(t.Context(), engine.Options{Probes: []*engine.Probe{p}, World: world}).Sites[0].Vantages[0].Checks[0]
	if c.Status != engine.Error || !strings.Contains(c.Reason, "neither a connection") || !strings.Contains(c.Reason, "neither a file") {
		t.Errorf("%s, %q", c.Status, c.Reason)
	}
}

// A plan that nobody made has nothing to show, and its report says why.
func TestZeroPlan(t *testing.T) {
	var p engine.Plan
	for name, r := range map[string]*engine.Report{"run": p.Run(t.Context(), engine.Options{}), "unreached": p.Unreached("x", time.Now())} {
		if r.Verdict() != engine.Error {
			t.Errorf("%s: %s", name, r.Verdict())
		}
	}
	if len(p.Checks())+len(p.Facts())+len(p.Origins()) != 0 || p.MayReadFiles() || p.Runbook().Name != "" {
		t.Error("a plan that nobody made plans something")
	}
	if _, diags := p.For(engine.Settings{}); !diags.HasErrors() {
		t.Error("another plan is made of it")
	}
}
