package language_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// evalString evaluates an expression with the functions and the given roots.
func evalString(t testing.TB, src string, roots map[string]cty.Value) (cty.Value, hcl.Diagnostics) {
	t.Helper()
	return expression.New(parseExpr(t, src)).Value(&hcl.EvalContext{Variables: roots, Functions: language.FunctionTable()})
}

func parseExpr(t testing.TB, src string) hclsyntax.Expression {
	t.Helper()
	e, diags := hclsyntax.ParseExpression([]byte(src), "test.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %s", src, diags)
	}
	return e
}

// TestFunctionExamples holds each function's documentation against what it
// does.
func TestFunctionExamples(t *testing.T) {
	list := language.Functions()
	if !slices.IsSortedFunc(list, func(a, b language.Function) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("functions are not sorted by name")
	}
	seen := map[string]bool{}
	for _, f := range list {
		t.Run(f.Name, func(t *testing.T) {
			if seen[f.Name] {
				t.Error("listed twice")
			}
			seen[f.Name] = true
			if !strings.HasSuffix(f.Doc, ".") {
				t.Errorf("documentation is not a sentence: %q", f.Doc)
			}
			if !strings.Contains(f.Example, f.Name+"(") {
				t.Errorf("example does not call the function: %s", f.Example)
			}
			got, diags := evalString(t, f.Example, nil)
			if diags.HasErrors() {
				t.Fatalf("example: %s", diags)
			}
			want, diags := evalString(t, f.Result, nil)
			if diags.HasErrors() {
				t.Fatalf("result: %s", diags)
			}
			if !got.RawEquals(want) {
				t.Errorf("%s\n gives %#v\nnot   %#v", f.Example, got, want)
			}
			if _, ok := language.FunctionTable()[f.Name]; !ok {
				t.Error("not in the table")
			}
			if !strings.HasPrefix(f.Signature(), f.Name+"(") {
				t.Errorf("signature %s", f.Signature())
			}
		})
	}
}

// TestFunctions is about what a null and an unknown decide.
func TestFunctions(t *testing.T) {
	unknownList := cty.ListVal([]cty.Value{cty.True, cty.UnknownVal(cty.Bool)})
	roots := map[string]cty.Value{
		"unknown":      cty.UnknownVal(cty.String),
		"any":          cty.DynamicVal,
		"number":       cty.UnknownVal(cty.Number),
		"none":         cty.NullVal(cty.String),
		"list":         cty.UnknownVal(cty.List(cty.String)),
		"true_unknown": unknownList,
		"false_unknown": cty.TupleVal([]cty.Value{
			cty.UnknownVal(cty.Bool), cty.False,
		}),
		"partly": cty.ObjectVal(map[string]cty.Value{
			"code": cty.NumberIntVal(3), "type": cty.UnknownVal(cty.Number),
		}),
		"secret": cty.StringVal("hunter2").Mark(language.Sensitive),
	}
	tests := []struct{ src, want string }{
		{`alltrue([])`, `true`},
		{`alltrue([true, null])`, `false`},
		{`alltrue(true_unknown)`, `unknown bool`},
		{`alltrue(false_unknown)`, `false`},
		{`anytrue([])`, `false`},
		{`anytrue([null, false])`, `false`},
		{`anytrue(true_unknown)`, `true`},
		{`anytrue(false_unknown)`, `unknown bool`},

		{`sameip("10.0.0.1", "10.0.0.1")`, `true`},
		{`sameip("10.0.0.1", "::ffff:10.0.0.1")`, `true`},
		{`sameip("2001:db8::0:1", "2001:DB8:0::1")`, `true`},
		{`sameip("fe80::1%eth0", "fe80::1")`, `true`},
		{`sameip("fe80::1%eth0", "fe80::1%eth1")`, `false`},
		{`sameip("::1", "127.0.0.1")`, `false`},
		{`sameip(null, "10.0.0.1")`, `false`},
		{`sameip(null, null)`, `false`},
		{`sameip(unknown, null)`, `false`},
		{`sameip(unknown, "10.0.0.1")`, `unknown bool`},
		{`sameip(any, "10.0.0.1")`, `unknown bool`},
		{`sameip("mail.corp.example", "10.0.0.1")`, `error: "mail.corp.example" is not an IP address`},
		{`sameip("10.0.0.1", "10.0.0.01")`, `error: "10.0.0.01" is not an IP address`},

		{`cidrcontains("10.1.0.0/16", "10.2.0.1")`, `false`},
		{`cidrcontains("10.1.0.0/16", "10.1.4.0/24")`, `true`},
		{`cidrcontains("10.1.4.0/24", "10.1.0.0/16")`, `false`},
		{`cidrcontains("10.1.0.0/16", "::ffff:10.1.0.1")`, `true`},
		{`cidrcontains("fe80::/64", "fe80::1%eth0")`, `true`},
		{`cidrcontains("10.1.0.0/16", none)`, `false`},
		{`cidrcontains(none, "10.1.0.1")`, `false`},
		{`cidrcontains(none, unknown)`, `false`},
		{`cidrcontains("10.1.0.0/16", unknown)`, `unknown bool`},
		{`cidrcontains("10.1.0.0/16", "gw")`, `error: "gw" is neither an IP address nor a network prefix`},
		{`cidrcontains("10.1.0.0", "10.1.0.1")`, `error: "10.1.0.0" is not a network prefix`},

		{`cidrhost("10.1.0.0/16", -2)`, `"10.1.255.254"`},
		{`cidrhost("fd00::/64", 255)`, `"fd00::ff"`},
		{`cidrhost("10.1.0.0/30", 4)`, `error: prefix of 30 does not accommodate`},
		{`cidrhost("10.1.0.0/16", 1.5)`, `error: a whole number is needed`},
		{`cidrhost("10.1.0.0", 1)`, `error: is not a network prefix`},
		{`cidrhost("10.1.7.9/16", 5)`, `"10.1.0.5"`},
		{`cidrnetmask("fd00::/64")`, `error: an IPv6 prefix has no netmask`},
		{`cidrnetmask("0.0.0.0/0")`, `"0.0.0.0"`},
		{`cidrsubnet("10.1.0.0/16", 8, 256)`, `error: 8 further bits have no subnet 256`},
		{`cidrsubnet("10.1.0.0/16", 20, 1)`, `error: insufficient address space`},
		{`cidrsubnet("fd00::/48", 64, 18446744073709551615)`, `"fd00::ffff:ffff:ffff:ffff:0/112"`},
		{`cidrsubnets("10.1.0.0/16", 1, 1, 1)`, `error: has no room left`},
		{`cidrsubnets("10.1.0.0/16", 4, 8, 8)`, `["10.1.0.0/20","10.1.16.0/24","10.1.17.0/24"]`},
		{`cidrsubnets("255.255.255.0/24", 1, 1)`, `["255.255.255.0/25","255.255.255.128/25"]`},
		{`cidrsubnets("255.255.255.0/24", 1, 1, 1)`, `error: has no room left`},

		{`startswith(none, "220")`, `false`},
		{`startswith(unknown, "220")`, `unknown bool`},
		{`endswith(null, "x")`, `false`},
		{`strcontains(none, unknown)`, `false`},
		{`strcontains("abc", null)`, `error: must not be null`},

		{`coalesce(none, "", "b")`, `"b"`},
		{`coalesce("a", unknown)`, `"a"`},
		{`coalesce(unknown, "a")`, `unknown string`},
		{`coalesce(none, null)`, `error: every argument is null`},
		{`coalesce(null, 5)`, `5`},
		{`coalesce(["a"], 5)`, `error: must be of one type`},

		{`try(unknown, null)`, `unknown string`},
		{`try(unknown, 5)`, `unknown dynamic`},
		{`try(unknown, nothing.x, "a")`, `unknown string`},
		{`try(number, "none") == 5`, `unknown bool`},
		{`try(number, 5)`, `unknown number`},
		{`try(list, 5)`, `unknown dynamic`},
		{`try(list[0].x, "b")`, `"b"`},
		{`try(coalesce(none, unknown), null)`, `unknown string`},
		{`try(coalesce(none, null), null)`, `null`},
		{`try(null || false, "broke")`, `"broke"`},
		{`try(nothing.x, none.x)`, `error: no argument could be evaluated`},
		{`try(partly).code`, `3`},
		{`try()`, `error: at least one argument`},
		{`can(unknown)`, `unknown bool`},
		{`can(none)`, `true`},
		{`can(!null)`, `false`},
		{`can(regex("^220", "220 ready"))`, `true`},
		{`can(partly)`, `true`},

		{`length("größe")`, `5`},
		{`length({ a = 1 })`, `1`},
		{`length(list) >= 0`, `unknown bool`},
		{`length(any)`, `unknown number`},
		{`length(5)`, `error: a list, set, map, object or string is needed`},
		{`one([])`, `null`},
		{`one(["a", "b"])`, `error: it has 2 elements`},
		{`one(list)`, `unknown string`},
		{`one(toset(["a"]))`, `"a"`},
		{`sum([])`, `error: an empty list has no sum`},
		{`sum([1, number])`, `unknown number`},
		{`sum([1, null])`, `error: null`},
		{`sum(["1", "2"])`, `3`},
		{`index(["a", unknown], "a")`, `0`},
		{`index(["a"], "b")`, `error: no element of the list equals it`},
		{`lookup(partly, "code", 0)`, `3`},
		{`lookup(partly, "mtu", 7)`, `7`},
		{`lookup(partly, "mtu")`, `error: no attribute of that name`},
		{`lookup({ a = 1 }, unknown, 7)`, `unknown dynamic`},
		{`lookup(tomap({ a = 1 }), "b", 7)`, `7`},
		{`lookup(tomap({ a = 1 }), "b", "x")`, `error: type of the map's elements`},
		{`lookup(tomap({ a = 1 }), "b", 1, 2)`, `error: there is one default`},
		{`contains(["a", unknown], "a")`, `true`},
		{`contains(["a", unknown], "b")`, `unknown bool`},

		{`replace("a.b.c", ".", "-")`, `"a-b-c"`},
		{`replace("a1b22", "/[0-9]+/", "($0)")`, `"a(1)b(22)"`},
		{`replace("a", "/(/", "")`, `error: missing closing )`},
		{`replace("a/b", "/", "-")`, `"a-b"`},

		{`format("%99999999d", 1)`, `error: wider than 1000 characters`},
		{`format("%.99999999f", 1)`, `error: wider than 1000 characters`},
		{`format("%s%%1000000", "a")`, `"a%1000000"`},
		{`format("%1000d", 1) != ""`, `true`},
		{`formatlist("%9999s", ["a"])`, `error: wider than 1000 characters`},
		{`indent(99999999, "a\nb")`, `error: from 0 to 1000`},
		{`indent(-1, "a\nb")`, `error: from 0 to 1000`},

		{`issensitive(secret)`, `true`},
		{`issensitive("x")`, `false`},
		{`issensitive(unknown)`, `unknown bool`},
		{`issensitive(upper(secret))`, `true`},
		{`nonsensitive(secret)`, `"hunter2"`},
		{`issensitive(try(secret, ""))`, `true`},
		{`issensitive(coalesce("", secret))`, `true`},
		{`tolist(["a", 1])`, `["a","1"]`},
		{`tonumber("x")`, `error: must be a decimal representation of a number`},
	}
	for _, test := range tests {
		t.Run(test.src, func(t *testing.T) {
			got := outcome(evalString(t, test.src, roots))
			if want, ok := strings.CutPrefix(test.want, "error: "); ok {
				if !strings.HasPrefix(got, "error: ") || !strings.Contains(got, want) {
					t.Errorf("got %s, want an error with %q", got, want)
				}
				return
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func outcome(v cty.Value, diags hcl.Diagnostics) string {
	switch {
	case diags.HasErrors():
		return "error: " + diags.Error()
	case !v.IsKnown():
		return "unknown " + v.Type().FriendlyName()
	case v.IsNull():
		return "null"
	}
	out, err := language.FunctionTable()["jsonencode"].Call([]cty.Value{v})
	if err != nil {
		return err.Error()
	}
	out, _ = out.Unmark()
	return out.AsString()
}
