package expression

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A HoleKind says what stands where a text was to show a value. The zero value
// is invalid.
type HoleKind string

const (
	HoleNull    HoleKind = "null"    // reads "none"
	HoleUnknown HoleKind = "unknown" // reads "not observed"
	HoleBroken  HoleKind = "broken"  // reads "not available"
	HoleEmpty   HoleKind = "empty"   // an empty list, which reads "none", or an empty string
)

// A Hole is a part of a rendered text that has no value to show.
type Hole struct {
	Kind  HoleKind
	Range hcl.Range // of the part, as it is written
}

// Holes lists the parts of a text that have no value to show in ctx, where Text
// writes "none", "not observed" or "not available", in the order of the text.
// Only what the text shows is looked at: the branch that a condition chooses,
// each element that a loop puts together. So a text that says in words of its
// own what is missing, behind a condition or with try or coalesce, has no hole.
func (e *Expr) Holes(ctx *hcl.EvalContext) []Hole {
	return e.HolesWithin(ctx, NewBudget(guard.MaxSteps))
}

// HolesWithin is Holes with a budget that several expressions share.
func (e *Expr) HolesWithin(ctx *hcl.EvalContext, b *Budget) []Hole {
	var w holeWalk
	if m := b.take(e); m != nil {
		w.visit(m.Expression, ctx)
		e.giveBack(m)
	} else {
		w.visit(e.Expression, ctx)
	}
	return w.found
}

// A holeWalk goes through the parts of a text that wrapText wraps.
type holeWalk struct{ found []Hole }

func (w *holeWalk) visit(e hclsyntax.Expression, ctx *hcl.EvalContext) {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr: // as the author wrote it
	case *hclsyntax.TemplateExpr:
		for _, part := range e.Parts {
			w.visit(part, ctx)
		}
	case *TextPart:
		w.visit(e.Expression, ctx)
	case *meteredPart:
		w.visit(e.Expression, ctx)
	case *boundedNumber:
		w.value(e, ctx)
	case *hclsyntax.TemplateWrapExpr:
		w.visit(e.Wrapped, ctx)
	case *hclsyntax.ParenthesesExpr:
		w.visit(e.Expression, ctx)
	case *hclsyntax.ConditionalExpr:
		w.branch(e, ctx)
	case *hclsyntax.TemplateJoinExpr:
		w.elements(e, e.Tuple, ctx)
	case *hclsyntax.FunctionCallExpr:
		if e.Name == "join" && len(e.Args) == 2 && !e.ExpandFinal {
			w.elements(e, e.Args[1], ctx)
			return
		}
		w.value(e, ctx)
	default:
		w.value(e, ctx)
	}
}

// branch goes into the branch that is shown.
func (w *holeWalk) branch(e *hclsyntax.ConditionalExpr, ctx *hcl.EvalContext) {
	chosen, diags := guard.Evaluate(e.Condition, ctx)
	chosen, _ = chosen.Unmark()
	switch {
	case diags.HasErrors() || chosen.IsNull() || !chosen.IsKnown() || chosen.Type() != cty.Bool:
		w.value(e, ctx)
	case chosen.True():
		w.visit(e.TrueResult, ctx)
	default:
		w.visit(e.FalseResult, ctx)
	}
}

// elements goes into the elements of a list that joined puts together. The loop
// of a template may have none, which shows nothing; of a join that is a hole.
func (w *holeWalk) elements(joined, list hclsyntax.Expression, ctx *hcl.EvalContext) {
	before := len(w.found)
	switch list := unmetered(list).(type) {
	case *hclsyntax.TupleConsExpr:
		for _, el := range list.Exprs {
			w.visit(el, ctx)
		}
	case *hclsyntax.ForExpr:
		w.loop(list, ctx)
	}
	if _, template := joined.(*hclsyntax.TemplateJoinExpr); len(w.found) > before || template && w.known(list, ctx) {
		return
	}
	w.value(joined, ctx)
}

func (w *holeWalk) known(e hclsyntax.Expression, ctx *hcl.EvalContext) bool {
	v, diags := guard.Evaluate(e, ctx)
	return !diags.HasErrors() && v.IsKnown()
}

// loop goes into the body of a for for each element.
func (w *holeWalk) loop(e *hclsyntax.ForExpr, ctx *hcl.EvalContext) {
	all, diags := guard.Evaluate(e.CollExpr, ctx)
	all, _ = all.Unmark()
	if diags.HasErrors() || all.IsNull() || !all.IsKnown() || !all.CanIterateElements() {
		return // the value of the whole says so
	}
	for it := all.ElementIterator(); it.Next(); {
		key, value := it.Element()
		one := ctx.NewChild()
		one.Variables = map[string]cty.Value{e.ValVar: value}
		if e.KeyVar != "" {
			one.Variables[e.KeyVar] = key
		}
		if e.CondExpr != nil {
			keep, diags := guard.Evaluate(e.CondExpr, one)
			keep, _ = keep.Unmark()
			if diags.HasErrors() || keep.IsNull() || !keep.IsKnown() || keep.Type() != cty.Bool || keep.False() {
				continue
			}
		}
		w.visit(e.ValExpr, one)
	}
}

// value is a part that is shown as it comes out.
func (w *holeWalk) value(e hclsyntax.Expression, ctx *hcl.EvalContext) {
	v, diags := guard.Evaluate(e, ctx)
	kind := HoleBroken
	if !diags.HasErrors() {
		kind = holeIn(v, true)
	}
	if kind != "" {
		w.found = append(w.found, Hole{kind, e.Range()})
	}
}

// holeIn finds what is missing in a value as terminal.Value writes it; "" for
// nothing.
func holeIn(v cty.Value, top bool) HoleKind {
	if v.HasMark(language.Sensitive) {
		return ""
	}
	v, _ = v.Unmark()
	switch {
	case v == cty.NilVal || !v.IsKnown():
		return HoleUnknown
	case v.IsNull():
		return HoleNull
	case v.Type() == cty.String && top && v.AsString() == "":
		return HoleEmpty
	case !v.CanIterateElements():
		return ""
	case v.LengthInt() == 0 && top:
		return HoleEmpty
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, el := it.Element(); holeIn(el, false) != "" {
			return holeIn(el, false)
		}
	}
	return ""
}
