package expression

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// New is an expression with what it refers to.
func New(e hclsyntax.Expression) *Expr {
	return &Expr{Expression: e, Refs: RefsOf(e)}
}

// NewText is the expression of a text (title, explain, remedy …). What it
// interpolates is wrapped, so that a null, an unknown or a sensitive value has
// words of its own in it and one part that breaks spares the others.
func NewText(e hclsyntax.Expression) *Expr {
	x := New(e)
	wrapText(e)
	return x
}

// Value evaluates the expression, for at most [MaxSteps]. A panic of the
// evaluator or of a function becomes an error with the expression's place: rules
// are written by anybody, and one that breaks must not take the run with it.
func (e *Expr) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	return e.ValueWithin(ctx, NewBudget(guard.MaxSteps))
}

// ValueWithin is Value with a budget that several expressions share; nil bounds
// nothing.
func (e *Expr) ValueWithin(ctx *hcl.EvalContext, b *Budget) (v cty.Value, diags hcl.Diagnostics) {
	if t, ok := e.Expression.(*hclsyntax.TemplateExpr); ok && t.IsStringLiteral() {
		return t.Parts[0].Value(ctx) // most strings; the template itself would copy it
	}
	m := b.take(e)
	if m == nil {
		return guard.Evaluate(e.Expression, ctx)
	}
	v, diags = guard.Evaluate(m.Expression, ctx)
	if e.giveBack(m); b.over != nil {
		return cty.DynamicVal, hcl.Diagnostics{b.over}
	}
	return v, diags
}

// Text evaluates the expression of a text. A null reads "none", an unknown
// "not observed", a sensitive value "(sensitive)". The text is usable whatever
// the diagnostics say: they are warnings about parts that broke, which read
// "not available".
func (e *Expr) Text(ctx *hcl.EvalContext) (string, hcl.Diagnostics) {
	return e.TextWithin(ctx, NewBudget(guard.MaxSteps))
}

// TextWithin is Text with a budget that several expressions share.
func (e *Expr) TextWithin(ctx *hcl.EvalContext, b *Budget) (string, hcl.Diagnostics) {
	v, diags := e.ValueWithin(ctx, b)
	if diags.HasErrors() {
		return textBroken, asWarnings(diags)
	}
	return terminal.Value(v), diags
}

func asWarnings(diags hcl.Diagnostics) hcl.Diagnostics {
	out := make(hcl.Diagnostics, len(diags))
	for i, d := range diags {
		w := *d
		w.Severity = hcl.DiagWarning
		out[i] = &w
	}
	return out
}

// An Expr is an expression and what it refers to. It is nil where the
// attribute was left out.
type Expr struct {
	hclsyntax.Expression
	Refs []Ref // in source order, without duplicates

	metered meterSlot
}
