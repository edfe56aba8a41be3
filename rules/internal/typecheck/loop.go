package typecheck

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/zclconf/go-cty/cty"
)

// maxCopies bounds the tuple that stands for a loop over a known number of
// elements; a longer one is a list of unknown length.
const maxCopies = 256

// loop is a for expression. Its body is checked once, with an unknown element.
func (c *Checker) loop(e *hclsyntax.ForExpr) operand {
	coll := c.eval(e.CollExpr)
	key, el, length := c.element(e.CollExpr, &coll)

	outside := c.rounds
	defer func() { c.rounds = outside }()
	if c.rounds *= int64(max(1, length, guard.KnownLength(coll.v))); c.rounds > guard.MaxSteps {
		c.Diags = append(c.Diags, expression.OverBudget(e.Range(), guard.MaxSteps))
		return coll.wrong(cty.DynamicVal)
	}

	depth := len(c.locals)
	if e.KeyVar != "" {
		c.locals = append(c.locals, local{e.KeyVar, key})
	}
	c.locals = append(c.locals, local{e.ValVar, el})
	all := coll
	if e.CondExpr != nil {
		cond := c.boolean(e.CondExpr, c.eval(e.CondExpr), "What stands behind if must be true or false")
		all = all.with(cond, cty.NilVal)
		length = -1
	}
	if e.KeyExpr != nil {
		all = all.with(c.mapKey(e.KeyExpr, c.eval(e.KeyExpr)), cty.NilVal)
	}
	body := c.eval(e.ValExpr)
	all = all.with(body, cty.NilVal)
	c.locals = c.locals[:depth]

	all.pure, all.from = false, nil
	if e.KeyExpr == nil {
		all.from = body.from.List()
	}
	all.v, all.loop = loopValue(e, nested(body), length)
	return all
}

// loopValue is what a loop makes of bodies: a tuple or object. Where their
// number is not known it is a list or map, and the second result true.
func loopValue(e *hclsyntax.ForExpr, body cty.Value, length int) (cty.Value, bool) {
	t := body.Type()
	switch {
	case e.KeyExpr == nil && length >= 0 && length <= maxCopies:
		copies := make([]cty.Value, length)
		for i := range copies {
			copies[i] = body
		}
		return cty.TupleVal(copies), false
	case e.KeyExpr == nil:
		return cty.UnknownVal(cty.List(t)).RefineNotNull(), true
	case e.Group:
		return cty.UnknownVal(cty.Map(cty.List(t))).RefineNotNull(), true
	default:
		return cty.UnknownVal(cty.Map(t)).RefineNotNull(), true
	}
}

// element is an unknown key and element of a collection, and the number of
// elements or -1. A value without elements is reported, and coll then bad.
func (c *Checker) element(e hclsyntax.Expression, coll *operand) (key, el operand, length int) {
	number := operand{v: unknownNumber, refers: coll.refers, bad: coll.bad}
	name := operand{v: unknownText, refers: coll.refers, bad: coll.bad}
	unknown := operand{v: cty.DynamicVal, refers: coll.refers, bad: coll.bad, seen: coll.seen, pure: coll.pure, loose: true}
	of := func(v cty.Value) operand {
		o := unknown
		o.v, o.loose, o.from = v, coll.loose, coll.from.element()
		return o
	}
	t := coll.v.Type()
	switch {
	case coll.bad:
		return unknown, unknown, -1
	case coll.v.IsNull():
		c.report(e.Range(), "Null has no elements", "A for expression needs a list, set, map or object, and this is null.")
	case t == cty.DynamicPseudoType:
		return unknown, unknown, -1
	case t.IsTupleType():
		types := t.TupleElementTypes()
		return number, of(unknownOf(types)), len(types)
	case t.IsObjectType():
		types := t.AttributeTypes()
		return name, of(unknownOf(slices.Collect(maps.Values(types)))), len(types)
	case t.IsListType():
		return number, of(cty.UnknownVal(t.ElementType())).declared(), -1
	case t.IsMapType():
		return name, of(cty.UnknownVal(t.ElementType())).declared(), -1
	case t.IsSetType():
		el := of(cty.UnknownVal(t.ElementType())).declared()
		return el, el, -1
	default:
		c.report(e.Range(), "No elements", fmt.Sprintf("A for expression needs a list, set, map or object, and this is %s.", typeNoun(t)))
	}
	*coll = coll.wrong(cty.DynamicVal)
	unknown.bad = true
	return unknown, unknown, -1
}

// splat is source[*].each.
func (c *Checker) splat(e *hclsyntax.SplatExpr) operand {
	source := c.eval(e.Source)
	t := source.v.Type()
	switch {
	case source.bad, t == cty.DynamicPseudoType && !source.v.IsNull():
		each := c.eachItem(e, operand{v: cty.DynamicVal, refers: source.refers, seen: source.seen, bad: source.bad, loose: true})
		all := source.with(each, cty.DynamicVal)
		all.loose = true
		return all
	case t.IsTupleType():
		types := t.TupleElementTypes()
		if len(types) == 0 {
			return source
		}
		each := c.eachItem(e, source.taken(unknownOf(types)))
		vals := make([]cty.Value, min(len(types), maxCopies))
		for i := range vals {
			vals[i] = nested(each)
		}
		if len(types) > maxCopies {
			return source.with(each, cty.DynamicVal)
		}
		all := source.with(each, cty.TupleVal(vals))
		all.from = each.from.List()
		return all
	case t.IsListType(), t.IsSetType():
		each := c.eachItem(e, source.taken(cty.UnknownVal(t.ElementType())))
		all := source.with(each, cty.UnknownVal(cty.List(nested(each).Type())))
		all.pure, all.loop, all.from = source.pure && each.pure, source.loop, each.from.List()
		return all
	case source.v.IsNull():
		source.v = cty.EmptyTupleVal
		return source
	default:
		// One value is taken for a list of one, null for an empty one.
		each := c.eachItem(e, source)
		return source.with(each, cty.DynamicVal)
	}
}

// taken is v taken out of o.
func (o operand) taken(v cty.Value) operand {
	o.v, o.loop, o.from = v, false, o.from.element()
	return o.declared()
}

func (c *Checker) eachItem(e *hclsyntax.SplatExpr, o operand) operand {
	c.items = append(c.items, item{e.Item, o})
	each := c.eval(e.Each)
	c.items = c.items[:len(c.items)-1]
	return each
}
