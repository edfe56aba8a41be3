package typecheck

import (
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// untyped is what nothing is known about below.
var untyped = regexp.MustCompile(`\bany\b|jsondecode|extensions|limits`)

// TestCheckerFindsEveryMisspelling misspells each attribute of each valid
// expression in turn: whatever stands around it, it is found, at its place.
func TestCheckerFindsEveryMisspelling(t *testing.T) {
	n := 0
	for mode, list := range validExpressions {
		for _, src := range list {
			if untyped.MatchString(src) {
				continue
			}
			for _, rng := range attributePlaces(parseExpr(t, src)) {
				n++
				wrong := src[:rng.End.Byte] + "zz" + src[rng.End.Byte:]
				diags := check(t, mode, wrong)
				if !slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return d.Subject.Start.Byte == rng.Start.Byte }) {
					t.Errorf("%s: not found: %s", wrong, all(diags))
				}
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d places", n)
	}
}

// attributePlaces lists the places of all attribute names.
func attributePlaces(e hclsyntax.Expression) []hcl.Range {
	var places []hcl.Range
	hclsyntax.VisitAll(e, func(node hclsyntax.Node) hcl.Diagnostics {
		var steps hcl.Traversal
		switch n := node.(type) {
		case *hclsyntax.ScopeTraversalExpr:
			steps = n.Traversal
		case *hclsyntax.RelativeTraversalExpr:
			steps = n.Traversal
		}
		for _, step := range steps {
			if a, ok := step.(hcl.TraverseAttr); ok && !(len(places) > 0 && places[len(places)-1] == nameRange(a)) {
				places = append(places, nameRange(a))
			}
		}
		return nil
	})
	return places
}

// concrete is a value that could be observed where v is unknown.
func concrete(r *rand.Rand, v cty.Value, null bool) cty.Value {
	v, _ = v.Unmark()
	t := v.Type()
	if v.IsKnown() && t.IsObjectType() {
		vals := v.AsValueMap()
		for _, name := range slices.Sorted(maps.Keys(vals)) {
			vals[name] = concrete(r, vals[name], true)
		}
		return cty.ObjectVal(vals)
	}
	if v.IsKnown() && t.IsTupleType() {
		vals := v.AsValueSlice()
		for i, el := range vals {
			vals[i] = concrete(r, el, true)
		}
		return cty.TupleVal(vals)
	}
	if v.IsKnown() {
		return v
	}
	return random(r, t, null && !definitelyNotNull(v))
}

// random is a value of a type. Objects are never null, as observed ones are.
func random(r *rand.Rand, t cty.Type, null bool) cty.Value {
	if null && !t.IsObjectType() && r.IntN(5) == 0 {
		return cty.NullVal(t)
	}
	elements := func() []cty.Value {
		els := make([]cty.Value, r.IntN(3))
		for i := range els {
			els[i] = random(r, t.ElementType(), false)
		}
		return els
	}
	switch {
	case t == cty.DynamicPseudoType:
		return random(r, []cty.Type{cty.Bool, cty.Number, cty.String}[r.IntN(3)], true)
	case t == cty.Bool:
		return cty.BoolVal(r.IntN(2) == 0)
	case t == cty.Number:
		return []cty.Value{cty.Zero, cty.NumberIntVal(3), cty.NumberIntVal(220), cty.NumberFloatVal(-1.5)}[r.IntN(4)]
	case t == cty.String:
		return cty.StringVal([]string{"", "10.0.0.1", "220", "NOERROR", "a", "true", `{"ok":true}`}[r.IntN(7)])
	case t.IsObjectType():
		vals := map[string]cty.Value{}
		attrs := t.AttributeTypes()
		for _, name := range slices.Sorted(maps.Keys(attrs)) { // r gives the same at every run
			vals[name] = random(r, attrs[name], true)
		}
		return cty.ObjectVal(vals)
	case t.IsListType():
		if els := elements(); len(els) > 0 {
			return cty.ListVal(els)
		}
		return cty.ListValEmpty(t.ElementType())
	case t.IsSetType():
		if els := elements(); len(els) > 0 {
			return cty.SetVal(els)
		}
		return cty.SetValEmpty(t.ElementType())
	case t.IsMapType():
		return cty.MapVal(map[string]cty.Value{"a": random(r, t.ElementType(), false), "SIZE": random(r, t.ElementType(), true)})
	}
	panic(t.GoString())
}

func testContext(r *rand.Rand) *hcl.EvalContext {
	s := testScope()
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: language.FunctionTable()}
	for _, root := range s.roots() {
		v, _, _ := s.Lookup(root)
		ctx.Variables[root] = concrete(r, v, false)
	}
	return ctx
}

// TestCheckerHoldsTrue evaluates expressions with values that could be
// observed: what the checker knew beforehand must hold whatever they are.
func TestCheckerHoldsTrue(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	contexts := make([]*hcl.EvalContext, 60)
	for i := range contexts {
		contexts[i] = testContext(r)
	}
	holds := func(src string) {
		c := New()
		e := expression.New(parseExpr(t, src))
		known := c.Value(e, testScope(), cty.DynamicPseudoType)
		evaluated := 0
		for _, ctx := range contexts {
			v, diags := e.Value(ctx)
			if diags.HasErrors() {
				continue // something null, mostly
			}
			evaluated++
			v, _ = v.Unmark()
			switch {
			case len(c.Diags) > 0:
			case known.IsWhollyKnown():
				if eq := v.Equals(known); eq.IsKnown() && eq.False() {
					t.Errorf("%s: known to be %#v, but is %#v", src, known, v)
				}
			case known.Type().IsPrimitiveType() && !v.IsNull() && v.Type() != known.Type():
				t.Errorf("%s: known to be a %s, but is %#v", src, known.Type().FriendlyName(), v)
			}
		}
		if evaluated == 0 && len(c.Diags) == 0 && !untyped.MatchString(src) {
			t.Errorf("%s: never evaluates, but is taken for good", src)
		}
	}
	for _, list := range validExpressions {
		for _, src := range list {
			if !strings.Contains(src, "cidrhost") { // no address is random
				holds(src)
			}
		}
	}
	for _, test := range wrongExpressions {
		src, _ := marked(test.src)
		for _, ctx := range contexts {
			holdsIn(t, src, testScope(), ctx)
		}
	}
}

func bothNull(e hclsyntax.Expression, ctx *hcl.EvalContext) bool {
	b, ok := bare(e).(*hclsyntax.BinaryOpExpr)
	if !ok {
		return false
	}
	l, _ := b.LHS.Value(ctx)
	r, _ := b.RHS.Value(ctx)
	return l.IsNull() && r.IsNull()
}

// holdsIn holds what is known of an expression, or said to be always so of a
// part of it, against its value in a context.
func holdsIn(t *testing.T, src string, s *Scope, ctx *hcl.EvalContext) {
	t.Helper()
	c := New()
	e := expression.New(parseExpr(t, src))
	known := c.Value(e, s, cty.DynamicPseudoType)
	if v, diags := e.Value(ctx); len(c.Diags) == 0 && known.IsWhollyKnown() && !diags.HasErrors() {
		if v, _ = v.UnmarkDeep(); !v.RawEquals(known) && !(v.IsNull() && known.IsNull()) {
			t.Errorf("%q: known to be %#v, but is %#v", src, known, v)
		}
	}
	for _, d := range c.Diags {
		word, ok := strings.CutPrefix(d.Summary, "Always ")
		part, err := hclsyntax.ParseExpression([]byte(src[d.Subject.Start.Byte:d.Subject.End.Byte]), "part.hcl", hcl.InitialPos)
		if !ok || word == "the same value" || err.HasErrors() {
			continue
		}
		v, diags := expression.New(part).Value(ctx)
		if v, _ = v.Unmark(); diags.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type() != cty.Bool || bothNull(part, ctx) {
			continue
		}
		if terminal.Value(v) != word {
			t.Errorf("%q: %q is said to be always %s", src, src[d.Subject.Start.Byte:d.Subject.End.Byte], word)
		}
	}
}

// hugeNumber is refused by the checker; evaluating it all the same takes for
// ever.
var hugeNumber = regexp.MustCompile(`[eE][+-]?[0-9]{4}|[0-9]{400}`)

// FuzzCheck proves whatever parses: no panic, and what is taken for a condition
// is one.
func FuzzCheck(f *testing.F) {
	for mode, list := range validExpressions {
		for _, src := range list {
			f.Add(src, mode == "text")
		}
	}
	for _, test := range wrongExpressions {
		src, _ := marked(test.src)
		f.Add(src, test.mode == "text")
	}
	s := testScope()
	ctx := testContext(rand.New(rand.NewPCG(3, 4)))
	unknowns := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: language.FunctionTable()}
	for _, root := range s.roots() {
		unknowns.Variables[root], _, _ = s.Lookup(root)
	}
	f.Fuzz(func(t *testing.T, src string, text bool) {
		if len(src) > 2000 || hugeNumber.MatchString(src) {
			return
		}
		parse := func() hclsyntax.Expression {
			e, diags := hclsyntax.ParseExpression([]byte(src), "f.hcl", hcl.InitialPos)
			if diags.HasErrors() {
				return nil
			}
			return e
		}
		e := parse()
		if e == nil {
			return
		}
		c := New()
		if text {
			x := expression.NewText(e)
			c.Text(x, s)
			for _, ctx := range []*hcl.EvalContext{ctx, unknowns, {}, nil} {
				x.Text(ctx)
			}
		} else {
			x := expression.New(e)
			c.Condition(x, s, false)
			proved := len(c.Diags) == 0
			for _, ctx := range []*hcl.EvalContext{ctx, unknowns} {
				v, diags := x.Value(ctx)
				if v, _ = v.Unmark(); proved && !diags.HasErrors() && v.IsKnown() && !v.IsNull() && v.Type() != cty.Bool && !untyped.MatchString(src) {
					t.Errorf("%q taken for a condition, but is %#v", src, v)
				}
			}
			holdsIn(t, src, s, ctx)
			// The second time it says the same.
			again := expression.New(parse())
			before := len(c.Diags)
			c.Condition(again, s, false)
			if len(c.Diags)-before != before {
				t.Errorf("%q: %d diagnostics, then %d", src, before, len(c.Diags)-before)
			}
		}
		for _, d := range c.Diags {
			if d.Summary == "Expression broke" || d.Summary == "Can't be proved" {
				t.Fatalf("%q: %s", src, d.Detail)
			}
			if d.Subject == nil || d.Subject.Start.Byte < 0 || d.Subject.End.Byte > len(src) || d.Subject.Start.Byte > d.Subject.End.Byte {
				t.Fatalf("%q: odd place %v", src, d.Subject)
			}
		}
	})
}
