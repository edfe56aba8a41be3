package typecheck

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// Nothing equals two values at once, and everything differs from one of them:
// code == 220 && code == 250 is always false, and code != 220 || code != 250,
// which is often written for &&, always true. In an && a reference that stands
// alone, or behind a !, is a comparison with true or false; ok || !ok is left
// alone, because it asks whether ok was observed at all.

// maxSides bounds how many sides of an && or || are held against each other.
const maxSides = 32

// A claim is a side of && or || that compares a reference with a constant.
type claim struct {
	ref   hcl.Traversal
	value cty.Value
	place hcl.Range
}

// contradicted reports the right side of an && of equalities, or of an || of
// inequalities, that leaves the whole no choice beside one of those before.
func (c *Checker) contradicted(e *hclsyntax.BinaryOpExpr, op string, decisive cty.Value, all operand) operand {
	compare := hclsyntax.OpEqual
	if decisive.True() {
		compare = hclsyntax.OpNotEqual
	}
	last, ok := newClaim(e.RHS, compare)
	if !ok {
		return all
	}
	for _, first := range claims(e.LHS, e.Op, compare, maxSides) {
		if !expression.SameTraversal(first.ref, last.ref) || first.value.RawEquals(last.value) {
			continue
		}
		summary, what, other := "Can't hold", "%s can't be %s and %s at once", "||"
		if decisive.True() {
			summary, what, other = "Excludes nothing", "%s always differs from %s or from %s", "&&"
		}
		what = fmt.Sprintf(what, terminal.Reference(last.ref), asWritten(first.value), asWritten(last.value))
		c.report(last.place, summary, fmt.Sprintf("The whole of this %s is always %s: %s. Did you mean %s?", op, terminal.Value(decisive), what, other))
		return all.wrong(guard.UnknownBool)
	}
	return all
}

// claims lists those of the sides of an && or ||.
func claims(e hclsyntax.Expression, op, compare *hclsyntax.Operation, most int) []claim {
	if b, ok := bare(e).(*hclsyntax.BinaryOpExpr); ok && b.Op == op && most > 0 {
		left := claims(b.LHS, op, compare, most-1)
		return slices.Concat(left, claims(b.RHS, op, compare, most-1-len(left)))
	}
	if cl, ok := newClaim(e, compare); ok && most > 0 {
		return []claim{cl}
	}
	return nil
}

func newClaim(e hclsyntax.Expression, compare *hclsyntax.Operation) (claim, bool) {
	if compare == hclsyntax.OpEqual {
		switch alone := bare(e).(type) {
		case *hclsyntax.ScopeTraversalExpr:
			return claim{alone.Traversal, cty.True, alone.SrcRange}, true
		case *hclsyntax.UnaryOpExpr:
			if t, ok := bare(alone.Val).(*hclsyntax.ScopeTraversalExpr); ok && alone.Op == hclsyntax.OpLogicalNot {
				return claim{t.Traversal, cty.False, alone.SrcRange}, true
			}
		}
	}
	b, ok := bare(e).(*hclsyntax.BinaryOpExpr)
	if !ok || b.Op != compare {
		return claim{}, false
	}
	ref, value := b.LHS, b.RHS
	if _, ok := bare(value).(*hclsyntax.ScopeTraversalExpr); ok {
		ref, value = value, ref
	}
	t, ok := bare(ref).(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		return claim{}, false
	}
	switch v := bare(value).(type) {
	case *hclsyntax.LiteralValueExpr:
		return claim{t.Traversal, v.Val, b.SrcRange}, true
	case *hclsyntax.TemplateExpr:
		if s, ok := constantString(v); ok {
			return claim{t.Traversal, cty.StringVal(s), b.SrcRange}, true
		}
	}
	return claim{}, false
}
