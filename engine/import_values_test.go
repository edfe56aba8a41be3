package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

func TestImportSensitive(t *testing.T) {
	const password = "hunter22"
	v := runFolder(t, `
-- top.hcl --
variable "password" {
  sensitive = true
}
import "net" {
  source = "./net"
  word   = "${var.password}"
}
check "top" {
  target = "top"
  probe "ask" {}
  pass    = result.ok && net.check.login.passed
  explain = "no"
}
-- net/net.hcl --
variable "word" {}
locals {
  greeting = "I am ${var.word}"
}
check "login" {
  target = "login"
  probe "ask" {
    secret = local.greeting
  }
  pass    = result.text != var.word
  explain = "${var.word} ${local.greeting} ${result.text}"
}
`, engine.Settings{Values: []engine.Values{{Text: map[string]string{"password": password}}}}, script{
		"login": func(_ context.Context, q engine.Query) (cty.Value, error) {
			if got := q.Args["secret"].AsString(); got != "I am "+password {
				t.Errorf("the probe was handed %q", got)
			}
			return attrs{"text": cty.StringVal(password)}.value(askKind), nil
		},
	})
	expect(t, v,
		"net.check.login fail explain=(sensitive) (sensitive) (sensitive)",
		"top fail explain=no",
	)
	for _, c := range v.Checks {
		if text := fmt.Sprintf("%#v", *c); strings.Contains(text, password) {
			t.Errorf("the secret is shown: %s", text)
		}
	}
}

// TestImportValues holds what only a site's values show.
func TestImportValues(t *testing.T) {
	rb := loadFolder(t, kinds, `
-- top.hcl --
variable "port" {}
variable "list" {
  default = []
}
import "net" {
  source = "./net"
  port   = var.port
  host   = var.list[0]
}
-- net/net.hcl --
variable "port" {
  type = number
  validation {
    condition     = var.port > 0 && var.host != "x"
    error_message = "Not ${var.port}."
  }
}
variable "host" {
  default = null
}
check "a" {
  target = "${var.host}:${var.port}"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`)
	for _, tc := range []struct{ port, list, want string }{
		{"1", `["a"]`, ""},
		{"one", `["a"]`, "t/top.hcl:7: Invalid value: This value does not fit variable \"port\": a number is required."},
		{"0", `["a"]`, "t/top.hcl:7: Invalid value: Variable \"port\": Not 0."},
		{"1", `["x"]`, "t/top.hcl:7: Invalid value: Variable \"port\": Not 1."},
		{"1", `[]`, "t/top.hcl:8: Argument broke: The argument host can't be evaluated with the values of this site: The given key does not identify an element in this collection value"},
	} {
		_, diags := engine.NewPlan(rb, engine.Settings{Values: []engine.Values{{
			Text: map[string]string{"port": tc.port}, Typed: map[string]cty.Value{"list": listOf(t, tc.list)},
		}}})
		if got := strings.TrimSpace(diagsText(diags)); !strings.HasPrefix(got, tc.want) || tc.want == "" && got != "" {
			t.Errorf("port %s, list %s: got %q, want %q", tc.port, tc.list, got, tc.want)
		}
	}
	// Nobody gives a variable of an import its value but the import.
	_, diags := engine.NewPlan(rb, engine.Settings{Values: []engine.Values{{Origin: "--var", Text: map[string]string{"port": "1", "net.port": "2"}}}})
	if !strings.Contains(diagsText(diags), "Undeclared variable") {
		t.Errorf("got %s", diagsText(diags))
	}
}

func listOf(t *testing.T, text string) cty.Value {
	t.Helper()
	values, diags := rules.ParseValues("v.hcl", []byte("list = "+text+"\n"))
	noDiags(t, diags)
	return values[0].Value
}
