package engine_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// TestHolesOfReport holds that a report tells its author which of its texts
// have nothing to show.
func TestHolesOfReport(t *testing.T) {
	const src = `
variable "name" {
  type    = string
  default = null
}
check "one" {
  title  = "Ask ${var.name}"
  target = "a"
  probe "ask" {}
  pass    = result.ok
  explain = "never"
  remedy  = "Ask ${var.name == null ? "somebody" : var.name}, or ${var.name}."
  cause "found" {
    when    = !result.ok
    explain = "It says ${result.text}."
  }
}
conclusion "all" {
  when    = !vantage.local.check.one.passed
  explain = "It says ${vantage.local.check.one.result.text}, and there ${vantage.other.check.one.result.number}."
}
`
	sc := script{"a": answers(attrs{"ok": cty.False, "text": cty.NullVal(cty.String)})}
	p := plan(t, src, engine.Settings{})
	r := p.Run(context.Background(), sc.options())
	if diff := cmp.Diff([]expression.HoleKind{expression.HoleNull, expression.HoleNull, expression.HoleNull}, holeKinds(r.Sites[0].Vantages[0].Checks[0].Holes)); diff != "" {
		t.Error(diff)
	}
	held, diags := engine.Conclude(load(t, src), r.Sites[0])
	noDiags(t, diags)
	if diff := cmp.Diff([]expression.HoleKind{expression.HoleNull, expression.HoleUnknown}, holeKinds(held[0].Holes)); diff != "" {
		t.Error(diff)
	}
}

func holeKinds(holes []expression.Hole) []expression.HoleKind {
	var kinds []expression.HoleKind
	for _, h := range holes {
		kinds = append(kinds, h.Kind)
	}
	return kinds
}
