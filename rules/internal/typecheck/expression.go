package typecheck

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// eval evaluates a subexpression and reports what is wrong in it.
func (c *Checker) eval(e hclsyntax.Expression) operand {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return c.literal(e)
	case *hclsyntax.ScopeTraversalExpr:
		return c.paid(e, c.reference(e.Traversal))
	case *hclsyntax.RelativeTraversalExpr:
		return c.steps(c.eval(e.Source), e.Traversal, nil)
	case *hclsyntax.IndexExpr:
		return c.indexed(e)
	case *hclsyntax.ParenthesesExpr:
		return c.eval(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return c.eval(e.Wrapped)
	case *hclsyntax.BinaryOpExpr:
		return c.observedButKnown(e, c.binary(e))
	case *hclsyntax.UnaryOpExpr:
		return c.observedButKnown(e, c.unary(e))
	case *hclsyntax.ConditionalExpr:
		return c.observedButKnown(e, c.conditional(e))
	case *hclsyntax.FunctionCallExpr:
		return c.observedButKnown(e, c.paid(e, c.call(e)))
	case *hclsyntax.TemplateExpr:
		return c.paid(e, c.template(e))
	case *expression.TextPart:
		return c.textPart(e)
	case *hclsyntax.TemplateJoinExpr:
		return c.templateLoop(e)
	case *hclsyntax.TupleConsExpr:
		return c.tuple(e)
	case *hclsyntax.ObjectConsExpr:
		return c.object(e)
	case *hclsyntax.ObjectConsKeyExpr:
		return c.objectKey(e)
	case *hclsyntax.ForExpr:
		return c.loop(e)
	case *hclsyntax.SplatExpr:
		return c.splat(e)
	case *hclsyntax.AnonSymbolExpr:
		for i := len(c.items) - 1; i >= 0; i-- {
			if c.items[i].symbol == e {
				return c.items[i].o
			}
		}
		return operand{v: cty.DynamicVal}
	case *hclsyntax.ExprSyntaxError: // reported by the parser
		return operand{v: cty.DynamicVal, bad: true}
	default:
		c.report(e.Range(), "Can't be proved", fmt.Sprintf("Nothing is known about expressions of this form (%T).", e))
		return operand{v: cty.DynamicVal, bad: true}
	}
}

func (c *Checker) literal(e *hclsyntax.LiteralValueExpr) operand {
	if e.Val.Type() == cty.Number && e.Val.IsKnown() && !e.Val.IsNull() && !terminal.Writable(e.Val.AsBigFloat()) {
		c.report(e.Range(), "Number out of range", "Nothing that can be observed is of this size.")
		return operand{v: unknownNumber, bad: true}
	}
	return operand{v: e.Val}
}

// nested is the value that an operand gives to a tuple or object. The list of
// a loop becomes dynamic there, since nothing remembers that it is a tuple.
func nested(o operand) cty.Value {
	if o.loop && (guard.IsSequence(o.v.Type()) || o.v.Type().IsMapType()) {
		return cty.DynamicVal
	}
	return o.v
}

func (c *Checker) tuple(e *hclsyntax.TupleConsExpr) operand {
	all := operand{}
	vals := make([]cty.Value, len(e.Exprs))
	for i, el := range e.Exprs {
		o := c.eval(el)
		vals[i] = nested(o)
		all = all.with(o, cty.NilVal)
	}
	all.v, all.loop = cty.TupleVal(vals), false
	return all
}

func (c *Checker) object(e *hclsyntax.ObjectConsExpr) operand {
	all := operand{}
	vals := make(map[string]cty.Value, len(e.Items))
	known := true
	for i := range e.Items {
		key := c.eval(e.Items[i].KeyExpr)
		o := c.eval(e.Items[i].ValueExpr)
		key = c.mapKey(e.Items[i].KeyExpr, key)
		all = all.with(key, cty.NilVal).with(o, cty.NilVal)
		if name, ok := guard.KnownString(key.v); ok {
			vals[name] = nested(o)
		} else {
			known = false
		}
	}
	if known {
		all.v, all.loop = cty.ObjectVal(vals), false
		return all
	}
	// An object whose keys show when it runs: what it has is anybody's guess.
	all.v, all.loop, all.loose = cty.UnknownVal(cty.Map(cty.DynamicPseudoType)).RefineNotNull(), true, true
	return all
}

func (c *Checker) mapKey(e hclsyntax.Expression, o operand) operand {
	if !o.bad && o.v.IsNull() {
		c.report(e.Range(), "Wrong type", "A key must not be null.")
		return o.wrong(cty.UnknownVal(cty.String))
	}
	return c.converted(e, o, cty.String)
}

func (c *Checker) objectKey(e *hclsyntax.ObjectConsKeyExpr) operand {
	if !e.ForceNonLiteral {
		if t, ok := e.Wrapped.(*hclsyntax.ScopeTraversalExpr); ok && len(t.Traversal) > 1 {
			c.report(e.Range(), "Ambiguous key", "Put a reference in parentheses, or a name that has periods in it in quotes.")
			return operand{v: cty.UnknownVal(cty.String), bad: true}
		}
		if name := hcl.ExprAsKeyword(e.Wrapped); name != "" {
			return operand{v: cty.StringVal(name)}
		}
	}
	return c.eval(e.Wrapped)
}

// template is a string with interpolations outside of texts, where a null is
// an error when it runs.
func (c *Checker) template(e *hclsyntax.TemplateExpr) operand {
	all := operand{}
	var text []byte
	known := true
	for _, part := range e.Parts {
		o := c.eval(part)
		all = all.with(o, cty.NilVal)
		if o.bad {
			known = false
			continue
		}
		if t := o.v.Type(); !t.IsPrimitiveType() && t != cty.DynamicPseudoType {
			c.renderable(part, o)
			all.bad, known = true, false
			continue
		}
		switch {
		case o.v.IsNull():
			c.report(part.Range(), "Null in a string", "A string can't be made of null.")
			all.bad, known = true, false
		case !o.v.IsKnown():
			known = false
		case known:
			s, err := language.Convert(o.v, cty.String)
			if err != nil {
				known = false
				continue
			}
			text = append(text, s.AsString()...)
		}
	}
	all.loop = false
	if known {
		all.v = cty.StringVal(string(text))
		return c.observedButKnown(e, all)
	}
	all.v = unknownText
	if len(text) > 0 && !all.bad && all.seen != nil {
		all.v = cty.UnknownVal(cty.String).Refine().NotNull().StringPrefix(string(text[:min(len(text), maxPrefix)])).NewValue()
	}
	return all
}

var unknownText = cty.UnknownVal(cty.String).RefineNotNull()

// maxPrefix bounds how much of the known beginning of a string is remembered,
// in bytes.
const maxPrefix = 128

// textPart is an interpolated part of a text, which has words for everything
// but collections.
func (c *Checker) textPart(e *expression.TextPart) operand {
	o := c.eval(e.Expression)
	c.renderable(e.Expression, o)
	o.v, o.loop, o.pure, o.from = unknownText, false, false, nil
	return o
}

func (c *Checker) templateLoop(e *hclsyntax.TemplateJoinExpr) operand {
	o := c.eval(e.Tuple)
	o.v, o.loop, o.pure, o.from = unknownText, false, false, nil
	return o
}

func (c *Checker) conditional(e *hclsyntax.ConditionalExpr) operand {
	cond := c.eval(e.Condition)
	cond = c.boolean(e.Condition, cond, "What stands before ? must be true or false")
	yes, no := c.eval(e.TrueResult), c.eval(e.FalseResult)
	if !yes.v.Type().Equals(no.v.Type()) {
		yes, no = c.paidUnified(e.TrueResult, yes), c.paidUnified(e.FalseResult, no)
	}
	all := cond.with(yes, cty.NilVal).with(no, cty.NilVal)
	all.loop = yes.loop || no.loop
	all.pure = yes.pure && no.pure
	if yes.from == no.from {
		all.from = yes.from
	}

	t := guard.UnifyValues([]cty.Value{yes.v, no.v})
	if t == cty.NilType {
		if !all.bad {
			c.report(hcl.RangeBetween(e.TrueResult.Range(), e.FalseResult.Range()), "Different types",
				fmt.Sprintf("Both results of ?: must be of one type; the first is %s, the second %s.", typeNoun(yes.v.Type()), typeNoun(no.v.Type())))
		}
		return all.wrong(cty.DynamicVal)
	}
	switch {
	case all.bad:
		all.v = cty.UnknownVal(t)
	case cond.v.RawEquals(cty.True):
		all.v = convertedOr(yes.v, t)
	case cond.v.RawEquals(cty.False):
		all.v = convertedOr(no.v, t)
	case yes.v.IsWhollyKnown() && yes.v.RawEquals(no.v):
		all.v = yes.v
	default:
		all.v = cty.UnknownVal(t)
		if definitelyNotNull(yes.v) && definitelyNotNull(no.v) {
			all.v = all.v.RefineNotNull()
		}
	}
	return all
}

// convertedOr is v as a t, or an unknown t where only some values convert.
func convertedOr(v cty.Value, t cty.Type) cty.Value {
	if c, err := language.Convert(v, t); err == nil {
		return c
	}
	return cty.UnknownVal(t)
}

func definitelyNotNull(v cty.Value) bool {
	if v.IsKnown() {
		return !v.IsNull()
	}
	return v.Type() != cty.DynamicPseudoType && v.Range().DefinitelyNotNull()
}
