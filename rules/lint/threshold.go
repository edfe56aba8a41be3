package lint

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var thresholdImpossible = &Rule{
	ID:      "threshold-impossible",
	Summary: "Threshold that decides nothing",
	Doc: "A comparison with a number that can't be observed, such as a loss of more than 100 %, fewer than 0 replies, or more replies than are asked for. " +
		"It comes out the same whatever the network does.",
	Hint: "Put the threshold within what can be observed.",
	Check: func(p *Pass) {
		for _, f := range p.Facts {
			for e := range factExprs(f) {
				p.thresholds(e, view{})
			}
		}
		for _, c := range p.Checks {
			for e := range checkExprs(c) {
				p.thresholds(e, view{target: c.Target != nil, probe: c.Probe})
			}
		}
	},
}

var comparisons = []*hclsyntax.Operation{
	hclsyntax.OpEqual, hclsyntax.OpNotEqual, hclsyntax.OpLessThan, hclsyntax.OpLessThanOrEqual,
	hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual,
}

// thresholds reports the comparisons in an expression whose outcome follows
// from the bounds of what can be observed.
func (p *Pass) thresholds(e *rules.Expr, v view) {
	if !slices.ContainsFunc(e.Refs, func(r rules.Ref) bool { return r.Observed() }) {
		return
	}
	_ = hclsyntax.VisitAll(e.Expression, func(n hclsyntax.Node) hcl.Diagnostics {
		compare, ok := n.(*hclsyntax.BinaryOpExpr)
		if !ok || !slices.Contains(comparisons, compare.Op) || isNull(compare.LHS) || isNull(compare.RHS) {
			return nil
		}
		left := boundsOf(p.unknowns.value(compare.LHS, e.Refs, v))
		right := boundsOf(p.unknowns.value(compare.RHS, e.Refs, v))
		if outcome, settled := left.compare(compare.Op, right); settled {
			p.Report(compare.Range(), "This is always %t%s%s.", outcome, left.describe(compare.LHS), right.describe(compare.RHS))
		}
		return nil
	})
}

func isNull(e hclsyntax.Expression) bool {
	lit, ok := plain(e).(*hclsyntax.LiteralValueExpr)
	return ok && lit.Val.IsNull()
}

// bounds are what a number lies between, both included. None where it is no
// number, or nothing is known of it.
type bounds struct{ least, most *big.Float } // nil: none

func boundsOf(v cty.Value) bounds {
	if v.Type() != cty.Number || v.IsKnown() && v.IsNull() {
		return bounds{}
	}
	if v.IsKnown() {
		return bounds{v.AsBigFloat(), v.AsBigFloat()}
	}
	least, _ := v.Range().NumberLowerBound()
	most, _ := v.Range().NumberUpperBound()
	return bounds{finite(least), finite(most)}
}

func finite(v cty.Value) *big.Float {
	if !v.IsKnown() || v.IsNull() || v.AsBigFloat().IsInf() {
		return nil
	}
	return v.AsBigFloat()
}

func (b bounds) constant() bool { return b.least != nil && b.most != nil && b.least.Cmp(b.most) == 0 }

// compare is the outcome of a comparison where the bounds of its sides settle
// it. Where both sides are constant that is nobody's threshold.
func (b bounds) compare(op *hclsyntax.Operation, other bounds) (outcome, settled bool) {
	if b.constant() && other.constant() {
		return false, false
	}
	below := b.most != nil && other.least != nil && b.most.Cmp(other.least) < 0
	above := b.least != nil && other.most != nil && b.least.Cmp(other.most) > 0
	notAbove := b.most != nil && other.least != nil && b.most.Cmp(other.least) <= 0
	notBelow := b.least != nil && other.most != nil && b.least.Cmp(other.most) >= 0
	switch op {
	case hclsyntax.OpEqual:
		return false, below || above
	case hclsyntax.OpNotEqual:
		return true, below || above
	case hclsyntax.OpLessThan:
		return below, below || notBelow
	case hclsyntax.OpLessThanOrEqual:
		return notAbove, notAbove || above
	case hclsyntax.OpGreaterThan:
		return above, above || notAbove
	}
	return notBelow, notBelow || below
}

// describe says between what a side of a comparison lies.
func (b bounds) describe(side hclsyntax.Expression) string {
	t, ok := plain(side).(*hclsyntax.ScopeTraversalExpr)
	if !ok || b.constant() {
		return ""
	}
	name := rules.TraversalString(t.Traversal)
	number := func(f *big.Float) string { return rules.FormatValue(cty.NumberVal(f)) }
	switch {
	case b.least != nil && b.most != nil:
		return fmt.Sprintf(": %s is from %s to %s", name, number(b.least), number(b.most))
	case b.least != nil:
		return fmt.Sprintf(": %s is never less than %s", name, number(b.least))
	case b.most != nil:
		return fmt.Sprintf(": %s is never more than %s", name, number(b.most))
	}
	return ""
}
