package offline

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// A conditionWalk goes through the conditions of an expression as evaluation
// does: left to right, and not into what has no say. Without values, in nil, it
// goes through all.
type conditionWalk struct {
	// at is called at each condition and returns how it came out, if that is
	// known.
	at func(e hclsyntax.Expression, in *hcl.EvalContext) (v cty.Value, known bool)
}

// start goes into a whole expression, which is a condition or not.
func (w *conditionWalk) start(e hclsyntax.Expression, in *hcl.EvalContext, condition bool) {
	if root := bare(e); condition && isLogic(root) {
		w.at(root, in)
	}
	w.visit(e, in, condition)
}

// bare is an expression without the parentheses around it.
func bare(e hclsyntax.Expression) hclsyntax.Expression {
	for {
		paren, ok := e.(*hclsyntax.ParenthesesExpr)
		if !ok {
			return e
		}
		e = paren.Expression
	}
}

// isLogic reports whether an expression is made of conditions that count by
// themselves.
func isLogic(e hclsyntax.Expression) bool {
	switch e := e.(type) {
	case *hclsyntax.BinaryOpExpr:
		return e.Op == hclsyntax.OpLogicalAnd || e.Op == hclsyntax.OpLogicalOr
	case *hclsyntax.UnaryOpExpr:
		return e.Op == hclsyntax.OpLogicalNot
	case *hclsyntax.ConditionalExpr:
		return true
	}
	return false
}

// visit goes into an expression, which is a condition itself or has some in it.
func (w *conditionWalk) visit(e hclsyntax.Expression, in *hcl.EvalContext, condition bool) (v cty.Value, known bool) {
	v, e = cty.DynamicVal, bare(e)
	if condition && !isLogic(e) || isComparison(e) {
		v, known = w.at(e, in)
	} else if condition && in != nil {
		v, known = truth(e, in)
	}
	switch e := e.(type) {
	case *hclsyntax.BinaryOpExpr:
		logic := isLogic(e)
		left, settled := w.visit(e.LHS, in, logic)
		if !logic || !settled || left.True() == (e.Op == hclsyntax.OpLogicalAnd) {
			w.visit(e.RHS, in, logic)
		}
	case *hclsyntax.UnaryOpExpr:
		w.visit(e.Val, in, e.Op == hclsyntax.OpLogicalNot)
	case *hclsyntax.ConditionalExpr:
		chosen, settled := w.visit(e.Condition, in, true)
		if in == nil || settled && chosen.True() {
			w.visit(e.TrueResult, in, condition)
		}
		if in == nil || settled && chosen.False() {
			w.visit(e.FalseResult, in, condition)
		}
	case *hclsyntax.ForExpr:
		w.loop(e, in)
	case *hclsyntax.SplatExpr:
		w.visit(e.Source, in, false)
	default:
		for _, child := range children(e) {
			w.visit(child, in, false)
		}
	}
	return v, known
}

func isComparison(e hclsyntax.Expression) bool {
	op, ok := e.(*hclsyntax.BinaryOpExpr)
	if !ok {
		return false
	}
	switch op.Op {
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual, hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual, hclsyntax.OpLessThan, hclsyntax.OpLessThanOrEqual:
		return true
	}
	return false
}

// loop goes through the body of a for for each element.
func (w *conditionWalk) loop(e *hclsyntax.ForExpr, in *hcl.EvalContext) {
	w.visit(e.CollExpr, in, false)
	body := func(in *hcl.EvalContext) {
		if e.CondExpr != nil {
			if v, known := w.visit(e.CondExpr, in, true); in != nil && (!known || v.False()) {
				return
			}
		}
		if e.KeyExpr != nil {
			w.visit(e.KeyExpr, in, false)
		}
		w.visit(e.ValExpr, in, false)
	}
	if in == nil {
		body(nil)
		return
	}
	all, diags := (&expression.Expr{Expression: e.CollExpr}).Value(in)
	all, _ = all.Unmark()
	if diags.HasErrors() || !all.IsKnown() || all.IsNull() || !all.CanIterateElements() {
		return
	}
	for it := all.ElementIterator(); it.Next(); {
		key, value := it.Element()
		one := in.NewChild()
		one.Variables = map[string]cty.Value{e.ValVar: value}
		if e.KeyVar != "" {
			one.Variables[e.KeyVar] = key
		}
		body(one)
	}
}

// children are the expressions right below one.
func children(e hclsyntax.Expression) []hclsyntax.Expression {
	var c childWalk
	_ = hclsyntax.Walk(e, &c)
	return c.found
}

type childWalk struct {
	depth int
	found []hclsyntax.Expression
}

func (c *childWalk) Enter(n hclsyntax.Node) hcl.Diagnostics {
	if e, ok := n.(hclsyntax.Expression); ok && c.depth == 1 {
		c.found = append(c.found, e)
	}
	c.depth++
	return nil
}

func (c *childWalk) Exit(hclsyntax.Node) hcl.Diagnostics {
	c.depth--
	return nil
}
