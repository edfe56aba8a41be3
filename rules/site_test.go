package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

const siteVariables = `
variable "host" {
  type    = string
  default = null
}
variable "gateway" {
  type    = string
  default = null
  validation {
    condition     = var.gateway == null || can(cidrhost("${var.gateway}/32", 0))
    error_message = "gateway must be an IP address."
  }
}
variable "port" {
  type    = number
  default = 25
  validation {
    condition     = var.port > 0 && var.port < 65536
    error_message = "port must be from 1 to 65535."
  }
}
`

func TestSites(t *testing.T) {
	rb := load(t, overlay("case", map[string]string{"a.hcl": siteVariables + checkText("ping", "")}))
	sites, diags := rules.LoadSites(rb, overlay("case/sites.d", map[string]string{
		"a.hcl": `
site "base" {
  title        = "Base"
  abstract     = true
  trusted_keys = "keys"
  vars         = { host = "10.0.0.1", port = 25 }
  vantage "gateway" {
    title = "Gateway"
    via   = ["ssh", "gw"]
    vars  = { port = 26, gateway = "10.0.0.254" }
  }
  waive "ping" { reason = "Base" }
}
site "dublin" {
  title   = "Dublin"
  extends = "base"
  vars    = { host = "10.1.0.1" }
  vantage "gateway" {
    vars = { port = 27 }
  }
  vantage "host" {}
  waive "check.pi*" {
    reason  = "Dublin"
    expires = "2027-01-31"
  }
}
`,
		"a_override.hcl": "site \"dublin\" {\n  title = \"Baile Átha Cliath\"\n}\n",
	}))
	noDiagnostics(t, diags)
	if len(sites) != 2 || rb.Files["case/sites.d/a.hcl"] == nil {
		t.Fatalf("%d sites", len(sites))
	}
	s := sites[1]
	if s.Title != "Baile Átha Cliath" || s.Abstract || s.TrustedKeys != "keys" || s.Extends != "base" {
		t.Errorf("%+v", s)
	}
	if got := values(s.Vars); got != `host="10.1.0.1" port=25` {
		t.Errorf("values %s", got)
	}
	if len(s.Vantages) != 2 || s.Vantages[0].Title != "Gateway" || !cmp.Equal(s.Vantages[0].Via, []string{"ssh", "gw"}) || s.Vantages[1].Name != "host" {
		t.Fatalf("vantages %+v", s.Vantages)
	}
	if got := values(s.Vantages[0].Vars); got != `gateway="10.0.0.254" port=27` {
		t.Errorf("values of the gateway %s", got)
	}
	if len(s.Waivers) != 2 || s.Waivers[0].Reason != "Dublin" || !s.Waivers[0].Expires.Equal(time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)) || !s.Waivers[1].Expires.IsZero() {
		t.Errorf("waivers %+v", s.Waivers)
	}
	if got := values(sites[0].Vantages[0].Vars); got != `gateway="10.0.0.254" port=26` {
		t.Errorf("a child must not change what it extends: %s", got)
	}
}

// TestReadProfiles reads what profiles demand of a runbook that nobody has
// opened yet.
func TestReadProfiles(t *testing.T) {
	p := rules.ReadProfiles(overlay("etc/sites.d", map[string]string{
		"base.hcl": `
site "base" {
  abstract     = true
  trusted_keys = "../keys"
  vars         = { nobody_knows = "this" }
  waive "nor_this" { reason = "x" }
}
`,
		"own.hcl": `
site "dublin" { extends = "base" }
site "cork" {
  extends      = "base"
  trusted_keys = "cork"
}
site "open" {}
site "wrong" { trusted_keys = "" }
`,
	}))
	got := map[string]string{}
	for _, s := range p.Sites {
		got[s.Name] = s.TrustedKeys + " of " + s.TrustedKeysRange.Filename
		if wrong := s.Problems.HasErrors(); wrong != (s.Name == "wrong") {
			t.Errorf("%s: %v", s.Name, s.Problems)
		}
	}
	want := map[string]string{
		"base": "../keys of etc/sites.d/base.hcl", "dublin": "../keys of etc/sites.d/base.hcl",
		"cork": "cork of etc/sites.d/own.hcl", "open": " of ", "wrong": " of etc/sites.d/own.hcl",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if p.Strays.HasErrors() {
		t.Errorf("%v", p.Strays)
	}
}

func TestOverlayPath(t *testing.T) {
	for name, want := range map[string]string{
		".": "a.hcl", "./x": "x/a.hcl", "x.oci.tar": "x.oci.tar/a.hcl",
		"oci://127.0.0.1:5000/net/mail:1.0.0": "oci://127.0.0.1:5000/net/mail:1.0.0/a.hcl",
	} {
		if got := (rules.Overlay{Name: name}).Path("a.hcl"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func values(vars []rules.VarValue) string {
	var all []string
	for _, v := range vars {
		text := ""
		if v.Value.Type() == cty.String {
			text = fmt.Sprintf("%q", v.Value.AsString())
		} else {
			text = v.Value.AsBigFloat().String()
		}
		all = append(all, v.Name+"="+text)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestBind(t *testing.T) {
	rb := load(t, overlay("case", map[string]string{"a.hcl": `
variable "port" {
  type     = number
  default  = 25
  nullable = false
  validation {
    condition     = var.port < var.most
    error_message = "${var.port} is not below ${var.most}."
  }
}
variable "most" {
  type    = number
  default = 100
}
variable "secret" {
  type      = string
  sensitive = true
  default   = null
  validation {
    condition     = var.secret != "guess"
    error_message = "Not ${var.secret}."
  }
}
variable "host" {
  type = object({ name = string, port = optional(number, 25) })
}
` + checkText("a", "")}))
	most := func(v cty.Value) func(string) cty.Value { return func(string) cty.Value { return v } }
	tests := []struct {
		variable string
		value    cty.Value
		others   cty.Value
		want     cty.Value
		problem  string
	}{
		{"port", cty.StringVal("26"), cty.NumberIntVal(100), cty.NumberIntVal(26), ""},
		{"port", cty.NullVal(cty.Number), cty.NumberIntVal(100), cty.NumberIntVal(25), ""},
		{"port", cty.NumberIntVal(500), cty.UnknownVal(cty.Number), cty.NumberIntVal(500), ""},
		{"port", cty.NumberIntVal(500), cty.NumberIntVal(100), cty.NumberIntVal(500), "500 is not below 100."},
		{"port", cty.StringVal("smtp"), cty.NumberIntVal(100), cty.UnknownVal(cty.Number), "does not fit variable \"port\""},
		{"secret", cty.StringVal("x"), cty.NilVal, cty.StringVal("x").Mark(language.Sensitive), ""},
		{"secret", cty.StringVal("guess"), cty.NilVal, cty.StringVal("guess").Mark(language.Sensitive), "Not (sensitive)."},
		{"secret", cty.NullVal(cty.DynamicPseudoType), cty.NilVal, cty.NullVal(cty.String).Mark(language.Sensitive), ""},
		{"host", cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("a")}), cty.NilVal,
			cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("a"), "port": cty.NumberIntVal(25)}), ""},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s=%#v", tt.variable, tt.value), func(t *testing.T) {
			got, diags := rb.Variable(tt.variable).Bind(tt.value, rules.Binding{All: most(tt.others), Range: hcl.Range{Filename: "values", Start: hcl.InitialPos, End: hcl.InitialPos}})
			if !got.RawEquals(tt.want) {
				t.Errorf("got %#v, want %#v", got, tt.want)
			}
			if tt.problem == "" {
				noDiagnostics(t, diags)
			} else {
				wantError(t, diags, tt.problem)
			}
		})
	}
	if !rb.Variable("host").Required() || rb.Variable("port").Required() {
		t.Error("a variable is required when it has no default")
	}
}

func TestMatchAddress(t *testing.T) {
	for _, tt := range []struct {
		pattern, address string
		want             bool
	}{
		{"dns", "check.dns", true},
		{"check.dns", "check.dns", true},
		{"dns", "check.dns2", false},
		{"d*", "check.dns", true},
		{"*", "check.dns", true},
		{"d?s", "check.dns", true},
		{"d?s", "check.dnns", false},
		{"*s*s*", "check.sas", true},
		{"*s*s*", "check.as", false},
		{"x", `check.x["a"]`, true},
		{`x["a"]`, `check.x["a"]`, true},
		{`check.x["a"]`, `check.x["b"]`, false},
		{`x["*"]`, `check.x["b"]`, true},
		{`x["*"]`, `check.x`, false},
		{"", "check.x", false},
		{"[a-z]*", "check.dns", false},
	} {
		if got := rules.MatchAddress(tt.pattern, tt.address); got != tt.want {
			t.Errorf("MatchAddress(%q, %q) = %v", tt.pattern, tt.address, got)
		}
	}
}
