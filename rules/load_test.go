package rules_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// overlay is a folder of check files.
func overlay(name string, files map[string]string) rules.Overlay {
	fsys := fstest.MapFS{}
	for file, text := range files {
		fsys[file] = &fstest.MapFile{Data: []byte(text)}
	}
	return rules.Overlay{Name: name, FS: fsys}
}

// testKinds are two kinds with one of everything that a kind can have.
var testKinds = []*language.Kind{
	{
		Name: "echo",
		Args: []language.Attribute{
			{Name: "count", Type: cty.Number},
			{Name: "word", Type: cty.String},
		},
		Result: []language.Attribute{
			{Name: "received", Type: cty.Number, NeverNull: true},
			{Name: "code", Type: cty.Number},
			{Name: "text", Type: cty.String},
		},
	},
	{
		Name:           "look",
		TargetOptional: true,
		Result: []language.Attribute{
			{Name: "found", Type: cty.Bool, NeverNull: true},
			{Name: "name", Type: cty.String},
		},
	},
}

func messages(diags hcl.Diagnostics) []string {
	var out []string
	for _, d := range diags {
		at := ""
		if d.Subject != nil {
			at = d.Subject.String() + ": "
		}
		out = append(out, at+d.Summary+": "+d.Detail)
	}
	return out
}

func noDiagnostics(t *testing.T, diags hcl.Diagnostics) {
	t.Helper()
	for _, m := range messages(diags) {
		t.Error(m)
	}
}

func TestLoadDecodesEveryBlock(t *testing.T) {
	rb, diags := rules.Load(testKinds, overlay("checks.d", map[string]string{
		"a.hcl": `
runbook "mail" {
  title   = "Mail"
  version = "1.0.0"
  authors = ["Ann <ann@corp.example>"]
}
variable "host" {
  type    = string
  default = null
}
locals {
  first  = var.host
  second = local.first
}
fact "way" {
  target = var.host
  probe "look" {}
}
check "one" {
  title      = "One"
  layer      = "ip"
  tags       = ["quick"]
  depends_on = [check.zero]
  target     = var.host
  timeout    = "2s"
  retry {
    attempts = 3
    interval = "1s"
  }
  probe "echo" { count = 3 }
  pass    = result.received > 0
  warn    = result.received < 3
  explain = "Nothing from ${target}."
  remedy  = "Look."
  cause "lost" {
    when     = fact.way.found
    explain  = "Lost."
    severity = "warn"
  }
}
check "zero" {
  target = "127.0.0.1"
  probe "echo" {}
  pass    = result.received > 0
  explain = "Nothing."
}
conclusion "one_way" {
  when    = vantage.gateway.check.one.passed && !vantage.host.check.one.passed
  explain = "One way only."
}
`,
	}))
	noDiagnostics(t, diags)
	if rb.Name != "mail" || rb.Version != "1.0.0" || !cmp.Equal(rb.Authors, []string{"Ann <ann@corp.example>"}) {
		t.Errorf("runbook block: %q %q %q", rb.Name, rb.Version, rb.Authors)
	}
	if len(rb.Variables) != 1 || len(rb.Locals) != 2 || len(rb.Facts) != 1 || len(rb.Checks) != 2 || len(rb.Conclusions) != 1 {
		t.Fatalf("got %d variables, %d locals, %d facts, %d checks, %d conclusions", len(rb.Variables), len(rb.Locals), len(rb.Facts), len(rb.Checks), len(rb.Conclusions))
	}
	c := rb.Check("one")
	if c != rb.Checks[0] || c.Layer != "ip" || !cmp.Equal(c.Tags, []string{"quick"}) || len(c.DependsOn) != 1 || c.DependsOn[0].Check != "zero" {
		t.Errorf("check: %+v", c)
	}
	if c.Probe == nil || c.Probe.Kind != testKinds[0] || len(c.Probe.Args) != 1 || c.Probe.Args[0].Attr.Name != "count" {
		t.Errorf("probe: %+v", c.Probe)
	}
	if c.Retry == nil || c.Retry.Attempts == nil || c.Retry.Interval == nil || c.Timeout == nil || c.Warn == nil || c.Remedy == nil {
		t.Errorf("check lost an attribute: %+v", c)
	}
	if len(c.Causes) != 1 || c.Causes[0].Severity == nil || c.Causes[0].When == nil {
		t.Errorf("causes: %+v", c.Causes)
	}
	if c.DeclRange.String() != "checks.d/a.hcl:19,1-12" {
		t.Errorf("range %s", c.DeclRange)
	}
}
