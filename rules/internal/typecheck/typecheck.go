// Package typecheck proves one expression: it evaluates with unknown values of the
// declared types, walks into every branch, and reports what can never be, such as a
// name that does not exist, a comparison that comes out the same whatever is
// observed, or a null where none is taken. [New] and [Checker.Condition] are the way
// in; package rules knows which scope an expression has.
package typecheck

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// A Checker proves expressions before anything is observed. It evaluates each
// subexpression once, from the leaves up, with unknown values of the types of
// what it refers to, and on every path: behind && and ?:, inside of try and
// can, in the body of a for. What is wrong is reported once, where it begins;
// whatever encloses it is then taken for good.
//
// The same unknowns show what can't depend on the network: a subexpression
// that refers to something observed and yet has a known value always has it,
// which its author can't have meant.
//
// A checker is for one goroutine; scopes may be shared between checkers.
type Checker struct {
	Diags hcl.Diagnostics

	scope  *Scope
	locals []local // names of enclosing for expressions, the innermost last
	items  []item  // elements of enclosing splat expressions
	// lenient counts the enclosing try and can, where an argument that is
	// constant may fail on purpose.
	lenient int
	// left is what proving may still cost, in steps of a Budget, and rounds how
	// often the enclosing loops, as far as that is known, evaluate what is
	// proved.
	Left, rounds int64

	names map[namesKey][]string
}

// A local is a name that a for expression introduces.
type local struct {
	name string
	o    operand
}

type item struct {
	symbol *hclsyntax.AnonSymbolExpr
	o      operand
}

// An operand is what is known of a subexpression.
type operand struct {
	v cty.Value // unmarked; never NilVal
	// seen is the first reference to something observed; nil if there is none.
	seen hcl.Traversal
	// refers says that there is a reference at all.
	refers bool
	// bad says that something was reported in it, so that v says nothing.
	bad bool
	// pure says that the value was taken out of an observation as it is: an
	// object in it is never null.
	pure bool
	// loop says that a list in v stands for the tuple, of unknown length, that
	// a for expression makes.
	loop bool
	// loose says that a type which is not known is nobody's fault: a variable
	// of any type, or decoded text.
	loose bool
	// from is the place in what is observed that v was taken from as it is; nil:
	// not known.
	from *Origin
	// constant is the value of a local that is the same everywhere, which v leaves
	// out; cty.NilVal otherwise.
	constant cty.Value
}

// New is a checker that has found nothing yet.
func New() *Checker {
	return &Checker{Left: guard.MaxSteps, rounds: 1}
}

// Condition proves that e is exactly bool. With mustObserve it must also
// depend on something observed.
func (c *Checker) Condition(e *expression.Expr, s *Scope, mustObserve bool) {
	mode := modeCondition
	if mustObserve {
		mode = modeVerdict
	}
	c.prove(e, s, mode, cty.Bool)
}

// Text proves that a text can be rendered.
func (c *Checker) Text(e *expression.Expr, s *Scope) { c.prove(e, s, modeText, cty.String) }

// Value proves that e is of type want (DynamicPseudoType: any) and returns
// what is known of its value before anything is observed, converted to want;
// an unknown of want where something is wrong.
func (c *Checker) Value(e *expression.Expr, s *Scope, want cty.Type) cty.Value {
	return c.prove(e, s, modeValue, want)
}

// A mode is what an expression is proved for.
type mode byte

const (
	_ mode = iota
	modeValue
	modeText
	modeCondition
	modeVerdict // a condition that must observe
)

func (c *Checker) prove(e *expression.Expr, s *Scope, m mode, want cty.Type) (v cty.Value) {
	if e == nil {
		return cty.NullVal(want)
	}
	before := len(c.Diags)
	defer func() {
		if r := recover(); r != nil {
			c.Diags = append(c.Diags[:before], guard.PanicDiagnostic(e.Expression, nil, r))
			c.locals, c.items, c.lenient, c.rounds = c.locals[:0], c.items[:0], 0, 1
			v = cty.UnknownVal(want)
		}
	}()
	c.scope = s
	o := c.eval(e.Expression)
	switch m {
	case modeText:
		c.renderable(e.Expression, o)
	case modeCondition, modeVerdict:
		o = c.boolean(e.Expression, o, "A condition must be true or false")
		if m == modeVerdict && len(c.Diags) == before && !observes(e.Refs) {
			c.unobserved(e)
		}
	default:
		o = c.converted(e.Expression, c.paid(e.Expression, o), want)
	}
	if len(c.Diags) > before {
		return cty.UnknownVal(want)
	}
	return o.v
}

func observes(refs []expression.Ref) bool {
	return slices.ContainsFunc(refs, func(r expression.Ref) bool { return r.Observed() })
}

// unobserved reports a condition that looks at nothing that a probe observed.
func (c *Checker) unobserved(e *expression.Expr) {
	detail := "This condition is constant: it"
	if len(e.Refs) > 0 {
		detail = fmt.Sprintf("This condition depends on %s only: it", terminal.Reference(e.Refs[0].Traversal))
	}
	c.report(e.Range(), "Nothing observed in the condition",
		detail+" comes out the same whatever the network does. Refer to something observed: an attribute of result, a fact or another check.")
}

// report adds an error.
func (c *Checker) report(rng hcl.Range, summary, detail string) {
	c.Diags = append(c.Diags, &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  summary,
		Detail:   detail,
		Subject:  &rng,
	})
}

// paid charges for what is known of a value that e refers to or makes, which is
// what it costs when it runs. It is reported once.
func (c *Checker) paid(e hclsyntax.Expression, o operand) operand {
	return c.pay(e, o, guard.Steps(o.v, guard.MaxSteps))
}

// paidUnified is paid for finding the common type of a value's elements.
func (c *Checker) paidUnified(e hclsyntax.Expression, o operand) operand {
	return c.pay(e, o, guard.UnifySteps(o.v, guard.MaxSteps))
}

func (c *Checker) pay(e hclsyntax.Expression, o operand, steps int64) operand {
	if o.bad || steps <= guard.FreeSteps {
		return o
	}
	if c.Left -= steps; c.Left >= 0 {
		return o
	}
	if c.Left+steps >= 0 {
		rng := e.Range()
		c.Diags = append(c.Diags, expression.OverBudget(rng, guard.MaxSteps))
	}
	return o.wrong(cty.DynamicVal)
}

// wrong is o after something in it was reported: v is what it would have been
// at best.
func (o operand) wrong(v cty.Value) operand {
	return operand{v: v, seen: o.seen, refers: o.refers, bad: true}
}

// with is the operand of an expression with o and other in it, of value v.
func (o operand) with(other operand, v cty.Value) operand {
	seen := o.seen
	if seen == nil {
		seen = other.seen
	}
	return operand{
		v: v, seen: seen, refers: o.refers || other.refers,
		bad: o.bad || other.bad, loop: o.loop || other.loop, loose: o.loose || other.loose,
	}
}

// observedButKnown reports an operand that refers to something observed and
// has the same value whatever was observed.
func (c *Checker) observedButKnown(e hclsyntax.Expression, o operand) operand {
	if o.bad || o.seen == nil || !o.v.IsWhollyKnown() {
		return o
	}
	ref := terminal.Reference(o.seen)
	switch {
	case o.v.RawEquals(cty.True), o.v.RawEquals(cty.False):
		word := terminal.Value(o.v)
		c.report(e.Range(), "Always "+word, fmt.Sprintf("This refers to %s, but it is %s whatever was observed.", ref, word))
	default:
		c.report(e.Range(), "Always the same value", fmt.Sprintf("This refers to %s, but it is %s whatever was observed.", ref, asWritten(o.v)))
	}
	return o.wrong(cty.UnknownVal(o.v.Type()))
}

// boolean demands exactly bool. need is the beginning of the message.
func (c *Checker) boolean(e hclsyntax.Expression, o operand, need string) operand {
	t := o.v.Type()
	switch {
	case o.bad:
		return o.wrong(guard.UnknownBool)
	case o.v.IsNull():
		c.report(e.Range(), "Not true or false", need+", and this is null.")
	case t == cty.Bool:
		return o
	case t == cty.DynamicPseudoType && o.loose:
		o.v = guard.UnknownBool // it shows when it runs
		return o
	case t == cty.DynamicPseudoType:
		c.report(e.Range(), "Not true or false", need+", and this may be of several types.")
	case t == cty.String:
		hint := ""
		if s, ok := guard.KnownString(o.v); ok && (s == "true" || s == "false") {
			hint = fmt.Sprintf(" Write %s without quotes.", s)
		}
		c.report(e.Range(), "Not true or false", need+", and this is a string."+hint)
	case t == cty.Number:
		c.report(e.Range(), "Not true or false", need+", and this is a number. Compare it with one.")
	case guard.IsSequence(t), t.IsMapType():
		c.report(e.Range(), "Not true or false", fmt.Sprintf("%s, and this is %s. Ask for its length, or use alltrue, anytrue or contains.", need, typeNoun(t)))
	default:
		c.report(e.Range(), "Not true or false", fmt.Sprintf("%s, and this is %s. Compare one of its attributes.", need, typeNoun(t)))
	}
	return o.wrong(guard.UnknownBool)
}

// converted demands a type that want can be made of.
func (c *Checker) converted(e hclsyntax.Expression, o operand, want cty.Type) operand {
	if o.bad {
		return o.wrong(cty.UnknownVal(want))
	}
	if want == cty.DynamicPseudoType || o.v.Type().Equals(want) {
		return o
	}
	v, err := language.Convert(o.v, want)
	if err != nil {
		c.report(e.Range(), "Wrong type", wrongType(o.v, want, err))
		return o.wrong(cty.UnknownVal(want))
	}
	o.v, o.from = v, nil
	return o
}

// wrongType says why a value does not convert.
func wrongType(v cty.Value, want cty.Type, err error) string {
	if v.Type().IsPrimitiveType() && v.IsKnown() && !v.IsNull() {
		return fmt.Sprintf("%s is needed, and %s is %s.", terminal.Capital(typeNoun(want)), asWritten(v), typeNoun(v.Type()))
	}
	if v.Type().IsPrimitiveType() || want.IsPrimitiveType() {
		return fmt.Sprintf("%s is needed, and this is %s.", terminal.Capital(typeNoun(want)), typeNoun(v.Type()))
	}
	return fmt.Sprintf("%s is needed, and this is %s: %s.", terminal.Capital(typeNoun(want)), typeNoun(v.Type()), err)
}

// renderable demands something that has words in a text.
func (c *Checker) renderable(e hclsyntax.Expression, o operand) {
	t := o.v.Type()
	if o.bad || t.IsPrimitiveType() || t == cty.DynamicPseudoType {
		return
	}
	e = bare(e)
	what := describe(e, "this")
	switch {
	case guard.IsSequence(t) && (t.IsTupleType() || !t.ElementType().IsObjectType()):
		c.report(e.Range(), "Not a text", fmt.Sprintf(`A text can't show %s. Put its elements together: join(", ", %s).`, typeNoun(t), what))
	case guard.IsSequence(t):
		c.report(e.Range(), "Not a text", fmt.Sprintf(`A text can't show %s. Put what matters of its elements together: join(", ", [for x in %s : x.…]).`, typeNoun(t), what))
	default:
		c.report(e.Range(), "Not a text", fmt.Sprintf("A text can't show %s. Show one of its attributes, or jsonencode(%s).", typeNoun(t), what))
	}
}
