package document

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// A reader puts expressions into words. What is known without observing
// anything is filled in; everything else keeps its name.
type reader struct {
	rb    *rules.Runbook
	scope *hcl.EvalContext // what is observed is unknown in it
	open  bool             // the site's values are not known
	aim   *expression.Expr // target of the block
}

// A block is what a reader knows of the block that it reads.
type block struct {
	each   bool
	kind   *language.Kind // of result
	target *expression.Expr
}

// newReader is a reader to whom nothing is known but the constants.
func newReader(rb *rules.Runbook) *reader {
	vars := make(map[string]cty.Value, len(rb.Variables))
	for _, v := range rb.Variables {
		vars[v.Name] = open(v)
	}
	text := cty.UnknownVal(cty.String)
	observed := &hcl.EvalContext{
		Functions: language.FunctionTable(),
		Variables: map[string]cty.Value{
			"var":  cty.ObjectVal(vars),
			"site": cty.ObjectVal(map[string]cty.Value{"name": text, "title": text, "vantage": text}),
		},
	}
	for root, v := range unobserved(rb) {
		observed.Variables[root] = v
	}
	r := &reader{rb: rb, scope: observed, open: true}
	observed.Variables[string(language.RefLocal)] = r.locals(rb.Locals)
	for _, im := range rb.Imports {
		observed.Variables[within(im, language.RefVar)] = r.arguments(im)
		observed.Variables[within(im, language.RefLocal)] = r.locals(im.Locals)
	}
	return r
}

// open is a variable without a value.
func open(v *rules.Variable) cty.Value {
	value := cty.UnknownVal(v.Type)
	if v.Sensitive {
		value = value.Mark(language.Sensitive)
	}
	return value
}

// within is a root of an import, as expressions find it.
func within(im *rules.Import, root language.RefRoot) string { return im.Name + "." + string(root) }

// arguments are the variables of an import as far as they are known without a
// site: what a constant or a default gives them, nobody changes.
func (r *reader) arguments(im *rules.Import) cty.Value {
	values := make(map[string]cty.Value, len(im.Variables))
	for _, v := range im.Variables {
		given := v.Default
		if arg := im.Arg(v); arg != nil {
			given, _ = arg.Expr.Value(r.scope)
		}
		bound, diags := v.Bind(given, rules.Binding{All: func(name string) cty.Value { return open(r.rb.Variable(name)) }, Range: im.DeclRange})
		if diags.HasErrors() {
			bound = open(v)
		}
		values[expression.OwnName(v.Name)] = bound
	}
	return cty.ObjectVal(values)
}

// unobserved are the checks and facts before anything is observed.
func unobserved(rb *rules.Runbook) map[string]cty.Value {
	below := map[string]map[string]cty.Value{string(language.RefFact): {}, string(language.RefCheck): {}}
	add := func(root language.RefRoot, name string, v cty.Value) {
		found := expression.RootOf(root, name)
		if below[found] == nil {
			below[found] = map[string]cty.Value{}
		}
		below[found][expression.OwnName(name)] = v
	}
	for _, f := range rb.Facts {
		add(language.RefFact, f.Name, instances(f.Probe.Kind.UnknownResult(), f.ForEach != nil))
	}
	for _, c := range rb.Checks {
		add(language.RefCheck, c.Name, instances(cty.ObjectVal(map[string]cty.Value{
			"result": c.Probe.Kind.UnknownResult(),
			"status": cty.UnknownVal(cty.String).RefineNotNull(),
			"passed": cty.UnknownVal(cty.Bool).RefineNotNull(),
		}), c.ForEach != nil))
	}
	roots := make(map[string]cty.Value, len(below))
	for root, values := range below {
		roots[root] = cty.ObjectVal(values)
	}
	return roots
}

func instances(one cty.Value, expanded bool) cty.Value {
	if expanded {
		return cty.UnknownVal(cty.Map(one.Type()))
	}
	return one
}

// locals evaluates the locals of the runbook, or of an import, as far as they
// are known without a site.
func (r *reader) locals(all []*rules.Local) cty.Value {
	values := map[string]cty.Value{} // by own name
	for _, l := range r.rb.Graph().Locals(all) {
		mine := map[string]cty.Value{}
		for _, ref := range l.Expr.Refs {
			if ref.Root == language.RefLocal {
				mine[expression.OwnName(ref.Name)] = values[expression.OwnName(ref.Name)]
			}
		}
		ctx := r.scope.NewChild()
		ctx.Variables = map[string]cty.Value{expression.RootOf(language.RefLocal, l.Name): cty.ObjectVal(mine)}
		v, diags := l.Expr.Value(ctx)
		if diags.HasErrors() {
			v = cty.DynamicVal
		}
		values[expression.OwnName(l.Name)] = v
	}
	return cty.ObjectVal(values)
}

// bound is r for one block, with the values of a site where given is set.
func (r *reader) bound(given *hcl.EvalContext, b block) *reader {
	own := *r
	own.aim = b.target
	vars := map[string]cty.Value{}
	base := r.scope
	if given != nil {
		own.open = false
		base = given
		for root, v := range r.scope.Variables {
			if observed := language.RefRoot(expression.OwnName(root)); observed == language.RefFact || observed == language.RefCheck {
				vars[root] = v
			}
		}
	} else if b.each {
		vars["each"] = cty.ObjectVal(map[string]cty.Value{"key": cty.UnknownVal(cty.String), "value": cty.DynamicVal})
	}
	if b.kind != nil {
		vars["result"] = b.kind.UnknownResult()
	}
	own.scope = base.NewChild()
	own.scope.Variables = vars
	if b.target != nil {
		vars["target"] = cty.UnknownVal(cty.String)
		if v, ok := own.known(b.target); ok {
			vars["target"] = v
		}
	}
	return &own
}

// known is the value of an expression that can be told without observing.
func (r *reader) known(e hclsyntax.Expression) (cty.Value, bool) {
	if x, ok := e.(*expression.Expr); ok {
		e = x.Expression
	}
	v, diags := (&expression.Expr{Expression: e}).Value(r.scope)
	if diags.HasErrors() {
		return cty.NilVal, false
	}
	plain, _ := v.UnmarkDeep()
	return v, plain.IsWhollyKnown()
}

// text is a text of the runbook with its values filled in.
func (r *reader) text(e *expression.Expr) Text {
	if e == nil {
		return nil
	}
	return r.pieces(e.Expression)
}

func (r *reader) pieces(e hclsyntax.Expression) Text {
	var t Text
	for _, p := range rules.Pieces(e) {
		if p.Expr == nil {
			t = append(t, Span{Text: p.Words})
			continue
		}
		t = append(t, r.piece(p.Expr)...)
	}
	return t
}

// piece is an expression within a text.
func (r *reader) piece(e hclsyntax.Expression) Text {
	if v, ok := r.known(e); ok {
		return Text{{Text: terminal.Value(v), Style: Value}}
	}
	if c, ok := e.(*hclsyntax.ConditionalExpr); ok {
		if v, known := r.known(c.Condition); known && !v.IsNull() && v.Type() == cty.Bool && !v.IsMarked() {
			if v.True() {
				return r.pieces(c.TrueResult)
			}
			return r.pieces(c.FalseResult)
		}
		condition, said := r.say(c.Condition)
		if !said {
			condition = mono(r.rb.Written(c.Condition))
		}
		return joined(plain("[if "), condition, plain(": “"), r.pieces(c.TrueResult),
			plain("”; else: “"), r.pieces(c.FalseResult), plain("”]"))
	}
	return Text{{Text: "‹" + r.name(e) + "›", Style: Observed}}
}

// value is the value of a target or an argument: known, or the name of what it
// will be.
func (r *reader) value(e hclsyntax.Expression) Text {
	if v, ok := r.known(e); ok {
		return Text{{Text: literal(v), Style: Value}}
	}
	return r.piece(unwrapped(e))
}

// gated takes a target that is null unless a condition holds apart; condition is
// nil for any other.
func (r *reader) gated(e hclsyntax.Expression) (target, condition hclsyntax.Expression) {
	c, ok := unwrapped(e).(*hclsyntax.ConditionalExpr)
	if !ok || !isNull(unwrapped(c.FalseResult)) {
		return e, nil
	}
	if _, known := r.known(c.Condition); known {
		return e, nil
	}
	return c.TrueResult, c.Condition
}

// unwrapped is an expression without what only holds it together.
func unwrapped(e hclsyntax.Expression) hclsyntax.Expression {
	switch x := e.(type) {
	case *expression.Expr:
		return unwrapped(x.Expression)
	case *hclsyntax.ParenthesesExpr:
		return unwrapped(x.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return unwrapped(x.Wrapped)
	}
	return e
}

// name says what an expression stands for: the references that it takes its
// value from where that is all that it does, else the expression itself.
func (r *reader) name(e hclsyntax.Expression) string {
	e = unwrapped(e)
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		if r.aim != nil && e.Traversal.RootName() == string(language.RefTarget) && len(e.Traversal) == 1 {
			return r.name(r.aim)
		}
		return terminal.Reference(e.Traversal)
	case *hclsyntax.FunctionCallExpr:
		switch {
		case e.Name == "try" && len(e.Args) == 2 && isNull(e.Args[1]):
			return r.name(e.Args[0])
		case e.Name == "tostring" && len(e.Args) == 1:
			return r.name(e.Args[0])
		case e.Name == "join" && len(e.Args) == 2:
			return r.name(e.Args[1])
		case e.Name == "coalesce":
			return r.firstOf(e.Args)
		}
	}
	return r.rb.Written(e)
}

// firstOf names the arguments of coalesce, without those that are known to be
// left out.
func (r *reader) firstOf(args []hclsyntax.Expression) string {
	var names []string
	for _, a := range args {
		if v, ok := r.known(a); ok {
			if v, _ = v.Unmark(); v.IsNull() {
				continue
			}
		}
		names = append(names, r.name(a))
	}
	return strings.Join(names, ", else ")
}

func isNull(e hclsyntax.Expression) bool {
	lit, ok := e.(*hclsyntax.LiteralValueExpr)
	return ok && lit.Val.IsNull()
}

// literal is a value as a person writes it: a text without quotes, all else,
// and texts that can't be seen, as in a check file.
func literal(v cty.Value) string {
	plain, _ := v.UnmarkDeep()
	seen := plain.Type() == cty.String && plain.IsKnown() && !plain.IsNull() && terminal.Lines(plain.AsString()) == plain.AsString()
	if plain.IsNull() || seen {
		return terminal.Value(v)
	}
	return terminal.Written(v)
}
