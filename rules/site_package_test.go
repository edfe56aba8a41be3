package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules"
)

// TestRefusals holds that a profile of a package may name neither a command nor
// keys, however it comes by them, and one outside may.
func TestRefusals(t *testing.T) {
	t.Parallel()
	rb := load(t, overlay("case", map[string]string{"a.hcl": checkText("a", "")}))
	files := map[string]string{
		"a.hcl": `
site "plain" {
  vantage "far" {}
}
site "via" {
  vantage "near" {}
  vantage "far" { via = ["ssh", "box"] }
}
site "heir" { extends = "via" }
site "own" {
  extends = "via"
  vantage "far" { via = ["docker", "exec"] }
}
site "late" {
  vantage "far" {}
}
site "keys" { trusted_keys = "keys" }
site "heir_of_keys" { extends = "keys" }
`,
		"override.hcl": "site \"late\" {\n  vantage \"far\" { via = [\"ssh\", \"box\"] }\n}\n",
		"b.hcl.json":   `{"site": {"json": {"trusted_keys": "/keys", "vantage": {"far": {"via": ["x"]}}}}}`,
	}
	refused := func(fromPackage bool, from string) map[string][]int {
		folder := overlay("sites", files)
		folder.FromPackage = fromPackage
		lines := map[string][]int{}
		loaded := rules.LoadProfiles(rb, folder)
		noDiagnostics(t, loaded.Diags)
		for _, s := range loaded.Sites {
			for _, d := range s.Refusals(from) {
				lines[s.Name] = append(lines[s.Name], d.Subject.Start.Line)
			}
		}
		return lines
	}
	for _, tc := range []struct {
		name, from  string
		fromPackage bool
		want        map[string][]int
	}{
		{"outside", "", false, map[string][]int{}},
		{"in a package", "", true, map[string][]int{"via": {7}, "heir": {7}, "own": {12}, "late": {2}, "keys": {17}, "heir_of_keys": {17}, "json": {1, 1}}},
		{"from here", "far", true, map[string][]int{"keys": {17}, "heir_of_keys": {17}, "json": {1}}},
	} {
		if diff := cmp.Diff(tc.want, refused(tc.fromPackage, tc.from)); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
	folder := overlay("sites", map[string]string{"a.hcl": "site \"a\" { trusted_keys = \"k\" }"})
	folder.FromPackage = true
	if _, diags := rules.LoadSites(rb, folder); !diags.HasErrors() {
		t.Error("LoadSites lets it pass")
	}
}
