package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

const skipRules = `
variable "host" {
  type    = string
  default = null
}
variable "log" {
  type    = string
  default = null
}
fact "here" {
  probe "here" {}
}
fact "ask" {
  target = var.host
  probe "ask" {}
}
check "named" {
  target = "named"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "valueless" {
  depends_on = [check.named]
  target     = var.host
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "valueless_fact" {
  target = fact.ask.text
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "optional" {
  target = var.log
  when   = var.log != null
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "elsewhere" {
  depends_on = [check.valueless]
  target     = "e"
  when       = var.host != null
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "calm" {
  target = "c"
  when   = !fact.here.found
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "behind" {
  target = check.valueless.result.text
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "command" {
  probe "exec" {}
  pass    = result.code == 0
  explain = "no"
}
check "bad" {
  depends_on = [check.elsewhere, check.command]
  target     = "bad"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`

// TestSkips holds that a report tells, as data, why a check was skipped and
// whether there would have been a target.
func TestSkips(t *testing.T) {
	for _, tc := range []struct {
		name string
		s    engine.Settings
		want string // of each check: its skip, and + where there is a target
	}{
		{"as it is", engine.Settings{},
			" no_value no_value not_applicable not_applicable+ circumstances+ upstream not_allowed+ "},
		{"filtered", engine.Settings{Only: []string{"bad"}, Skip: []string{"named"}},
			"filtered+ filtered filtered+ filtered filtered+ filtered+ filtered+ filtered+ "},
		{"waived", engine.Settings{AllowExec: true, Site: &rules.Site{Name: "s", Waivers: []*rules.Waiver{{Check: "named", Reason: "r"}, {Check: "valueless", Reason: "r"}}}},
			"waived+ waived no_value not_applicable not_applicable+ circumstances+ upstream  "},
	} {
		var got []string
		for _, c := range run(t, skipRules, tc.s, script{"bad": no}).Checks {
			skip := string(c.Skip)
			if skip != "" && !c.Untargeted {
				skip += "+"
			}
			got = append(got, skip)
		}
		if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
}

// TestUntried holds that a root cause names what was skipped before it, as far
// as a check that passed does not speak for it.
func TestUntried(t *testing.T) {
	for _, tc := range []struct {
		only []string
		want []string
	}{
		{nil, []string{"check.valueless", "check.command"}},
		{[]string{"bad"}, []string{"check.named", "check.valueless", "check.elsewhere", "check.command"}},
	} {
		v := run(t, skipRules, engine.Settings{Only: tc.only}, script{"bad": no})
		last := v.Checks[len(v.Checks)-1]
		if diff := cmp.Diff(tc.want, last.Untried); diff != "" {
			t.Errorf("--only %v: %s", tc.only, diff)
		}
	}
}

// TestTimedOut holds that a report says where a check's own time was up, also
// where what was observed by then was enough for a verdict, and which checks
// stand for nothing.
func TestTimedOut(t *testing.T) {
	const src = `
variable "hosts" {
  type    = set(string)
  default = []
}
check "slow" {
  target  = "slow"
  timeout = "2s"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "fast" {
  target = "fast"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "each" {
  for_each = var.hosts
  target   = each.key
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`
	v := run(t, src, engine.Settings{}, script{"slow": after(time.Minute, nil, attrs{"ok": cty.False})})
	if c := v.Checks[0]; c.Status != engine.Fail || c.TimedOut != 2*time.Second {
		t.Errorf("%s after %v", c.Status, c.TimedOut)
	}
	if c := v.Checks[1]; c.Status != engine.Pass || c.TimedOut != 0 {
		t.Errorf("%s after %v", c.Status, c.TimedOut)
	}
	if diff := cmp.Diff([]string{"check.each"}, v.Empty); diff != "" {
		t.Error(diff)
	}
}
