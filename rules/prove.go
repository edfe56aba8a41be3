package rules

import (
	"cmp"
	"maps"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/internal/parallel"
	"github.com/linecheck/linecheck/rules/internal/typecheck"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// prove holds every expression of a decoded runbook against the types of what
// it may refer to, and looks for circles. What was imported is proved already:
// known has the views of each import, nil of one that has errors.
func prove(rb *Runbook, known map[string]*views) (*views, hcl.Diagnostics) {
	rb.graph = newGraph(rb)
	diags := rb.graph.cycles()
	p := &prover{rb: rb, views: newViews(rb, known)}

	first := &blockProver{prover: p, Checker: typecheck.New()}
	first.Left = expression.MaxPlanSteps
	for _, v := range rb.Variables {
		first.variable(v)
	}
	first.locals()
	first.expansions()
	p.views.close()
	first.imports()
	diags = append(diags, first.Diags...)

	parts := make([]func(*blockProver), 0, len(rb.Facts)+len(rb.Checks)+len(rb.Conclusions))
	for _, f := range rb.Facts {
		if expression.Module(f.Name) == "" {
			parts = append(parts, func(b *blockProver) { b.fact(f) })
		}
	}
	for _, c := range rb.Checks {
		if expression.Module(c.Name) == "" {
			parts = append(parts, func(b *blockProver) { b.check(c) })
		}
	}
	for _, c := range rb.Conclusions {
		if expression.Module(c.Name) == "" {
			parts = append(parts, func(b *blockProver) { b.conclusion(c) })
		}
	}
	diags = append(diags, parallel.Run(len(parts), func() func(i int) hcl.Diagnostics {
		c := typecheck.New()
		return func(i int) hcl.Diagnostics {
			c.Diags = nil
			if p.spent.Load() > maxProofSteps {
				return nil
			}
			c.Left = guard.MaxSteps
			parts[i](&blockProver{prover: p, Checker: c})
			p.spent.Add(guard.MaxSteps - c.Left)
			return c.Diags
		}
	})...)
	if p.spent.Load() > maxProofSteps {
		// Which blocks were proved before it depends on who was first.
		diags = hcl.Diagnostics{diagnostic.Error("Runbook takes too much", "Proving this runbook takes more than %d steps: its expressions refer to large constant values too often.", maxProofSteps)}
	}
	return p.views, diags
}

// maxProofSteps bound what proving all blocks of a runbook may cost, in steps of
// a Budget. It is a minute of a processor's time at worst.
const maxProofSteps = 64 * guard.MaxSteps

type prover struct {
	rb    *Runbook
	views *views
	spent atomic.Int64 // steps, of the blocks that were proved side by side
}

// A blockProver proves the expressions of one block.
type blockProver struct {
	*prover
	*typecheck.Checker
	view view
	// own is the check that is being diagnosed, where upstream checks only may
	// be referred to.
	own *Check
}

func (b *blockProver) errorAt(rng hcl.Range, summary, format string, args ...any) {
	b.Diags = append(b.Diags, diagnostic.ErrorAt(rng, summary, format, args...))
}

// attr proves the expression of one attribute and returns what is known about
// its value.
func (b *blockProver) attr(bt *language.BlockType, name string, e *expression.Expr) cty.Value {
	a := bt.Attr(name)
	if e == nil {
		return cty.NullVal(a.Type)
	}
	s := b.names(e, b.views.scope(a, b.view))
	switch a.Form {
	case language.FormCondition:
		b.Condition(e, s, a.Observed)
		return cty.UnknownVal(cty.Bool)
	case language.FormText:
		b.Text(e, s)
		return cty.UnknownVal(cty.String)
	}
	v := b.Value(e, s, a.Type)
	b.inRange(&a.Attribute, v, e.Range())
	return v
}

// inRange holds what is known of a value before anything runs against what the
// attribute can have.
func (b *blockProver) inRange(a *language.Attribute, v cty.Value, rng hcl.Range) {
	if a.Required && v.IsKnown() && v.IsNull() {
		b.errorAt(rng, "Missing "+a.Name, "%s must not be null.", a.Name)
	}
	if v.IsNull() || !v.IsWhollyKnown() || v.ContainsMarked() {
		return
	}
	if err := a.Validate(v); err != nil {
		b.Diags = append(b.Diags, diagnostic.Invalid(a.Name, err, rng))
	}
}

func (b *blockProver) variable(v *Variable) {
	before := len(b.Diags)
	bt := language.VariableBlock.Block("validation")
	for _, check := range v.Validations {
		b.attr(bt, "condition", check.Condition)
		b.attr(bt, "error_message", check.ErrorMessage)
	}
	if len(b.Diags) > before || v.Default == cty.NilVal {
		return
	}
	// What other variables will be is open, so that only a default which can
	// never be right is refused here.
	open := func(name string) cty.Value { return b.rb.Variable(name).unknown() }
	_, diags := v.Bind(v.Default, Binding{All: open, Range: v.defaultRange})
	b.Diags = append(b.Diags, diags...)
}

// locals proves locals, each after those that it refers to, and sets their
// types.
func (b *blockProver) locals() {
	order := b.rb.graph.Locals(b.rb.Locals)
	a := language.LocalsBlock.Any
	for _, l := range order {
		s := b.names(l.Expr, b.views.localScope(a, l))
		v := b.Value(l.Expr, s, cty.DynamicPseudoType)
		l.Type = v.Type()
		b.views.addLocal(l, v)
	}
	b.constants(order)
	b.views.roots[language.RefLocal] = cty.ObjectVal(b.views.local) // which a for_each may refer to
}

// constants evaluates the locals that are the same everywhere, to find those that
// take too much.
func (b *blockProver) constants(order []*Local) {
	budget := expression.NewBudget(expression.MaxPlanSteps)
	for _, l := range order {
		ctx, ok := b.views.constantContext(l.Expr)
		if !ok || expression.Module(l.Name) != "" {
			continue
		}
		v, diags := l.Expr.ValueWithin(ctx, budget)
		if problem := budget.SpendValue(v, l.Expr.Range()); problem != nil {
			b.Diags = append(b.Diags, problem)
			return
		}
		if !diags.HasErrors() {
			b.views.constants[l.Name] = v
		}
	}
}

// expansions proves every for_each and notes what each.value is.
func (b *blockProver) expansions() {
	for _, f := range b.rb.Facts {
		if f.ForEach != nil && expression.Module(f.Name) == "" {
			b.views.facts[f.Name].each = b.forEach(language.FactBlock, f.ForEach)
		}
	}
	for _, c := range b.rb.Checks {
		if c.ForEach != nil && expression.Module(c.Name) == "" {
			b.views.checks[c.Name].each = b.forEach(language.CheckBlock, c.ForEach)
		}
	}
}

func (b *blockProver) forEach(bt *language.BlockType, e *expression.Expr) *expansion {
	x := &expansion{value: cty.DynamicVal}
	if name := b.views.sensitive(e); name != "" {
		b.errorAt(e.Range(), "Sensitive for_each", "for_each is made from the sensitive %s, and its keys would be shown in every address.", name)
		return x
	}
	v := b.attr(bt, "for_each", e)
	if problem := x.expand(v); problem != "" {
		b.errorAt(e.Range(), "Unusable for_each", "%s", problem)
	}
	return x
}

func (b *blockProver) fact(f *Fact) {
	b.view = b.views.facts[f.Name].view(false)
	b.attr(language.FactBlock, "timeout", f.Timeout)
	b.targetAndProbe(language.FactBlock, f.Target, f.Probe, f.DeclRange)
}

func (b *blockProver) check(c *Check) {
	b.view = b.views.checks[c.Name].view(true)
	b.gates(c)
	b.attr(language.CheckBlock, "title", c.Title)
	b.attr(language.CheckBlock, "description", c.Description)
	b.attr(language.CheckBlock, "when", c.When)
	b.attr(language.CheckBlock, "timeout", c.Timeout)
	if c.Retry != nil {
		bt := language.CheckBlock.Block("retry")
		b.attr(bt, "attempts", c.Retry.Attempts)
		b.attr(bt, "interval", c.Retry.Interval)
	}
	b.targetAndProbe(language.CheckBlock, c.Target, c.Probe, c.DeclRange)
	b.attr(language.CheckBlock, "pass", c.Pass)
	b.attr(language.CheckBlock, "warn", c.Warn)

	b.own = c
	b.attr(language.CheckBlock, "explain", c.Explain)
	b.attr(language.CheckBlock, "remedy", c.Remedy)
	bt := language.CheckBlock.Block("cause")
	for _, cause := range c.Causes {
		b.attr(bt, "when", cause.When)
		b.attr(bt, "explain", cause.Explain)
		b.attr(bt, "remedy", cause.Remedy)
		b.attr(bt, "severity", cause.Severity)
	}
}

func (b *blockProver) targetAndProbe(bt *language.BlockType, target *expression.Expr, probe *ProbeBlock, decl hcl.Range) {
	v := b.attr(bt, "target", target)
	if probe == nil {
		return // said already
	}
	kind := probe.Kind
	switch {
	case target == nil && !kind.TargetOptional:
		b.errorAt(decl, "Missing target", "A probe of kind %s needs a target%s", kind.Name, diagnostic.Gloss(kind.TargetDoc))
	case target != nil && v.IsKnown() && !v.IsNull() && !v.IsMarked() && v.AsString() == "":
		b.errorAt(target.Range(), "Empty target", "The target is empty. To skip the step where there is no target, make it null.")
	}
	a := bt.Block("probe").Any
	s := b.views.scope(a, b.view)
	for i := range probe.Args {
		arg := &probe.Args[i]
		v := b.Value(arg.Expr, b.names(arg.Expr, s), arg.Attr.ValueType())
		b.inRange(arg.Attr, v, arg.Expr.Range())
	}
}

// gates proves depends_on. That a check waits for itself is found as a circle.
func (b *blockProver) gates(c *Check) {
	for _, g := range c.DependsOn {
		other := b.views.checks[g.Check]
		module := expression.Module(g.Check)
		switch {
		case other == nil && b.views.broken(module):
		case other == nil && module != "":
			b.errorAt(g.Range, "Unknown check", "Import %q has no check %q.%s", module, expression.OwnName(g.Check), diagnostic.DidYouMean(expression.OwnName(g.Check), b.views.namesOf(b.views.checks, module)))
		case other == nil:
			b.errorAt(g.Range, "Unknown check", "There is no check %q.%s", g.Check, cmp.Or(diagnostic.DidYouMean(g.Check, b.views.checkNames()), expression.InImports(language.RefCheck, g.Check, maps.Keys(b.views.checks))))
		case g.Key == cty.NilVal:
		case other.each == nil:
			b.errorAt(g.Range, "Check without instances", "%s has no for_each: leave the key out.", expression.AddressOf(language.RefCheck, g.Check))
		default:
			b.key(other, g.Key.AsString(), g.Range)
		}
	}
}

func (b *blockProver) conclusion(c *Conclusion) {
	exprs := []*expression.Expr{c.When, c.Explain, c.Remedy}
	b.view = view{vantage: b.views.vantages(exprs)}
	b.attr(language.ConclusionBlock, "when", c.When)
	b.attr(language.ConclusionBlock, "explain", c.Explain)
	b.attr(language.ConclusionBlock, "remedy", c.Remedy)
	b.causesNamed(c.When)
}
