package engine

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// An importedVar is a variable of an import as it is bound.
type importedVar struct {
	value cty.Value
	arg   *rules.ImportArg // nil: the default
}

// bindImports gives the variables of imports their values and evaluates their
// locals, those of an import before those that it imports itself.
func (p *Plan) bindImports() hcl.Diagnostics {
	var diags hcl.Diagnostics
	p.imported = map[string]importedVar{}
	for _, im := range p.runbook.Imports {
		diags = append(diags, p.bindImport(im)...)
		if diags.HasErrors() {
			return diags // what it hands on would be wrong
		}
	}
	return diags
}

func (p *Plan) bindImport(im *rules.Import) hcl.Diagnostics {
	var diags hcl.Diagnostics
	raw := make(map[string]cty.Value, len(im.Variables))
	place := make(map[string]hcl.Range, len(im.Variables))
	for _, v := range im.Variables {
		arg := im.Arg(v)
		raw[v.Name], place[v.Name] = v.Default, im.DeclRange
		if arg == nil {
			continue
		}
		value, problem := arg.Expr.ValueWithin(p.consts, p.budget)
		if problem.HasErrors() {
			diags = append(diags, diagnostic.ErrorAt(arg.Expr.Range(), "Argument broke",
				"The argument %s can't be evaluated with the values of this site: %s", arg.Name, p.secrets.scrub(errorText(problem))))
			continue
		}
		raw[v.Name], place[v.Name] = value, arg.Expr.Range()
	}
	if diags.HasErrors() {
		return diags
	}
	// A validation may refer to other variables: see bind.
	unjudged := p.unjudged(raw)
	values := make(map[string]cty.Value, len(im.Variables))
	for _, v := range im.Variables {
		bound, more := v.Bind(raw[v.Name], rules.Binding{All: unjudged, Range: place[v.Name], Budget: p.budget})
		diags = append(diags, more...)
		values[expression.OwnName(v.Name)] = bound
		p.imported[v.Name] = importedVar{bound, im.Arg(v)}
	}
	p.secrets = p.secrets.with(slices.Collect(maps.Values(values))...)
	p.consts.Variables[im.Name+"."+string(language.RefVar)] = cty.ObjectVal(values)
	if diags.HasErrors() {
		return diags
	}
	return append(diags, p.bindLocals(im.Name, im.Locals)...)
}
