package rules_test

import (
	"strings"
	"testing"

	"github.com/linecheck/linecheck/rules"
)

// TestSitesOfImporters follows a profile's values into what the runbook imports
// and into what that imports itself.
func TestSitesOfImporters(t *testing.T) {
	rb := load(t, overlay("case", map[string]string{
		"a.hcl": `
variable "router" {
  type    = string
  default = "10.0.0.1"
}
variable "key" {
  type      = string
  default   = "10.0.0.1"
  sensitive = true
}
variable "ports" {
  type    = list(number)
  default = [25]
}
locals {
  named = var.router
}
import "net" {
  source  = "./net"
  gateway = var.router
  secret  = var.key
  port    = var.ports[0]
  local   = local.named
}
` + checkText("ping", ""),
		"net/a.hcl": `
variable "gateway" {}
variable "secret" {}
variable "local" {}
variable "port" {
  type = number
  validation {
    condition     = var.port != 26 || var.gateway != "10.0.0.26"
    error_message = "Not 26 there."
  }
}
import "deep" {
  source  = "./deep"
  gateway = var.gateway
  secret  = var.secret
}
` + checkText("ping", ""),
		"net/deep/a.hcl": `
variable "gateway" {
  validation {
    condition     = var.gateway != "127.0.0.1"
    error_message = "Not this computer."
  }
}
variable "secret" {
  validation {
    condition     = var.secret != "hunter2"
    error_message = "Not ${var.secret}."
  }
}
` + checkText("ping", ""),
	}))
	for vars, want := range map[string]string{
		``:                                      "",
		`router = "10.0.0.2"`:                   "",
		`ports = [26]`:                          "",
		`router = "127.0.0.1"`:                  "Not this computer.",
		`router = "10.0.0.26", ports = [26]`:    "Not 26 there.",
		`ports = []`:                            `With this value the argument port of import "net" can't be evaluated.`,
		`key = "hunter2"`:                       "(sensitive)",
		`router = "10.0.0.26", ports = [1, 26]`: "",
	} {
		_, diags := rules.LoadSites(rb, overlay("case/sites.d", map[string]string{"a.hcl": `site "a" { vars = { ` + vars + ` } }`}))
		switch {
		case want == "" && len(diags) > 0:
			t.Errorf("{ %s }: %v", vars, diags)
		case want != "" && (len(diags) != 1 || !strings.Contains(diags[0].Detail, want)):
			t.Errorf("{ %s }: %v, want %q", vars, diags, want)
		case want != "" && diags[0].Subject.Filename != "case/sites.d/a.hcl":
			t.Errorf("{ %s }: at %v, want the profile", vars, diags[0].Subject)
		case strings.Contains(diags.Error(), "hunter2"):
			t.Errorf("{ %s }: shown in %v", vars, diags)
		}
	}
}
