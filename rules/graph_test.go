package rules_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
)

const waiting = `
locals {
  ports = [local.port]
  port  = 25
}
check "late" {
  depends_on = [check.first["x"], check.first["y"], check.second]
  target     = "a"
  when       = check.second.passed
  probe "tcp" { port = local.ports[0] }
  pass    = result.connected && fact.before.connected
  warn    = fact.after.connected
  explain = "no"
  cause "c" {
    when    = fact.why.connected
    explain = "no"
  }
}
fact "why" {
  target = check.late.result.connected ? "a" : "b"
  probe "tcp" { port = 25 }
}
fact "after" {
  target = "a"
  probe "tcp" { port = 25 }
}
fact "before" {
  target = check.third.result.connected ? "a" : "b"
  probe "tcp" { port = 25 }
}
check "second" {
  target = "a"
  probe "tcp" { port = 25 }
  pass    = result.connected
  warn    = check.first["x"].status == "warn"
  explain = "no"
}
check "first" {
  for_each = toset(["x", "y"])
  target   = each.key
  probe "tcp" { port = 25 }
  pass    = result.connected
  explain = "no"
}
check "third" {
  target = "a"
  probe "tcp" { port = 25 }
  pass    = result.connected
  explain = "no"
}
`

func TestGraph(t *testing.T) {
	rb := load(t, rules.Overlay{Name: "t", FS: fstest.MapFS{"main.hcl": {Data: []byte(waiting)}}})
	g := rb.Graph()
	var checks, facts, locals []string
	for _, c := range g.Checks() {
		checks = append(checks, c.Name)
	}
	for _, f := range g.Facts() {
		facts = append(facts, f.Name)
	}
	for _, l := range g.Locals(rb.Locals) {
		locals = append(locals, l.Name)
	}
	if diff := cmp.Diff([][]string{{"first", "second", "third", "late"}, {"after", "before", "why"}, {"port", "ports"}}, [][]string{checks, facts, locals}); diff != "" {
		t.Error(diff)
	}

	kinds := map[rules.EdgeKind]string{rules.EdgeGate: "gate", rules.EdgeRead: "read", rules.EdgeWarn: "warn", rules.EdgeExplain: "explain"}
	var edges []string
	add := func(of string, e *rules.Edge) {
		root, name := e.To()
		edges = append(edges, fmt.Sprintf("%s %s %s", of, kinds[e.Kind], expression.AddressOf(root, name)))
	}
	for _, name := range []string{"late", "second"} {
		for e := range g.OfCheck(rb.Check(name)) {
			add(name, e)
		}
	}
	for e := range g.OfFact(rb.Fact("why")) {
		add("why", e)
	}
	want := []string{
		"late gate check.first", "late gate check.first", "late gate check.second",
		"late read check.second", "late read fact.before", "late read local.ports",
		"late warn fact.after", "late explain fact.why",
		"second read check.first",
		"why read check.late",
	}
	if diff := cmp.Diff(want, edges); diff != "" {
		t.Error(diff)
	}
	late := rb.Check("late")
	if diff := cmp.Diff([]string{"first", "second"}, g.Gates(late)); diff != "" {
		t.Error(diff)
	}
	if under := g.Under(late); under != "second" || g.Under(rb.Check("first")) != "" {
		t.Errorf("late is drawn below %q", under)
	}
}
