package expression

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// TestHoles holds that what a text can't show is told, and nothing that its
// author took care of.
func TestHoles(t *testing.T) {
	ctx := &hcl.EvalContext{Functions: language.FunctionTable(), Variables: map[string]cty.Value{
		"text":    cty.StringVal("a"),
		"blank":   cty.StringVal(""),
		"gone":    cty.NullVal(cty.String),
		"unknown": cty.UnknownVal(cty.String),
		"maybe":   cty.UnknownVal(cty.Bool),
		"secret":  cty.NullVal(cty.String).Mark(language.Sensitive),
		"none":    cty.ListValEmpty(cty.String),
		"some":    cty.ListVal([]cty.Value{cty.StringVal("a"), cty.NullVal(cty.String)}),
		"open":    cty.UnknownVal(cty.List(cty.String)),
		"object":  cty.ObjectVal(map[string]cty.Value{"a": cty.NullVal(cty.String)}),
	}}
	tests := []struct {
		src  string
		want []string // kind: as it is written
	}{
		{`"as it stands, none"`, nil},
		{`""`, nil},
		{`"${text} and ${secret}"`, nil},
		{`"${text}, ${gone}, ${unknown}"`, []string{"null: gone", "unknown: unknown"}},
		{`null`, nil}, // the author's own word
		{`unknown`, []string{"unknown: unknown"}},
		{`"${blank}${none}${object}"`, []string{"empty: blank", "empty: none", "null: object"}},
		{`"${1 + text}"`, []string{"broken: 1 + text"}},

		// What is not shown is no hole.
		{`"${gone == null ? "nobody" : gone}"`, nil},
		{`"${gone == null ? "nobody ${gone}" : "${text}"}"`, []string{"null: gone"}},
		{`"%{ if gone != null }${gone}%{ endif }"`, nil},
		{`"${maybe ? gone : text}"`, []string{"unknown: maybe ? gone : text"}},
		{`text == "a" ? "${text}" : "${gone}"`, nil},
		{`"${coalesce(gone, text)} ${try(object.b, "b")} ${upper(text)}"`, nil},

		{`"${join(", ", some)}"`, []string{`broken: join(", ", some)`}},
		{`"${join(", ", none)}"`, []string{`empty: join(", ", none)`}},
		{`"${join(", ", open)}"`, []string{`unknown: join(", ", open)`}},
		{`"${join(", ", [for s in some : "${s}" if s != null])}"`, nil},
		{`"${join(", ", [for s in some : "<${s}>"])}"`, []string{"null: s"}},
		{`"${join(", ", [text, "${gone}"])}"`, []string{"null: gone"}},
		{`"%{ for s in some }${s}%{ endfor }"`, []string{"null: s"}},
		{`"%{ for s in none }${s}%{ endfor }"`, nil},
		{`"%{ for s in open }${s}%{ endfor }"`, []string{"unknown: %{ for s in open }${s}%{ endfor }"}},
	}
	for _, test := range tests {
		var got []string
		for _, h := range NewText(parseExpr(t, test.src)).Holes(ctx) {
			got = append(got, string(h.Kind)+": "+test.src[h.Range.Start.Byte:h.Range.End.Byte])
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.src, diff)
		}
	}
}
