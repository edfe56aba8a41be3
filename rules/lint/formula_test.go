package lint

import (
	"fmt"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

// values are what each name of a condition is tried with: everything that a
// comparison with 1, 2 or 3 could tell apart, and what was not observed.
var values = map[string][]cty.Value{
	"n": {
		cty.NumberIntVal(0), cty.NumberIntVal(1), cty.NumberFloatVal(1.5), cty.NumberIntVal(2), cty.NumberFloatVal(2.5), cty.NumberIntVal(3), cty.NumberIntVal(4),
		cty.NullVal(cty.Number), cty.UnknownVal(cty.Number),
	},
	"s": {cty.StringVal("x"), cty.StringVal("y"), cty.StringVal("z"), cty.NullVal(cty.String), cty.UnknownVal(cty.String)},
	"b": {cty.True, cty.False, cty.UnknownVal(cty.Bool)},
	"c": {cty.True, cty.False, cty.UnknownVal(cty.Bool)},
}

func condition(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		pick := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "pick") }
		if depth == 0 || pick("leaf", "node") == "leaf" {
			switch pick("b", "c", "n", "n", "n", "s") {
			case "b":
				return "b"
			case "c":
				return "c"
			case "s":
				return fmt.Sprintf("s %s %s", pick("==", "!="), pick(`"x"`, `"y"`, "null"))
			}
			if pick("null", "order", "order", "order") == "null" {
				return fmt.Sprintf("n %s null", pick("==", "!="))
			}
			left, right := "n", pick("1", "2", "3")
			if pick("turned", "straight") == "turned" {
				left, right = right, left
			}
			return fmt.Sprintf("%s %s %s", left, pick("==", "!=", "<", "<=", ">", ">="), right)
		}
		inner := condition(depth - 1)
		if pick("not", "two", "two") == "not" {
			return "!(" + inner.Draw(t, "inner") + ")"
		}
		return fmt.Sprintf("(%s) %s (%s)", inner.Draw(t, "left"), pick("&&", "||"), inner.Draw(t, "right"))
	})
}

func parse(t interface{ Fatal(...any) }, src string) hclsyntax.Expression {
	e, diags := hclsyntax.ParseExpression([]byte(src), "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(src, diags)
	}
	return e
}

// holds is what a condition comes to, with what breaks counted as not holding.
func holds(e hclsyntax.Expression, ctx *hcl.EvalContext) (ok bool) {
	defer func() { _ = recover() }()
	v, diags := e.Value(ctx)
	return !diags.HasErrors() && v.RawEquals(cty.True)
}

func everyContext(yield func(*hcl.EvalContext) bool) {
	for _, n := range values["n"] {
		for _, s := range values["s"] {
			for _, b := range values["b"] {
				for _, c := range values["c"] {
					if !yield(&hcl.EvalContext{Variables: map[string]cty.Value{"n": n, "s": s, "b": b, "c": c}}) {
						return
					}
				}
			}
		}
	}
}

// TestImpliesIsNeverWrong: where one condition is said to imply another, no
// observation makes the first hold and the second not.
func TestImpliesIsNeverWrong(t *testing.T) {
	said := 0
	rapid.Check(t, func(t *rapid.T) {
		narrow, wide := condition(3).Draw(t, "narrow"), condition(2).Draw(t, "wide")
		a, b := parse(t, narrow), parse(t, wide)
		if !implies(newFormula(a), newFormula(b)) {
			return
		}
		said++
		for ctx := range everyContext {
			if holds(a, ctx) && !holds(b, ctx) {
				t.Fatalf("%s does not imply %s for %#v", narrow, wide, ctx.Variables)
			}
		}
	})
	if said == 0 {
		t.Error("nothing was ever said to imply anything")
	}
	t.Logf("%d implications", said)
}

func TestImplies(t *testing.T) {
	for _, test := range []struct {
		narrow, wide string
		want         bool
	}{
		{"a", "a", true},
		{"a", "!a", false},
		{"a && b", "b && a", true},
		{"a || b", "b || a", true},
		{"a && b", "a || c", true},
		{"a || b", "a", false},
		{"a", "a && b", false},
		{"!(a || b)", "!b", true},
		{"x > 5", "x >= 5", true},
		{"x >= 5", "x > 5", false},
		{"x == 5", "x != 6", true},
		{"x != 6", "x == 5", false},
		{"x == -1", "x < 0", true},
		{"f(x) == 5", "f(x) > 4", true},
		{"f(y) == 5", "f(x) > 4", false},
		{`x == "5"`, "x > 4", false},
		{`"${a}" == "b"`, `a == "b"`, true},
		{`x["k"].y`, `x.k.y`, false},
		{"[for a in b : a if c][0]", "[for a in b : a if c][0]", true},
		{"[for a in b : a if c][0]", "[for a in b : a][0]", false},
		{"b[*].c == [1]", "b[*].d == [1]", false},
		{"a ? b : c", "a ? b : c", true},
	} {
		if got := implies(newFormula(parse(t, test.narrow)), newFormula(parse(t, test.wide))); got != test.want {
			t.Errorf("%s implies %s: %t", test.narrow, test.wide, got)
		}
	}
}

// TestImpliesTakesBoundedTime: conditions made to take long are given up.
func TestImpliesTakesBoundedTime(t *testing.T) {
	a, b := "a", "b"
	for range 100 {
		a, b = fmt.Sprintf("(c || a) && (%s)", a), fmt.Sprintf("(d && b) || (%s)", b)
	}
	if implies(newFormula(parse(t, a)), newFormula(parse(t, b))) {
		t.Error("wrong")
	}
}
