package expression

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

func TestRefs(t *testing.T) {
	tests := []struct {
		src  string
		want []string // ROOT NAME ATTR: as written
	}{
		{`1 + 2`, nil},
		{`var.a == null || var.a == var.b`, []string{"var a : var.a", "var b : var.b"}},
		{`result.icmp.code == 3 && result.icmp.type == 3 && result.icmp.code == 3`, []string{"result icmp : result.icmp.code", "result icmp : result.icmp.type"}},
		{`target`, []string{"target  : target"}},
		{`check.x.passed && check.x.result.found && check.x.status == "pass"`, []string{"check x passed: check.x.passed", "check x result: check.x.result.found", "check x status: check.x.status"}},
		{`check.x["a"].passed`, []string{`check x passed: check.x["a"].passed`}},
		{`check.x[each.key].passed`, []string{"check x : check.x", "each key : each.key"}},
		{`alltrue([for c in check.x : c.passed && c.result.y == var.c])`, []string{"check x : check.x", "var c : var.c"}},
		{`[for k, v in var.a : "${k} ${v} ${x.y}" if v != local.z]`, []string{"var a : var.a", "x y : x.y", "local z : local.z"}},
		{`[for a in var.a : [for b in a : b.x + a.x + c.x]]`, []string{"var a : var.a", "c x : c.x"}},
		{`{for v in var.a : v => v}`, []string{"var a : var.a"}},
		{`[for v in v.x : v]`, []string{"v x : v.x"}},
		{`fact.x.servers[*].rcode`, []string{"fact x : fact.x.servers"}},
		{`fact.x.servers[0].rcode`, []string{"fact x : fact.x.servers[0].rcode"}},
		{`fact["x"].y`, []string{`fact x : fact["x"].y`}},
		{`fact[var.n].y`, []string{"fact  : fact", "var n : var.n"}},
		{`{ a = b, (c.d) = e.f, "${g.h}" = 1 }`, []string{"b  : b", "c d : c.d", "e f : e.f", "g h : g.h"}},
		{`"%{ if a.b }${c.d}%{ else }${e.f}%{ endif }%{ for x in g.h }${x} ${i.j}%{ endfor }"`, []string{"a b : a.b", "c d : c.d", "e f : e.f", "g h : g.h", "i j : i.j"}},
		{`vantage.gateway.check.x.passed`, []string{"vantage gateway : vantage.gateway.check.x.passed"}},
		{`!(a.b ? -c.d : e[f.g]) `, []string{"a b : a.b", "c d : c.d", "e  : e", "f g : f.g"}},
		{`f(a.b, c.d...)`, []string{"a b : a.b", "c d : c.d"}},
	}
	for _, test := range tests {
		for _, make := range []func(hclsyntax.Expression) *Expr{New, NewText} {
			var got []string
			for _, r := range make(parseExpr(t, test.src)).Refs {
				got = append(got, fmt.Sprintf("%s %s %s: %s", r.Root, r.Name, r.Attr, terminal.Reference(r.Traversal)))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.src, diff)
			}
		}
	}
}

// TestRefsMany is about an expression made by a program.
func TestRefsMany(t *testing.T) {
	var b strings.Builder
	b.WriteString("[")
	for i := range 20_000 {
		fmt.Fprintf(&b, "var.a%d, ", i%10_000)
	}
	b.WriteString("]")
	if n := len(New(parseExpr(t, b.String())).Refs); n != 10_000 {
		t.Errorf("%d references", n)
	}
}

// TestTextVariables holds that a text still shows what is in it to a walk.
func TestTextVariables(t *testing.T) {
	e := NewText(parseExpr(t, `"${a} ${b.c} ${join(",", [for x in d.e : "${x}${f}"])}"`))
	var got []string
	for _, v := range e.Variables() {
		got = append(got, terminal.Reference(v))
	}
	if diff := cmp.Diff([]string{"a", "b.c", "d.e", "f"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestText(t *testing.T) {
	ctx := &hcl.EvalContext{Functions: language.FunctionTable(), Variables: map[string]cty.Value{
		"s":       cty.StringVal("10.0.0.1"),
		"null":    cty.NullVal(cty.String),
		"none":    cty.NullVal(cty.String),
		"unknown": cty.UnknownVal(cty.String),
		"ubool":   cty.UnknownVal(cty.Bool),
		"any":     cty.DynamicVal,
		"secret":  cty.StringVal("hunter2").Mark(language.Sensitive),
		"yes":     cty.True,
		"ms":      cty.NumberFloatVal(12.345678),
		"list":    cty.ListVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")}),
		"empty":   cty.ListValEmpty(cty.String),
		"secrets": cty.ListVal([]cty.Value{cty.StringVal("hunter2").Mark(language.Sensitive)}),
		"gone":    cty.UnknownVal(cty.List(cty.String)),
		"servers": cty.ListVal([]cty.Value{
			cty.ObjectVal(map[string]cty.Value{"server": cty.StringVal("ns1"), "rcode": cty.NullVal(cty.String)}),
			cty.ObjectVal(map[string]cty.Value{"server": cty.StringVal("ns2"), "rcode": cty.UnknownVal(cty.String)}),
		}),
	}}
	tests := []struct {
		src, want string
		warns     bool
	}{
		{`"plain"`, "plain", false},
		{`"${s} does not answer"`, "10.0.0.1 does not answer", false},
		{`"to ${none}, from ${unknown}, with ${secret}"`, "to none, from not observed, with (sensitive)", false},
		{`"${none}"`, "none", false},
		{`unknown`, "not observed", false},
		{`any`, "not observed", false},
		{`secret`, "(sensitive)", false},
		{`"${upper(secret)}"`, "(sensitive)", false},
		{`"${yes} ${ms} ${3}"`, "true 12.3 3", false},
		{`"${yes ? "a" : "b"}${ubool ? "a" : "b"}"`, "anot observed", false},
		{`"%{ if yes }${none}%{ else }x%{ endif }"`, "none", false},
		{`"%{ if ubool }x%{ endif } end"`, "not observed end", false},
		{`"%{ for s in servers }${s.server}: ${s.rcode}; %{ endfor }"`, "ns1: none; ns2: not observed; ", false},
		{`"%{ for s in gone }${s}%{ endfor } end"`, "not observed end", false},
		{`join(", ", [for s in servers : "${s.server} (${s.rcode})"])`, "ns1 (none), ns2 (not observed)", false},
		{`"got ${join(", ", [for s in servers : "${s.server} (${s.rcode})"])}"`, "got ns1 (none), ns2 (not observed)", false},
		{`"got ${join(", ", list)} ${join(", ", gone)}"`, "got a, b not observed", false},
		// A template in an argument is computed with and stays as it was.
		{`"${try(cidrhost("${unknown}/32", 0), "x")}"`, "not observed", false},
		{`"${"${none == null ? "a" : "b"}" == "a"}"`, "true", false},
		{`"${list} ${empty} ${secrets}"`, "a, b none (sensitive)", false},
		// What breaks spares the rest.
		{`"a ${list[7]} b ${s}"`, "a not available b 10.0.0.1", true},
		{`"a ${nothing.x} b"`, "a not available b", true},
		{`list[7]`, "not available", true},
		{`"${-none} ${s}"`, "not available 10.0.0.1", true},
		{"<<EOT\n  ${s}\n  ${none}\nEOT\n", "  10.0.0.1\n  none\n", false},
		{"<<-EOT\n  ${s}\n    ${none}\nEOT\n", "10.0.0.1\n  none\n", false},
	}
	for _, test := range tests {
		e := NewText(parseExpr(t, test.src))
		got, diags := e.Text(ctx)
		if got != test.want {
			t.Errorf("%s:\ngot  %q\nwant %q", test.src, got, test.want)
		}
		if diags.HasErrors() {
			t.Errorf("%s: %s", test.src, diags)
		}
		if warns := len(diags) > 0; warns != test.warns {
			t.Errorf("%s: diagnostics %s", test.src, diags)
		}
	}
}

// TestTextTwice is about an expression that is made a text of again.
func TestTextTwice(t *testing.T) {
	e := parseExpr(t, `"${a} b"`)
	NewText(e)
	got, _ := NewText(e).Text(&hcl.EvalContext{Variables: map[string]cty.Value{"a": cty.NullVal(cty.String)}})
	if got != "none b" {
		t.Errorf("got %q", got)
	}
}

type panicking struct{ hclsyntax.Expression }

func (panicking) Value(*hcl.EvalContext) (cty.Value, hcl.Diagnostics) { panic("boom") }

func TestPanicIsAnError(t *testing.T) {
	e := New(panicking{parseExpr(t, `1 + 1`)})
	v, diags := e.Value(nil)
	if len(diags) != 1 || !diags.HasErrors() || diags[0].Subject.End.Byte != 5 || v.IsKnown() {
		t.Errorf("%#v, %s", v, diags)
	}
	if text, diags := e.Text(nil); text != "not available" || diags.HasErrors() || len(diags) != 1 {
		t.Errorf("%q, %s", text, diags)
	}
}

func TestTraversalString(t *testing.T) {
	for _, src := range []string{`a.b`, `a.b[0].c`, `a["b c"].d`, `a["\"$${x}\""]`, `a[1.5]`, `check.x["é"].result.y`} {
		e, ok := parseExpr(t, src).(*hclsyntax.ScopeTraversalExpr)
		if !ok {
			t.Fatal(src)
		}
		if got := terminal.Reference(e.Traversal); got != src {
			t.Errorf("got %s, want %s", got, src)
		}
	}
}

func parseExpr(t testing.TB, src string) hclsyntax.Expression {
	t.Helper()
	e, diags := hclsyntax.ParseExpression([]byte(src), "test.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %s", src, diags)
	}
	return e
}
