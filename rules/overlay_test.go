package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// load loads overlays of one file each, which must be sound.
func load(t *testing.T, overlays ...rules.Overlay) *rules.Runbook {
	t.Helper()
	rb, diags := rules.Load(probe.Kinds(), overlays...)
	noDiagnostics(t, diags)
	return rb
}

// source is the text of an expression.
func source(rb *rules.Runbook, e *expression.Expr) string {
	if e == nil {
		return ""
	}
	rng := e.Range()
	return string(rb.Files[rng.Filename][rng.Start.Byte:rng.End.Byte])
}

func checkText(name, more string) string {
	return fmt.Sprintf("check %q {\n  target = \"127.0.0.1\"\n  probe \"ping\" { count = 2 }\n  pass    = result.received > 0\n  explain = \"No answer.\"\n%s}\n", name, more)
}

func gatesOf(c *rules.Check) []string {
	var names []string
	for _, g := range c.DependsOn {
		names = append(names, g.Check)
	}
	return names
}

// TestStepOfOnesOwn is the promise of override files: a site puts a step
// between two shipped ones and turns a failure into a warning.
func TestStepOfOnesOwn(t *testing.T) {
	shipped := overlay("shipped", map[string]string{
		"ladder.hcl": "runbook \"shipped\" { version = \"1.0.0\" }\n" +
			checkText("one", "") +
			checkText("two", "  depends_on = [check.one]\n  cause \"lost\" {\n    when    = result.loss_pct > 50\n    explain = \"Lost.\"\n    remedy  = \"Look.\"\n  }\n"),
	})
	site := overlay("site", map[string]string{
		"own.hcl":      "runbook \"ours\" {}\n" + checkText("between", "  depends_on = [check.one]\n"),
		"override.hcl": "check \"two\" {\n  depends_on = [check.between]\n  cause \"lost\" {\n    severity = \"warn\"\n  }\n}\n",
	})
	rb := load(t, shipped, site)
	if rb.Name != "ours" || rb.Version != "" || !cmp.Equal(rb.Overlays, []string{"shipped", "site"}) {
		t.Errorf("the last runbook block names the run: %q %q %q", rb.Name, rb.Version, rb.Overlays)
	}
	var names, overlays []string
	for _, c := range rb.Checks {
		names, overlays = append(names, c.Name), append(overlays, c.Overlay)
	}
	if !cmp.Equal(names, []string{"one", "two", "between"}) || !cmp.Equal(overlays, []string{"shipped", "shipped", "site"}) {
		t.Errorf("checks %q of %q", names, overlays)
	}
	two := rb.Check("two")
	if got := gatesOf(two); !cmp.Equal(got, []string{"between"}) {
		t.Errorf("gates %q", got)
	}
	if two.DeclRange.Filename != "shipped/ladder.hcl" {
		t.Errorf("declared at %s", two.DeclRange)
	}
	lost := two.Causes[0]
	if len(two.Causes) != 1 || source(rb, lost.Severity) != `"warn"` || source(rb, lost.Explain) != `"Lost."` || source(rb, lost.Remedy) != `"Look."` {
		t.Errorf("cause: %d, %s, %s", len(two.Causes), source(rb, lost.Severity), source(rb, lost.Explain))
	}
	if source(rb, two.Pass) != "result.received > 0" {
		t.Errorf("pass: %s", source(rb, two.Pass))
	}
}

func TestOverrideMerges(t *testing.T) {
	base := `
variable "port" {
  type    = number
  default = 25
  validation {
    condition     = var.port > 0
    error_message = "One."
  }
}
locals {
  a = 1
  b = 2
}
fact "f" {
  target = "127.0.0.1"
  probe "route" {}
}
` + checkText("same_kind", "  retry {\n    attempts = 2\n    interval = \"2s\"\n  }\n") + checkText("other_kind", "  cause \"x\" {\n    when    = result.connected\n    explain = \"X.\"\n  }\n")
	base = strings.Replace(base, "  probe \"ping\" { count = 2 }\n  pass    = result.received > 0\n  explain = \"No answer.\"\n  cause", "  probe \"ping\" { count = 2 }\n  pass    = result.connected\n  explain = \"No answer.\"\n  cause", 1)
	rb := load(t, overlay("case", map[string]string{
		"main.hcl": base,
		"a_override.hcl": `
variable "port" {
  default = 587
  validation {
    condition     = var.port > 1
    error_message = "Two."
  }
  validation {
    condition     = var.port > 2
    error_message = "Three."
  }
}
locals {
  b = 3
}
fact "f" {
  probe "route" { source = "127.0.0.1" }
}
check "same_kind" {
  probe "ping" { ttl = 9 }
  retry { attempts = 5 }
}
check "other_kind" {
  probe "tcp" { port = 25 }
  cause "y" {
    when    = result.refused
    explain = "Y."
  }
}
`,
		"b_override.hcl": "check \"same_kind\" {\n  timeout = \"5s\"\n}\n",
		"override.hcl":   "check \"same_kind\" {\n  timeout = \"6s\"\n}\n",
	}))
	port := rb.Variable("port")
	if !port.Default.RawEquals(cty.NumberIntVal(587)) || port.Type != cty.Number {
		t.Errorf("port: %#v %#v", port.Default, port.Type)
	}
	if len(port.Validations) != 2 || source(rb, port.Validations[1].ErrorMessage) != `"Three."` {
		t.Errorf("%d validations", len(port.Validations))
	}
	if got := source(rb, rb.Local("a").Expr) + source(rb, rb.Local("b").Expr); got != "13" {
		t.Errorf("locals %s", got)
	}
	if got := rb.Fact("f"); source(rb, got.Target) != `"127.0.0.1"` || len(got.Probe.Args) != 1 {
		t.Errorf("fact: %s, %d arguments", source(rb, got.Target), len(got.Probe.Args))
	}
	same := rb.Check("same_kind")
	var args []string
	for _, a := range same.Probe.Args {
		args = append(args, a.Attr.Name)
	}
	if !cmp.Equal(args, []string{"count", "ttl"}) {
		t.Errorf("arguments %q", args)
	}
	if source(rb, same.Retry.Attempts) != "5" || source(rb, same.Retry.Interval) != `"2s"` {
		t.Errorf("retry %s %s", source(rb, same.Retry.Attempts), source(rb, same.Retry.Interval))
	}
	if source(rb, same.Timeout) != `"6s"` {
		t.Errorf("the last override file wins: %s", source(rb, same.Timeout))
	}
	other := rb.Check("other_kind")
	if other.Probe.Kind.Name != "tcp" || len(other.Probe.Args) != 1 || len(other.Causes) != 2 || other.Causes[1].Name != "y" {
		t.Errorf("other: %s, %d arguments, %d causes", other.Probe.Kind.Name, len(other.Probe.Args), len(other.Causes))
	}
}

// TestOverrideReachesEarlierOverlaysOnly: files are read overlay by overlay.
func TestOverrideReachesEarlierOverlaysOnly(t *testing.T) {
	first := overlay("first", map[string]string{"override.hcl": "check \"a\" {\n  timeout = \"5s\"\n}\n"})
	second := overlay("second", map[string]string{"a.hcl": checkText("a", "")})
	_, diags := rules.Load(probe.Kinds(), first, second)
	wantError(t, diags, "Nothing to override: There is no check \"a\" before this override file.")
	_, diags = rules.Load(probe.Kinds(), second, first)
	noDiagnostics(t, diags)
}

func TestDuplicatesAcrossOverlaysShowBothPlaces(t *testing.T) {
	a := overlay("a", map[string]string{"x.hcl": checkText("c", "")})
	b := overlay("b", map[string]string{"y.hcl": checkText("c", "")})
	_, diags := rules.Load(probe.Kinds(), a, b)
	if len(diags) != 1 {
		t.Fatalf("%q", messages(diags))
	}
	related, ok := diags[0].Extra.(diagnostic.Related)
	if diags[0].Subject.Filename != "b/y.hcl" || !ok || related[0].Range.Filename != "a/x.hcl" {
		t.Errorf("%s, %v", diags[0].Subject, related)
	}
}

func TestOverlayWithoutChecks(t *testing.T) {
	load(t,
		overlay("shipped", map[string]string{"a.hcl": checkText("a", "")}),
		overlay("site", map[string]string{"override.hcl": "check \"a\" {\n  timeout = \"5s\"\n}\n"}),
		overlay("empty", nil))
}

// TestJSONFormMeansTheSame loads the same runbook in both forms.
func TestJSONFormMeansTheSame(t *testing.T) {
	native := load(t, overlay("case", map[string]string{"a.hcl": `
variable "hosts" {
  type    = map(number)
  default = { a = 1 }
}
fact "f" {
  probe "route" { source = "127.0.0.1" }
}
check "x" {
  title      = "Host ${each.key}"
  for_each   = var.hosts
  depends_on = [check.y]
  tags       = ["quick", "ip"]
  target     = "127.0.0.${each.value}"
  timeout    = "5s"
  probe "ping" { count = 3 }
  pass    = result.received > 0 && fact.f.found
  explain = "No answer from ${target}."
  cause "one" {
    when     = result.local_error == "filtered"
    explain  = "Filtered."
    severity = "warn"
  }
  cause "two" {
    when    = result.icmp.code != null
    explain = "ICMP."
  }
}
check "y" {
  target = "127.0.0.1"
  probe "ping" {}
  pass    = result.received > 0
  explain = "No answer."
}
`}))
	json := load(t, overlay("case", map[string]string{"a.hcl.json": `{
  "variable": {"hosts": {"type": "map(number)", "default": {"a": 1}}},
  "fact": {"f": {"probe": {"route": {"source": "127.0.0.1"}}}},
  "check": {
    "x": {
      "title": "Host ${each.key}",
      "for_each": "${var.hosts}",
      "depends_on": ["check.y"],
      "tags": ["quick", "ip"],
      "target": "127.0.0.${each.value}",
      "timeout": "5s",
      "probe": {"ping": {"count": 3}},
      "pass": "${result.received > 0 && fact.f.found}",
      "explain": "No answer from ${target}.",
      "cause": {
        "one": {"when": "${result.local_error == \"filtered\"}", "explain": "Filtered.", "severity": "warn"},
        "two": {"when": "${result.icmp.code != null}", "explain": "ICMP."}
      }
    },
    "y": {"target": "127.0.0.1", "probe": {"ping": {}}, "pass": "${result.received > 0}", "explain": "No answer."}
  }
}`}))
	if a, b := outline(native), outline(json); a != b {
		t.Errorf("JSON differs:\n%s", cmp.Diff(a, b))
	}
}

// outline is a runbook without places and spelling.
func outline(rb *rules.Runbook) string {
	var b strings.Builder
	expr := func(name string, e *expression.Expr) {
		if e == nil {
			return
		}
		var refs []string
		for _, r := range e.Refs {
			refs = append(refs, terminal.Reference(r.Traversal))
		}
		fmt.Fprintf(&b, "  %s refers to %q\n", name, refs)
		ctx := &hcl.EvalContext{Functions: language.FunctionTable(), Variables: map[string]cty.Value{
			"each":   cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal("a"), "value": cty.NumberIntVal(1)}),
			"target": cty.StringVal("t"),
			"var":    cty.ObjectVal(map[string]cty.Value{"hosts": cty.MapVal(map[string]cty.Value{"a": cty.NumberIntVal(1)})}),
			"fact":   cty.ObjectVal(map[string]cty.Value{"f": cty.ObjectVal(map[string]cty.Value{"found": cty.True})}),
			"result": cty.ObjectVal(map[string]cty.Value{
				"received": cty.NumberIntVal(2), "local_error": cty.StringVal("filtered"),
				"icmp": cty.ObjectVal(map[string]cty.Value{"code": cty.NullVal(cty.Number)}),
			}),
		}}
		v, diags := e.Value(ctx)
		fmt.Fprintf(&b, "  %s = %#v %v\n", name, v, diags)
	}
	for _, v := range rb.Variables {
		fmt.Fprintf(&b, "variable %s %#v %#v\n", v.Name, v.Type, v.Default)
	}
	for _, f := range rb.Facts {
		fmt.Fprintf(&b, "fact %s %s\n", f.Name, f.Probe.Kind.Name)
		expr(f.Probe.Args[0].Attr.Name, f.Probe.Args[0].Expr)
	}
	for _, c := range rb.Checks {
		fmt.Fprintf(&b, "check %s %q %q %s\n", c.Name, c.Tags, gatesOf(c), c.Probe.Kind.Name)
		for _, a := range c.Probe.Args {
			expr(a.Attr.Name, a.Expr)
		}
		expr("title", c.Title)
		expr("for_each", c.ForEach)
		expr("target", c.Target)
		expr("timeout", c.Timeout)
		expr("pass", c.Pass)
		expr("explain", c.Explain)
		for _, cause := range c.Causes {
			fmt.Fprintf(&b, " cause %s\n", cause.Name)
			expr("when", cause.When)
			expr("explain", cause.Explain)
			expr("severity", cause.Severity)
		}
	}
	return b.String()
}

// TestPiecesStandWhereTheyStand: a file that is parsed in pieces gives the same
// ranges as one that is parsed whole.
func TestPiecesStandWhereTheyStand(t *testing.T) {
	var text strings.Builder
	text.WriteString("\xef\xbb\xbf# A file of many pieces.\r\n")
	for i := range 200 {
		fmt.Fprintf(&text, "\n/* über\n check %d */\n%s", i, strings.ReplaceAll(checkText(fmt.Sprintf("c%03d", i), "  description = <<-EOT\n    Zwölf\n      ${each_or_not}\n  EOT\n"), "${each_or_not}", "lines {"))
	}
	src := []byte(text.String())
	whole, diags := hclsyntax.ParseConfig(src, "case/a.hcl", hcl.InitialPos)
	noDiagnostics(t, diags)
	rb := load(t, rules.Overlay{Name: "case", FS: fstest.MapFS{"a.hcl": {Data: src}}})
	blocks := whole.Body.(*hclsyntax.Body).Blocks
	if len(rb.Checks) != len(blocks) {
		t.Fatalf("%d checks of %d", len(rb.Checks), len(blocks))
	}
	for i, c := range rb.Checks {
		b := blocks[i]
		for what, pair := range map[string][2]hcl.Range{
			"block":       {c.DeclRange, b.DefRange()},
			"pass":        {c.Pass.Range(), b.Body.Attributes["pass"].Expr.Range()},
			"description": {c.Description.Range(), b.Body.Attributes["description"].Expr.Range()},
			"probe":       {c.Probe.DeclRange, b.Body.Blocks[0].DefRange()},
		} {
			if pair[0] != pair[1] {
				t.Fatalf("%s of check %d: %#v, parsed whole %#v", what, i, pair[0], pair[1])
			}
		}
	}
}

// TestGrammarIsDocumented: completion, hover and the reference pages show what
// stands in it.
func TestGrammarIsDocumented(t *testing.T) {
	var visit func(path string, b *language.BlockType)
	visit = func(path string, b *language.BlockType) {
		path += "/" + b.Name
		if !strings.HasSuffix(b.Doc, ".") {
			t.Errorf("%s: doc %q is no whole sentence", path, b.Doc)
		}
		for i := range b.Attrs {
			a := &b.Attrs[i]
			if a.Name == "" || !strings.HasSuffix(a.Doc, ".") {
				t.Errorf("%s: doc %q of %q is no whole sentence", path, a.Doc, a.Name)
			}
			if a.Form == 0 || a.Type == cty.NilType {
				t.Errorf("%s: %q has no form or type", path, a.Name)
			}
			if b.Attr(a.Name) != a {
				t.Errorf("%s: %q twice", path, a.Name)
			}
			if b.Block(a.Name) != nil {
				t.Errorf("%s: %q is an attribute and a block", path, a.Name)
			}
		}
		for _, n := range b.Blocks {
			visit(path, n)
		}
	}
	visit("", language.CheckFile)
	visit("", language.SiteFile)
}

// TestImportOverriddenSource: an override file in another folder changes what an
// import stands for, and the way to it begins where it began before.
func TestImportOverriddenSource(t *testing.T) {
	base := overlay("base", map[string]string{
		"a.hcl":     `import "net" { source = "./net" }`,
		"net/a.hcl": checkText("old", ""),
		"new/a.hcl": checkText("new", ""),
	})
	over := func(source string) rules.Overlay {
		return overlay("over", map[string]string{"override.hcl": `import "net" { source = "` + source + `" }`, "own/a.hcl": checkText("own", "")})
	}
	rb, diags := rules.Load(probe.Kinds(), base, over("./new"))
	if len(diags) > 0 || rb.Check("net.new") == nil {
		t.Errorf("./new: %v", diags)
	}
	_, diags = rules.Load(probe.Kinds(), base, over("./own"))
	if len(diags) != 1 || diags[0].Detail != "There is no folder base/own. The way to it begins where the import itself stands, in the folder base." {
		t.Errorf("./own: %v", diags)
	}
}
