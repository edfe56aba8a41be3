package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// chain is a file with checks a, b, … each of which depends on the one before.
func chain(names ...string) string {
	var b strings.Builder
	for i, name := range names {
		gate := ""
		if i > 0 {
			gate = " depends_on = [check." + names[i-1] + "]\n"
		}
		fmt.Fprintf(&b, "check %q {\n target = %q\n%s tags = [\"tag_%s\", \"all\"]\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n", name, name, gate, name)
	}
	return b.String()
}

func TestSelection(t *testing.T) {
	const bystander = "check \"x\" {\n target = \"x\"\n probe \"ask\" {}\n pass = result.ok\n warn = !fact.f.ok\n explain = \"no\"\n}\n" +
		"fact \"f\" {\n target = check.b.passed ? \"f\" : \"g\"\n probe \"ask\" {}\n}\n"
	const notNamed = " skipped reason=not named by --only"
	for _, test := range []struct {
		name string
		s    engine.Settings
		sc   script
		want []string
	}{
		{"gates of what only names are left out", engine.Settings{Only: []string{"c"}}, script{"b": no},
			[]string{"a" + notNamed, "b" + notNamed, "c pass", "x" + notNamed}},
		{"what it reads is run, without the gates of that", engine.Settings{Only: []string{"check.x"}}, script{"a": no},
			[]string{"a" + notNamed, "b pass", "c" + notNamed, "x pass"}},
		{"tag", engine.Settings{Only: []string{"tag:tag_a", "tag:tag_b"}}, script{"a": no},
			[]string{"a fail explain=no blocks=check.b", "b blocked by=check.a", "c" + notNamed, "x" + notNamed}},
		{"gates are handed on", engine.Settings{Skip: []string{"b"}}, script{"a": no},
			[]string{"a fail explain=no blocks=check.c", "b skipped reason=left out by --skip b", "c blocked by=check.a",
				"x pass"}},
		{"skip wins", engine.Settings{Only: []string{"tag:all"}, Skip: []string{"check.?"}}, nil,
			[]string{"a skipped reason=left out by --skip check.?", "b skipped reason=left out by --skip check.?", "c skipped reason=left out by --skip check.?", "x skipped reason=left out by --skip check.?"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			expect(t, run(t, chain("a", "b", "c")+bystander, test.s, test.sc), test.want...)
		})
	}
}

func TestWaivers(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	site := func(w ...*rules.Waiver) engine.Settings {
		return engine.Settings{Site: &rules.Site{Name: "s", Waivers: w}, Today: day("2026-11-24").Add(23 * time.Hour)}
	}
	for _, test := range []struct {
		name string
		s    engine.Settings
		sc   script
		want []string
	}{
		{"without end", site(&rules.Waiver{Check: "b", Reason: "ticket 1"}), script{"b": no},
			[]string{"a pass", "b skipped reason=waived: ticket 1", "c pass"}},
		{"last day", site(&rules.Waiver{Check: "check.b", Reason: "ticket 1", Expires: day("2026-11-24")}), script{"b": no},
			[]string{"a pass", "b skipped reason=waived until 2026-11-24: ticket 1", "c pass"}},
		{"day after", site(&rules.Waiver{Check: "b", Reason: "ticket 1", Expires: day("2026-11-23")}), script{"b": no},
			[]string{"a pass", "b fail explain=no blocks=check.c reason=its waiver ran out on 2026-11-23 (ticket 1)", "c blocked by=check.b"}},
		{"gates are handed on", site(&rules.Waiver{Check: "b", Reason: "ticket 1"}), script{"a": no},
			[]string{"a fail explain=no blocks=check.c", "b skipped reason=waived: ticket 1", "c blocked by=check.a"}},
		{"one of two still holds", site(&rules.Waiver{Check: "b", Reason: "old", Expires: day("2026-01-01")}, &rules.Waiver{Check: "*", Reason: "all"}), nil,
			[]string{"a skipped reason=waived: all", "b skipped reason=waived: all", "c skipped reason=waived: all"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			expect(t, run(t, chain("a", "b", "c"), test.s, test.sc), test.want...)
		})
	}
}

func TestForEach(t *testing.T) {
	const src = `
variable "hosts" {
  type    = map(object({ address = string, off = optional(bool, false) }))
  default = {
    a = { address = "10.0.0.1" }
    b = { address = "10.0.0.2" }
    c = { address = "10.0.0.3", off = true }
  }
}
fact "near" {
  for_each = var.hosts
  target   = each.value.address
  probe "ask" {}
}
check "up" {
  for_each = var.hosts
  title    = "${each.key} is up"
  when     = !each.value.off
  target   = each.value.address
  probe "ask" {}
  pass    = result.ok
  explain = "${each.key} is down"
  cause "near" {
    when    = !result.ok && fact.near[each.key].number == 1
    explain = "${target} is ${fact.near[each.key].text}"
  }
}
check "mail" {
  for_each   = var.hosts
  depends_on = [check.up["a"]]
  target     = "mail"
  probe "ask" {}
  pass    = result.ok && check.up[each.key].passed
  explain = "no"
}
check "all" {
  target = "all"
  probe "ask" {}
  pass    = result.ok && alltrue([for c in check.up : c.passed])
  explain = "not all are up"
}
check "behind" {
  depends_on = [check.up]
  target     = "behind"
  probe "ask" {}
  pass    = result.ok && check.up["b"].result.ok
  explain = "no"
}
`
	t.Run("each reads its own", func(t *testing.T) {
		sc := script{"10.0.0.2": answers(attrs{"ok": cty.False, "number": cty.NumberIntVal(1), "text": cty.StringVal("off")})}
		v := run(t, src, engine.Settings{}, sc)
		expect(t, v,
			`up["a"] pass`,
			`up["b"] fail cause=near explain=10.0.0.2 is off blocks=check.behind`,
			`up["c"] skipped reason=does not apply: "when" is false`,
			`mail["a"] pass`,
			`mail["b"] fail explain=no`,
			`mail["c"] error reason=not observed: check.up["c"].passed`,
			`all fail explain=not all are up`,
			`behind blocked by=check.up["b"]`,
		)
		var evidence []string
		for _, c := range v.Checks {
			for _, e := range c.Evidence {
				evidence = append(evidence, e.Ref+"="+terminal.Value(e.Value))
			}
		}
		want := []string{
			`result.ok=false`, `fact.near["b"].number=1`,
			`result.ok=true`, `check.up["b"].passed=false`,
			`result.ok=true`, `check.up={a = pass, b = fail, c = skipped}`,
		}
		if diff := cmp.Diff(want, evidence); diff != "" {
			t.Error(diff)
		}
		if got := len(v.Facts); got != 1 {
			t.Errorf("%d facts were gathered, want that of b only", got)
		}
		if got := v.Checks[1].Title; got != "b is up" {
			t.Errorf("title %q", got)
		}
	})
	t.Run("none", func(t *testing.T) {
		s := engine.Settings{Values: []engine.Values{{Origin: "--var", Text: map[string]string{"hosts": "{}"}}}}
		p, diags := engine.NewPlan(load(t, strings.NewReplacer(`depends_on = [check.up["a"]]`, "", ` && check.up["b"].result.ok`, "").Replace(src)), s)
		noDiags(t, diags)
		expect(t, p.Run(t.Context(), script{}.options()).Sites[0].Vantages[0], "all pass", "behind pass")
	})
	t.Run("only one", func(t *testing.T) {
		v := run(t, src, engine.Settings{Only: []string{`mail["b"]`}}, nil)
		got := map[string]engine.Status{}
		for _, c := range v.Checks {
			if c.Status != engine.Skipped {
				got[c.Address] = c.Status
			}
		}
		if diff := cmp.Diff(map[string]engine.Status{`check.mail["b"]`: "pass", `check.up["b"]`: "pass"}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPlanOrder(t *testing.T) {
	check := func(name, gates string) string {
		return fmt.Sprintf("check %q {\n target = \"t\"\n depends_on = [%s]\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n", name, gates)
	}
	for _, test := range []struct{ name, src, want string }{
		{"as in the file", check("a", "") + check("c", "check.a") + check("b", "check.a"), "a c b"},
		{"one that stands too early", check("late", "check.z") + check("a", "") + check("z", "") + check("b", ""), "a z late b"},
		{"by way of a fact", "fact \"f\" {\n target = check.z.status\n probe \"ask\" {}\n}\n" +
			strings.Replace(check("late", ""), "result.ok", "result.ok && fact.f.ok", 1) + check("z", ""), "z late"},
		{"behind all instances", "check \"each\" {\n for_each = toset([\"2\", \"10\"])\n target = each.key\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n" +
			check("after", "check.each") + check("b", ""), `each["10"] each["2"] after b`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, line := range lines(run(t, test.src, engine.Settings{}, nil)) {
				got = append(got, strings.TrimSuffix(line, " pass"))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestValues(t *testing.T) {
	const src = `
variable "a" {
  type    = string
  default = "default"
}
variable "list" {
  type    = list(number)
  default = []
}
locals {
  deep  = "${local.upper}!"
  upper = upper(var.a)
}
check "one" {
  title  = "${local.deep} ${join("-", var.list)} at ${site.name}/${site.vantage} (${site.title})"
  target = "t"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`
	site := &rules.Site{Name: "dublin", Vars: []rules.VarValue{{Name: "a", Value: cty.StringVal("site")}}}
	vantage := &rules.Vantage{Name: "host", Vars: []rules.VarValue{{Name: "a", Value: cty.StringVal("vantage")}}}
	values := func(origin, text string) engine.Values {
		return engine.Values{Origin: origin, Text: map[string]string{"a": text}}
	}
	for _, test := range []struct {
		s    engine.Settings
		want string
	}{
		{engine.Settings{}, "DEFAULT!  at local/local (none)"},
		{engine.Settings{Site: &rules.Site{Name: "dublin", Title: "Dublin branch"}}, "DEFAULT!  at dublin/local (Dublin branch)"},
		{engine.Settings{Site: site}, "SITE!  at dublin/local (none)"},
		{engine.Settings{Site: site, Vantage: vantage}, "VANTAGE!  at dublin/host (none)"},
		{engine.Settings{Site: site, Vantage: vantage, Values: []engine.Values{
			values("environment", "[1, 2]"), {Origin: "x.hcl", Typed: map[string]cty.Value{"list": cty.TupleVal([]cty.Value{cty.StringVal("1"), cty.NumberIntVal(2)})}},
		}}, "[1, 2]! 1-2 at dublin/host (none)"},
		{engine.Settings{Values: []engine.Values{
			values("environment", "env"), values("--var", "flag"),
			{Origin: "--var", Text: map[string]string{"list": "[3, 4]"}},
			{Origin: "environment", Text: map[string]string{"of_another_runbook": "x"}, IgnoreUnknown: true},
		}}, "FLAG! 3-4 at local/local (none)"},
	} {
		if got := run(t, src, test.s, nil).Checks[0].Title; got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestRefused(t *testing.T) {
	variable := func(body string) string { return "variable \"v\" {\n" + body + "\n}\n" }
	check := func(body string) string {
		return "check \"one\" {\n target = \"t\"\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n" + body + "\n}\n"
	}
	text := func(name, value string) engine.Settings {
		return engine.Settings{Values: []engine.Values{{Origin: "--var", Text: map[string]string{name: value}}}}
	}
	profile := func(name string, v cty.Value) engine.Settings {
		return engine.Settings{Site: &rules.Site{Name: "dublin", Vars: []rules.VarValue{{Name: name, Value: v,
			Range: hcl.Range{Filename: "sites.d/dublin.hcl", Start: hcl.Pos{Line: 3, Column: 5}, End: hcl.Pos{Line: 3, Column: 9}}}}}}
	}
	for _, test := range []struct {
		name, src string
		s         engine.Settings
		want      string
	}{
		{"no value", variable("type = string"), engine.Settings{},
			`t/t.hcl:1: Variable without a value: Variable "v" has no default and must be given a value. Set it in the site's profile (vars = { v = … }), with --var v=…, or in the environment as LINECHECK_VAR_v.`},
		{"undeclared", variable("default = 1"), text("vw", "1"),
			`Undeclared variable: A value for "vw" comes from --var, but the runbook declares no variable of that name. Did you mean "v"?`},
		{"undeclared in a profile", variable("default = 1"), profile("vv", cty.True),
			`sites.d/dublin.hcl:3: Undeclared variable: A value for "vv" comes from the profile of site "dublin", but the runbook declares no variable of that name. Did you mean "v"?`},
		{"text of another type", variable("type = number"), text("v", "many"),
			`Value can't be read: The value "many" that comes from --var for variable "v" is not a number.`},
		{"text that is no bool", variable("type = bool"), text("v", "yes"),
			`Value can't be read: The value "yes" that comes from --var for variable "v" is neither true nor false.`},
		{"an element in place of a list", variable("type = list(string)"), text("v", "10.2.0.53"),
			`Value can't be read: The value "10.2.0.53" that comes from --var for variable "v" is not a list. Write one as in ["a", "b"].`},
		{"text that is no map", variable("type = map(string)"), text("v", "a"),
			`Value can't be read: The value "a" that comes from --var for variable "v" is not a map. Write one as in { name = "value" }.`},
		{"text that is no expression", variable("type = list(string)"), text("v", "[\"a\""),
			`Value can't be read: The value "[\"a\"" that comes from --var for variable "v" is not a list. Write one as in ["a", "b"].`},
		{"sensitive text", variable("type = number\n sensitive = true"), text("v", "s3cret"),
			`Value can't be read: The value that comes from --var for variable "v" is not a number.`},
		{"validation", variable("default = 1\n validation {\n condition = var.v < 10\n error_message = \"${var.v} is too much\"\n}"), text("v", "11"),
			`t/t.hcl:1: Invalid value: Variable "v": 11 is too much. The value comes from --var.`},
		{"validation of a profile", variable("default = 1\n validation {\n condition = var.v < 10\n error_message = \"${var.v} is too much\"\n}"), profile("v", cty.NumberIntVal(11)),
			`sites.d/dublin.hcl:3: Invalid value: Variable "v": 11 is too much`},
		{"validation over others", variable("default = 1\n validation {\n condition = var.v < var.w\n error_message = \"too much\"\n}") + "variable \"w\" {\n default = 10\n}\n", text("v", "11"),
			`t/t.hcl:1: Invalid value: Variable "v": too much. The value comes from --var.`},
		{"local", variable("default = 1") + "locals {\n l = [10, 20][var.v]\n}\n", text("v", "2"),
			`t/t.hcl:5: Local value broke: local.l can't be evaluated with the values of this site: `},
		{"timeout", variable("default = \"1s\"") + check("timeout = var.v"), text("v", "1"),
			`t/t.hcl:9: Unusable timeout: It must be a duration such as "200ms" or "2s", not "1".`},
		{"sensitive timeout", variable("default = \"s3cret\"\n sensitive = true") + check("timeout = var.v"), engine.Settings{},
			`t/t.hcl:10: Unusable timeout: It must be from 1ms to 24h, and the sensitive value that it has is not.`},
		{"attempts", variable("default = 1") + check("retry {\n attempts = var.v\n}"), text("v", "0"),
			`t/t.hcl:10: Unusable attempts: It must be a whole number from 1 to 1000, not 0.`},
		{"interval", variable("default = \"1s\"") + check("retry {\n attempts = 2\n interval = var.v\n}"), text("v", "-1s"),
			`t/t.hcl:11: Unusable interval: It must be from 0s to 24h, not "-1s".`},
		{"for_each null", variable("type = map(string)\n default = null") + check("for_each = var.v"), engine.Settings{},
			`t/t.hcl:10: Unusable for_each: It is null. For no instance at all give it an empty map, {}.`},
		{"gate to an instance that is not there", check("depends_on = [check.e[\"b\"]]") + "check \"e\" {\n for_each = var.v\n target = each.key\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n" + variable("type = set(string)\n default = [\"a\", \"bb\"]"), engine.Settings{},
			`t/t.hcl:6: No such instance: check.e has no instance "b" with the values of this site. Did you mean "bb"?`},
		{"only names nothing", check(""), engine.Settings{Only: []string{"oen"}},
			`No such check: --only oen names nothing: no check has that address. Did you mean "one"?`},
		{"skip names nothing", check("tags = [\"mail\"]"), engine.Settings{Skip: []string{"tag:mial"}},
			`No such check: --skip tag:mial names nothing: no check has that tag. Did you mean "tag:mail"?`},
		{"a full address names nothing", check(""), engine.Settings{Only: []string{"check.oen"}},
			`No such check: --only check.oen names nothing: no check has that address. Did you mean "check.one"?`},
		{"a tag as an address", check("tags = [\"mail\"]"), engine.Settings{Only: []string{"mail"}},
			`No such check: --only mail names nothing: no check has that address. Did you mean "tag:mail"?`},
		{"an address as a tag", check(""), engine.Settings{Only: []string{"tag:one"}},
			`No such check: --only tag:one names nothing: no check has that tag. Did you mean "check.one"?`},
		{"a slip in the prefix of a tag", check("tags = [\"mail\"]"), engine.Settings{Skip: []string{"tga:mail"}},
			`No such check: --skip tga:mail names nothing: no check has that address. Did you mean "tag:mail"?`},
		{"an address like no other", check(""), engine.Settings{Only: []string{"unheard_of"}},
			`No such check: --only unheard_of names nothing: no check has that address. The checks are one.`},
		{"one of two names nothing", check(""), engine.Settings{Only: []string{"one", "unheard_of"}},
			`No such check: --only unheard_of names nothing: `},
		{"a glob names nothing", check("tags = [\"slow\", \"mail\"]"), engine.Settings{Only: []string{"tag:x*"}},
			`No such check: --only tag:x* names nothing: no check has that tag. The tags are mail, slow.`},
		{"no tags", check(""), engine.Settings{Only: []string{"tag:unheard_of"}},
			`No such check: --only tag:unheard_of names nothing: no check has that tag. There are no tags.`},
		{"no such instance", check("for_each = toset([\"a\", \"b\"])"), engine.Settings{Skip: []string{"check.one[\"c\"]"}},
			`No such check: --skip check.one["c"] names nothing: no check has that address. There is check.one["a"], check.one["b"].`},
		{"no instance at all", check("for_each = var.v") + variable("type = set(string)\n default = []"), engine.Settings{Only: []string{"one"}},
			`No such check: --only one names nothing: no check has that address. There is no instance of it here: its for_each is empty.`},
		{"waiver of nothing", check(""), engine.Settings{Site: &rules.Site{Name: "dublin", Waivers: []*rules.Waiver{{Check: "on", Reason: "r"}}}},
			`Waiver of no check: Site "dublin" waives "on", but no check of the runbook has that address. Did you mean "one"?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := test.src
			if !strings.Contains(src, "check \"one\"") {
				src += check("")
			}
			_, diags := engine.NewPlan(load(t, src), test.s)
			if len(diags) != 1 || !strings.HasPrefix(diagsText(diags), test.want) {
				t.Errorf("got:\n%swant:\n%s", diagsText(diags), test.want)
			}
			if strings.Contains(diagsText(diags), "s3cret") {
				t.Error("a sensitive value is shown")
			}
		})
	}
}
