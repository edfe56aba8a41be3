package rules

import (
	"fmt"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/rules/language"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/terminal"
)

func TestParseValues(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for _, test := range []struct {
		name, src string
		want      string // NAME=VALUE@LINE, or the place and summary of an error
	}{
		{"v.hcl", "b = \"x\" # why\na = [1, 2]\n", `b=x@1 a=1, 2@2`},
		{"v.tfvars", "a = { b = true }", `a={b = true}@1`},
		{"v.json", `{"b": "x", "a": {"c": null}}`, `b=x@1 a={c = none}@1`},
		{"v.json", "\ufeff{}", ``},
		{"v.hcl", "", ``},
		{"v.hcl", "a = upper(\"x\")", `1: Function calls not allowed`},
		{"v.hcl", "a = var.b", `1: Variables not allowed`},
		{"v.hcl", "a {}", `1: Unexpected "…" block`},
		{"v.hcl", "a = 1\na = 2", `2: Attribute redefined`},
		{"v.hcl", "a = \x00", `1: NUL byte`},
		{"v.json", "[", `1: `},
		{"v.hcl", "a = " + deep, `1: `},
		{"v.json", `{"a":` + deep, `1: `},
		{"v.hcl", "# " + strings.Repeat("x", language.MaxFileBytes), `File too big`},
	} {
		values, diags := ParseValues(test.name, []byte(test.src))
		var got []string
		for _, v := range values {
			got = append(got, fmt.Sprintf("%s=%s@%d", v.Name, terminal.Value(v.Value), v.Range.Start.Line))
		}
		if diags.HasErrors() {
			got = []string{diags[0].Summary}
			if diags[0].Subject != nil {
				got[0] = fmt.Sprintf("%d: %s", diags[0].Subject.Start.Line, diags[0].Summary)
			}
		}
		all := strings.Join(got, " ")
		if strings.HasSuffix(test.want, ": ") && diags.HasErrors() && strings.HasPrefix(all, test.want) {
			continue
		}
		if diff := cmp.Diff(test.want, all); diff != "" {
			t.Errorf("%.60q: %s", test.src, diff)
		}
	}
}

// Whatever is wrong with a file of values, its words are not quoted and its
// place is named.
func TestValuesAreConfidential(t *testing.T) {
	for _, test := range []struct{ name, src, place string }{
		{"v.hcl", `password = hunter2`, "v.hcl:1,12"},
		{"v.hcl", `password = "hunter2`, "v.hcl:1,"},
		{"v.hcl", `password = "%{hunter2}"`, "v.hcl:1,"},
		{"v.hcl", "a = 1\npassword hunter2 {}", "v.hcl:2,"},
		{"v.hcl", `password = {hunter2 = 1}.hunter3`, "v.hcl:1,"},
		{"v.hcl", `password = hunter2("x")`, "v.hcl:1,"},
		{"v.json", `{"password": hunter2}`, "v.json:1,"},
		{"v.json", `{"password": "hunter2}`, "v.json:1,"},
		{"v.json", `{"password": "hunter2", "hunter3"}`, "v.json:1,"},
		{"v.json", `["hunter2"]`, "v.json:1,"},
	} {
		_, diags := ParseValues(test.name, []byte(test.src))
		if !diags.HasErrors() {
			t.Errorf("%s: no error", test.src)
		}
		for _, d := range diags {
			if _, hidden := hcl.DiagnosticExtra[diagnostic.Confidential](d); !hidden {
				t.Errorf("%s: %v is not confidential", test.src, d)
			}
			if !strings.HasPrefix(d.Subject.String(), test.place) {
				t.Errorf("%s: at %s, want %s", test.src, d.Subject, test.place)
			}
			if strings.Contains(d.Summary+d.Detail, "hunter") {
				t.Errorf("%s: %v quotes it", test.src, d)
			}
		}
	}
}
