package engine_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// counting wraps a script so that it is known how often each target was asked.
func counting(sc script, targets ...string) (script, func() map[string]int) {
	var mu sync.Mutex
	asked := map[string]int{}
	counted := script{}
	for _, target := range slices.Concat(slices.Collect(maps.Keys(sc)), targets) {
		f := sc[target]
		if f == nil {
			f = yes
		}
		counted[target] = func(ctx context.Context, q engine.Query) (cty.Value, error) {
			mu.Lock()
			asked[target]++
			mu.Unlock()
			return f(ctx, q)
		}
	}
	return counted, func() map[string]int {
		mu.Lock()
		defer mu.Unlock()
		return maps.Clone(asked)
	}
}

const ladderOfFacts = `
fact "for_pass" {
  target = "fact-pass"
  probe "ask" {}
}
fact "for_cause" {
  target = "fact-cause"
  probe "ask" {}
}
fact "for_explain" {
  target = "fact-explain"
  probe "ask" {}
}
fact "behind" {
  target = fact.for_cause.ok ? "fact-behind" : "nowhere"
  probe "ask" {}
}
check "gate" {
  target = "gate"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "one" {
  target     = "one"
  depends_on = [check.gate]
  probe "ask" {}
  pass    = result.ok && fact.for_pass.ok
  explain = "no: ${fact.for_explain.ok}"
  cause "c" {
    when    = !result.ok && fact.behind.ok && result.number != 7
    explain = "because of c"
  }
}
`

func TestFactsAreGatheredOnlyWhenNeeded(t *testing.T) {
	all := []string{"gate", "one", "fact-pass", "fact-cause", "fact-explain", "fact-behind", "nowhere"}
	for _, test := range []struct {
		name string
		sc   script
		want map[string]int
	}{
		{"all well", nil, map[string]int{"gate": 1, "one": 1, "fact-pass": 1}},
		{"gate closed", script{"gate": no}, map[string]int{"gate": 1}},
		{"cause decided without facts", script{"one": answers(attrs{"ok": cty.False, "number": cty.NumberIntVal(7)})},
			map[string]int{"gate": 1, "one": 1, "fact-pass": 1, "fact-explain": 1}},
		{"cause needs its facts", script{"one": no},
			map[string]int{"gate": 1, "one": 1, "fact-pass": 1, "fact-cause": 1, "fact-behind": 1, "fact-explain": 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			sc, asked := counting(test.sc, all...)
			v := run(t, ladderOfFacts, engine.Settings{}, sc)
			if diff := cmp.Diff(test.want, asked()); diff != "" {
				t.Error(diff)
			}
			facts := 0
			for name, n := range test.want {
				if name != "gate" && name != "one" {
					facts += n
				}
			}
			if len(v.Facts) != facts {
				t.Errorf("%d facts in the report, want %d", len(v.Facts), facts)
			}
		})
	}
}

func TestFactsOfADiagnosisAreGatheredSideBySide(t *testing.T) {
	slow := after(3*time.Second, attrs{"ok": cty.True}, nil)
	sc := script{"one": no, "a": slow, "b": slow, "c": slow}
	v := run(t, `
fact "a" {
  target = "a"
  probe "ask" {}
}
fact "b" {
  target = "b"
  probe "ask" {}
}
fact "c" {
  target = "c"
  probe "ask" {}
}
check "one" {
  target = "one"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
  cause "x" {
    when    = !result.ok && !fact.a.ok
    explain = "x"
  }
  cause "y" {
    when    = !result.ok && fact.b.ok
    explain = "y ${fact.c.ok}"
  }
}
`, engine.Settings{}, sc)
	expect(t, v, "one fail cause=y explain=y true")
	if v.Elapsed != 3*time.Second {
		t.Errorf("took %s", v.Elapsed)
	}
}

func TestAFactIsGatheredOnceForAll(t *testing.T) {
	src := "fact \"f\" {\n  target = \"f\"\n  probe \"ask\" {}\n}\n"
	for i := range 20 {
		src += fmt.Sprintf("check \"c%d\" {\n target = \"c\"\n probe \"ask\" {}\n pass = result.ok && fact.f.ok\n explain = \"no\"\n}\n", i)
	}
	sc, asked := counting(nil, "f")
	run(t, src, engine.Settings{}, sc)
	if asked()["f"] != 1 {
		t.Errorf("asked %d times", asked()["f"])
	}
}

// A fact that a diagnosis needs may refer to what that very check observed.
func TestAFactMayReadTheCheckThatItExplains(t *testing.T) {
	sc := script{"one": answers(attrs{"ok": cty.False, "text": cty.StringVal("there")}), "there": yes}
	v := run(t, `
fact "f" {
  target = check.one.result.text
  probe "ask" {}
}
check "one" {
  target = "one"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
  cause "x" {
    when    = !result.ok && fact.f.ok
    explain = "${result.text} is there"
  }
}
`, engine.Settings{}, sc)
	expect(t, v, "one fail cause=x explain=there is there")
}

func TestWhatWasNotObservedAccusesNobody(t *testing.T) {
	sc := script{"one": no, "f": func(context.Context, engine.Query) (cty.Value, error) {
		return cty.NilVal, fmt.Errorf("open socket: permission denied")
	}}
	v := run(t, `
fact "f" {
  target = "f"
  probe "ask" {}
}
check "one" {
  target = "one"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
  cause "unknown" {
    when    = !result.ok && fact.f.ok
    explain = "f says ${fact.f.text}"
  }
  cause "false_anyway" {
    when    = result.ok && fact.f.ok
    explain = "never"
  }
  cause "broken" {
    when    = !result.ok && element([for i in [] : true], result.ok ? 1 : 0)
    explain = "never"
  }
  cause "true_anyway" {
    when    = !result.ok || fact.f.ok
    explain = "known without it"
  }
  cause "behind" {
    when    = !result.ok
    explain = "never"
  }
}
`, engine.Settings{}, sc)
	expect(t, v, "one fail cause=true_anyway explain=known without it")
	c := v.Checks[0]
	want := []engine.Doubt{
		{Cause: "unknown", Missing: []string{"fact.f.ok"}},
		{Cause: "broken", Explain: "never", Problem: "…"},
	}
	for i := range c.NotRuledOut {
		if c.NotRuledOut[i].Problem != "" {
			c.NotRuledOut[i].Problem = "…"
		}
		if len(c.NotRuledOut[i].Missing) == 0 {
			c.NotRuledOut[i].Missing = nil
		}
	}
	if diff := cmp.Diff(want, c.NotRuledOut); diff != "" {
		t.Error(diff)
	}
	if got := v.Facts[0].Problem; got != "open socket: permission denied" {
		t.Errorf("problem of the fact: %q", got)
	}
	var outcomes []string
	for _, e := range c.Evaluations {
		outcomes = append(outcomes, e.Name+" "+e.Outcome)
	}
	if diff := cmp.Diff([]string{"pass false", "unknown unknown", "false_anyway false", "broken error", "true_anyway true", "behind true"}, outcomes); diff != "" {
		t.Error(diff)
	}
}

func TestFactWithoutTarget(t *testing.T) {
	const src = `
variable "server" {
  type    = string
  default = null
}
locals {
  name = var.server
}
fact "f" {
  target = local.name
  probe "ask" {}
}
fact "route" {
  target = local.name
  probe "here" {}
}
fact "default_route" {
  probe "here" {}
}
check "by_fact" {
  target = fact.f.text
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "by_optional_fact" {
  target = fact.route.via
  probe "ask" {}
  pass    = result.ok && fact.route.found && fact.default_route.found
  explain = "no"
}
check "either" {
  target = try(coalesce(var.server, fact.route.via), null)
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`
	sc, asked := counting(nil, "10.0.0.1")
	expect(t, run(t, src, engine.Settings{}, sc),
		"by_fact skipped reason=no value for the variable server",
		"by_optional_fact pass",
		"either pass",
	)
	if asked()["10.0.0.1"] != 2 {
		t.Error("the default route's gateway was not asked", asked())
	}
}
