package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// originOf is the origin of an object of attributes. args are the arguments of the
// probe, as far as they are known.
func originOf(attrs []Attribute, args map[string]cty.Value) *origin {
	o := &origin{below: make(map[string]*origin, len(attrs))}
	for i := range attrs {
		a := &attrs[i]
		switch {
		case a.List:
			o.below[a.Name] = originOf(a.Attrs, args).list()
		case a.Attrs != nil:
			o.below[a.Name] = originOf(a.Attrs, args)
		default:
			o.below[a.Name] = originOfValue(a.Domain, args)
		}
	}
	return o
}

func originOfValue(d Domain, args map[string]cty.Value) *origin {
	if each, ok := d.Each(); ok {
		return originOfValue(each, args).list()
	}
	return &origin{domain: d.Within(args)}
}

// An originKey tells apart what is known of results: the kind, and the arguments
// that bound them.
type originKey struct {
	kind *Kind
	args string
}

// observed is the origin of what a probe observes.
func (v *views) observed(p *ProbeBlock) *origin {
	args := map[string]cty.Value{}
	var text strings.Builder
	for _, a := range p.Kind.bounding() {
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
func (v *views) argument(p *ProbeBlock, a *Attribute) cty.Value {
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
	value, err := Convert(value, cty.Number)
	if err != nil || value.IsNull() || a.Validate(value) != nil {
		return cty.NilVal
	}
	return value
}

// constant is the value of an expression that refers to nothing but constant
// locals; ok is false of others.
func (v *views) constant(e *Expr) (value cty.Value, ok bool) {
	ctx, ok := v.constantContext(e)
	if !ok {
		return cty.NilVal, false
	}
	value, diags := e.ValueWithin(ctx, NewBudget(boundSteps))
	return value, !diags.HasErrors()
}

// boundSteps are what a bound may cost to work out, in steps of a Budget, since
// nobody pays for it: a number as people write it takes a few.
const boundSteps = 1000

func (v *views) constantContext(e *Expr) (*hcl.EvalContext, bool) {
	locals := map[string]cty.Value{}
	for _, ref := range e.Refs {
		value, known := v.constants[ref.Name]
		if !known || ref.Root != RefLocal {
			return nil, false
		}
		locals[ref.Name] = value
	}
	return &hcl.EvalContext{Functions: FunctionTable(), Variables: map[string]cty.Value{string(RefLocal): cty.ObjectVal(locals)}}, true
}

// origin is that of the value of a root name; nil where nothing is known.
func (v *views) origin(root RefRoot, module string, w view) *origin {
	switch root {
	case RefResult:
		return w.origin
	case RefFact:
		return &origin{named: func(name string) *origin { return v.facts[within(module, name)].shown() }}
	case RefCheck:
		return &origin{named: func(name string) *origin { return v.checks[within(module, name)].shown() }}
	case RefVantage:
		member := func(name string) *origin {
			of, kind := splitRoot(name)
			if kind != RefCheck && kind != RefFact {
				return nil
			}
			return v.origin(kind, of, w)
		}
		return &origin{named: func(string) *origin { return &origin{named: member} }}
	}
	return nil
}

// origins sets where what is observed by a probe comes from, as its own block and
// as others see it.
func (o *observer) origins(v *views, p *ProbeBlock, isCheck bool) {
	o.origin = sync.OnceValue(func() *origin { return v.observed(p) })
	o.outside = sync.OnceValue(func() *origin {
		seen := o.origin()
		if isCheck {
			seen = &origin{below: map[string]*origin{"result": seen, "status": {domain: checkStatus}}}
		}
		if o.each != nil {
			return seen.list()
		}
		return seen
	})
}

// shown is the origin of a fact or a check as other blocks see it.
func (o *observer) shown() *origin {
	if o == nil || o.outside == nil {
		return nil
	}
	return o.outside()
}
