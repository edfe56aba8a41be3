package rules

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// TestDepthIsBounded nests text in everything that reads some: a stack that
// overflows ends the program, and nobody can recover from that.
func TestDepthIsBounded(t *testing.T) {
	const sound, deep = 200, 100_000
	nested := func(n int, open, within, shut string) string {
		return strings.Repeat(open, n) + within + strings.Repeat(shut, n)
	}
	native := map[string]func(n int) string{
		"parentheses": func(n int) string { return nested(n, "(", "1", ")") },
		"tuples":      func(n int) string { return nested(n, "[", "1", "]") },
		"objects":     func(n int) string { return nested(n, "{a=", "1", "}") },
		"minus":       func(n int) string { return nested(n, "- ", "1", "") },
		"not":         func(n int) string { return nested(n, "!", "true", "") },
		"ternaries":   func(n int) string { return nested(n, "true ? 1 : ", "1", "") },
		"templates":   func(n int) string { return nested(n/2, `"${`, "1", `}"`) },
		"calls":       func(n int) string { return nested(n, "abs(", "1", ")") },
		"loops":       func(n int) string { return nested(n/2, "[for x in ", "[]", ": x]") },
	}
	inJSON := map[string]func(n int) string{
		"arrays":  func(n int) string { return nested(n, "[", "1", "]") },
		"objects": func(n int) string { return nested(n, `{"a":`, "1", "}") },
	}
	ways := map[string]struct {
		texts map[string]func(n int) string
		read  func(text string) hcl.Diagnostics
	}{
		"ParseExpression": {native, func(text string) hcl.Diagnostics {
			_, diags := expression.ParseExpression("x", []byte(text))
			return diags
		}},
		"ParseValues": {native, func(text string) hcl.Diagnostics {
			_, diags := parseValuesBody("x.hcl", []byte("a = "+text+"\n"))
			return diags
		}},
		"ParseSyntax": {native, func(text string) hcl.Diagnostics {
			_, diags := expression.ParseSyntax("x.hcl", []byte("a = "+text+"\n"))
			return diags
		}},
		"values in JSON": {inJSON, func(text string) hcl.Diagnostics {
			_, diags := ParseValues("x.json", []byte(`{"a": `+text+`}`))
			return diags
		}},
		"jsondecode": {inJSON, func(text string) hcl.Diagnostics {
			e, diags := expression.ParseExpression("x", []byte("jsondecode(text)"))
			if diags.HasErrors() {
				return diags
			}
			_, diags = e.Value(&hcl.EvalContext{Functions: language.FunctionTable(), Variables: map[string]cty.Value{"text": cty.StringVal(text)}})
			return diags
		}},
	}
	for way, w := range ways {
		for name, text := range w.texts {
			if diags := w.read(text(sound)); diags.HasErrors() {
				t.Errorf("%s, %s, %d deep: %v", way, name, sound, diags)
			}
			if diags := w.read(text(deep)); !diags.HasErrors() || !strings.Contains(diags[0].Detail, "nested more than 500 deep") || diags[0].Subject == nil {
				t.Errorf("%s, %s, %d deep: %v", way, name, deep, diags)
			}
		}
	}
	if _, ok := expression.ParseAddress("check.a" + strings.Repeat(".b", deep)); ok {
		t.Error("an address of 200 KB")
	}
}
