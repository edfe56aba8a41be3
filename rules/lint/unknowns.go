package lint

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// unknowns evaluates expressions before there are any values: whatever comes
// out known all the same is so in every run.
type unknowns struct {
	rb     *rules.Runbook
	locals map[string]cty.Value
}

func newUnknowns(rb *rules.Runbook) *unknowns {
	return &unknowns{rb: rb, locals: map[string]cty.Value{}}
}

// A view is what an expression sees of its own block, and what is known of
// checks beyond their types.
type view struct {
	target bool
	probe  *rules.ProbeBlock // of which result is
	status map[string]string // of checks whose status is settled
}

// value is what is known of an expression, unknown where it can't be evaluated.
func (u *unknowns) value(e hclsyntax.Expression, refs []rules.Ref, v view) (value cty.Value) {
	defer func() {
		if recover() != nil {
			value = cty.DynamicVal
		}
	}()
	value, diags := e.Value(u.context(refs, v))
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	value, _ = value.Unmark()
	return value
}

// context holds a value for each reference, and nothing else.
func (u *unknowns) context(refs []rules.Ref, v view) *hcl.EvalContext {
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: rules.FunctionTable()}
	named := map[rules.RefRoot]map[string]cty.Value{}
	for i := range refs {
		ref := &refs[i]
		switch ref.Root {
		case rules.RefTarget:
			ctx.Variables["target"] = cty.UnknownVal(cty.String)
		case rules.RefResult:
			ctx.Variables["result"] = u.result(v.probe)
		default:
			if named[ref.Root] == nil {
				named[ref.Root] = map[string]cty.Value{}
			}
			named[ref.Root][ref.Name] = u.named(ref, v)
		}
	}
	for root, values := range named {
		ctx.Variables[string(root)] = cty.ObjectVal(values)
	}
	return ctx
}

// named is the value of a reference's first two steps.
func (u *unknowns) named(ref *rules.Ref, v view) cty.Value {
	switch ref.Root {
	case rules.RefVar:
		if variable := u.rb.Variable(ref.Name); variable != nil {
			return cty.UnknownVal(variable.Type)
		}
	case rules.RefLocal:
		return u.local(ref.Name)
	case rules.RefFact:
		if f := u.rb.Fact(ref.Name); f != nil {
			return instances(u.result(f.Probe), f.ForEach)
		}
	case rules.RefCheck:
		if c := u.rb.Check(ref.Name); c != nil {
			return instances(u.check(c, v), c.ForEach)
		}
	}
	return cty.DynamicVal
}

func (u *unknowns) local(name string) cty.Value {
	l := u.rb.Local(name)
	if l == nil {
		return cty.DynamicVal
	}
	value, ok := u.locals[name]
	if !ok {
		value = u.value(l.Expr, l.Expr.Refs, view{})
		u.locals[name] = value
	}
	return value
}

func (u *unknowns) check(c *rules.Check, v view) cty.Value {
	attrs := map[string]cty.Value{
		"result": u.result(c.Probe),
		"status": cty.UnknownVal(cty.String).RefineNotNull(),
		"passed": cty.UnknownVal(cty.Bool).RefineNotNull(),
	}
	if status, ok := v.status[c.Name]; ok {
		attrs["passed"] = cty.True // or unknown, which opens nothing
		if status != "" {
			attrs["status"] = cty.StringVal(status)
		}
	}
	return cty.ObjectVal(attrs)
}

// instances is one, or a map of them.
func instances(one cty.Value, forEach *rules.Expr) cty.Value {
	if forEach == nil {
		return one
	}
	return cty.UnknownVal(cty.Map(cty.DynamicPseudoType)).RefineNotNull()
}

// result is an unknown result whose numbers keep within their bounds.
func (u *unknowns) result(p *rules.ProbeBlock) cty.Value {
	if p == nil {
		return cty.DynamicVal
	}
	return u.object(p.Kind.Result, p)
}

func (u *unknowns) object(attrs []rules.Attribute, p *rules.ProbeBlock) cty.Value {
	values := make(map[string]cty.Value, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		switch {
		case a.Attrs != nil && !a.List:
			values[a.Name] = u.object(a.Attrs, p)
		case a.Attrs == nil && a.Type == cty.Number:
			values[a.Name] = u.number(a, p)
		default:
			values[a.Name] = cty.UnknownVal(a.ValueType())
		}
	}
	return cty.ObjectVal(values)
}

func (u *unknowns) number(a *rules.Attribute, p *rules.ProbeBlock) cty.Value {
	if a.Least == cty.NilVal && a.Most == cty.NilVal && a.MostArg == "" {
		return cty.UnknownVal(cty.Number)
	}
	// That it may be null is left aside: no order holds of a null.
	r := cty.UnknownVal(cty.Number).Refine().NotNull()
	if a.Least != cty.NilVal {
		r = r.NumberRangeLowerBound(a.Least, true)
	}
	most := a.Most
	if a.MostArg != "" {
		if given := u.argument(p, a.MostArg); given != cty.NilVal {
			most = given
		}
	}
	if most != cty.NilVal {
		r = r.NumberRangeUpperBound(most, true)
	}
	return r.NewValue()
}

// argument is the number that is given for an argument of a probe; NilVal where
// that shows only in a run.
func (u *unknowns) argument(p *rules.ProbeBlock, name string) cty.Value {
	value := cty.NilVal
	for i := range p.Kind.Args {
		if p.Kind.Args[i].Name == name {
			value = p.Kind.Args[i].Default
		}
	}
	for i := range p.Args {
		if p.Args[i].Attr.Name != name {
			continue
		}
		e := p.Args[i].Expr
		if given := u.value(e, e.Refs, view{}); !given.IsKnown() {
			value = cty.NilVal
		} else if !given.IsNull() {
			value = given
		}
	}
	if value == cty.NilVal || value.IsNull() || value.Type() != cty.Number {
		return cty.NilVal
	}
	return value
}
