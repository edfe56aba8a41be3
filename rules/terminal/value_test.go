package terminal_test

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

func TestValue(t *testing.T) {
	object := cty.ObjectVal(map[string]cty.Value{"b": cty.StringVal("x"), "a": cty.NumberFloatVal(12.345), "c d": cty.NullVal(cty.Bool)})
	huge, _ := new(big.Float).SetString("1e100000")
	for _, test := range []struct {
		v                        cty.Value
		value, evidence, written string
	}{
		{cty.NilVal, "not observed", "not observed", "not observed"},
		{cty.NullVal(cty.String), "none", "none", "null"},
		{cty.UnknownVal(cty.String), "not observed", "not observed", "not observed"},
		{cty.StringVal("a \"b\""), `a "b"`, `"a \"b\""`, `"a \"b\""`},
		{cty.StringVal("${x}"), `${x}`, `"${x}"`, `"$${x}"`},
		{cty.StringVal("x").Mark("m"), "(sensitive)", "(sensitive)", "(sensitive)"},
		{cty.NullVal(cty.String).Mark("m"), "(sensitive)", "(sensitive)", "(sensitive)"},
		{cty.True, "true", "true", "true"},
		{cty.NumberIntVal(220), "220", "220", "220"},
		{cty.NumberFloatVal(123.456), "123", "123", "123.456"},
		{cty.NumberFloatVal(12.04), "12", "12", "12.04"},
		{cty.NumberFloatVal(1.239), "1.24", "1.24", "1.239"},
		{cty.NumberFloatVal(0.0001), "0.0001", "0.0001", "0.0001"},
		{cty.NumberFloatVal(-0.0001), "-0.0001", "-0.0001", "-0.0001"},
		{cty.NumberVal(huge), "1e+100000", "1e+100000", "1e+100000"},
		{object, "{a = 12.3, b = x, c d = none}", `{ a = 12.3, b = "x", c d = none }`, `{ a = 12.345, b = "x", "c d" = null }`},
		{cty.EmptyObjectVal, "{}", "{}", "{}"},
		{cty.ListValEmpty(cty.String), "none", "[]", "[]"},
		{cty.ListVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")}), "a, b", `["a", "b"]`, `["a", "b"]`},
		{cty.TupleVal([]cty.Value{cty.StringVal("a").Mark("m"), cty.StringVal("b")}), "(sensitive), b", `[(sensitive), "b"]`, `[(sensitive), "b"]`},
		{cty.TupleVal([]cty.Value{cty.EmptyTupleVal, cty.TupleVal([]cty.Value{cty.True})}), "[], [true]", "[[], [true]]", "[[], [true]]"},
	} {
		got := []string{terminal.Value(test.v), terminal.Evidence(test.v), terminal.Written(test.v)}
		if diff := cmp.Diff([]string{test.value, test.evidence, test.written}, got); diff != "" {
			t.Errorf("%#v (-want +got):\n%s", test.v, diff)
		}
	}
}

func TestValueInText(t *testing.T) {
	number := func(s string) cty.Value { return cty.MustParseNumberVal(s) }
	tests := []struct {
		v    cty.Value
		want string
	}{
		{cty.NilVal, "not observed"},
		{cty.DynamicVal, "not observed"},
		{cty.NullVal(cty.DynamicPseudoType), "none"},
		{cty.StringVal(""), ""},
		{cty.StringVal("x").Mark("m"), "(sensitive)"},
		{cty.UnknownVal(cty.String).Mark("m"), "(sensitive)"},
		{cty.StringVal("x").Mark("other"), "(sensitive)"},
		{cty.True, "true"},
		{number("0"), "0"},
		{number("220"), "220"},
		{number("1234567"), "1234567"},
		{number("-3"), "-3"},
		{number("123.4"), "123"},
		{number("99.96"), "100"},
		{number("12.345"), "12.3"},
		{number("12.0001"), "12"},
		{number("9.999"), "10"},
		{number("1.2345"), "1.23"},
		{number("1.5"), "1.5"},
		{number("0.12345"), "0.123"},
		{number("0.0004"), "0.0004"},
		{number("-0.0004"), "-0.0004"},
		{number("-1.2345"), "-1.23"},
		{number("33.333333333333336"), "33.3"},
		{number("1e5000"), "1e+5000"},
		{cty.PositiveInfinity, "+Inf"},
		{cty.ListValEmpty(cty.String), "none"},
		{cty.EmptyTupleVal, "none"},
		{cty.EmptyObjectVal, "{}"},
		{cty.TupleVal([]cty.Value{cty.StringVal("a"), number("1.234"), cty.NullVal(cty.String), cty.EmptyTupleVal}), "a, 1.23, none, []"},
		{cty.SetVal([]cty.Value{cty.StringVal("b"), cty.StringVal("a")}), "a, b"},
		{cty.ObjectVal(map[string]cty.Value{
			"code": number("3"), "sender": cty.UnknownVal(cty.String), "list": cty.ListVal([]cty.Value{cty.True}), "key": cty.StringVal("hunter2").Mark("m"),
		}), "{code = 3, key = (sensitive), list = [true], sender = not observed}"},
	}
	for _, test := range tests {
		if got := terminal.Value(test.v); got != test.want {
			t.Errorf("%#v: got %q, want %q", test.v, got, test.want)
		}
	}
}
