package lint

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
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

// value is what is known of an expression, unknown where it can't be evaluated.
// The statuses are those of checks that are settled; "" is one that let the
// ladder go on.
func (u *unknowns) value(e *expression.Expr, statuses map[string]string) (value cty.Value) {
	value, diags := e.Value(u.context(e.Refs, statuses))
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	value, _ = value.Unmark()
	return value
}

// context holds a value for each reference, and nothing else.
func (u *unknowns) context(refs []expression.Ref, statuses map[string]string) *hcl.EvalContext {
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: language.FunctionTable()}
	named := map[string]map[string]cty.Value{} // by root, as expressions find it
	for i := range refs {
		ref := &refs[i]
		switch ref.Root {
		case language.RefTarget:
			ctx.Variables["target"] = cty.UnknownVal(cty.String)
		case language.RefResult:
			ctx.Variables["result"] = cty.DynamicVal
		default:
			root := ref.Traversal.RootName()
			if named[root] == nil {
				named[root] = map[string]cty.Value{}
			}
			named[root][expression.OwnName(ref.Name)] = u.named(ref, statuses)
		}
	}
	for root, values := range named {
		ctx.Variables[root] = cty.ObjectVal(values)
	}
	return ctx
}

// named is the value of a reference's first two steps.
func (u *unknowns) named(ref *expression.Ref, statuses map[string]string) cty.Value {
	switch ref.Root {
	case language.RefVar:
		if variable := u.rb.Variable(ref.Name); variable != nil {
			return cty.UnknownVal(variable.Type)
		}
	case language.RefLocal:
		return u.local(ref.Name)
	case language.RefFact:
		if f := u.rb.Fact(ref.Name); f != nil {
			return instances(u.result(f.Probe), f.ForEach)
		}
	case language.RefCheck:
		if c := u.rb.Check(ref.Name); c != nil {
			return instances(u.check(c, statuses), c.ForEach)
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
		value = u.value(l.Expr, nil)
		u.locals[name] = value
	}
	return value
}

func (u *unknowns) check(c *rules.Check, statuses map[string]string) cty.Value {
	attrs := map[string]cty.Value{
		"result": u.result(c.Probe),
		"status": cty.UnknownVal(cty.String).RefineNotNull(),
		"passed": cty.UnknownVal(cty.Bool).RefineNotNull(),
	}
	if status, ok := statuses[c.Name]; ok {
		attrs["passed"] = cty.True // or unknown, which opens nothing
		if status != "" {
			attrs["status"] = cty.StringVal(status)
		}
	}
	return cty.ObjectVal(attrs)
}

// instances is one, or a map of them.
func instances(one cty.Value, forEach *expression.Expr) cty.Value {
	if forEach == nil {
		return one
	}
	return cty.UnknownVal(cty.Map(cty.DynamicPseudoType)).RefineNotNull()
}

func (u *unknowns) result(p *rules.ProbeBlock) cty.Value {
	if p == nil {
		return cty.DynamicVal
	}
	return p.Kind.UnknownResult()
}
