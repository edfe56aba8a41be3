package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
)

// TestAccesses holds that what check files name themselves is found, however it
// is written, and what a site names is not.
func TestAccesses(t *testing.T) {
	t.Parallel()
	const head = `
variable "given" { type = string }
variable "flag" { default = false }
variable "host" { default = "default.example" }
variable "hidden" {
  default   = "hidden.example"
  sensitive = true
}
variable "shaped" { type = object({ host = optional(string, "shaped.example"), port = optional(number, 26) }) }
locals {
  direct  = "local.example"
  further = [local.direct, "further.example"]
  made    = "${var.given}.made.example"
}
import "net" {
  source = "./net"
  host   = "argument.example"
}
`
	net := map[string]string{"net/a.hcl": `
variable "host" { default = "unused.example" }
check "there" {
  target = "${var.host}."
  probe "tcp" { port = 1 }
  pass    = result.connected
  explain = "x"
}
`}
	imported := "net.check.there tcp argument.example. 1"
	tcp := func(target string) string { return "target = " + target + "\n  probe \"tcp\" { port = 25 }" }
	for name, tc := range map[string]struct {
		block string
		want  []string
	}{
		"a constant":          {tcp(`"192.0.2.1"`), []string{"check.c tcp 192.0.2.1 25"}},
		"a site's own":        {tcp(`var.given`), nil},
		"a default":           {tcp(`var.host`), []string{"check.c tcp default.example 25"}},
		"a sensitive default": {tcp(`var.hidden`), []string{"check.c tcp (sensitive) 25"}},
		"filled in by a type": {tcp(`var.shaped.host`), []string{"check.c tcp shaped.example,26 25"}},
		"a local":             {tcp(`local.direct`), []string{"check.c tcp local.example 25"}},
		"locals of locals":    {tcp(`local.further[1]`), []string{"check.c tcp local.example,further.example 25"}},
		"either branch":       {tcp(`var.flag ? "a.example" : "b.example"`), []string{"check.c tcp a.example,b.example 25"}},
		"behind a function":   {tcp(`try(coalesce(var.given, "a.example"), "b.example")`), []string{"check.c tcp a.example,b.example 25"}},
		"behind a pattern":    {tcp(`regex("^(?:smtp://)?(.+)", var.host)[0]`), []string{"check.c tcp default.example 25"}},
		"a made constant":     {tcp(`join(".", ["a", lower("EXAMPLE")])`), []string{"check.c tcp a.example 25"}},
		"a part":              {tcp(`"${var.given}.part.example"`), []string{"check.c tcp ….part.example 25"}},
		"a part of a local":   {tcp(`local.made`), []string{"check.c tcp ….made.example 25"}},
		"points alone":        {tcp(`"${var.given}.${var.given}"`), nil},
		"a splat and an index": {tcp(`[{ h = "a.example" }, { h = var.given }][*].h[0]`),
			[]string{"check.c tcp a.example 25"}},
		"a for": {tcp(`[for h in [var.given] : "${h}.for.example"][0]`), []string{"check.c tcp ….for.example 25"}},
		"each value": {"for_each = { x = \"a.example\", y = var.given }\n  " + tcp(`each.value`),
			[]string{"check.c tcp a.example 25"}},
		"each key": {"for_each = { \"a.example\" = 1, \"b.example\" = 2 }\n  " + tcp(`each.key`),
			[]string{"check.c tcp a.example,b.example 25"}},
		"what was observed": {tcp(`check.net_there.result.address`), nil},
		"a server": {"target = var.given\n  probe \"dns\" { servers = [\"192.0.2.53\", var.given] }",
			[]string{"check.c dns 192.0.2.53 "}},
		"a server of this computer": {"target = var.given\n  probe \"dns\" { servers = [\"127.0.0.1\"] }",
			[]string{"check.c dns 127.0.0.1 "}},
		"this computer, asked something": {tcp(`"localhost"`), []string{"check.c tcp localhost 25"}},
		"this computer, pinged":          {"target = \"::1\"\n  probe \"ping\" {}", nil},
		"a usual port":                   {"target = \"a.example\"\n  probe \"smtp\" {}", []string{"check.c smtp a.example 25"}},
		"a site's port":                  {"target = \"a.example\"\n  probe \"tcp\" { port = length(var.given) }", []string{"check.c tcp a.example "}},
		"no port":                        {"target = \"a.example\"\n  probe \"trace\" {}", []string{"check.c trace a.example "}},
		"an adapter is no host":          {"target = \"eth0\"\n  probe \"interface\" {}", nil},
		"a file":                         {"target = \"/etc/shadow\"\n  probe \"log\" { pattern = \".\" }", []string{"check.c log /etc/shadow "}},
		"a site's file":                  {"target = var.given\n  probe \"log\" { pattern = \".\" }", []string{"check.c log … "}},
		"a file above a site's":          {"target = \"${var.given}/../x\"\n  probe \"log\" { pattern = \".\" }", []string{"check.c log …/../x "}},
		"a command":                      {`probe "exec" { command = ["sh", "-c", "echo ${var.given}", var.given, 7] }`, []string{"check.c exec sh -c 'echo …' … 7 "}},
		"a command from elsewhere":       {`probe "exec" { command = split(" ", var.given) }`, []string{"check.c exec … ' ' "}},
		"a command of a local":           {`probe "exec" { command = local.further }`, []string{"check.c exec local.example further.example "}},
		"one of two commands":            {`probe "exec" { command = [var.flag ? "ls" : "rm", "x y"] }`, []string{"check.c exec ls|rm 'x y' "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"a.hcl": head + "check \"c\" {\n  " + strings.ReplaceAll(tc.block, "check.net_there", "net.check.there") + "\n  pass    = true\n  explain = \"x\"\n}\n"}
			for name, text := range net {
				files[name] = text
			}
			rb, _ := rules.Load(probe.Kinds(), overlay("case", files)) // pass observes nothing
			var got []string
			for _, a := range rb.Accesses() {
				if line := fmt.Sprintf("%s %s %s %s", a.By, a.Probe, strings.Join(a.What, ","), a.Port); line != imported {
					got = append(got, line)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	rb, _ := rules.Load(probe.Kinds(), overlay("case", map[string]string{"a.hcl": head, "net/a.hcl": net["net/a.hcl"]}))
	if a := rb.Accesses(); len(a) != 1 || a[0].What[0] != "argument.example." {
		t.Errorf("of an import: %+v", a)
	}
}

// TestAccessesBounded holds that locals each of which has all words of the one
// before end soon, and say that there were more.
func TestAccessesBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("variable \"given\" { type = string }\nlocals {\n  l0 = [var.given]\n")
	const n = 1000
	for i := range n {
		fmt.Fprintf(&b, "  l%d = concat(local.l%d, [\"h%d.example\"])\n", i+1, i, i)
	}
	fmt.Fprintf(&b, "}\ncheck \"c\" {\n  target = local.l%d[0]\n  probe \"ping\" {}\n  pass    = result.received > 0\n  explain = \"x\"\n}\n", n)
	rb, diags := rules.Load(probe.Kinds(), overlay("case", map[string]string{"a.hcl": b.String()}))
	noDiagnostics(t, diags)
	what := rb.Accesses()[0].What
	if last := what[len(what)-1]; len(what) > 300 || last != "… and more" {
		t.Errorf("%d words, the last %q", len(what), last)
	}
}
