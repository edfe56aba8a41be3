package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

// updateVar is the environment variable under which goldens are written anew.
const updateVar = "LINECHECK_UPDATE"

func write(t testing.TB, format string, r *engine.Report, o report.Options) string {
	t.Helper()
	f, ok := report.Find(format)
	if !ok {
		t.Fatalf("no format %q", format)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf, r, o); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if os.Getenv(updateVar) != "" {
		if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (written anew with %s=1), -want +got:\n%s", name, updateVar, diff)
	}
}

func TestGoldens(t *testing.T) {
	failed := func(c *engine.CheckReport) bool { return c.Status == engine.Fail }
	for _, test := range []struct {
		golden, format string
		report         *engine.Report
		options        report.Options
	}{
		{"gateway_down_80.txt", "text", gatewayDown(), report.Options{}},
		{"gateway_down_120.txt", "text", gatewayDown(), report.Options{Width: 120}},
		{"gateway_down_ascii.txt", "text", gatewayDown(), report.Options{ASCII: true}},
		{"gateway_down_colour.txt", "text", gatewayDown(), report.Options{Colour: true}},
		{"gateway_down_explained.txt", "text", gatewayDown(), report.Options{Explain: failed}},
		{"gateway_down.json", "json", gatewayDown(), report.Options{Version: "0.1.0"}},
		{"several_sites.txt", "text", severalSites(), report.Options{}},
		{"several_sites.json", "json", severalSites(), report.Options{Version: "0.1.0"}},
		{"interrupted.txt", "text", interrupted(), report.Options{}},
		{"nothing_ran.txt", "text", nothingRan(), report.Options{}},
		{"partial.txt", "text", partial(), report.Options{}},
		{"partial.json", "json", partial(), report.Options{Version: "0.1.0"}},
		{"replayed.txt", "text", replayed(), report.Options{}},
		{"replayed.json", "json", replayed(), report.Options{Version: "0.1.0"}},
	} {
		t.Run(test.golden, func(t *testing.T) {
			got := write(t, test.format, test.report, test.options)
			golden(t, test.golden, got)
			if again := write(t, test.format, test.report, test.options); again != got {
				t.Error("the same report gave other bytes")
			}
		})
	}
}

// TestList holds the list of formats against the folder: a format NAME stands
// in NAME.go.
func TestList(t *testing.T) {
	var names []string
	for _, f := range report.All() {
		names = append(names, f.Name)
		if f.Doc == "" || f.Write == nil {
			t.Errorf("format %q lacks a doc or a function", f.Name)
		}
		if _, err := os.Stat(f.Name + ".go"); err != nil {
			t.Errorf("format %q: %v", f.Name, err)
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("formats are not sorted or not unique: %q", names)
	}
	if _, ok := report.Find("no such format"); ok {
		t.Error("found a format that does not exist")
	}
}

// TestEmpty gives every format a report without a single value in it.
func TestEmpty(t *testing.T) {
	bare := &engine.Report{Sites: []*engine.SiteReport{{Vantages: []*engine.VantageReport{{Checks: []*engine.CheckReport{{}}}}}}}
	for _, f := range report.All() {
		for _, r := range []*engine.Report{{}, bare} {
			if out := write(t, f.Name, r, report.Options{}); out == "" {
				t.Errorf("%s: nothing written", f.Name)
			}
		}
	}
}

// TestJSONListsAreNeverNull reads the smallest report back.
func TestJSONListsAreNeverNull(t *testing.T) {
	r := &engine.Report{Sites: []*engine.SiteReport{{Vantages: []*engine.VantageReport{{
		Checks: []*engine.CheckReport{{Status: engine.Fail, NotRuledOut: []engine.Doubt{{Cause: "c"}}}},
	}}}}}
	out := write(t, "json", r, report.Options{})
	var doc map[string]any
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	lists := map[string]int{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, e := range v {
				switch k {
				case "overlays", "sites", "conclusions", "vantages", "layers", "root_causes", "checks", "evidence", "blocked_by", "blocks", "not_ruled_out", "missing":
					lists[k]++
					if _, ok := e.([]any); !ok {
						t.Errorf("%q is %v, not a list", k, e)
					}
				}
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(doc)
	if len(lists) != 12 {
		t.Errorf("saw only the lists %v", lists)
	}
}

// What could not be observed has no explanation of its author's: the reason is
// the explanation among the root causes, and stands once at the check.
func TestJSONExplainsAnError(t *testing.T) {
	r := &engine.Report{Sites: []*engine.SiteReport{{Vantages: []*engine.VantageReport{{
		Checks: []*engine.CheckReport{{Address: "check.a", Status: engine.Error, Reason: "no permission"}},
	}}}}}
	var doc struct {
		Sites []struct {
			Vantages []struct {
				RootCauses []map[string]any `json:"root_causes"`
				Checks     []map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(write(t, "json", r, report.Options{})), &doc); err != nil {
		t.Fatal(err)
	}
	v := doc.Sites[0].Vantages[0]
	if root := v.RootCauses[0]; root["explain"] != "no permission" || root["cause"] != nil {
		t.Errorf("root cause %v", root)
	}
	if check := v.Checks[0]; check["explain"] != nil || check["reason"] != "no permission" {
		t.Errorf("check %v", check)
	}
}

func TestJSONValues(t *testing.T) {
	big, _ := cty.ParseNumberVal("123456789012345678901234567890")
	tenth, _ := cty.ParseNumberVal("0.1")
	for _, test := range []struct {
		value cty.Value
		want  string
	}{
		{cty.NumberFloatVal(100.0 / 3), "33.333333"},
		{cty.NumberFloatVal(0.1 + 0.2), "0.3"},
		{tenth, "0.1"},
		{cty.NumberFloatVal(-0.00000001), "0"},
		{cty.NumberIntVal(100), "100"},
		{big, "123456789012345678901234567890"},
		{cty.PositiveInfinity, "null"},
		{cty.StringVal("a<b>&\u009b\x7f\x1b[31m"), `"a<b>&\u009b\u007f\u001b[31m"`},
		{cty.StringVal("x").Mark("sensitive"), `"(sensitive)"`},
		{cty.ListVal([]cty.Value{cty.UnknownVal(cty.String), cty.StringVal("b")}), `[null,"b"]`},
		{cty.EmptyObjectVal, "{}"},
	} {
		r := &engine.Report{Sites: []*engine.SiteReport{{Vantages: []*engine.VantageReport{{Checks: []*engine.CheckReport{{
			Status: engine.Pass, Result: cty.ObjectVal(map[string]cty.Value{"x": test.value, "left_out": cty.UnknownVal(cty.Bool)}),
		}}}}}}}
		var doc struct {
			Sites []struct {
				Vantages []struct {
					Checks []struct{ Result json.RawMessage }
				}
			}
		}
		if err := json.Unmarshal([]byte(write(t, "json", r, report.Options{})), &doc); err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := json.Compact(&got, doc.Sites[0].Vantages[0].Checks[0].Result); err != nil {
			t.Fatal(err)
		}
		if want := `{"x":` + test.want + `}`; got.String() != want {
			t.Errorf("%#v: %s, want %s", test.value, got.String(), want)
		}
	}
}

// TestTextTellsImportsApart has two imports of one runbook, whose checks have
// the same titles.
func TestTextTellsImportsApart(t *testing.T) {
	const same, other = "The gateway answers", "The name is known"
	var checks []*engine.CheckReport
	for address, title := range map[string]string{
		"north.check.gateway": same, "south.net.check.gateway": same, "check.gateway": same,
		"north.check.dns": other, `north.check.each["a.check.b"]`: "Each", `check.each["a.check.b"]`: "Each",
		`north.check.twice["a"]`: "Twice", `north.check.twice["b"]`: "Twice",
	} {
		checks = append(checks, passed(address, "", title, address, "", cty.EmptyObjectVal))
	}
	slices.SortFunc(checks, func(a, b *engine.CheckReport) int { return strings.Compare(a.Address, b.Address) })
	f, _ := report.Find("text")
	var b strings.Builder
	r := &engine.Report{Sites: []*engine.SiteReport{{Name: "local", Vantages: []*engine.VantageReport{{Name: "local", Checks: checks}}}}}
	if err := f.Write(&b, r, report.Options{Width: 120}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for line := range strings.Lines(b.String()) {
		if _, row, ok := strings.Cut(line, "✓ pass"); ok {
			title, target, _ := strings.Cut(strings.TrimSpace(row), "  ")
			target, _, _ = strings.Cut(strings.TrimSpace(target), " ")
			got[target] = title
		}
	}
	want := map[string]string{
		"north.check.gateway": "north: " + same, "south.net.check.gateway": "south.net: " + same, "check.gateway": same,
		"north.check.dns": other, `north.check.each["a.check.b"]`: "north: Each", `check.each["a.check.b"]`: "Each",
		`north.check.twice["a"]`: "Twice", `north.check.twice["b"]`: "Twice",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s%s", diff, b.String())
	}
}

// TestTextObeysNobody draws hostile texts into every place of a report: no
// byte may reach a terminal that makes it do anything, and lines that hold no
// unbreakable name stay within the width.
func TestTextObeysNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.OneOf(
			rapid.String(),
			rapid.StringOf(rapid.SampledFrom([]rune("a \n\r\t\x1b\a\b\u009b\u202e\u2066]8;;x網é\u0301"))),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		)
		draw := func(what string) string { return hostile.Draw(t, what) }
		c := &engine.CheckReport{
			Address: draw("address"), Layer: draw("layer"), Title: draw("title"), Kind: draw("kind"), Summary: draw("summary"),
			Status:  rapid.SampledFrom([]engine.Status{engine.Pass, engine.Warn, engine.Fail, engine.Error, engine.Blocked, engine.Skipped}).Draw(t, "status"),
			Explain: draw("explain"), Remedy: draw("remedy"), Reason: draw("reason"), Cause: draw("cause"),
			Target:      cty.StringVal(draw("target")),
			Result:      cty.ObjectVal(map[string]cty.Value{"greeting": cty.StringVal(draw("greeting"))}),
			Evidence:    []engine.Evidence{{Ref: draw("ref"), Value: cty.StringVal(draw("value"))}},
			NotRuledOut: []engine.Doubt{{Cause: draw("doubt"), Missing: []string{draw("missing")}}},
			BlockedBy:   []string{draw("by")}, Blocks: []string{draw("blocks")},
			Evaluations: []engine.Evaluation{{Name: draw("name"), Outcome: "error", Problem: draw("problem")}},
		}
		r := &engine.Report{
			Runbook: engine.RunbookInfo{Title: draw("runbook"), Overlays: []string{draw("overlay")}},
			Sites:   []*engine.SiteReport{{Name: draw("site"), Vantages: []*engine.VantageReport{{Name: draw("vantage"), Checks: []*engine.CheckReport{c}}}}},
		}
		o := report.Options{
			Width:   rapid.IntRange(1, 200).Draw(t, "width"),
			ASCII:   rapid.Bool().Draw(t, "ascii"),
			Explain: func(*engine.CheckReport) bool { return true },
		}
		f, _ := report.Find("text")
		var buf bytes.Buffer
		if err := f.Write(&buf, r, o); err != nil {
			t.Fatal(err)
		}
		out := buf.String()
		for i, r := range out {
			if r == '\n' {
				continue
			}
			bad := r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x200e && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
			if bad || o.ASCII && r > 0x7f {
				t.Fatalf("rune %U at %d of %q", r, i, out)
			}
		}
		for line := range strings.Lines(out) {
			if n := strings.TrimRight(line, "\n"); strings.HasSuffix(n, " ") {
				t.Fatalf("space at the end of %q", n)
			}
		}
	})
}

// The sites of a report are written one by one. What comes of it is what would
// come of the report as a whole, and no write is of more than one site.
func TestJSONOfManySites(t *testing.T) {
	for _, sites := range []int{0, 1, 2, 50} {
		r := severalSites()
		one := r.Sites[0]
		r.Sites = nil
		for range sites {
			r.Sites = append(r.Sites, one)
		}
		f, _ := report.Find("json")
		var w partsWriter
		if err := f.Write(&w, r, report.Options{Version: "1.2.3"}); err != nil {
			t.Fatal(err)
		}
		var doc struct{ Sites []json.RawMessage }
		if err := json.Unmarshal(w.Bytes(), &doc); err != nil {
			t.Fatalf("%d sites: %v", sites, err)
		}
		if len(doc.Sites) != sites {
			t.Errorf("%d of %d sites are in the document", len(doc.Sites), sites)
		}
		var compact, whole bytes.Buffer
		if err := json.Compact(&compact, w.Bytes()); err != nil {
			t.Fatal(err)
		}
		if err := json.Indent(&whole, compact.Bytes(), "", "  "); err != nil {
			t.Fatal(err)
		}
		whole.WriteByte('\n')
		if diff := cmp.Diff(whole.String(), w.String()); diff != "" {
			t.Errorf("%d sites, -as a whole +as written:\n%s", sites, diff)
		}
		if sites > 2 && w.longest > w.Len()/sites*2 {
			t.Errorf("%d of %d bytes are written at once", w.longest, w.Len())
		}
	}
}

// A partsWriter knows how much was written at most at a time.
type partsWriter struct {
	bytes.Buffer
	longest int
}

func (w *partsWriter) Write(p []byte) (int, error) {
	w.longest = max(w.longest, len(p))
	return w.Buffer.Write(p)
}

// What a program handed over is no fault of the profile.
func TestTextSaysWhoseFaultARefusalIs(t *testing.T) {
	place := at(7)
	for want, d := range map[string]*hcl.Diagnostic{
		"The profile is wrong: nothing was sent for this site": {Severity: hcl.DiagError, Summary: "Unknown variable", Subject: &place},
		"ERROR  Nothing was sent for this site":                {Severity: hcl.DiagError, Summary: "Unfit probe"},
	} {
		var b strings.Builder
		text, _ := report.Find("text")
		if err := text.Write(&b, &engine.Report{Sites: []*engine.SiteReport{{Name: "s", Refused: hcl.Diagnostics{d}}}}, report.Options{}); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("want %q, got %v\n%s", want, err, &b)
		}
	}
}
