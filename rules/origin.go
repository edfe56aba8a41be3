package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/typecheck"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// originOf is the origin of an object of attributes. args are the arguments of the
// probe, as far as they are known.
func originOf(attrs []language.Attribute, args map[string]cty.Value) *typecheck.Origin {
	o := &typecheck.Origin{Below: make(map[string]*typecheck.Origin, len(attrs))}
	for i := range attrs {
		a := &attrs[i]
		switch {
		case a.List:
			o.Below[a.Name] = originOf(a.Attrs, args).List()
		case a.Attrs != nil:
			o.Below[a.Name] = originOf(a.Attrs, args)
		default:
			o.Below[a.Name] = originOfValue(a.Domain, args)
		}
	}
	return o
}

func originOfValue(d language.Domain, args map[string]cty.Value) *typecheck.Origin {
	if each, ok := d.Each(); ok {
		return originOfValue(each, args).List()
	}
	return &typecheck.Origin{Domain: d.Within(args)}
}

// An originKey tells apart what is known of results: the kind, and the arguments
// that bound them.
type originKey struct {
	kind *language.Kind
	args string
}

// observed is the origin of what a probe observes.
func (v *views) observed(p *ProbeBlock) *typecheck.Origin {
	args := map[string]cty.Value{}
	var text strings.Builder
	for _, a := range p.Kind.Bounding() {
		if given := v.argument(p, a); given != cty.NilVal {
			args[a.Name] = given
			fmt.Fprintf(&text, "%s=%s ", a.Name, terminal.Value(given))
		}
	}
	key := originKey{p.Kind, text.String()}
	v.originsMu.Lock()
	defer v.originsMu.Unlock()
	o := v.origins[key]
	if o == nil {
		o = originOf(p.Kind.Result, args)
		v.origins[key] = o
	}
	return o
}

// argument is the number that a probe gets as an argument whatever the site is;
// cty.NilVal where that is open, or wrong, which is told elsewhere.
func (v *views) argument(p *ProbeBlock, a *language.Attribute) cty.Value {
	value := a.Default
	if i := slices.IndexFunc(p.Args, func(given ProbeArg) bool { return given.Attr == a }); i >= 0 {
		given, ok := v.constant(p.Args[i].Expr)
		if !ok {
			return cty.NilVal
		}
		if !given.IsNull() {
			value = given
		}
	}
	if value == cty.NilVal || value.ContainsMarked() || !value.IsWhollyKnown() {
		return cty.NilVal
	}
	value, err := language.Convert(value, cty.Number)
	if err != nil || value.IsNull() || a.Validate(value) != nil {
		return cty.NilVal
	}
	return value
}

// constant is the value of an expression that refers to nothing but constant
// locals; ok is false of others.
func (v *views) constant(e *expression.Expr) (value cty.Value, ok bool) {
	ctx, ok := v.constantContext(e)
	if !ok {
		return cty.NilVal, false
	}
	value, diags := e.ValueWithin(ctx, expression.NewBudget(boundSteps))
	return value, !diags.HasErrors()
}

// boundSteps are what a bound may cost to work out, in steps of a Budget, since
// nobody pays for it: a number as people write it takes a few.
const boundSteps = 1000

func (v *views) constantContext(e *expression.Expr) (*hcl.EvalContext, bool) {
	locals := map[string]cty.Value{}
	for _, ref := range e.Refs {
		value, known := v.constants[ref.Name]
		if !known || ref.Root != language.RefLocal {
			return nil, false
		}
		locals[ref.Name] = value
	}
	return &hcl.EvalContext{Functions: language.FunctionTable(), Variables: map[string]cty.Value{string(language.RefLocal): cty.ObjectVal(locals)}}, true
}

// origin is that of the value of a root name; nil where nothing is known.
func (v *views) origin(root language.RefRoot, module string, w view) *typecheck.Origin {
	switch root {
	case language.RefResult:
		return w.origin
	case language.RefFact:
		return &typecheck.Origin{Named: func(name string) *typecheck.Origin { return v.facts[expression.Within(module, name)].shown() }}
	case language.RefCheck:
		return &typecheck.Origin{Named: func(name string) *typecheck.Origin { return v.checks[expression.Within(module, name)].shown() }}
	case language.RefVantage:
		member := func(name string) *typecheck.Origin {
			of, kind := expression.SplitRoot(name)
			if kind != language.RefCheck && kind != language.RefFact {
				return nil
			}
			return v.origin(kind, of, w)
		}
		return &typecheck.Origin{Named: func(string) *typecheck.Origin { return &typecheck.Origin{Named: member} }}
	}
	return nil
}

// origins sets where what is observed by a probe comes from, as its own block and
// as others see it.
func (o *observer) origins(v *views, p *ProbeBlock, isCheck bool) {
	o.origin = sync.OnceValue(func() *typecheck.Origin { return v.observed(p) })
	o.outside = sync.OnceValue(func() *typecheck.Origin {
		seen := o.origin()
		if isCheck {
			seen = &typecheck.Origin{Below: map[string]*typecheck.Origin{"result": seen, "status": {Domain: language.CheckStatus}}}
		}
		if o.each != nil {
			return seen.List()
		}
		return seen
	})
}

// shown is the origin of a fact or a check as other blocks see it.
func (o *observer) shown() *typecheck.Origin {
	if o == nil || o.outside == nil {
		return nil
	}
	return o.outside()
}
