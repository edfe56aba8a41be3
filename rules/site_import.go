package rules

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A handedOn follows the values of a profile through the arguments of imports,
// outer ones first. What the profile does not give is unknown.
type handedOn struct {
	rb     *Runbook
	values map[string]handedValue // by the variable's full name
}

// A handedValue is the value of a variable, and what it comes from.
type handedValue struct {
	value cty.Value
	from  VarValue
}

// to hands values on to the variables of an import and holds them against what
// those are.
func (h *handedOn) to(im *Import) hcl.Diagnostics {
	var diags hcl.Diagnostics
	raw := map[string]handedValue{}
	open := func(string) cty.Value { return cty.DynamicVal }
	for _, v := range im.Variables {
		arg := im.Arg(v)
		if arg == nil {
			continue
		}
		from, ok := h.origin(arg.Expr)
		if !ok {
			continue // nothing of the profile is in it
		}
		value, problem := arg.Expr.Value(h.scope(arg.Expr))
		if problem.HasErrors() {
			d := diagnostic.ErrorAt(from.Range, "Argument broke", "With this value the argument %s of import %q can't be evaluated.", arg.Name, im.Name)
			diags = append(diags, h.blame(d, from, arg))
			continue
		}
		raw[v.Name] = handedValue{value, from}
		bound, _ := v.Bind(value, Binding{All: open, Range: from.Range})
		h.values[v.Name] = handedValue{bound, from}
	}
	for _, v := range im.Variables {
		if r, ok := raw[v.Name]; ok {
			_, more := v.Bind(r.value, Binding{All: h.value, Range: r.from.Range})
			for _, d := range more {
				diags = append(diags, h.blame(d, r.from, im.Arg(v)))
			}
		}
	}
	return diags
}

// blame shows the argument beside the profile's value, which is what is wrong.
func (h *handedOn) blame(d *hcl.Diagnostic, from VarValue, arg *ImportArg) *hcl.Diagnostic {
	if _, ok := d.Extra.(diagnostic.Confidential); ok {
		return d // the import's variable is sensitive: nothing is quoted
	}
	related, _ := d.Extra.(diagnostic.Related)
	d.Extra = append(diagnostic.Related{{Note: "handed on here", Range: arg.Expr.Range()}}, related...)
	return h.rb.Variable(from.Name).keep(d)
}

// origin is the first of the profile's values that an expression is made from.
func (h *handedOn) origin(e *expression.Expr) (VarValue, bool) {
	for _, ref := range e.Refs {
		if ref.Root == language.RefVar {
			if known, ok := h.values[ref.Name]; ok {
				return known.from, true
			}
		}
	}
	return VarValue{}, false
}

// value is that of a variable.
func (h *handedOn) value(name string) cty.Value {
	if known, ok := h.values[name]; ok {
		return known.value
	}
	return h.rb.Variable(name).unknown()
}

// scope is what an argument's expression is evaluated in. Locals and the site
// may be made from anything.
func (h *handedOn) scope(e *expression.Expr) *hcl.EvalContext {
	vars := map[string]map[string]cty.Value{}
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: language.FunctionTable()}
	for _, ref := range e.Refs {
		root := ref.Traversal.RootName()
		if ref.Root != language.RefVar {
			ctx.Variables[root] = cty.DynamicVal
			continue
		}
		if vars[root] == nil {
			vars[root] = map[string]cty.Value{}
		}
		vars[root][expression.OwnName(ref.Name)] = h.value(ref.Name)
	}
	for root, values := range vars {
		ctx.Variables[root] = cty.ObjectVal(values)
	}
	return ctx
}
