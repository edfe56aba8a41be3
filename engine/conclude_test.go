package engine_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// seenKind observes one thing.
var seenKind = &language.Kind{Name: "seen", TargetOptional: true, Result: []language.Attribute{{Name: "n", Type: cty.Number}}}

const pairRules = `
check "a" {
  probe "seen" {}
  pass    = result.n == 1
  explain = "no"
  cause "two" {
    when    = result.n == 2
    explain = "two"
  }
  cause "three" {
    when    = result.n == 3
    explain = "three"
  }
}
check "each" {
  for_each = toset(["x", "y"])
  probe "seen" {}
  pass    = result.n == 1
  explain = "no"
}
`

// looked is check.a as a vantage saw it.
func looked(status engine.Status, cause string, n int64) *engine.CheckReport {
	c := &engine.CheckReport{Address: "check.a", Status: status, Cause: cause}
	if n > 0 {
		c.Result = cty.ObjectVal(map[string]cty.Value{"n": cty.NumberIntVal(n)})
	}
	return c
}

func TestConclude(t *testing.T) {
	lost := looked(engine.Error, "", 0)
	cutOff := looked(engine.Error, "", 0)
	cutOff.Interrupted = true
	for name, tc := range map[string]struct {
		when string
		far  *engine.VantageReport // nil: the site lacks it
		want []engine.Evidence     // nil: not held
	}{
		"holds": {
			when: `vantage.near.check.a.passed && vantage.far.check.a.status == "fail"`,
			far:  &engine.VantageReport{Checks: []*engine.CheckReport{looked(engine.Fail, "", 5)}},
			want: []engine.Evidence{{Ref: "vantage.near.check.a.passed", Value: cty.True}, {Ref: "vantage.far.check.a.status", Value: cty.StringVal("fail")}},
		},
		"a vantage that the site lacks is unknown": {when: `!vantage.far.check.a.passed`},
		"false beside unknown stays false":         {when: `vantage.near.check.a.status == "fail" && vantage.far.check.a.passed`},
		"true beside unknown stays true": {
			when: `vantage.near.check.a.passed || vantage.far.check.a.passed`,
			want: []engine.Evidence{{Ref: "vantage.near.check.a.passed", Value: cty.True}},
		},
		"a vantage that was not reached is unknown": {
			when: `!vantage.far.check.a.passed`,
			far:  &engine.VantageReport{Reason: "refused"},
		},
		"what a lost vantage left open is unknown": {
			when: `!vantage.far.check.a.passed`,
			far:  &engine.VantageReport{Reason: "killed", Checks: []*engine.CheckReport{lost}},
		},
		"what a lost vantage had found stands": {
			when: `vantage.far.check.a.status == "fail"`,
			far:  &engine.VantageReport{Reason: "killed", Checks: []*engine.CheckReport{looked(engine.Fail, "", 5)}},
			want: []engine.Evidence{{Ref: "vantage.far.check.a.status", Value: cty.StringVal("fail")}},
		},
		"what was interrupted is unknown": {
			when: `!vantage.far.check.a.passed`,
			far:  &engine.VantageReport{Checks: []*engine.CheckReport{cutOff}},
		},
		"what was skipped is unknown": {
			when: `!vantage.far.check.a.passed`,
			far:  &engine.VantageReport{Checks: []*engine.CheckReport{looked(engine.Skipped, "", 0)}},
		},
		"cause": {
			when: `contains(["two", "three"], vantage.far.check.a.cause) && vantage.far.check.a.result.n == 2`,
			far:  &engine.VantageReport{Checks: []*engine.CheckReport{looked(engine.Fail, "two", 2)}},
			want: []engine.Evidence{{Ref: "vantage.far.check.a.cause", Value: cty.StringVal("two")}, {Ref: "vantage.far.check.a.result.n", Value: cty.NumberIntVal(2)}},
		},
		"no cause": {
			when: `vantage.far.check.a.cause == null && vantage.far.check.a.cause != "two"`,
			far:  &engine.VantageReport{Checks: []*engine.CheckReport{looked(engine.Fail, "", 5)}},
			want: []engine.Evidence{{Ref: "vantage.far.check.a.cause", Value: cty.NullVal(cty.String)}},
		},
		"instances": {
			when: `alltrue([for c in vantage.far.check.each : c.status == "fail"]) && vantage.far.check.each["x"].status == "fail"`,
			far: &engine.VantageReport{Checks: []*engine.CheckReport{
				{Address: `check.each["x"]`, Status: engine.Fail}, {Address: `check.each["y"]`, Status: engine.Fail},
			}},
			want: []engine.Evidence{
				{Ref: "vantage.far.check.each", Value: cty.ObjectVal(map[string]cty.Value{"x": cty.StringVal("fail"), "y": cty.StringVal("fail")})},
				{Ref: `vantage.far.check.each["x"].status`, Value: cty.StringVal("fail")},
			},
		},
		"instances of a vantage that was not reached": {
			when: `alltrue([for c in vantage.far.check.each : c.status == "fail"])`,
			far:  &engine.VantageReport{Reason: "refused"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			site := &engine.SiteReport{Name: "pair", Vantages: []*engine.VantageReport{
				{Name: "near", Checks: []*engine.CheckReport{looked(engine.Pass, "", 1)}},
			}}
			if tc.far != nil {
				tc.far.Name = "far"
				site.Vantages = append(site.Vantages, tc.far)
			}
			rb := loadPair(t, `conclusion "c" {
  when    = `+tc.when+`
  explain = "${site.name}: ${vantage.far.check.a.result.n}"
}`)
			held, diags := engine.Conclude(rb, site)
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			var got []engine.Evidence
			for _, c := range held {
				got = c.Evidence
			}
			if diff := cmp.Diff(tc.want, got, cmp.Comparer(func(a, b cty.Value) bool { return a.RawEquals(b) })); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestConcludeBroken(t *testing.T) {
	rb := loadPair(t, `conclusion "c" {
  when    = vantage.near.check.each["y"].passed
  explain = "x"
}`)
	site := &engine.SiteReport{Name: "pair", Vantages: []*engine.VantageReport{
		{Name: "near", Checks: []*engine.CheckReport{{Address: `check.each["x"]`, Status: engine.Fail}}},
	}}
	held, diags := engine.Conclude(rb, site)
	if len(held) > 0 || len(diags) != 1 || diags.HasErrors() || diags[0].Summary != "Conclusion not drawn" {
		t.Errorf("got %v, %v", held, diags)
	}
}

func loadPair(t *testing.T, conclusion string) *rules.Runbook {
	t.Helper()
	rb, diags := rules.Load([]*language.Kind{seenKind}, rules.Overlay{Name: "pair", FS: fstest.MapFS{
		"a.hcl": {Data: []byte(pairRules)},
		"b.hcl": {Data: []byte(conclusion)},
	}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return rb
}

func TestConclusionsNameRealCauses(t *testing.T) {
	for _, when := range []string{
		`vantage.near.check.a.cause == "tow"`,
		`"tow" != vantage.near.check.a.cause`,
		`contains(["two", "tow"], vantage.near.check.a.cause)`,
		`vantage.near.check.each["x"].cause == "tow"`,
	} {
		_, diags := rules.Load([]*language.Kind{seenKind}, rules.Overlay{Name: "pair", FS: fstest.MapFS{
			"a.hcl": {Data: []byte(pairRules)},
			"b.hcl": {Data: []byte("conclusion \"c\" {\n  when = " + when + "\n  explain = \"x\"\n}")},
		}})
		if len(diags) != 1 || diags[0].Summary != "Unknown cause" {
			t.Errorf("%s: %v", when, diags)
		}
	}
}
