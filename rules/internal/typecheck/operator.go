package typecheck

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

func (c *Checker) binary(e *hclsyntax.BinaryOpExpr) operand {
	switch e.Op {
	case hclsyntax.OpLogicalAnd:
		return c.logical(e, "&&", "Both sides of && must be true or false", cty.False)
	case hclsyntax.OpLogicalOr:
		return c.logical(e, "||", "Both sides of || must be true or false", cty.True)
	case hclsyntax.OpEqual:
		return c.equality(e, cty.False)
	case hclsyntax.OpNotEqual:
		return c.equality(e, cty.True)
	default:
		return c.numeric(e)
	}
}

// logical is && or ||. A side that has the decisive value decides, also beside
// an unknown.
func (c *Checker) logical(e *hclsyntax.BinaryOpExpr, op, need string, decisive cty.Value) operand {
	l := c.boolean(e.LHS, c.eval(e.LHS), need)
	r := c.boolean(e.RHS, c.eval(e.RHS), need)
	all := l.with(r, guard.UnknownBool)
	switch {
	case all.bad:
	case l.v.IsKnown() && r.v.IsKnown():
		if l.v.RawEquals(decisive) || r.v.RawEquals(decisive) {
			all.v = decisive
		} else {
			all.v = decisive.Not()
		}
	case l.v.RawEquals(decisive):
		return c.decided(e.LHS, op, decisive, all)
	case r.v.RawEquals(decisive):
		return c.decided(e.RHS, op, decisive, all)
	default:
		return c.contradicted(e, op, decisive, all)
	}
	return all
}

// decided is an && or || that one side, which observes nothing, decides.
func (c *Checker) decided(side hclsyntax.Expression, op string, decisive cty.Value, all operand) operand {
	all.v = decisive
	if all.seen == nil {
		return all
	}
	word := terminal.Value(decisive)
	c.report(side.Range(), "Always "+word,
		fmt.Sprintf("This side of %s is always %s, and so is the whole of it: %s does not matter.", op, word, terminal.Reference(all.seen)))
	return all.wrong(guard.UnknownBool)
}

// equality is == or !=; unequal is the result for values that differ.
func (c *Checker) equality(e *hclsyntax.BinaryOpExpr, unequal cty.Value) operand {
	l, r := c.eval(e.LHS), c.eval(e.RHS)
	all := l.with(r, guard.UnknownBool)
	all.loop = false
	if all.bad {
		return all
	}
	if why := cmp.Or(c.neverEqual(e, l, r), neverObserved(e, l, r)); why != "" {
		all.v = unequal
		if !all.refers {
			return all
		}
		word := terminal.Value(unequal)
		c.report(e.Range(), "Always "+word, fmt.Sprintf("This comparison is always %s: %s", word, why))
		return all.wrong(guard.UnknownBool)
	}
	if (l.loop || r.loop) && guard.IsSequence(l.v.Type()) && guard.IsSequence(r.v.Type()) {
		return all
	}
	if eq, _ := l.v.Equals(r.v).Unmark(); eq.IsKnown() {
		all.v = eq
		if unequal.True() {
			all.v = eq.Not()
		}
	}
	return all
}

// neverEqual says why the sides of a comparison can't be equal; "" where they
// may be or where only their values tell.
func (c *Checker) neverEqual(e *hclsyntax.BinaryOpExpr, l, r operand) string {
	switch {
	case l.v.IsNull() && r.v.IsNull():
		return ""
	case r.v.IsNull():
		return whyNotNull(e.LHS, l)
	case l.v.IsNull():
		return whyNotNull(e.RHS, r)
	}
	lt, rt := l.v.Type(), r.v.Type()
	if lt.Equals(rt) || lt.HasDynamicTypes() || rt.HasDynamicTypes() {
		return ""
	}
	if (l.loop || r.loop) && (guard.IsSequence(lt) && guard.IsSequence(rt) || lt.IsMapType() || rt.IsMapType()) {
		return ""
	}
	left, right := describe(e.LHS, "the left side"), describe(e.RHS, "the right side")
	switch {
	case lt.IsPrimitiveType() && rt.IsPrimitiveType():
		return fmt.Sprintf("%s is %s and %s is %s, which are never equal.%s", left, typeNoun(lt), right, typeNoun(rt), equalityRemedy(e, l, r))
	case guard.IsSequence(lt) && guard.IsSequence(rt) && lt.IsTupleType() != rt.IsTupleType():
		convert := "tolist"
		if lt.IsSetType() || rt.IsSetType() {
			convert = "toset"
		}
		return fmt.Sprintf("%s is %s and %s is %s, which are never equal. Convert the tuple: %s([…]).", left, typeNoun(lt), right, typeNoun(rt), convert)
	default:
		return fmt.Sprintf("%s is %s and %s is %s, which are never equal.", left, typeNoun(lt), right, typeNoun(rt))
	}
}

// whyNotNull says why a value compared with null is never null.
func whyNotNull(e hclsyntax.Expression, o operand) string {
	if o.seen == nil {
		return ""
	}
	what := describe(e, "the other side")
	switch {
	case o.v.Type().IsObjectType() && (o.pure || o.v.IsKnown()):
		return fmt.Sprintf("%s is never null, its attributes are. Compare one of them.", what)
	case definitelyNotNull(o.v):
		return fmt.Sprintf("%s is never null.", what)
	}
	return ""
}

// equalityRemedy says how to compare a number, string or bool with another of
// them.
func equalityRemedy(e *hclsyntax.BinaryOpExpr, l, r operand) string {
	// The constant side is the one to change.
	lit, given, other := e.RHS, r.v, l.v.Type()
	if l.v.IsKnown() {
		lit, given, other = e.LHS, l.v, r.v.Type()
	}
	if !given.IsKnown() {
		return " Convert one of them with tostring or tonumber."
	}
	text := describe(lit, asWritten(given))
	switch s, isString := guard.KnownString(given); {
	case isString && other == cty.Number:
		if _, err := strconv.ParseFloat(s, 64); err == nil {
			return fmt.Sprintf(" Write %s without quotes.", s)
		}
	case isString && other == cty.Bool:
		if s == "true" || s == "false" {
			return fmt.Sprintf(" Write %s without quotes.", s)
		}
	case other == cty.String:
		return fmt.Sprintf(` Write "%s", in quotes.`, text)
	}
	return ""
}

// numeric is an arithmetic operation or an order of numbers.
func (c *Checker) numeric(e *hclsyntax.BinaryOpExpr) operand {
	l := c.number(e.LHS, c.eval(e.LHS))
	r := c.number(e.RHS, c.eval(e.RHS))
	all := l.with(r, guard.UnknownBool)
	if e.Op.Type == cty.Number {
		all.v = unknownNumber
	}
	switch {
	case all.bad:
	case l.v.IsKnown() && r.v.IsKnown():
		v, err := e.Op.Impl.Call([]cty.Value{l.v, r.v})
		if err != nil {
			c.report(e.Range(), "Can't be computed", terminal.Capital(guard.CallError(err).Error())+".")
			return all.wrong(all.v)
		}
		all.v = v
	case e.Op == hclsyntax.OpMultiply && (l.v.RawEquals(cty.Zero) || r.v.RawEquals(cty.Zero)):
		all.v = cty.Zero
	case (e.Op == hclsyntax.OpDivide || e.Op == hclsyntax.OpModulo) && r.v.RawEquals(cty.Zero):
		c.report(e.RHS.Range(), "Can't be computed", "Nothing can be divided by zero.")
		return all.wrong(all.v)
	case e.Op.Type == cty.Bool:
		return c.order(e, l, r, all)
	}
	return all
}

var unknownNumber = cty.UnknownVal(cty.Number).RefineNotNull()

// number demands a number, or something that may hold one.
func (c *Checker) number(e hclsyntax.Expression, o operand) operand {
	t := o.v.Type()
	switch {
	case o.bad:
		return o.wrong(unknownNumber)
	case o.v.IsNull():
		c.report(e.Range(), "Not a number", "A number is needed, and this is null.")
		return o.wrong(unknownNumber)
	case t == cty.Number:
		return o
	case t == cty.String && o.pure:
		return c.unconverted(e, o)
	}
	return c.converted(e, o, cty.Number)
}

// unconverted reports an observed string where a number is needed. The language
// would convert it, but what was observed is seldom a number by chance.
func (c *Checker) unconverted(e hclsyntax.Expression, o operand) operand {
	c.report(e.Range(), "Not a number",
		fmt.Sprintf("A number is needed, and %s is a string. If it always holds a number, write tonumber(%[1]s).", describe(e, "this")))
	return o.wrong(unknownNumber)
}

func (c *Checker) unary(e *hclsyntax.UnaryOpExpr) operand {
	o := c.eval(e.Val)
	if e.Op == hclsyntax.OpLogicalNot {
		o = c.boolean(e.Val, o, "What stands behind ! must be true or false")
		if o.v.IsKnown() && !o.v.IsNull() {
			o.v = o.v.Not()
		} else {
			o.v = guard.UnknownBool
		}
		return o
	}
	o = c.number(e.Val, o)
	o.pure, o.from = false, nil
	if o.v.IsKnown() {
		o.v = o.v.Negate()
	} else {
		o.v = unknownNumber
	}
	return o
}
