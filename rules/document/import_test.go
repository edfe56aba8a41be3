package document

import (
	"strings"
	"testing"
)

// TestImports prints a runbook that imports another, bound and not: what
// imports are given is filled in as far as it is known.
func TestImports(t *testing.T) {
	rb := load(t, map[string]string{
		"a.hcl": `
variable "gateway" {
  type = string
}
import "net" {
  source   = "./net"
  host     = var.gateway
  port     = 8025
  password = "hunter22"
}
check "own" {
  title      = "Own"
  target     = "192.0.2.9"
  depends_on = [net.check.up]
  probe "ping" {}
  pass    = result.received > 0 && net.fact.way.found
  explain = "${target} is silent."
}`,
		"net/a.hcl": `
runbook "net" {
  title   = "The network"
  version = "1.2.3"
}
variable "host" {
  type = string
}
variable "port" {
  type    = number
  default = 25
}
variable "password" {
  sensitive = true
}
variable "left_out" {
  default = "as it stands"
}
locals {
  service = "${var.host}:${var.port}"
}
fact "way" {
  target = var.host
  probe "route" {}
}
check "up" {
  title  = "Up at ${local.service}"
  target = var.host
  probe "tcp" {
    port = var.port
  }
  pass    = result.connected
  explain = "${local.service} ${var.left_out} ${var.password} ${fact.way.gateway}"
}`,
	})
	open := write(t, Markdown, describe(t, rb, nil).Page())
	bound := write(t, Markdown, describe(t, rb, bind(t, rb, "main", map[string]map[string]string{"local": {"gateway": "192.0.2.1"}})).Page())
	for _, page := range []struct {
		name, text string
		want       []string
	}{
		{"open", open, []string{
			"| `net` | The network (net 1.2.3) | `./net` | `host` = ‹var.gateway›<br>`port` = **8025**<br>`password` = (sensitive) |",
			"### 1. Up at ‹net.local.service›",
			"‹net.local.service› **as it stands** **(sensitive)** ‹net.fact.way.gateway›",
			"[1. net.check.up](#net.check.up)",
		}},
		{"bound", bound, []string{
			"| `net` | The network (net 1.2.3) | `./net` | `host` = **192.0.2.1**<br>`port` = **8025**<br>`password` = (sensitive) |",
			"☐ 1. Up at 192.0.2.1:8025",
			"`port` = **8025**",
			"**192.0.2.1:8025** **as it stands** **(sensitive)** ‹net.fact.way.gateway›",
		}},
	} {
		for _, want := range page.want {
			if !strings.Contains(page.text, want) {
				t.Errorf("the %s page lacks %q:\n%s", page.name, want, page.text)
				return
			}
		}
		if strings.Contains(page.text, "hunter22") {
			t.Errorf("the %s page shows a secret", page.name)
		}
	}
	d := describe(t, rb, bind(t, rb, "main", map[string]map[string]string{"local": {"gateway": "192.0.2.1"}}))
	for address, want := range map[string]string{
		"net.var.host":     "Value here  192.0.2.1\n",
		"net.var.port":     "Value here  8025\n",
		"net.var.left_out": "Default    \"as it stands\"\n",
		"net.var.password": "Sensitive  its value",
	} {
		a, _, found := d.Explain(address)
		if !found {
			t.Errorf("%s is not explained", address)
			continue
		}
		var b strings.Builder
		if err := Terminal(&b, a, TerminalOptions{}); err != nil {
			t.Fatal(err)
		}
		if text := b.String(); !strings.Contains(text, want) || strings.Contains(text, "hunter22") {
			t.Errorf("%s: want %q in:\n%s", address, want, text)
		}
	}
	if _, suggestion, _ := d.Explain("net.var.hots"); suggestion != ` Did you mean "net.var.host"?` {
		t.Errorf("of a slip it is said:%s", suggestion)
	}
}
