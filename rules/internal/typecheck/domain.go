package typecheck

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// A comparison of something observed with a constant that it can't be, or that it
// can't get past, comes out the same whatever the network does: loss_pct > 100,
// local_error == "filtred", received >= 0. Two things observed are never held
// against each other: what both can be depends on the kinds, which may learn
// another word.

// against is an operand that is compared with a constant.
type against struct {
	operand
	e        hclsyntax.Expression
	constant cty.Value
	mirrored bool // the constant stands on the left
}

// newAgainst finds the constant side of a comparison; ok is false where there is
// none, or where both are.
func newAgainst(e *hclsyntax.BinaryOpExpr, l, r operand) (a against, ok bool) {
	left, right := l.constantValue(), r.constantValue()
	switch {
	case left == cty.NilVal && right != cty.NilVal:
		return against{l, e.LHS, right, false}, true
	case left != cty.NilVal && right == cty.NilVal:
		return against{r, e.RHS, left, true}, true
	}
	return against{}, false
}

// constantValue is the value of a constant that is not null; cty.NilVal where it
// is open.
func (o operand) constantValue() cty.Value {
	switch {
	case o.bad || o.seen != nil:
		return cty.NilVal
	case o.v.IsWhollyKnown() && !o.v.IsNull():
		return o.v
	}
	return o.constant
}

// neverObserved says why the sides of a comparison, of which one is constant, are
// never equal; "" where they may be.
func neverObserved(e *hclsyntax.BinaryOpExpr, l, r operand) string {
	a, ok := newAgainst(e, l, r)
	if !ok || !a.refuses(a.constant) {
		return ""
	}
	return never(a.from.Domain, describe(a.e, "the other side"), a.constant)
}

// refuses reports whether an operand, as it is observed, is never of a value.
func (o operand) refuses(value cty.Value) bool {
	if o.from == nil || !value.Type().IsPrimitiveType() || o.v.Type() != value.Type() {
		return false
	}
	err := panics.Call(func() error { return o.from.Domain.Validate(value) })
	_, broke := err.(*panics.Recovered)
	return err != nil && !broke
}

// never completes a message about a value that something of the domain is never.
func never(d language.Domain, what string, value cty.Value) string {
	text := fmt.Sprintf("%s is never %s.", what, asWritten(value))
	if meant, isText := guard.KnownString(value); isText {
		if hint := diagnostic.DidYouMean(meant, d.Words()); hint != "" {
			return text + hint
		}
		if len(d.Words()) > mostWords {
			return text + " The reference of its probe kind lists its words."
		}
	}
	if is := described(d); is != "" {
		text += fmt.Sprintf(" It is %s.", is)
	}
	return text
}

// mostWords bounds the words that a message lists.
const mostWords = 12

// described says for people what belongs to the domain, with the argument that is
// the upper bound.
func described(d language.Domain) string {
	least, most, whole, numbers := d.Bounds()
	switch {
	case numbers && math.IsInf(most, 0) && !math.IsInf(least, 0):
		what := "a number"
		if whole {
			what = "a whole number"
		}
		return fmt.Sprintf("%s, never less than %s", what, terminal.Written(cty.NumberFloatVal(least)))
	case numbers && d.MostArgument() != "" && !math.IsInf(most, 0):
		return fmt.Sprintf("%s (the probe's %s)", d, d.MostArgument())
	}
	return d.String()
}

// order decides <, <=, >, >= where one side is constant and the other has bounds:
// those of its domain, or a length's, which is never below 0.
func (c *Checker) order(e *hclsyntax.BinaryOpExpr, l, r, all operand) operand {
	a, ok := newAgainst(e, l, r)
	if !ok || a.constant.Type() != cty.Number {
		return all
	}
	op := e.Op
	if a.mirrored {
		op = mirrored[op]
	}
	if least, most, ok := a.bounds(); ok {
		if v := decide(op, least, most, a.constant.AsBigFloat()); v != cty.NilVal {
			word, what := terminal.Value(v), describe(a.e, "the other side")
			c.report(e.Range(), "Always "+word, fmt.Sprintf("This comparison is always %s: %s is %s. Put the threshold within what can be observed.", word, what, described(a.from.Domain)))
			return all.wrong(guard.UnknownBool)
		}
		return all
	}
	if !l.v.IsKnown() && !r.v.IsKnown() || a.v == cty.UnknownVal(cty.Number) || a.v == unknownNumber {
		return all
	}
	if low, _ := a.v.Range().NumberLowerBound(); low.IsKnown() && a.v.Type() == cty.Number {
		if v := decide(op, low.AsBigFloat(), big.NewFloat(0).SetInf(false), a.constant.AsBigFloat()); v != cty.NilVal {
			all.v = v
		}
	}
	return all
}

// bounds are those of an observed number; ok is false where it has none.
func (a *against) bounds() (least, most *big.Float, ok bool) {
	if a.from == nil || a.v.Type() != cty.Number {
		return nil, nil, false
	}
	low, high, _, ok := a.from.Domain.Bounds()
	return big.NewFloat(low), big.NewFloat(high), ok
}

// mirrored is the operation with its sides the other way round: bound < x is
// x > bound.
var mirrored = map[*hclsyntax.Operation]*hclsyntax.Operation{
	hclsyntax.OpLessThan:           hclsyntax.OpGreaterThan,
	hclsyntax.OpLessThanOrEqual:    hclsyntax.OpGreaterThanOrEqual,
	hclsyntax.OpGreaterThan:        hclsyntax.OpLessThan,
	hclsyntax.OpGreaterThanOrEqual: hclsyntax.OpLessThanOrEqual,
}

// decide is the outcome of comparing what lies between least and most with a
// number; cty.NilVal where that is open.
func decide(op *hclsyntax.Operation, least, most, number *big.Float) cty.Value {
	var yes, no bool
	low, high := least.Cmp(number), most.Cmp(number)
	switch op {
	case hclsyntax.OpLessThan:
		yes, no = high < 0, low >= 0
	case hclsyntax.OpLessThanOrEqual:
		yes, no = high <= 0, low > 0
	case hclsyntax.OpGreaterThan:
		yes, no = low > 0, high <= 0
	case hclsyntax.OpGreaterThanOrEqual:
		yes, no = low >= 0, high < 0
	}
	switch {
	case yes:
		return cty.True
	case no:
		return cty.False
	}
	return cty.NilVal
}

// neverFound reports a search that something observed makes vain: for a value
// that no element of a list is ever observed to be, or among values of which one
// is never observed. args are those of contains or index.
func (c *Checker) neverFound(e *hclsyntax.FunctionCallExpr, args []operand) (found bool) {
	if len(args) != 2 || !guard.IsSequence(args[0].v.Type()) {
		return false
	}
	list, value := args[0], args[1]
	search := func(o operand, at hclsyntax.Expression, what string, constant cty.Value) {
		if constant != cty.NilVal && o.refuses(constant) {
			found = true
			c.report(at.Range(), "Never found", "This is never found: "+never(o.from.Domain, what, constant))
		}
	}
	if list.from != nil {
		one := list.taken(cty.UnknownVal(elementOf(list.v.Type())))
		search(one, e.Args[1], "an element of "+describe(e.Args[0], "the list"), value.constantValue())
	}
	if value.from == nil {
		return found
	}
	what := describe(e.Args[1], "what is looked for")
	if tuple, ok := bare(e.Args[0]).(*hclsyntax.TupleConsExpr); ok {
		for i, el := range tuple.Exprs {
			one := operand{v: list.v.Index(cty.NumberIntVal(int64(i)))}
			if _, isRef := bare(el).(*hclsyntax.ScopeTraversalExpr); isRef {
				one = c.eval(el) // for the value of a constant local
			}
			search(value, el, what, one.constantValue())
		}
		return found
	}
	// A list that stands elsewhere may serve for several attributes: only if none
	// of its elements is ever observed does it tell a mistake.
	if words := list.constantValue(); words != cty.NilVal && guard.IsSequence(words.Type()) && words.IsWhollyKnown() && words.LengthInt() > 0 {
		all := words.AsValueSlice()
		if !slices.ContainsFunc(all, func(v cty.Value) bool { return v.IsNull() || !value.refuses(v) }) {
			search(value, e.Args[0], what, all[0])
		}
	}
	return found
}
