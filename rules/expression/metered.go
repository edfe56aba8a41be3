package expression

import (
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// A metered expression is one whose evaluation is charged to a budget. It is a
// copy of the expression as it was written, since the meter is part of it: HCL
// hands an evaluation nothing of ours. Where nothing is charged it is the
// expression itself.
//
// Whatever an operation may take long over or multiply was paid for where it was
// referred to or made: the collection of a loop and each round of it, the
// arguments and the result of a call, the parts of a text, both sides of a
// comparison. All else is bounded by the length of the expression, and what was
// observed by its kind.
type metered struct {
	hclsyntax.Expression
	meter meter
}

// A meter is where the parts of one expression find the budget of the moment.
type meter struct{ *Budget }

// free is what stands for an expression in which nothing is charged.
var free = &metered{}

// A meterSlot keeps the metered copy of an expression while nobody evaluates it.
// Whoever comes meanwhile makes another one.
type meterSlot struct{ idle atomic.Pointer[metered] }

// take hands out the metered copy of an expression for one evaluation, to be given
// back after it; nil where nothing of it is charged.
func (b *Budget) take(e *Expr) *metered {
	if b == nil || e.metered.idle.Load() == free {
		return nil
	}
	m := e.metered.idle.Swap(nil)
	if m == nil {
		m = &metered{}
		m.Expression, _ = meterMaker{meter: &m.meter}.copy(e.Expression)
		if m.Expression == e.Expression {
			e.metered.idle.Store(free)
			return nil
		}
	}
	m.meter.Budget = b
	return m
}

func (e *Expr) giveBack(m *metered) {
	m.meter.Budget = nil
	e.metered.idle.Store(m)
}

// A meteredPart is a part that is charged for. Like a TextPart it embeds a
// ParenthesesExpr, so that a walk also visits the part.
type meteredPart struct {
	*hclsyntax.ParenthesesExpr
	meter *meter
	round int64 // steps for each evaluation: of a part that a loop repeats
	// number is set where a text would be read as a number, unified where the
	// types of the elements are compared with each other.
	number, unified bool
	collection      cty.Type // what it is converted to, of a collection
	call            *meteredCall
	index           int // of the argument of call
}

// A meteredCall is a call that takes more than its arguments are large. It is paid
// for when the last of them is known.
type meteredCall struct {
	steps  func([]cty.Value) (int64, error)
	args   []cty.Value
	expand bool // the last stands for several
}

// given notes an argument. The steps are those of the call, once all are given.
func (c *meteredCall) given(i int, v cty.Value) int64 {
	c.args[i] = v
	if i < len(c.args)-1 {
		return 0
	}
	args := c.args
	if last, _ := v.Unmark(); c.expand && last.IsKnown() && !last.IsNull() && last.CanIterateElements() {
		args = append(args[:i:i], last.AsValueSlice()...)
	}
	steps, _ := c.steps(args) // what is wrong says the call
	clear(c.args)
	return steps
}

func (p *meteredPart) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if p.round > 0 {
		p.meter.charge(p.round, p.SrcRange)
	}
	v, diags := p.Expression.Value(ctx)
	if len(diags) > 0 {
		p.meter.chargeDiagnostics(diags, p.SrcRange)
	}
	if p.call != nil {
		if steps := p.call.given(p.index, v); steps > guard.FreeSteps && steps <= guard.MaxSteps { // more says the call
			p.meter.charge(steps, p.SrcRange)
		}
	}
	if v.Type() == cty.Number { // most values
		return v, diags
	}
	p.meter.chargeValue(v, p.SrcRange)
	if p.collection != cty.NilType {
		v = guard.AsCollection(v, p.collection)
	}
	if p.unified {
		p.meter.chargeUnified(v, p.SrcRange)
	}
	if p.number {
		if err := guard.ReadsAsNumbers(v); err != nil {
			return cty.DynamicVal, append(diags, diagnostic.ErrorAt(p.SrcRange, "Number out of range", "%s.", terminal.Capital(err.Error())))
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
	if err := guard.NumbersIn(v); err != nil {
		return cty.UnknownVal(cty.Number), append(diags, diagnostic.ErrorAt(p.SrcRange, "Number out of range", "%s.", terminal.Capital(err.Error())))
	}
	return v, diags
}

// A meterMaker makes the parts that are charged for.
type meterMaker struct {
	meter *meter
	loop  bool // what is copied is the body of a loop
}

// operand is e where what it evaluates to is looked through, or copied.
func (c meterMaker) operand(e hclsyntax.Expression, number bool) hclsyntax.Expression {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr, *hclsyntax.BinaryOpExpr, *hclsyntax.UnaryOpExpr, *boundedNumber:
		return e
	}
	p := c.part(e, 0)
	p.number = number
	return p
}

// once is an operand that nothing but the length of the expression repeats: one
// that was observed is left as it is.
func (c meterMaker) once(e hclsyntax.Expression, number bool) hclsyntax.Expression {
	if ref, is := e.(*hclsyntax.ScopeTraversalExpr); is && !c.loop {
		switch language.RefRoot(ref.Traversal.RootName()) {
		case language.RefResult, language.RefFact, language.RefCheck, language.RefTarget, language.RefSite, language.RefVantage:
			return e
		}
	}
	return c.operand(e, number)
}

// unified is e where the types of its elements are compared.
func (c meterMaker) unified(e hclsyntax.Expression) hclsyntax.Expression {
	e = c.once(e, false)
	if p, metered := e.(*meteredPart); metered {
		p.unified = true
	}
	return e
}

func (c meterMaker) part(e hclsyntax.Expression, round int64) *meteredPart {
	return &meteredPart{ParenthesesExpr: &hclsyntax.ParenthesesExpr{Expression: e, SrcRange: e.Range()}, meter: c.meter, round: round}
}

// copy is the metered copy of e, or e where it needs none, and how many parts it
// has.
func (c meterMaker) copy(e hclsyntax.Expression) (hclsyntax.Expression, int64) {
	w := copying{meterMaker: c, nodes: 1}
	return w.visit(e), w.nodes
}

// A copying makes the copies of the parts of one expression.
type copying struct {
	meterMaker
	nodes   int64
	changed bool // a part is not what it was
}

// sub is the copy of a part.
func (w *copying) sub(e hclsyntax.Expression) hclsyntax.Expression {
	if e == nil {
		return nil
	}
	copied, nodes := w.copy(e)
	w.nodes += nodes
	w.changed = w.changed || copied != e
	return copied
}

// now notes that a part has become another.
func (w *copying) now(was, is hclsyntax.Expression) hclsyntax.Expression {
	w.changed = w.changed || was != is
	return is
}

func (w *copying) all(list []hclsyntax.Expression) []hclsyntax.Expression {
	copies := make([]hclsyntax.Expression, len(list))
	for i, e := range list {
		copies[i] = w.sub(e)
	}
	return copies
}

func (w *copying) visit(e hclsyntax.Expression) hclsyntax.Expression {
	var copied hclsyntax.Expression
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		w.nodes += int64(len(e.Traversal))
	case *hclsyntax.RelativeTraversalExpr:
		w.nodes += int64(len(e.Traversal))
		copied = &hclsyntax.RelativeTraversalExpr{Source: w.sub(e.Source), Traversal: e.Traversal, SrcRange: e.SrcRange}
	case *hclsyntax.IndexExpr:
		x := *e
		x.Collection = w.sub(e.Collection)
		x.Key = w.now(e.Key, w.once(w.sub(e.Key), true))
		copied = &x
	case *hclsyntax.ParenthesesExpr:
		copied = &hclsyntax.ParenthesesExpr{Expression: w.sub(e.Expression), SrcRange: e.SrcRange}
	case *hclsyntax.BinaryOpExpr:
		copied = w.binary(e)
	case *hclsyntax.UnaryOpExpr:
		x := *e
		if x.Val = w.sub(e.Val); e.Op == hclsyntax.OpNegate {
			x.Val = w.now(e.Val, w.once(x.Val, true))
		}
		copied = &x
	case *hclsyntax.ConditionalExpr:
		x := *e
		x.Condition = w.sub(e.Condition)
		x.TrueResult = w.now(e.TrueResult, w.unified(w.sub(e.TrueResult)))
		x.FalseResult = w.now(e.FalseResult, w.unified(w.sub(e.FalseResult)))
		copied = &x
	case *hclsyntax.FunctionCallExpr:
		x := *e
		x.Args = w.arguments(e)
		return w.part(&x, 0)
	case *hclsyntax.TemplateExpr:
		parts := w.all(e.Parts)
		for i, part := range parts {
			if _, text := part.(*TextPart); !text {
				parts[i] = w.now(e.Parts[i], w.operand(part, false))
			}
		}
		copied = &hclsyntax.TemplateExpr{Parts: parts, SrcRange: e.SrcRange}
	case *TextPart:
		inner := w.sub(e.Expression)
		inner = w.now(e.Expression, w.once(inner, false))
		copied = &TextPart{&hclsyntax.ParenthesesExpr{Expression: inner, SrcRange: e.SrcRange}}
	case *hclsyntax.TemplateWrapExpr:
		copied = &hclsyntax.TemplateWrapExpr{Wrapped: w.sub(e.Wrapped), SrcRange: e.SrcRange}
	case *hclsyntax.TemplateJoinExpr:
		copied = &hclsyntax.TemplateJoinExpr{Tuple: w.operand(w.sub(e.Tuple), false)}
		w.changed = true
	case *hclsyntax.TupleConsExpr:
		x := *e
		x.Exprs = w.all(e.Exprs)
		copied = &x
	case *hclsyntax.ObjectConsExpr:
		x := *e
		x.Items = make([]hclsyntax.ObjectConsItem, len(e.Items))
		for i, item := range e.Items {
			x.Items[i] = hclsyntax.ObjectConsItem{KeyExpr: w.sub(item.KeyExpr), ValueExpr: w.sub(item.ValueExpr)}
		}
		copied = &x
	case *hclsyntax.ObjectConsKeyExpr:
		x := *e
		x.Wrapped = w.sub(e.Wrapped)
		copied = &x
	case *hclsyntax.ForExpr:
		copied = w.forExpr(e)
	case *hclsyntax.SplatExpr:
		x := *e
		x.Source = w.operand(w.sub(e.Source), false)
		x.Each = w.part(w.sub(e.Each), w.nodes)
		return &x
	}
	if w.changed {
		return copied
	}
	return e
}

// forExpr charges each round for all that it evaluates.
func (w *copying) forExpr(e *hclsyntax.ForExpr) hclsyntax.Expression {
	x := *e
	x.CollExpr = w.operand(w.sub(e.CollExpr), false)
	outside := w.meterMaker
	w.meterMaker.loop = true
	x.KeyExpr, x.ValExpr, x.CondExpr = w.sub(e.KeyExpr), w.sub(e.ValExpr), w.sub(e.CondExpr)
	w.meterMaker = outside
	x.ValExpr = w.part(x.ValExpr, w.nodes)
	if x.KeyExpr != nil {
		x.KeyExpr = w.part(x.KeyExpr, 1)
	}
	if x.CondExpr != nil {
		x.CondExpr = w.part(x.CondExpr, w.nodes)
	}
	w.changed = true
	return &x
}

func (w *copying) binary(e *hclsyntax.BinaryOpExpr) hclsyntax.Expression {
	x := *e
	x.LHS, x.RHS = w.sub(e.LHS), w.sub(e.RHS)
	operands := func(number bool) {
		x.LHS, x.RHS = w.now(e.LHS, w.once(x.LHS, number)), w.now(e.RHS, w.once(x.RHS, number))
	}
	switch e.Op {
	case hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr:
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		if !isLiteral(e.LHS) && !isLiteral(e.RHS) {
			operands(false)
		}
	case hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual, hclsyntax.OpLessThan, hclsyntax.OpLessThanOrEqual:
		operands(true)
	default: // arithmetic
		operands(true)
		w.changed = true
		return &boundedNumber{&hclsyntax.ParenthesesExpr{Expression: &x, SrcRange: e.SrcRange}}
	}
	return &x
}

func isLiteral(e hclsyntax.Expression) bool {
	_, is := e.(*hclsyntax.LiteralValueExpr)
	return is
}

// arguments are those of a call. try and can evaluate theirs themselves.
func (w *copying) arguments(e *hclsyntax.FunctionCallExpr) []hclsyntax.Expression {
	args := w.all(e.Args)
	w.changed = true
	f := language.Callees()[e.Name]
	if f == nil || f.Lenient {
		return args
	}
	var call *meteredCall
	if f.Steps != nil {
		call = &meteredCall{steps: f.Steps, args: make([]cty.Value, len(args)), expand: e.ExpandFinal}
	}
	for i := range args {
		if call != nil {
			p := w.part(args[i], 0)
			p.call, p.index = call, i
			args[i] = p
		}
		ty := f.Param(i).Type
		if _, metered := args[i].(*meteredPart); !metered {
			args[i] = w.operand(args[i], false)
		}
		if p, metered := args[i].(*meteredPart); metered {
			p.number = p.number || guard.HoldsNumber(ty)
		}
		if p, metered := args[i].(*meteredPart); metered && ty.IsCollectionType() {
			p.unified, p.collection = true, ty
		}
	}
	return args
}
