package lint_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules/lint"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// A file whose name, comments and text need care: spaces, characters of several
// code points, and what would steer a terminal.
const careful = "check \"a\" {\n  target = \"192.0.2.1\"\n  probe \"ping\" {}\n  pass    = result.received > 0\n  explain = /* e\u0301 \u202e */ \"x\"\n}\n"

func TestSARIF(t *testing.T) {
	rb := load(t, &rulestest.Case{Files: fstest.MapFS{"a b.hcl": {Data: []byte(careful)}}})
	findings := run(t, rb)
	var out bytes.Buffer
	if err := lint.SARIF(&out, findings, "1.2.3", rb.Files); err != nil {
		t.Fatal(err)
	}
	type text struct{ Text string }
	type region struct{ StartLine, StartColumn, EndLine, EndColumn int }
	var doc struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name, SemanticVersion string
					Rules                 []struct {
						ID                    string
						FullDescription, Help text
					}
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Message   text
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           region
					}
				}
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Version != "2.1.0" || len(doc.Runs) != 1 {
		t.Fatalf("version %q, %d runs", doc.Version, len(doc.Runs))
	}
	run := doc.Runs[0]
	for i, r := range lint.All() {
		got := run.Tool.Driver.Rules[i]
		if got.ID != r.ID || got.FullDescription.Text != r.Doc || got.Help.Text != r.Hint {
			t.Errorf("rule %d is %+v", i, got)
		}
	}
	var places []region
	for i, result := range run.Results {
		if result.RuleID != findings[i].Rule.ID || run.Tool.Driver.Rules[result.RuleIndex].ID != result.RuleID || result.Message.Text == "" {
			t.Errorf("result %d is %+v", i, result)
		}
		at := result.Locations[0].PhysicalLocation
		if at.ArtifactLocation.URI != "case/a%20b.hcl" {
			t.Errorf("URI is %q", at.ArtifactLocation.URI)
		}
		places = append(places, at.Region)
	}
	// title-missing, and explain-without-address in code points, where HCL counts
	// e with its accent as one.
	want := []region{{1, 1, 1, 10}, {5, 24, 5, 27}}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestJSONSteersNoTerminal(t *testing.T) {
	rb := load(t, &rulestest.Case{Files: fstest.MapFS{"a\u202e\x1b.hcl": {Data: []byte(careful)}}})
	var out bytes.Buffer
	if err := lint.JSON(&out, run(t, rb)); err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsAny(out.Bytes(), "\u202e\x1b\x7f") {
		t.Errorf("steers: %q", out.String())
	}
	var doc struct {
		Findings []struct{ Range struct{ Filename string } }
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil || len(doc.Findings) != 2 || doc.Findings[0].Range.Filename != "case/a\u202e\x1b.hcl" {
		t.Errorf("%v: %+v", err, doc)
	}
}
