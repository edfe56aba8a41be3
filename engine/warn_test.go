package engine_test

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// The second look is asked for only where the first gave reason to.
const secondLook = `
fact "again" {
  target = check.one.result.number < 3 ? "again" : null
  probe "ask" {}
}
check "one" {
  target = "one"
  probe "ask" {}
  pass    = result.ok
  warn    = fact.again.number < 18
  explain = "no"
  cause "lossy" {
    when     = fact.again.number < 18
    severity = result.ok && fact.again.number > 1 ? "warn" : "fail"
    explain  = "only ${fact.again.number}"
  }
}
check "two" {
  target     = "two"
  depends_on = [check.one]
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`

func TestFactsOfWarnMayDependOnTheResult(t *testing.T) {
	number := func(ok bool, n int64) attrs { return attrs{"ok": cty.BoolVal(ok), "number": cty.NumberIntVal(n)} }
	for _, test := range []struct {
		name  string
		sc    script
		want  []string
		asked map[string]int
	}{
		{"no reason to look again", script{"one": answers(number(true, 3))},
			[]string{"check.one pass", "check.two pass"}, map[string]int{"one": 1, "two": 1}},
		{"looked again, all well", script{"one": answers(number(true, 2)), "again": answers(number(true, 20))},
			[]string{"check.one pass", "check.two pass"}, map[string]int{"one": 1, "again": 1, "two": 1}},
		{"looked again, confirmed", script{"one": answers(number(true, 2)), "again": answers(number(true, 9))},
			[]string{"check.one warn lossy", "check.two pass"}, map[string]int{"one": 1, "again": 1, "two": 1}},
		{"failed, and the same cause is a failure", script{"one": answers(number(false, 2)), "again": answers(number(true, 9))},
			[]string{"check.one fail lossy", "check.two blocked"}, map[string]int{"one": 1, "again": 1}},
		{"passed, and the second look makes a failure of it", script{"one": answers(number(true, 2)), "again": answers(number(true, 1))},
			[]string{"check.one fail lossy", "check.two blocked"}, map[string]int{"one": 1, "again": 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			sc, asked := counting(test.sc, "one", "again", "two")
			v := run(t, secondLook, engine.Settings{}, sc)
			var got []string
			for _, c := range v.Checks {
				line := c.Address + " " + string(c.Status)
				if c.Cause != "" {
					line += " " + c.Cause
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.asked, maps.Clone(asked())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWithoutATargetACheckIsSkippedAndNotBlocked(t *testing.T) {
	v := run(t, `
variable "host" {
  type    = string
  default = null
}
check "one" {
  target = "one"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "two" {
  target     = var.host
  depends_on = [check.one]
  when       = check.one.result.ok
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`, engine.Settings{}, script{"one": no})
	two := v.Checks[1]
	if two.Status != engine.Skipped || two.Reason != "no value for the variable host" {
		t.Errorf("%s: %s (%s)", two.Address, two.Status, two.Reason)
	}
}

func TestFactTimeout(t *testing.T) {
	slow := after(10*time.Second, attrs{"ok": cty.True}, attrs{"number": cty.NumberIntVal(1)})
	v := run(t, `
fact "slow" {
  target  = "slow"
  timeout = "3s"
  probe "ask" {}
}
check "one" {
  target = "one"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
  cause "known" {
    when    = !result.ok && fact.slow.number == 1 && fact.slow.ok
    explain = "known"
  }
  cause "cut" {
    when    = !result.ok && fact.slow.number == 1
    explain = "ok is ${fact.slow.ok}"
  }
}
`, engine.Settings{}, script{"one": no, "slow": slow})
	c, f := v.Checks[0], v.Facts[0]
	if c.Cause != "cut" || c.Explain != "ok is not observed" {
		t.Errorf("%s: %s %q", c.Address, c.Cause, c.Explain)
	}
	if f.Elapsed != 3*time.Second || f.Problem != "timed out after 3s" {
		t.Errorf("%s took %s: %q", f.Address, f.Elapsed, f.Problem)
	}
}

// What breaks without the facts need not break with them.
func TestAWarnThatBreaksStillGetsItsFacts(t *testing.T) {
	const src = `
fact "f" {
  target = "f"
  probe "ask" {}
}
check "one" {
  target = "one"
  probe "ask" {}
  pass    = result.ok
  warn    = result.list[0] == "x" || fact.f.ok
  explain = "look"
}
`
	empty := answers(attrs{"ok": cty.True, "list": cty.ListValEmpty(cty.String)})
	expect(t, run(t, src, engine.Settings{}, script{"one": empty}), "one warn explain=look")
	v := run(t, src, engine.Settings{}, script{"one": empty, "f": no})
	if c := v.Checks[0]; c.Status != engine.Error || len(v.Facts) != 1 {
		t.Errorf("%s, %q, %d facts", c.Status, c.Reason, len(v.Facts))
	}
}
