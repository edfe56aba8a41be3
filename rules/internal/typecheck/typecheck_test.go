package typecheck

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// testKind observes a bit of everything that the probe kinds observe.
var testKind = &language.Kind{
	Name: "test",
	Result: []language.Attribute{
		{Name: "received", Type: cty.Number, NeverNull: true},
		{Name: "sent", Type: cty.Number, NeverNull: true},
		{Name: "connected", Type: cty.Bool, NeverNull: true},
		{Name: "loss_pct", Type: cty.Number},
		{Name: "rtt_avg_ms", Type: cty.Number},
		{Name: "code", Type: cty.Number},
		{Name: "greeting", Type: cty.String},
		{Name: "rcode", Type: cty.String},
		{Name: "address", Type: cty.String},
		{Name: "addresses", Type: cty.List(cty.String), NeverNull: true},
		{Name: "extensions", Type: cty.Map(cty.String)},
		{Name: "codes", Type: cty.List(cty.Number)},
		{Name: "names", Type: cty.Set(cty.String)},
		{Name: "found", Type: cty.Bool, NeverNull: true},
		{Name: "icmp", Attrs: []language.Attribute{
			{Name: "type", Type: cty.Number},
			{Name: "code", Type: cty.Number},
			{Name: "name", Type: cty.String},
			{Name: "sender", Type: cty.String},
		}},
		{Name: "tls", Attrs: []language.Attribute{
			{Name: "offered", Type: cty.Bool},
			{Name: "verified", Type: cty.Bool},
			{Name: "names", Type: cty.List(cty.String)},
		}},
		{Name: "servers", List: true, Attrs: []language.Attribute{
			{Name: "server", Type: cty.String, NeverNull: true},
			{Name: "answered", Type: cty.Bool, NeverNull: true},
			{Name: "rcode", Type: cty.String},
			{Name: "rtt_ms", Type: cty.Number},
			{Name: "addresses", Type: cty.List(cty.String)},
			{Name: "icmp", Attrs: []language.Attribute{{Name: "code", Type: cty.Number}}},
		}},
	},
}

func testScope() *Scope {
	check := cty.ObjectVal(map[string]cty.Value{
		"result": testKind.UnknownResult(),
		"status": cty.UnknownVal(cty.String).RefineNotNull(),
		"passed": cty.UnknownVal(cty.Bool),
	})
	unknown := func(t cty.Type) cty.Value { return cty.UnknownVal(t) }
	roots := &Scope{Names: map[string]cty.Value{
		"var": cty.ObjectVal(map[string]cty.Value{
			"gateway": unknown(cty.String),
			"port":    unknown(cty.Number),
			"strict":  unknown(cty.Bool),
			"any":     cty.DynamicVal,
			"hosts":   unknown(cty.List(cty.String)),
			"limits":  unknown(cty.Map(cty.Number)),
			"never":   cty.UnknownVal(cty.String).RefineNotNull(),
			"secret":  cty.UnknownVal(cty.String).Mark(language.Sensitive),
		}),
		"local": cty.ObjectVal(map[string]cty.Value{
			"pair":   cty.TupleVal([]cty.Value{unknown(cty.String), unknown(cty.Number)}),
			"config": cty.ObjectVal(map[string]cty.Value{"mode": unknown(cty.String)}),
		}),
		"target": cty.UnknownVal(cty.String).RefineNotNull(),
		"result": testKind.UnknownResult(),
		"fact": cty.ObjectVal(map[string]cty.Value{
			"way_out":   testKind.UnknownResult(),
			"neighbour": testKind.UnknownResult(),
			"peers":     unknown(cty.Map(testKind.ResultType())),
		}),
		"check": cty.ObjectVal(map[string]cty.Value{
			"local_subnet": check,
			"mirrors":      unknown(cty.Map(check.Type())),
		}),
	}}
	each := roots.With("each", cty.ObjectVal(map[string]cty.Value{
		"key": cty.UnknownVal(cty.String), "value": cty.UnknownVal(cty.String),
	}))
	return &Scope{parent: each, Denied: map[string]string{"vantage": "What other computers saw is known only to a conclusion."}}
}

// marked splits an expression with «» around the place of an error.
func marked(src string) (plain, place string) {
	before, rest, ok := strings.Cut(src, "«")
	if !ok {
		return src, ""
	}
	place, after, _ := strings.Cut(rest, "»")
	return before + place + after, place
}

func check(t testing.TB, mode, src string) hcl.Diagnostics {
	t.Helper()
	c := New()
	switch mode {
	case "pass":
		c.Condition(expression.New(parseExpr(t, src)), testScope(), true)
	case "when":
		c.Condition(expression.New(parseExpr(t, src)), testScope(), false)
	case "text":
		c.Text(expression.NewText(parseExpr(t, src)), testScope())
	case "string":
		c.Value(expression.New(parseExpr(t, src)), testScope(), cty.String)
	case "number":
		c.Value(expression.New(parseExpr(t, src)), testScope(), cty.Number)
	case "any":
		c.Value(expression.New(parseExpr(t, src)), testScope(), cty.DynamicPseudoType)
	default:
		t.Fatalf("mode %s", mode)
	}
	return c.Diags
}

// TestCheckerErrors holds one error each against where it is shown, between
// «», and what is said.
func TestCheckerErrors(t *testing.T) {
	for _, test := range wrongExpressions {
		t.Run(test.mode+" "+test.src, func(t *testing.T) {
			src, place := marked(test.src)
			diags := check(t, test.mode, src)
			if len(diags) != 1 {
				t.Fatalf("%d diagnostics, not one: %s", len(diags), all(diags))
			}
			d := diags[0]
			if got := src[d.Subject.Start.Byte:d.Subject.End.Byte]; got != place {
				t.Errorf("shown at %q, not %q", got, place)
			}
			if got := d.Summary + ": " + d.Detail; !strings.Contains(got, test.want) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if !strings.HasSuffix(d.Detail, ".") && !strings.HasSuffix(d.Detail, "?") && !strings.HasSuffix(d.Detail, ").") {
				t.Errorf("not a sentence: %s", d.Detail)
			}
		})
	}
}

func TestCheckerValid(t *testing.T) {
	for mode, list := range validExpressions {
		for _, src := range list {
			t.Run(mode+" "+src, func(t *testing.T) {
				if diags := check(t, mode, src); len(diags) > 0 {
					t.Error(all(diags))
				}
			})
		}
	}
}

func all(diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "\n%s: %s: %s", d.Subject, d.Summary, d.Detail)
	}
	return b.String()
}

// TestCheckerReportsAll is about independent mistakes in one expression.
func TestCheckerReportsAll(t *testing.T) {
	src := `result.cod == 220 && fact.nix.found || reslt.x && length(5) > 1 && sameip(var.prot, result.adress)`
	var got []string
	for _, d := range check(t, "pass", src) {
		got = append(got, src[d.Subject.Start.Byte:d.Subject.End.Byte])
	}
	want := []string{"cod", "nix", "reslt", "5", "prot", "adress"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
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

type panicking struct{ hclsyntax.Expression }

func (panicking) Value(*hcl.EvalContext) (cty.Value, hcl.Diagnostics) { panic("boom") }

func TestPanicIsAnError(t *testing.T) {
	c := New()
	c.Condition(expression.New(panicking{parseExpr(t, `1 + 1`)}), testScope(), true)
	if len(c.Diags) != 1 || c.Diags[0].Summary != "Can't be proved" {
		t.Error(all(c.Diags))
	}
}
