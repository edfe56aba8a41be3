package engine_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/tools/txtar"
)

// folder is a folder of check files, written as an archive.
func folder(archive string) fstest.MapFS {
	files := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return files
}

func loadFolder(t *testing.T, kinds []*language.Kind, archive string) *rules.Runbook {
	t.Helper()
	rb, diags := rules.Load(kinds, rules.Overlay{Name: "t", FS: folder(archive)})
	noDiags(t, diags)
	return rb
}

// runFolder is run for a folder.
func runFolder(t *testing.T, archive string, s engine.Settings, sc script) (v *engine.VantageReport) {
	t.Helper()
	p, diags := engine.NewPlan(loadFolder(t, kinds, archive), s)
	noDiags(t, diags)
	synctest.Test(t, func(t *testing.T) {
		v = p.Run(t.Context(), sc.options()).Sites[0].Vantages[0]
	})
	return v
}

// ladder is a runbook that several others import: what it does to target.
const ladder = `
-- top.hcl --
variable "up" {
  default = "up"
}
variable "down" {
  default = null
}
locals {
  down = var.down
}
import "one" {
  source = "./ladder"
  host   = var.up
}
import "two" {
  source = "./ladder"
  host   = local.down
  limit  = 5
}
fact "host" {
  target = "own"
  probe "ask" {}
}
check "first" {
  target     = "own"
  depends_on = [two.check.last]
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "last" {
  target     = one.fact.host.text
  depends_on = [one.check.last, one.check.each["b"]]
  probe "ask" {}
  pass    = result.ok && one.check.last.passed && one.fact.host.number == 1
  explain = "${one.fact.host.text}: ${one.check.first.status}"
  cause "theirs" {
    when    = one.check.first.result.number == 7 && alltrue([for k, c in one.check.each : c.passed && one.check.each[k].passed])
    explain = "seven"
  }
}
-- ladder/ladder.hcl --
variable "host" {
  type = string
}
variable "limit" {
  default = 9
}
locals {
  host  = upper(local.lower)
  lower = "${coalesce(var.host, "none")}!"
}
fact "host" {
  target = local.host
  probe "ask" {}
}
check "first" {
  target = var.host
  probe "ask" {}
  pass    = result.ok && result.number < var.limit
  explain = "${var.host} is over ${var.limit}"
}
check "each" {
  for_each = toset(["a", "b"])
  target   = "${var.host}-${each.key}"
  probe "ask" {}
  pass    = result.ok && check.first.passed
  explain = "no"
}
check "last" {
  target     = var.host
  depends_on = [check.first]
  probe "ask" {}
  pass    = result.ok && fact.host.ok
  explain = "no"
}
`

func TestImportTwice(t *testing.T) {
	seven := answers(attrs{"ok": cty.True, "number": cty.NumberIntVal(7)})
	sc := script{
		"up": seven, "low": seven, "own": no,
		"UP!": answers(attrs{"ok": cty.True, "number": cty.NumberIntVal(1), "text": cty.StringVal("own")}),
	}
	v := runFolder(t, ladder, engine.Settings{Values: []engine.Values{{Origin: "--var", Text: map[string]string{"down": "low"}}}}, sc)
	expect(t, v,
		"one.check.first pass",
		`one.check.each["a"] pass`,
		`one.check.each["b"] pass`,
		"one.check.last pass",
		"two.check.first fail explain=low is over 5 blocks=two.check.last,check.first",
		`two.check.each["a"] fail explain=no`,
		`two.check.each["b"] fail explain=no`,
		"two.check.last blocked by=two.check.first",
		"first blocked by=two.check.first",
		"last fail cause=theirs explain=seven",
	)
	var evidence []string
	for _, e := range v.Checks[len(v.Checks)-1].Evidence {
		evidence = append(evidence, e.Ref+"="+terminal.Value(e.Value))
	}
	want := []string{"one.check.first.result.number=7", "one.check.each={a = pass, b = pass}"}
	if diff := cmp.Diff(want, evidence); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	// Of two imports of one runbook each has facts of its own.
	var facts []string
	for _, f := range v.Facts {
		facts = append(facts, f.Address+" "+terminal.Value(f.Target))
	}
	if diff := cmp.Diff([]string{"one.fact.host UP!"}, facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func TestImportUnset(t *testing.T) {
	v := runFolder(t, strings.Replace(ladder, "limit  = 5", "limit  = null", 1), engine.Settings{Only: []string{"two.first"}}, script{})
	if got := lines(v)[4]; got != "two.check.first skipped reason=no value for the variable down" {
		t.Errorf("got %q", got)
	}
	v = runFolder(t, strings.Replace(ladder, "host   = local.down", "host   = null", 1), engine.Settings{Only: []string{"two.check.first"}}, script{})
	if got := lines(v)[4]; got != `two.check.first skipped reason=no value for the variable host of import "two"` {
		t.Errorf("got %q", got)
	}
}

func TestImportSelection(t *testing.T) {
	for _, tc := range []struct {
		only, skip, waive string
		ran               []string
	}{
		{only: "one.*", ran: []string{"one.check.first", `one.check.each["a"]`, `one.check.each["b"]`, "one.check.last"}},
		{only: "one.check.each", ran: []string{"one.check.first", `one.check.each["a"]`, `one.check.each["b"]`}},
		{only: `one.check.each["b"]`, ran: []string{"one.check.first", `one.check.each["b"]`}},
		{only: "first", ran: []string{"check.first"}},
		{only: "*.first", skip: "two.check.*", ran: []string{"one.check.first"}},
		{skip: "*first", waive: "one.check.[a-z]*", ran: nil},
		{skip: "two.*", waive: "one.check.*", ran: []string{"check.first", "check.last"}},
	} {
		s := engine.Settings{Values: []engine.Values{{Text: map[string]string{"down": "low"}}}}
		if tc.only != "" {
			s.Only = []string{tc.only}
		}
		if tc.skip != "" {
			s.Skip = []string{tc.skip}
		}
		if tc.waive != "" {
			s.Site = &rules.Site{Name: "s", Waivers: []*rules.Waiver{{Check: tc.waive, Reason: "known"}}}
		}
		p, diags := engine.NewPlan(loadFolder(t, kinds, ladder), s)
		if tc.ran == nil {
			if !diags.HasErrors() {
				t.Errorf("%+v: a pattern that names nothing is taken", tc)
			}
			continue
		}
		noDiags(t, diags)
		var ran []string
		for _, step := range p.Checks() {
			if step.Skip == "" {
				ran = append(ran, step.Address)
			}
		}
		if diff := cmp.Diff(tc.ran, ran); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tc, diff)
		}
	}
}

// TestImportNested has a diamond: both sides import the same folder, each for
// itself, and hand on what they were given.
func TestImportNested(t *testing.T) {
	const side = `
variable "host" {}
import "base" {
  source = "./base"
  host   = "${var.host}-base"
}
check "side" {
  target     = var.host
  depends_on = [base.check.base]
  probe "ask" {}
  pass    = result.ok && base.fact.base.ok
  explain = "no"
}
`
	const base = `
variable "host" {}
fact "base" {
  target = "${var.host}-fact"
  probe "ask" {}
}
check "base" {
  target = var.host
  probe "ask" {}
  pass    = result.ok
  explain = "${var.host} is down"
}
`
	archive := `-- top.hcl --
import "left" {
  source = "./left"
  host   = "l"
}
import "right" {
  source = "./right"
  host   = "r"
}
check "top" {
  target     = "t"
  depends_on = [left.check.side, right.check.side]
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
` + "-- left/a.hcl --" + side + "-- right/a.hcl --" + side + "-- left/base/a.hcl --" + base + "-- right/base/a.hcl --" + base
	v := runFolder(t, archive, engine.Settings{}, script{"r-base": no, "r-base-fact": no})
	expect(t, v,
		"left.base.check.base pass",
		"left.check.side pass",
		"right.base.check.base fail explain=r-base is down blocks=right.check.side,check.top",
		"right.check.side blocked by=right.base.check.base",
		"top blocked by=right.base.check.base",
	)
}

func TestImportConclusion(t *testing.T) {
	rb := loadFolder(t, kinds, `
-- top.hcl --
import "net" {
  source = "./net"
}
conclusion "mine" {
  when    = !vantage.near.net.check.a.passed && vantage.far.net.check.each["x"].status == "pass" && vantage.near.net.check.a.cause == "why"
  explain = "${vantage.near.net.check.a.cause}, far ${vantage.far.net.check.each["x"].status}"
}
-- net/net.hcl --
check "a" {
  target = "a"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
  cause "why" {
    when    = result.number == 1
    explain = "no"
  }
}
check "each" {
  for_each = toset(["x"])
  target   = "b"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
conclusion "theirs" {
  when    = vantage.near.check.a.status == "fail" && vantage.far.check.a.passed
  explain = "${vantage.far.check.a.result.number}"
}
`)
	report := func(a engine.Status, cause string) []*engine.CheckReport {
		return []*engine.CheckReport{
			{Address: "net.check.a", Status: a, Cause: cause, Result: attrs{"number": cty.NumberIntVal(3)}.value(askKind)},
			{Address: `net.check.each["x"]`, Status: engine.Pass},
		}
	}
	held, diags := engine.Conclude(rb, &engine.SiteReport{Name: "s", Vantages: []*engine.VantageReport{
		{Name: "near", Checks: report(engine.Fail, "why")}, {Name: "far", Checks: report(engine.Pass, "")},
	}})
	noDiags(t, diags)
	var got []string
	for _, c := range held {
		got = append(got, c.Name+": "+c.Explain)
		for _, e := range c.Evidence {
			got = append(got, "  "+e.Ref+" = "+terminal.Value(e.Value))
		}
	}
	want := []string{
		"net.theirs: 3",
		"  vantage.near.net.check.a.status = fail",
		"  vantage.far.net.check.a.passed = true",
		"mine: why, far pass",
		"  vantage.near.net.check.a.passed = false",
		`  vantage.far.net.check.each["x"].status = pass`,
		"  vantage.near.net.check.a.cause = why",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conclusions (-want +got):\n%s", diff)
	}
}

// TestImportOnTheNetwork asks two real listeners through two imports of one
// runbook: one greets, the other is gone.
func TestImportOnTheNetwork(t *testing.T) {
	greeting, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer greeting.Close()
	served := make(chan struct{})
	go func() {
		defer close(served)
		conn, err := greeting.Accept()
		if err != nil {
			return
		}
		fmt.Fprint(conn, "220 here\r\n")
		_ = conn.Close()
	}()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()

	port := func(l net.Listener) int64 { return int64(l.Addr().(*net.TCPAddr).Port) }
	rb := loadFolder(t, probe.Kinds(), `
-- top.hcl --
variable "there" {}
variable "gone" {}
import "good" {
  source = "./service"
  host   = "127.0.0.1"
  port   = var.there
}
import "bad" {
  source = "./service"
  host   = "127.0.0.1"
  port   = var.gone
}
check "both" {
  target     = "127.0.0.1"
  depends_on = [good.check.greets, bad.check.greets]
  probe "tcp" {
    port = var.there
  }
  pass    = result.connected
  explain = "no"
}
-- service/service.hcl --
variable "host" {
  type = string
}
variable "port" {
  type = number
}
check "greets" {
  target = var.host
  probe "tcp" {
    port         = var.port
    expect_bytes = 4
  }
  pass    = result.connected && startswith(result.received, "220 ")
  explain = "No greeting from ${target} on port ${var.port}."
  cause "refused" {
    when    = result.refused
    explain = "Nobody listens on port ${var.port}."
  }
}
`)
	p, diags := engine.NewPlan(rb, engine.Settings{Values: []engine.Values{{Typed: map[string]cty.Value{
		"there": cty.NumberIntVal(port(greeting)), "gone": cty.NumberIntVal(port(gone)),
	}}}})
	noDiags(t, diags)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	v := p.Run(ctx, engine.Options{Probes: probe.All()}).Sites[0].Vantages[0]
	<-served
	expect(t, v,
		"good.check.greets pass",
		fmt.Sprintf("bad.check.greets fail cause=refused explain=Nobody listens on port %d. blocks=check.both", port(gone)),
		"both blocked by=bad.check.greets",
	)
}
