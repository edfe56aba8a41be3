package lint

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/terminal"
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
				p.thresholds(e, nil)
			}
		}
		for _, c := range p.Checks {
			for e := range checkExprs(c) {
				p.thresholds(e, c.Probe)
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
func (p *Pass) thresholds(e *rules.Expr, own *rules.ProbeBlock) {
	if !slices.ContainsFunc(e.Refs, func(r rules.Ref) bool { return r.Observed() }) {
		return
	}
	_ = hclsyntax.VisitAll(e.Expression, func(n hclsyntax.Node) hcl.Diagnostics {
		compare, ok := n.(*hclsyntax.BinaryOpExpr)
		if !ok || !slices.Contains(comparisons, compare.Op) {
			return nil
		}
		left := p.boundsOf(compare.LHS, own)
		right := p.boundsOf(compare.RHS, own)
		if outcome, settled := left.compare(compare.Op, right); settled && !anyShadowed(e, compare.LHS, compare.RHS) {
			p.Report(compare.Range(), "This is always %t%s%s.", outcome, left.describe(compare.LHS), right.describe(compare.RHS))
		}
		return nil
	})
}

func anyShadowed(e *rules.Expr, sides ...hclsyntax.Expression) bool {
	return slices.ContainsFunc(sides, func(side hclsyntax.Expression) bool {
		ref, ok := plain(side).(*hclsyntax.ScopeTraversalExpr)
		return ok && shadowed(ref.Traversal, e)
	})
}

// bounds are what a number lies between, both included. None where it is no
// number, or nothing is known of it.
type bounds struct{ least, most *big.Float } // nil: none

// boundsOf are those of a reference to something observed, or a constant. That
// what was observed may be null is left aside: no order holds of a null.
func (p *Pass) boundsOf(e hclsyntax.Expression, own *rules.ProbeBlock) bounds {
	e = plain(e)
	ref, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		v, _ := constant(e)
		return point(v)
	}
	if t := ref.Traversal; t.RootName() == string(rules.RefLocal) && len(t) == 2 {
		return point(p.unknowns.local(stepNames(t)[1]))
	}
	a, probe := p.attribute(ref.Traversal, own)
	if a == nil || a.Type != cty.Number {
		return bounds{}
	}
	b := bounds{point(a.Least).least, point(a.Most).most}
	if a.MostArg != "" {
		if most := point(p.argument(probe, a.MostArg)).most; most != nil {
			b.most = most
		}
	}
	return b
}

// point are the bounds of a number that is known.
func point(v cty.Value) bounds {
	if v == cty.NilVal || v.IsMarked() || !v.IsKnown() || v.IsNull() || v.Type() != cty.Number {
		return bounds{}
	}
	return bounds{v.AsBigFloat(), v.AsBigFloat()}
}

// argument is the value of an argument of a probe, unknown where that shows only
// in a run.
func (p *Pass) argument(probe *rules.ProbeBlock, name string) cty.Value {
	for i := range probe.Args {
		if probe.Args[i].Attr.Name == name {
			if given := p.unknowns.value(probe.Args[i].Expr, nil); !given.IsKnown() || !given.IsNull() {
				return given
			}
		}
	}
	for i := range probe.Kind.Args {
		if probe.Kind.Args[i].Name == name {
			return probe.Kind.Args[i].Default
		}
	}
	return cty.NilVal
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
	number := func(f *big.Float) string { return terminal.Value(cty.NumberVal(f)) }
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
