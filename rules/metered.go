package rules

import (
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A metered expression is one whose evaluation is charged to a budget. It is a
// copy of the expression as it was written, since the meter is part of it: HCL
// hands an evaluation nothing of ours.
//
// Whatever an operation may take long over or multiply was paid for where it was
// referred to or made: the collection of a loop and each round of it, the
// arguments and the result of a call, the parts of a text, both sides of a
// comparison. All else is bounded by the length of the expression.
type metered struct {
	hclsyntax.Expression
	meter meter
}

// A meter is where the parts of one expression find the budget of the moment.
type meter struct{ *Budget }

// A meteredPart is a part that is charged for. Like a textPart it embeds a
// ParenthesesExpr, so that a walk also visits the part.
type meteredPart struct {
	*hclsyntax.ParenthesesExpr
	meter *meter
	round int64 // steps for each evaluation: of a part that a loop repeats
	// number is set where a text would be read as a number, unified where the
	// types of the elements are compared with each other.
	number, unified bool
	collection      cty.Type // what it is converted to, of a collection
}

func (p *meteredPart) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if p.round > 0 {
		p.meter.charge(p.round, p.SrcRange)
	}
	v, diags := p.Expression.Value(ctx)
	if len(diags) > 0 {
		p.meter.chargeDiagnostics(diags, p.SrcRange)
	}
	if v.Type() == cty.Number { // most values
		return v, diags
	}
	p.meter.chargeValue(v, p.SrcRange)
	if p.collection != cty.NilType {
		v = asCollection(v, p.collection)
	}
	if p.unified {
		p.meter.chargeUnified(v, p.SrcRange)
	}
	if p.number {
		if err := readsAsNumbers(v); err != nil {
			return cty.DynamicVal, append(diags, errorAt(p.SrcRange, "Number out of range", "%s.", upperFirst(err.Error())))
		}
	}
	return v, diags
}

// unmetered is what a metered part evaluates.
func unmetered(e hclsyntax.Expression) hclsyntax.Expression {
	if part, is := e.(*meteredPart); is {
		return part.Expression
	}
	return e
}

// A boundedNumber is a computed number, which must not become too large to be
// written out.
type boundedNumber struct{ *hclsyntax.ParenthesesExpr }

func (p *boundedNumber) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := p.Expression.Value(ctx)
	if err := numbersIn(v); err != nil {
		return cty.UnknownVal(cty.Number), append(diags, errorAt(p.SrcRange, "Number out of range", "%s.", upperFirst(err.Error())))
	}
	return v, diags
}

// A meterSlot keeps the metered copy of an expression while nobody evaluates it.
// Whoever comes meanwhile makes another one.
type meterSlot struct{ idle atomic.Pointer[metered] }

// use hands out the metered copy of an expression for one evaluation.
func (b *Budget) use(e *Expr, evaluate func(e hclsyntax.Expression)) {
	m := e.metered.idle.Swap(nil)
	if m == nil {
		m = &metered{}
		m.Expression, _ = meterMaker{&m.meter}.copy(e.Expression)
	}
	m.meter.Budget = b
	evaluate(m.Expression)
	m.meter.Budget = nil
	e.metered.idle.Store(m)
}

// A meterMaker makes the metered copy of an expression. Parts in which nothing is
// charged stay the same.
type meterMaker struct{ meter *meter }

// operand is e where what it evaluates to is looked through, or copied.
func (c meterMaker) operand(e hclsyntax.Expression, number bool) hclsyntax.Expression {
	switch e.(type) {
	case *hclsyntax.LiteralValueExpr, *hclsyntax.BinaryOpExpr, *hclsyntax.UnaryOpExpr, *boundedNumber:
		return e
	}
	p := c.part(e, 0)
	p.number = number
	return p
}

// unified is e where the types of its elements are compared.
func (c meterMaker) unified(e hclsyntax.Expression) hclsyntax.Expression {
	e = c.operand(e, false)
	if p, metered := e.(*meteredPart); metered {
		p.unified = true
	}
	return e
}

// round is e where a loop evaluates it again and again.
func (c meterMaker) round(e hclsyntax.Expression, nodes int64) hclsyntax.Expression {
	if e == nil {
		return nil
	}
	return c.part(e, nodes)
}

func (c meterMaker) part(e hclsyntax.Expression, round int64) *meteredPart {
	return &meteredPart{ParenthesesExpr: &hclsyntax.ParenthesesExpr{Expression: e, SrcRange: e.Range()}, meter: c.meter, round: round}
}

// copy is the metered copy of e, and how many parts it has.
func (c meterMaker) copy(e hclsyntax.Expression) (hclsyntax.Expression, int64) {
	nodes := int64(1)
	sub := func(e hclsyntax.Expression) hclsyntax.Expression {
		if e == nil {
			return nil
		}
		copied, n := c.copy(e)
		nodes += n
		return copied
	}
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return e, nodes + int64(len(e.Traversal))
	case *hclsyntax.RelativeTraversalExpr:
		x := *e
		x.Source = sub(e.Source)
		return &x, nodes + int64(len(e.Traversal))
	case *hclsyntax.IndexExpr:
		x := *e
		x.Collection, x.Key = sub(e.Collection), c.operand(sub(e.Key), true)
		return &x, nodes
	case *hclsyntax.ParenthesesExpr:
		x := *e
		x.Expression = sub(e.Expression)
		return &x, nodes
	case *hclsyntax.BinaryOpExpr:
		return c.binary(e, sub(e.LHS), sub(e.RHS)), nodes
	case *hclsyntax.UnaryOpExpr:
		x := *e
		x.Val = c.operand(sub(e.Val), e.Op == hclsyntax.OpNegate)
		return &x, nodes
	case *hclsyntax.ConditionalExpr:
		x := *e
		x.Condition = sub(e.Condition)
		x.TrueResult, x.FalseResult = c.unified(sub(e.TrueResult)), c.unified(sub(e.FalseResult))
		return &x, nodes
	case *hclsyntax.FunctionCallExpr:
		x := *e
		x.Args = c.arguments(e, sub)
		return c.part(&x, 0), nodes
	case *hclsyntax.TemplateExpr:
		x := *e
		x.Parts = make([]hclsyntax.Expression, len(e.Parts))
		for i, part := range e.Parts {
			x.Parts[i] = c.operand(sub(part), false)
		}
		return &x, nodes
	case *textPart:
		inner := *e.ParenthesesExpr
		inner.Expression = c.operand(sub(e.Expression), false)
		return &textPart{&inner}, nodes
	case *hclsyntax.TemplateWrapExpr:
		x := *e
		x.Wrapped = sub(e.Wrapped)
		return &x, nodes
	case *hclsyntax.TemplateJoinExpr:
		x := *e
		x.Tuple = c.operand(sub(e.Tuple), false)
		return &x, nodes
	case *hclsyntax.TupleConsExpr:
		x := *e
		x.Exprs = make([]hclsyntax.Expression, len(e.Exprs))
		for i, el := range e.Exprs {
			x.Exprs[i] = sub(el)
		}
		return &x, nodes
	case *hclsyntax.ObjectConsExpr:
		x := *e
		x.Items = make([]hclsyntax.ObjectConsItem, len(e.Items))
		for i, item := range e.Items {
			x.Items[i] = hclsyntax.ObjectConsItem{KeyExpr: sub(item.KeyExpr), ValueExpr: sub(item.ValueExpr)}
		}
		return &x, nodes
	case *hclsyntax.ObjectConsKeyExpr:
		x := *e
		x.Wrapped = sub(e.Wrapped)
		return &x, nodes
	case *hclsyntax.ForExpr:
		x := *e
		x.CollExpr = c.operand(sub(e.CollExpr), false)
		x.KeyExpr, x.ValExpr, x.CondExpr = sub(e.KeyExpr), sub(e.ValExpr), sub(e.CondExpr)
		x.KeyExpr, x.ValExpr, x.CondExpr = c.round(x.KeyExpr, 1), c.round(x.ValExpr, nodes), c.round(x.CondExpr, nodes)
		return &x, nodes
	case *hclsyntax.SplatExpr:
		x := *e
		x.Source = c.operand(sub(e.Source), false)
		x.Each = sub(e.Each)
		x.Each = c.round(x.Each, nodes)
		return &x, nodes
	}
	return e, nodes
}

// binary is an operation on copied operands.
func (c meterMaker) binary(e *hclsyntax.BinaryOpExpr, left, right hclsyntax.Expression) hclsyntax.Expression {
	x := *e
	x.LHS, x.RHS = left, right
	switch e.Op {
	case hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr:
		return &x
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		if !isLiteral(left) && !isLiteral(right) {
			x.LHS, x.RHS = c.operand(left, false), c.operand(right, false)
		}
		return &x
	case hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual, hclsyntax.OpLessThan, hclsyntax.OpLessThanOrEqual:
		x.LHS, x.RHS = c.operand(left, true), c.operand(right, true)
		return &x
	default: // arithmetic
		x.LHS, x.RHS = c.operand(left, true), c.operand(right, true)
		return &boundedNumber{&hclsyntax.ParenthesesExpr{Expression: &x, SrcRange: e.SrcRange}}
	}
}

func isLiteral(e hclsyntax.Expression) bool {
	_, is := e.(*hclsyntax.LiteralValueExpr)
	return is
}

// arguments are the copied arguments of a call. Those of try and can are
// evaluated by the function.
func (c meterMaker) arguments(e *hclsyntax.FunctionCallExpr, sub func(hclsyntax.Expression) hclsyntax.Expression) []hclsyntax.Expression {
	args := make([]hclsyntax.Expression, len(e.Args))
	f := callees()[e.Name]
	for i, arg := range e.Args {
		args[i] = sub(arg)
		if f == nil || f.lenient {
			continue
		}
		ty := f.param(i).Type
		args[i] = c.operand(args[i], holdsNumber(ty))
		if p, metered := args[i].(*meteredPart); metered && ty.IsCollectionType() {
			p.unified, p.collection = true, ty
		}
	}
	return args
}
