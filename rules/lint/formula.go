package lint

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A formula is a condition as far as logic can take it apart: && and || with
// negations pushed down to what they are about, and below them atoms.
type formula struct {
	and, or []formula // one of them, or neither
	atom    atom
}

// An atom is a comparison of an expression with a constant, or any other
// condition as a whole.
type atom struct {
	key   string               // the expression as written
	op    *hclsyntax.Operation // of a comparison; nil: the expression itself is the condition
	value cty.Value            // that it is compared with
	not   bool                 // of an atom that is no comparison
}

func newFormula(e hclsyntax.Expression) formula { return build(e, false) }

func build(e hclsyntax.Expression, not bool) formula {
	switch e := plain(e).(type) {
	case *hclsyntax.UnaryOpExpr:
		if e.Op == hclsyntax.OpLogicalNot {
			return build(e.Val, !not)
		}
	case *hclsyntax.BinaryOpExpr:
		switch {
		case e.Op == hclsyntax.OpLogicalAnd && !not, e.Op == hclsyntax.OpLogicalOr && not:
			return formula{and: []formula{build(e.LHS, not), build(e.RHS, not)}}
		case e.Op == hclsyntax.OpLogicalAnd, e.Op == hclsyntax.OpLogicalOr:
			return formula{or: []formula{build(e.LHS, not), build(e.RHS, not)}}
		}
		if a, ok := comparison(e, not); ok {
			return formula{atom: a}
		}
	}
	return formula{atom: atom{key: spell(e), not: not}}
}

// plain is an expression without brackets.
func plain(e hclsyntax.Expression) hclsyntax.Expression {
	for {
		switch inner := e.(type) {
		case *hclsyntax.ParenthesesExpr:
			e = inner.Expression
		case *hclsyntax.TemplateWrapExpr:
			e = inner.Wrapped
		default:
			return e
		}
	}
}

var (
	mirrored = map[*hclsyntax.Operation]*hclsyntax.Operation{
		hclsyntax.OpEqual:              hclsyntax.OpEqual,
		hclsyntax.OpNotEqual:           hclsyntax.OpNotEqual,
		hclsyntax.OpLessThan:           hclsyntax.OpGreaterThan,
		hclsyntax.OpLessThanOrEqual:    hclsyntax.OpGreaterThanOrEqual,
		hclsyntax.OpGreaterThan:        hclsyntax.OpLessThan,
		hclsyntax.OpGreaterThanOrEqual: hclsyntax.OpLessThanOrEqual,
	}
	negated = map[*hclsyntax.Operation]*hclsyntax.Operation{
		hclsyntax.OpEqual:              hclsyntax.OpNotEqual,
		hclsyntax.OpNotEqual:           hclsyntax.OpEqual,
		hclsyntax.OpLessThan:           hclsyntax.OpGreaterThanOrEqual,
		hclsyntax.OpLessThanOrEqual:    hclsyntax.OpGreaterThan,
		hclsyntax.OpGreaterThan:        hclsyntax.OpLessThanOrEqual,
		hclsyntax.OpGreaterThanOrEqual: hclsyntax.OpLessThan,
	}
)

func comparison(e *hclsyntax.BinaryOpExpr, not bool) (atom, bool) {
	op, side, other := e.Op, e.LHS, e.RHS
	if mirrored[op] == nil {
		return atom{}, false
	}
	value, ok := constant(other)
	if !ok {
		if value, ok = constant(side); !ok {
			return atom{}, false
		}
		op, side = mirrored[op], other
	}
	if not {
		op = negated[op]
	}
	return atom{key: spell(side), op: op, value: value}, true
}

// constant is the value of an expression that refers to nothing.
func constant(e hclsyntax.Expression) (cty.Value, bool) {
	switch plain(e).(type) {
	case *hclsyntax.LiteralValueExpr, *hclsyntax.UnaryOpExpr, *hclsyntax.BinaryOpExpr, *hclsyntax.TemplateExpr:
	default:
		return cty.NilVal, false
	}
	if len(e.Variables()) > 0 {
		return cty.NilVal, false
	}
	v, diags := e.Value(nil)
	return v, !diags.HasErrors() && v.IsKnown() && (v.IsNull() || v.Type().IsPrimitiveType())
}

// mostSteps bounds how long two conditions are held against each other. Past
// it nothing is claimed.
const mostSteps = 10_000

// implies reports whether one condition holds only where another does. It may
// miss that, but is never wrong about it: what is unknown on one side is
// unknown on the other.
func implies(narrow, wide formula) bool {
	steps := mostSteps
	return prove(narrow, wide, &steps)
}

func prove(narrow, wide formula, steps *int) bool {
	if *steps--; *steps < 0 {
		return false
	}
	switch {
	case narrow.or != nil:
		return prove(narrow.or[0], wide, steps) && prove(narrow.or[1], wide, steps)
	case wide.and != nil:
		return prove(narrow, wide.and[0], steps) && prove(narrow, wide.and[1], steps)
	}
	for _, side := range narrow.and {
		if prove(side, wide, steps) {
			return true
		}
	}
	for _, side := range wide.or {
		if prove(narrow, side, steps) {
			return true
		}
	}
	return narrow.and == nil && wide.or == nil && narrow.atom.implies(wide.atom)
}

func (a atom) implies(b atom) bool {
	switch {
	case a.key != b.key || (a.op == nil) != (b.op == nil):
		return false
	case a.op == nil:
		return a.not == b.not
	case b.value.IsNull():
		return a.impliesNull(b.op)
	case a.value.IsNull():
		// What is null differs from whatever is not.
		return a.op == hclsyntax.OpEqual && b.op == hclsyntax.OpNotEqual
	case a.value.Type() != b.value.Type():
		return false
	case a.value.Type() == cty.Number:
		return numbersImply(a, b)
	case a.op == hclsyntax.OpEqual && b.op == hclsyntax.OpNotEqual:
		return !a.value.RawEquals(b.value)
	}
	return a.op == b.op && a.value.RawEquals(b.value)
}

// impliesNull is implies for a comparison with null: whatever equals a value or
// is ordered beside one is not null.
func (a atom) impliesNull(op *hclsyntax.Operation) bool {
	if op == hclsyntax.OpEqual {
		return a.op == op && a.value.IsNull()
	}
	return op == hclsyntax.OpNotEqual && (a.op == hclsyntax.OpNotEqual) == a.value.IsNull()
}

// numbersImply is implies for two comparisons with numbers: whether all numbers
// of the one kind are of the other.
func numbersImply(a, b atom) bool {
	order := a.value.AsBigFloat().Cmp(b.value.AsBigFloat())
	below := a.op == hclsyntax.OpLessThan || a.op == hclsyntax.OpLessThanOrEqual
	above := a.op == hclsyntax.OpGreaterThan || a.op == hclsyntax.OpGreaterThanOrEqual
	equal := a.op == hclsyntax.OpEqual
	switch b.op {
	case hclsyntax.OpEqual:
		return equal && order == 0
	case hclsyntax.OpNotEqual:
		return a.op == b.op && order == 0 || equal && order != 0 ||
			below && (order < 0 || order == 0 && a.op == hclsyntax.OpLessThan) ||
			above && (order > 0 || order == 0 && a.op == hclsyntax.OpGreaterThan)
	case hclsyntax.OpLessThan:
		return (equal || below) && (order < 0 || order == 0 && a.op == hclsyntax.OpLessThan)
	case hclsyntax.OpLessThanOrEqual:
		return (equal || below) && order <= 0
	case hclsyntax.OpGreaterThan:
		return (equal || above) && (order > 0 || order == 0 && a.op == hclsyntax.OpGreaterThan)
	}
	return (equal || above) && order >= 0
}
