package rules_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// TestWritten quotes expressions from native and JSON files: on one line,
// without comments, and without JSON's escapes.
func TestWritten(t *testing.T) {
	kind := &language.Kind{Name: "k", Result: []language.Attribute{{Name: "word", Type: cty.String}, {Name: "n", Type: cty.Number}}}
	for name, test := range map[string]struct{ file, text, want string }{
		"plain": {"a.hcl", `check "x" {
  target = "a"
  probe "k" {}
  pass    = result.n > 0
  explain = "no"
}`, `result.n > 0`},
		"lines and comments": {"a.hcl", `check "x" {
  target = "a"
  probe "k" {}
  pass = (result.n > 0 && # at least one
    // and not two  spaces
    result.word != "a  # b" /* ever */ )
  explain = "no"
}`, `(result.n > 0 && result.word != "a  # b" )`},
		"JSON": {"a.hcl.json", `{"check": {"x": {"target": "a", "probe": {"k": {}}, "explain": "no",
  "pass": "${result.word != \"a\\\\b\" && result.n > 0}"}}}`, `result.word != "a\\b" && result.n > 0`},
	} {
		rb, diags := rules.Load([]*language.Kind{kind}, rules.Overlay{Name: "rb", FS: fstest.MapFS{test.file: &fstest.MapFile{Data: []byte(test.text)}}})
		if diags.HasErrors() {
			t.Fatalf("%s: %v", name, diags)
		}
		if diff := cmp.Diff(test.want, rb.Written(rb.Check("x").Pass.Expression)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestPieces takes texts apart, those of branches too.
func TestPieces(t *testing.T) {
	kind := &language.Kind{Name: "k", Result: []language.Attribute{{Name: "word", Type: cty.String}, {Name: "n", Type: cty.Number}}}
	rb, diags := rules.Load([]*language.Kind{kind}, rules.Overlay{Name: "rb", FS: fstest.MapFS{"a.hcl": &fstest.MapFile{Data: []byte(`
check "x" {
  target = "a"
  probe "k" {}
  pass    = result.n > 0
  explain = "one ${target}, ${result.n > 1 ? "two ${result.word}" : "three"}."
}`)}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var got []string
	for _, p := range rules.Pieces(rb.Check("x").Explain) {
		if p.Expr == nil {
			got = append(got, p.Words)
		} else {
			got = append(got, "${"+rb.Written(p.Expr)+"}")
		}
	}
	want := []string{"one ", "${target}", ", ", `${result.n > 1 ? "two ${result.word}" : "three"}`, "."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
