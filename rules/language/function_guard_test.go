package language_test

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

// Evaluate is an expression's value or what is wrong with it.
func Evaluate(t testing.TB, text string, vars map[string]cty.Value) (cty.Value, hcl.Diagnostics) {
	t.Helper()
	e, diags := hclsyntax.ParseExpression([]byte(text), "x.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(text, diags)
	}
	return expression.New(e).Value(&hcl.EvalContext{Variables: vars, Functions: language.FunctionTable()})
}

// goish is what only Go says: a stack, a type of cty, a runtime error.
var goish = regexp.MustCompile(`goroutine \d|\.go:\d|panic|runtime error|cty\.|0x[0-9a-f]{6}|%!`)

// TestPanicsOfCalls makes cty panic and wants an error at the place of the call.
func TestPanicsOfCalls(t *testing.T) {
	inf := map[string]cty.Value{"inf": cty.PositiveInfinity, "null": cty.NullVal(cty.Number)}
	const noNumber, breaks = "no number is the result of that", "it can't be evaluated with these values"
	for text, want := range map[string]string{
		"log(0, 0)":                      noNumber,
		"log(-1, 2)":                     noNumber,
		"log(1, 1)":                      noNumber,
		"log(inf, inf)":                  noNumber,
		"pow(-8, 0.5)":                   noNumber,
		"sum([inf, -inf])":               "+Inf is out of range: nothing that can be observed is of this size",
		`setproduct([[1], null], ["a"])`: breaks,
	} {
		_, diags := Evaluate(t, "1 + length([2, "+text+"])", inf)
		if !diags.HasErrors() || !strings.HasSuffix(diags[0].Detail, want+".") || goish.MatchString(diags[0].Detail) {
			t.Errorf("%s: %v", text, diags)
			continue
		}
		if start := diags[0].Subject.Start.Column; start < 16 {
			t.Errorf("%s: the place begins at column %d, which is not the call's", text, start)
		}
		if v, diags := Evaluate(t, fmt.Sprintf(`try(%s, "else")`, text), inf); diags.HasErrors() || v.AsString() != "else" {
			t.Errorf("try of %s: %#v %v", text, v, diags)
		}
	}
	for text, want := range map[string]cty.Value{
		"log(8, 2)": cty.NumberIntVal(3), "pow(-8, 2)": cty.NumberIntVal(64),
	} {
		if v, diags := Evaluate(t, text, inf); diags.HasErrors() || !v.RawEquals(want) {
			t.Errorf("%s: %#v %v", text, v, diags)
		}
	}
}

// oddValue draws values that few think of.
func oddValue() *rapid.Generator[cty.Value] {
	any := cty.DynamicPseudoType
	odd := []cty.Value{
		cty.PositiveInfinity, cty.NegativeInfinity, cty.Zero, cty.NumberIntVal(-1), cty.NumberIntVal(2), cty.NumberIntVal(63), cty.NumberFloatVal(0.5),
		cty.NumberFloatVal(math.Copysign(0, -1)), cty.NumberFloatVal(1e-300), cty.NumberIntVal(math.MaxInt64), cty.NumberFloatVal(-1e300),
		cty.StringVal(""), cty.StringVal("é\u0301"), cty.StringVal("%[9]*d%!"), cty.StringVal("%.9s"), cty.StringVal("(?P<a>x)(y)?"), cty.StringVal("("),
		cty.StringVal("10.0.0.0/8"), cty.StringVal("fe80::1%eth0/64"), cty.StringVal("::/0"), cty.StringVal("a,b\n1"), cty.StringVal(`{"a":[1,null]}`), cty.StringVal("2020-01-01T00:00:00Z"), cty.StringVal("-1h"),
		cty.True, cty.NullVal(cty.String), cty.NullVal(cty.Number), cty.NullVal(any), cty.NullVal(cty.List(cty.String)), cty.NullVal(cty.EmptyObject),
		cty.DynamicVal, cty.UnknownVal(cty.String), cty.UnknownVal(cty.Number).RefineNotNull(), cty.UnknownVal(cty.List(cty.String)), cty.UnknownVal(cty.Set(any)), cty.UnknownVal(cty.Map(cty.Number)), cty.UnknownVal(cty.EmptyTuple),
		cty.EmptyTupleVal, cty.EmptyObjectVal, cty.ListValEmpty(any), cty.ListValEmpty(cty.String), cty.SetValEmpty(cty.Number), cty.MapValEmpty(any),
	}
	return rapid.Custom(func(t *rapid.T) cty.Value {
		v, w := rapid.SampledFrom(odd).Draw(t, "v"), rapid.SampledFrom(odd).Draw(t, "w")
		switch rapid.IntRange(0, 8).Draw(t, "form") {
		case 0:
			return cty.TupleVal([]cty.Value{v, w})
		case 1:
			return cty.ObjectVal(map[string]cty.Value{"a": v, "": w})
		case 2:
			return cty.ListVal([]cty.Value{v, v})
		case 3:
			return cty.SetVal([]cty.Value{v})
		case 4:
			return cty.MapVal(map[string]cty.Value{"a": v.Mark(language.Sensitive)})
		case 5:
			return v.Mark(language.Sensitive)
		case 6:
			return cty.TupleVal([]cty.Value{cty.TupleVal([]cty.Value{v}), w})
		}
		return v
	})
}

// TestFunctionsOfOddValues calls every function with what few think of: whatever
// comes of it, nothing of Go's is said, and the result can be shown.
func TestFunctionsOfOddValues(t *testing.T) {
	functions := language.Functions()
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(functions).Draw(t, "function")
		n := len(f.Func.Params())
		if f.Func.VarParam() != nil {
			n += rapid.IntRange(0, 3).Draw(t, "more")
		}
		vars, names := map[string]cty.Value{}, make([]string, n)
		for i := range n {
			names[i] = fmt.Sprintf("a%d", i)
			vars[names[i]] = oddValue().Draw(t, names[i])
		}
		e, diags := hclsyntax.ParseExpression([]byte(f.Name+"("+strings.Join(names, ", ")+")"), "x.hcl", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		v, diags := expression.New(e).Value(&hcl.EvalContext{Variables: vars, Functions: language.FunctionTable()})
		for _, d := range diags {
			if goish.MatchString(d.Summary + d.Detail) {
				t.Fatalf("%s", d.Detail)
			}
		}
		terminal.Value(v)
	})
}
