package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// askKind is a kind whose probes answer what the test's script says.
var askKind = &language.Kind{
	Name: "ask",
	Doc:  "Asks the test.",
	Args: []language.Attribute{
		{Name: "count", Type: cty.Number, Default: cty.NumberIntVal(3), Domain: language.Judged(func(v cty.Value) error {
			if v.LessThan(cty.NumberIntVal(1)).True() {
				return errors.New("must be from 1")
			}
			return nil
		})},
		{Name: "words", Type: cty.List(cty.String)},
		{Name: "secret", Type: cty.String},
	},
	Result: []language.Attribute{
		{Name: "ok", Type: cty.Bool, NeverNull: true},
		{Name: "number", Type: cty.Number},
		{Name: "text", Type: cty.String},
		{Name: "list", Type: cty.List(cty.String)},
		{Name: "icmp", Attrs: []language.Attribute{{Name: "code", Type: cty.Number}}},
	},
}

// hereKind has a meaning without a target.
var hereKind = &language.Kind{
	Name: "here", Doc: "Asks the test about here.", TargetOptional: true,
	Result: []language.Attribute{{Name: "found", Type: cty.Bool, NeverNull: true}, {Name: "via", Type: cty.String}},
}

// execKind runs commands.
var execKind = &language.Kind{
	Name: "exec", Doc: "Runs nothing.", NeedsExec: true, TargetOptional: true,
	Result: []language.Attribute{{Name: "code", Type: cty.Number, NeverNull: true}},
}

// fileKind reads the file that its target names.
var fileKind = &language.Kind{
	Name: "file", Doc: "Reads nothing.", ReadsFile: true,
	Result: []language.Attribute{{Name: "found", Type: cty.Bool, NeverNull: true}},
}

var kinds = []*language.Kind{askKind, execKind, fileKind, hereKind}

// load loads one check file that must be right.
func load(t testing.TB, src string) *rules.Runbook {
	t.Helper()
	rb, diags := rules.Load(kinds, rules.Overlay{Name: "t", FS: fstest.MapFS{"t.hcl": {Data: []byte(src)}}})
	noDiags(t, diags)
	return rb
}

func noDiags(t testing.TB, diags hcl.Diagnostics) {
	t.Helper()
	if len(diags) > 0 {
		t.Fatal(diagsText(diags))
	}
}

func diagsText(diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		at := ""
		if d.Subject != nil {
			at = fmt.Sprintf("%s:%d: ", d.Subject.Filename, d.Subject.Start.Line)
		}
		fmt.Fprintf(&b, "%s%s: %s\n", at, d.Summary, d.Detail)
	}
	return b.String()
}

func plan(t testing.TB, src string, s engine.Settings) *engine.Plan {
	t.Helper()
	p, diags := engine.NewPlan(load(t, src), s)
	noDiags(t, diags)
	return p
}

// script is what the probes of a test do, by target. A target that is not in
// it answers ok at once.
type script map[string]func(ctx context.Context, q engine.Query) (cty.Value, error)

// A result of askKind, attribute by attribute; what is left out is unknown.
type attrs map[string]cty.Value

func (a attrs) value(k *language.Kind) cty.Value {
	all := k.UnknownResult().AsValueMap()
	for name, v := range a {
		if _, ok := all[name]; !ok {
			panic("no attribute " + name)
		}
		all[name] = v
	}
	return cty.ObjectVal(all)
}

func answers(a attrs) func(context.Context, engine.Query) (cty.Value, error) {
	return func(context.Context, engine.Query) (cty.Value, error) { return a.value(askKind), nil }
}

// after answers after a time, or what it knows when it is cut off.
func after(d time.Duration, a, cut attrs) func(context.Context, engine.Query) (cty.Value, error) {
	return func(ctx context.Context, _ engine.Query) (cty.Value, error) {
		select {
		case <-time.After(d):
			return a.value(askKind), nil
		case <-ctx.Done():
			return cut.value(askKind), nil
		}
	}
}

var (
	yes = answers(attrs{"ok": cty.True})
	no  = answers(attrs{"ok": cty.False})
)

func (s script) options() engine.Options {
	observe := func(k *language.Kind, otherwise attrs) *engine.Probe {
		return &engine.Probe{Kind: k, Observe: func(ctx context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
			if f := s[q.Target]; f != nil {
				return f(ctx, q)
			}
			return otherwise.value(k), nil
		}}
	}
	return engine.Options{Probes: []*engine.Probe{
		observe(askKind, attrs{"ok": cty.True}),
		observe(execKind, attrs{"code": cty.Zero}),
		observe(fileKind, attrs{"found": cty.True}),
		observe(hereKind, attrs{"found": cty.True, "via": cty.StringVal("10.0.0.1")}),
	}}
}

// run runs src in a bubble, where time passes at once.
func run(t *testing.T, src string, s engine.Settings, sc script) (v *engine.VantageReport) {
	t.Helper()
	p := plan(t, src, s)
	synctest.Test(t, func(t *testing.T) {
		rep := p.Run(t.Context(), sc.options())
		v = rep.Sites[0].Vantages[0]
	})
	return v
}

// lines says of each check how it came out.
func lines(v *engine.VantageReport) []string {
	var out []string
	for _, c := range v.Checks {
		line := strings.TrimPrefix(c.Address, "check.") + " " + string(c.Status)
		for _, part := range []struct{ name, text string }{
			{"cause", c.Cause}, {"explain", c.Explain}, {"remedy", c.Remedy},
			{"by", strings.Join(c.BlockedBy, ",")}, {"blocks", strings.Join(c.Blocks, ",")}, {"reason", c.Reason},
		} {
			if part.text != "" {
				line += " " + part.name + "=" + part.text
			}
		}
		out = append(out, line)
	}
	return out
}

func expect(t *testing.T, v *engine.VantageReport, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, lines(v)); diff != "" {
		t.Error(diff)
	}
}

func TestStatuses(t *testing.T) {
	const src = `
variable "host" {
  type    = string
  default = null
}
check "passes" {
  target = "a"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "fails" {
  target     = "bad"
  depends_on = [check.passes]
  probe "ask" {}
  pass    = result.ok
  explain = "${target} said no"
  remedy  = "ask again"
}
check "blocked" {
  target     = "c"
  depends_on = [check.fails]
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "blocked_too" {
  target     = "c"
  depends_on = [check.blocked]
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "warns" {
  target = "d"
  probe "ask" {}
  pass    = result.ok
  warn    = !result.ok || result.ok
  explain = "look"
}
check "skipped" {
  target = var.host
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "not_for_us" {
  target = "e"
  when   = var.host != null
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "unknown" {
  target = "f"
  probe "ask" {}
  pass    = result.text == "x"
  explain = "no"
}
`
	expect(t, run(t, src, engine.Settings{}, script{"bad": no}),
		"passes pass",
		"fails fail explain=bad said no remedy=ask again blocks=check.blocked,check.blocked_too",
		"blocked blocked by=check.fails",
		"blocked_too blocked by=check.fails",
		"warns warn explain=look",
		"skipped skipped reason=no value for the variable host",
		`not_for_us skipped reason=does not apply: "when" is false`,
		"unknown error reason=not observed: result.text",
	)
}
