package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// given is the value that lies on top for one variable.
type given struct {
	value  cty.Value // NilVal: text is it
	text   string
	origin string // as it reads after "from": "the environment"
	at     hcl.Range
	layer  Layer
	name   string // of the profile, or of Values
	// written is the value before the variable's type filled in what it lacks;
	// NilVal where that is value. elsewhere: see Values.Elsewhere.
	written   cty.Value
	elsewhere bool
}

// bind gives every variable its value and evaluates the locals.
func (p *Plan) bind(s Settings) hcl.Diagnostics {
	top, diags := p.topmost(s)
	p.given = top
	raw := make(map[string]cty.Value, len(p.runbook.Variables))
	for _, v := range p.runbook.Variables {
		g, isGiven := top[v.Name]
		value, problem := v.Default, (*hcl.Diagnostic)(nil)
		switch {
		case isGiven && g.value == cty.NilVal:
			value, problem = parseText(v, g)
		case isGiven:
			value = g.value
		case v.Required():
			problem = diagnostic.ErrorAt(v.DeclRange, "Variable without a value", "Variable %q has no default and must be given a value. %s", v.Name, v.HowToSet())
		}
		if problem != nil {
			diags = append(diags, problem)
			continue
		}
		raw[v.Name] = value
		if isGiven && !g.elsewhere {
			if g.written != cty.NilVal {
				value = g.written
			}
			p.allowGiven(value)
		}
	}
	if diags.HasErrors() {
		return diags
	}
	// A validation may refer to other variables, so that all have to be bound
	// before any is judged.
	unjudged := p.unjudged(raw)
	p.vars = make(map[string]cty.Value, len(raw))
	for _, v := range p.runbook.Variables {
		g := top[v.Name]
		bound, more := v.Bind(raw[v.Name], rules.Binding{All: unjudged, Range: g.at, Budget: p.budget})
		p.vars[v.Name] = bound
		diags = append(diags, g.placed(more, v)...)
	}
	p.secrets = p.secrets.with(slices.Collect(maps.Values(p.vars))...)
	p.consts = &hcl.EvalContext{
		Functions: language.FunctionTable(),
		Variables: map[string]cty.Value{"var": cty.ObjectVal(p.vars), "site": p.siteValue()},
	}
	if diags.HasErrors() {
		return diags
	}
	diags = append(diags, p.bindLocals("", p.runbook.Locals)...)
	if diags.HasErrors() {
		return diags
	}
	return append(diags, p.bindImports()...)
}

// unjudged binds variables to raw values for the validations of others, whose
// own are judged elsewhere.
func (p *Plan) unjudged(raw map[string]cty.Value) func(name string) cty.Value {
	bound := map[string]cty.Value{}
	return func(name string) cty.Value {
		v := p.runbook.Variable(name)
		if v == nil {
			return cty.DynamicVal
		}
		if _, done := bound[name]; !done {
			bound[name], _ = v.Bind(raw[name], rules.Binding{All: func(string) cty.Value { return cty.DynamicVal }, Range: v.DeclRange, Budget: p.budget})
		}
		return bound[name]
	}
}

// errorFrom is an error in what was handed over. What stands in no file has the
// zero range, and the error then no place.
func errorFrom(at hcl.Range, summary, format string, args ...any) *hcl.Diagnostic {
	if at == (hcl.Range{}) {
		return diagnostic.Error(summary, format, args...)
	}
	return diagnostic.ErrorAt(at, summary, format, args...)
}

// placed says where a value without a place in a file comes from.
func (g given) placed(diags hcl.Diagnostics, v *rules.Variable) hcl.Diagnostics {
	for _, d := range diags {
		if d.Subject == nil || *d.Subject != (hcl.Range{}) {
			continue
		}
		d.Subject = &v.DeclRange
		origin := g.origin
		if origin == "" {
			origin = "its default"
		}
		d.Detail = sentence(d.Detail) + " The value comes from " + origin + "."
	}
	return diags
}

func (p *Plan) siteValue() cty.Value {
	title := cty.NullVal(cty.String)
	if p.siteTitle != "" {
		title = cty.StringVal(p.siteTitle)
	}
	return cty.ObjectVal(map[string]cty.Value{
		"name": cty.StringVal(p.site), "title": title, "vantage": cty.StringVal(p.vantage),
	})
}

// topmost finds the value that lies over all others for each variable.
func (p *Plan) topmost(s Settings) (map[string]given, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	declared := make(map[string]bool, len(p.runbook.Variables))
	for _, v := range p.runbook.Variables {
		declared[v.Name] = true
	}
	top := map[string]given{}
	put := func(name string, g given, ignoreUnknown bool) {
		switch {
		case declared[name]:
			top[name] = g
		case !ignoreUnknown:
			diags = append(diags, errorFrom(g.at, "Undeclared variable",
				"A value for %q comes from %s, but the runbook declares no variable of that name.%s",
				name, g.origin, diagnostic.DidYouMean(name, slices.Sorted(maps.Keys(declared)))))
		}
	}
	profile := func(vars []rules.VarValue, origin string, layer Layer) {
		for _, v := range vars {
			g := given{value: v.Value, written: v.Written, origin: origin, at: v.Range, layer: layer, name: v.Site, elsewhere: s.Site != nil && s.Site.FromPackage}
			if g.name == "" && s.Site != nil { // it was not loaded from a file
				g.name = s.Site.Name
			}
			if layer == LayerSite && g.name != s.Site.Name {
				g.layer = LayerParent
			}
			put(v.Name, g, false)
		}
	}
	if s.Site != nil {
		profile(s.Site.Vars, fmt.Sprintf("the profile of site %q", s.Site.Name), LayerSite)
	}
	if s.Vantage != nil {
		profile(s.Vantage.Vars, fmt.Sprintf("the profile of vantage %q", s.Vantage.Name), LayerVantage)
	}
	for _, values := range s.Values {
		origin := values.Origin
		if origin == "environment" {
			origin = "the environment"
		}
		for _, name := range slices.Sorted(maps.Keys(values.Typed)) {
			put(name, given{value: values.Typed[name], origin: origin, at: values.Ranges[name], layer: LayerGiven, name: values.Origin, elsewhere: values.Elsewhere}, values.IgnoreUnknown)
		}
		for _, name := range slices.Sorted(maps.Keys(values.Text)) {
			put(name, given{text: values.Text[name], origin: origin, at: values.Ranges[name], layer: LayerGiven, name: values.Origin, elsewhere: values.Elsewhere}, values.IgnoreUnknown)
		}
	}
	return top, diags
}

// parseText reads a value as a person types it. Its errors never quote the
// text of a sensitive variable.
func parseText(v *rules.Variable, g given) (cty.Value, *hcl.Diagnostic) {
	if v.Type == cty.String || v.Type == cty.DynamicPseudoType {
		return cty.StringVal(g.text), nil
	}
	name := fmt.Sprintf("<value for var.%s from %s>", v.Name, g.origin)
	expr, diags := expression.ParseExpression(name, []byte(g.text))
	var value cty.Value
	if !diags.HasErrors() {
		value, diags = expr.Value(nil)
	}
	if diags.HasErrors() {
		quoted := fmt.Sprintf(" %q", g.text)
		if v.Sensitive {
			quoted = ""
		}
		return cty.NilVal, errorFrom(g.at, "Value can't be read", "The value%s that comes from %s for variable %q is %s",
			quoted, g.origin, v.Name, misspelt(v.Type, diags))
	}
	return value, nil
}

// misspelt says what is wrong with text that is no expression. Of a number the
// parser's own words would only confuse: to it, many is a variable.
func misspelt(t cty.Type, diags hcl.Diagnostics) string {
	switch {
	case t == cty.Number:
		return "not a number."
	case t == cty.Bool:
		return "neither true nor false."
	case t.IsListType(), t.IsSetType(), t.IsTupleType():
		return `not a list. Write one as in ["a", "b"].`
	case t.IsMapType(), t.IsObjectType():
		return `not a map. Write one as in { name = "value" }.`
	}
	return fmt.Sprintf("not an expression of type %s: %s", t.FriendlyName(), errorText(diags))
}

// bindLocals evaluates the locals of the runbook, or of an import, each after
// those that it refers to.
func (p *Plan) bindLocals(module string, locals []*rules.Local) hcl.Diagnostics {
	var diags hcl.Diagnostics
	root := "local"
	if module != "" {
		root = module + "." + root
	}
	values := make(map[string]cty.Value, len(locals)) // by own name
	ctx := p.consts.NewChild()
	for _, l := range p.runbook.Graph().Locals(locals) {
		values[expression.OwnName(l.Name)] = cty.DynamicVal
		if p.budget.Spend(0, hcl.Range{}) != nil {
			continue // said of the one that used it up
		}
		mine := map[string]cty.Value{}
		for _, ref := range l.Expr.Refs {
			if ref.Root == language.RefLocal {
				mine[expression.OwnName(ref.Name)] = values[expression.OwnName(ref.Name)]
			}
		}
		ctx.Variables = map[string]cty.Value{root: cty.ObjectVal(mine)}
		value, evalDiags := l.Expr.ValueWithin(ctx, p.budget)
		if problem := p.budget.SpendValue(value, l.Expr.Range()); problem != nil {
			evalDiags, value = hcl.Diagnostics{problem}, cty.DynamicVal
		}
		if evalDiags.HasErrors() {
			diags = append(diags, diagnostic.ErrorAt(l.Expr.Range(), "Local value broke",
				"%s can't be evaluated with the values of this site: %s", expression.AddressOf(language.RefLocal, l.Name), p.secrets.scrub(errorText(evalDiags))))
		}
		values[expression.OwnName(l.Name)] = value
	}
	p.consts.Variables[root] = cty.ObjectVal(values)
	return diags
}

// errorText is the first error of diags in one sentence or two.
func errorText(diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		if d.Detail == "" {
			return sentence(d.Summary)
		}
		return sentence(d.Detail)
	}
	return ""
}

// sentence ends s with a full stop where it has no end of its own.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s != "" && !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}
