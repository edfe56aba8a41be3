package rules

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// A checker proves expressions against the types of what they refer to. It is
// for one goroutine.
type checker struct {
	diags hcl.Diagnostics
}

func newChecker() *checker { return &checker{} }

// condition proves that e is exactly bool and, with mustObserve, that it
// depends on something observed.
func (c *checker) condition(e *Expr, s *scope, mustObserve bool) {
	if e == nil {
		return
	}
	c.value(e, s, cty.Bool)
}

// text proves that a text can be rendered.
func (c *checker) text(e *Expr, s *scope) {
	if e == nil {
		return
	}
	c.value(e, s, cty.String)
}

// value proves that e is of type want (DynamicPseudoType: any) and returns
// what is known about its value before anything is observed, converted to
// want; an unknown of want where something is wrong.
func (c *checker) value(e *Expr, s *scope, want cty.Type) cty.Value {
	if e == nil {
		return cty.NullVal(want)
	}
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: FunctionTable()}
	for p := s; p != nil; p = p.parent {
		for name, v := range p.names {
			if _, ok := ctx.Variables[name]; !ok {
				ctx.Variables[name] = v
			}
		}
	}
	v, diags := e.Value(ctx)
	c.diags = append(c.diags, diags...)
	if diags.HasErrors() {
		return cty.UnknownVal(want)
	}
	v, err := convert.Convert(v, want)
	if err != nil {
		rng := e.Range()
		c.diags = append(c.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Wrong type", Detail: err.Error(), Subject: &rng})
		return cty.UnknownVal(want)
	}
	return v
}
