package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// mostAllocated is what a run may allocate altogether before its budget ends it,
// in bytes: several times what it may hold at once.
const mostAllocated = 4 << 30

// allocated is how many bytes f allocated.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// skipLong leaves out what takes seconds of processor time and does one thing
// after another, where races are looked for.
func skipLong(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("does one thing after another: no race to look for")
	}
}

// observedText is a text of many short lines, as a peer may send it.
var observedText = strings.Repeat("a,b\n", 50_000)

func observes(text string) script {
	return script{"a": answers(attrs{"ok": cty.True, "number": cty.NumberIntVal(7), "text": cty.StringVal(text),
		"list": cty.ListVal([]cty.Value{cty.StringVal("x"), cty.StringVal("y")})})}
}

// passes is a check that asks and judges so, beside some locals.
func passes(pass, locals string) string {
	return fmt.Sprintf(`
variable "n" { default = 1000 }
locals {
  text = "x${var.n}"
  %s
}
check "c" {
  target = "a"
  probe "ask" {}
  pass    = result.ok && (%s)
  explain = "It is ${result.text}."
}
`, locals, pass)
}

// Expressions that grow without bound end as errors, however they do it.
func TestBudget(t *testing.T) {
	skipLong(t)
	lines := `split("\n", result.text)`
	tests := map[string]string{ // a condition
		"loops in loops":                fmt.Sprintf(`length([for a in %[1]s : [for b in %[1]s : "${a}${b}"]]) > 0`, lines),
		"a loop that groups":            fmt.Sprintf(`length({for a in %[1]s : a => [for b in %[1]s : b]...}) > 0`, lines),
		"a splat in a loop":             fmt.Sprintf(`length([for a in %[1]s : %[1]s[*]]) > 0`, lines),
		"a template's loop":             fmt.Sprintf(`"%%{for a in %[1]s}%%{for b in %[1]s}${a}${b}%%{endfor}%%{endfor}" != ""`, lines),
		"a loop in a try":               fmt.Sprintf(`try(length([for a in %[1]s : [for b in %[1]s : tonumber("${a}${b}")]]), 1) > 0`, lines),
		"a loop in a can":               fmt.Sprintf(`can([for a in %[1]s : [for b in %[1]s : a == b]])`, lines),
		"all combinations":              `length(setproduct(range(var.n), range(var.n), [result.number, 1, 2, 3, 4])) > 0`,
		"a replacement at each place":   `replace(result.text, "", result.text) != ""`,
		"a replacement of each letter":  `replace(result.text, "a", result.text) != ""`,
		"groups again and again":        `replace(result.text, "/(?s)^(.*)$/", join("", [for i in range(1000) : "$1"])) != ""`,
		"a pattern of many parts":       `can(regex("` + strings.Repeat("(x|y|z)*", 500) + `$", result.text))`,
		"a counted pattern":             `can(regex("(?:(?:a|b|,){1,30}){1,30}!", result.text))`,
		"a long separator":              fmt.Sprintf(`join(result.text, %s) != ""`, lines),
		"a format again and again":      `format(join("", [for i in range(1000) : "%[1]s"]), result.text) != ""`,
		"a list of formats":             fmt.Sprintf(`length(formatlist("%%s %%s", %s, result.text)) > 0`, lines),
		"a text in a loop":              fmt.Sprintf(`length([for a in %s : result.text]) > 0 && length(join("", [for a in %[1]s : "${result.text}${a}"])) > 0`, lines),
		"a chain of halves":             `length([for a in range(1000) : substr(result.text, a, -1)]) > 0`,
		"a choice between large values": fmt.Sprintf(`length([for a in range(1000) : a > 5 ? %[1]s : concat(%[1]s, ["z"])]) > 0`, lines),
	}
	for name, pass := range tests {
		t.Run(name, func(t *testing.T) {
			src := passes(pass, "")
			var v *engine.VantageReport
			bytes := allocated(func() { v = run(t, src, engine.Settings{}, observes(observedText)) })
			if c := v.Checks[0]; c.Status != engine.Error || !strings.Contains(c.Reason, "takes more than 4194304 steps") && !strings.Contains(c.Reason, "it would take") {
				t.Errorf("%s: %s", c.Status, c.Reason)
			}
			if bytes > mostAllocated {
				t.Errorf("allocated %d MiB", bytes>>20)
			}
		})
	}
}

// What is ordinary passes, large as it is.
func TestBudgetIsEnough(t *testing.T) {
	skipLong(t)
	for name, pass := range map[string]string{
		"50,000 lines":           `length([for l in split("\n", result.text) : l if startswith(l, "a") && !strcontains(l, "z")]) == 50000`,
		"all matches":            `length(regexall("[ab]", result.text)) == 100000`,
		"groups":                 `length(regexall("([ab]),([ab])", result.text)) == 50000`,
		"a replacement":          `length(replace(result.text, "/[ab]/", "xy")) > 0`,
		"a table":                `length(csvdecode("k,l\n${result.text}")) == 50000`,
		"a loop over 500 by 500": `length([for a in range(500) : 1 if anytrue([for b in range(500) : b > a + 7])]) == 492`,
		"JSON":                   `length(jsondecode(jsonencode(split("\n", result.text)))) == 50001`,
		"a set":                  `length(toset(split("\n", result.text))) == 2`,
		"a text of its lines":    `length(join("; ", split("\n", result.text))) > 50000`,
	} {
		t.Run(name, func(t *testing.T) {
			v := run(t, passes(pass, ""), engine.Settings{}, observes(observedText))
			if c := v.Checks[0]; c.Status != engine.Pass {
				t.Errorf("%s: %s", c.Status, c.Reason)
			}
		})
	}
}

// Locals that only a site makes large are refused with their place, before
// anything is sent.
func TestBudgetOfLocals(t *testing.T) {
	skipLong(t)
	double := func(form string) string {
		var b strings.Builder
		b.WriteString("l0 = var.n\n")
		for i := range 60 {
			fmt.Fprintf(&b, "  l%d = %s\n", i+1, strings.ReplaceAll(form, "@", fmt.Sprintf("local.l%d", i)))
		}
		return b.String()
	}
	for name, locals := range map[string]string{
		"tuples":           double(`[@, @]`),
		"objects":          double(`{ a = @, b = @ }`),
		"joined":           double(`join(",", ["${@}", "${@}"])`),
		"maps":             double(`{ for x in ["a", "b"] : x => @ }`),
		"squares of texts": double(`replace("${@}", "0", "${@}")`),
		"a long separator": double(`join("${@}", ["a", "b", "c"])`),
	} {
		t.Run(name, func(t *testing.T) {
			var diags string
			bytes := allocated(func() {
				rb, wrong := rules.Load(kinds, rules.Overlay{Name: "t", FS: fstest.MapFS{"t.hcl": {Data: []byte(passes("result.number > 0", locals))}}})
				if !wrong.HasErrors() {
					_, wrong = engine.NewPlan(rb, engine.Settings{})
				}
				diags = diagsText(wrong)
			})
			if strings.Count(diags, "t.hcl:") != 1 || !strings.Contains(diags, "takes more than") && !strings.Contains(diags, "it would take") {
				t.Errorf("diagnostics:\n%s", diags)
			}
			if bytes > mostAllocated {
				t.Errorf("allocated %d MiB", bytes>>20)
			}
		})
	}
}

// The same in what else is evaluated: each has its place in the answer.
func TestBudgetElsewhere(t *testing.T) {
	skipLong(t)
	const much = `[for a in range(var.n) : [for b in range(var.n) : [for c in range(var.n) : c]]]`
	for name, tt := range map[string]struct{ src, want string }{
		"a target": {`check "c" {
  target = "${length(` + much + `)}"` + ending, "its target can't be evaluated"},
		"an argument": {`check "c" {
  target = "a"
  probe "ask" { count = length(` + much + `) }
  pass = result.ok
  explain = "no"
}`, "argument count can't be evaluated"},
		"a cause": {`check "c" {
  target = "bad"` + strings.TrimSuffix(ending, "}") + `  cause "x" {
    when = result.ok || length(` + much + `) > 1
    explain = "x"
  }
}`, ""},
		"an explanation": {`check "c" {
  target = "bad"
  probe "ask" {}
  pass = result.ok
  explain = "no ${length(` + much + `)}"
}`, ""},
		"a when": {`check "c" { 
  target = "a"
  when = length(` + much + `) > 1` + ending, "takes more than"},
	} {
		t.Run(name, func(t *testing.T) {
			v := run(t, `variable "n" { default = 1000 }`+"\n"+tt.src, engine.Settings{}, script{"bad": no})
			c := v.Checks[0]
			if tt.want == "" && (c.Status != engine.Fail || c.Explain == "") || tt.want != "" && (c.Status != engine.Error || !strings.Contains(c.Reason, tt.want)) {
				t.Errorf("%s %q %q", c.Status, c.Reason, c.Explain)
			}
		})
	}
}

const ending = `
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}`

// An evaluation ends with its run, and with the time of its check.
func TestBudgetEndsWithTheRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := expression.NewBudget(0)
	b.Begin(expression.MaxSteps, ctx.Done(), 0)
	if d := b.Spend(expression.MaxSteps/2, hcl.Range{}); d == nil || !strings.Contains(d.Detail, "ended with the run") {
		t.Error(d)
	}
	synctest.Test(t, func(t *testing.T) {
		b.Begin(expression.MaxSteps, t.Context().Done(), time.Second)
		for range 2 {
			if d := b.Spend(expression.MaxSteps/4, hcl.Range{}); d != nil {
				t.Error(d)
			}
			time.Sleep(time.Second)
		}
		time.Sleep(time.Nanosecond)
		if d := b.Spend(expression.MaxSteps/4, hcl.Range{}); d == nil || !strings.Contains(d.Detail, "did not end in the time") {
			t.Error(d)
		}
	})
}

// Numbers are bounded wherever a text becomes one.
func TestNumbersAreBounded(t *testing.T) {
	skipLong(t)
	digits := strings.Repeat("9", 100_000)
	for name, tt := range map[string]struct{ text, pass string }{
		"decoded":               {`{"queue": 1e9999999}`, `jsondecode(result.text).queue > 5`},
		"decoded, shown":        {`{"queue": 1e9999999}`, `"${jsondecode(result.text).queue}" != ""`},
		"decoded digits":        {`[` + digits + `]`, `jsondecode(result.text)[0] > 5`},
		"decoded small":         {`[-1e-9999999]`, `jsondecode(result.text)[0] < 5`},
		"read":                  {`1e9999999`, `tonumber(result.text) > 5`},
		"read digits":           {digits, `tonumber(result.text) > 5`},
		"read in base 36":       {digits, `parseint(result.text, 36) > 5`},
		"added to":              {`1e9999999`, `tostring(try(jsondecode("[\"${result.text}\"]")[0] + 1, 2)) == "9"`},
		"remainder":             {`1e600000000`, `jsondecode("[\"${result.text}\"]")[0] % 7 == 2`},
		"compared":              {digits, `jsondecode("[\"${result.text}\"]")[0] < 7`},
		"negated":               {`1e9999999`, `-jsondecode("[\"${result.text}\"]")[0] < 7`},
		"the greatest":          {`1e9999999`, `max(1, jsondecode("[\"${result.text}\"]")[0]) < 7`},
		"a sum":                 {`1e9999999`, `sum([1, jsondecode("[\"${result.text}\"]")[0]]) < 7`},
		"a default of a lookup": {`1e9999999`, `lookup({ a = 1 }, "b", jsondecode("[\"${result.text}\"]")[0]) < 7`},
		"formatted":             {`1e9999999`, `format("%d", jsondecode("[\"${result.text}\"]")[0]) != ""`},
		"powers":                {`1e300`, `pow(jsondecode(result.text), 10) * 1 == pow(jsondecode(result.text), 20) * 2`},
		"an index":              {`1e9999999`, `result.list[jsondecode("[\"${result.text}\"]")[0]] == "x"`},
		"nested lists":          {strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), `length(jsondecode(result.text)) == 2`},
	} {
		t.Run(name, func(t *testing.T) {
			v := run(t, passes(tt.pass, ""), engine.Settings{}, observes(tt.text))
			c := v.Checks[0]
			if c.Status == engine.Pass || len(c.Reason) > 2000 {
				t.Errorf("%s: %.300s", c.Status, c.Reason)
			}
		})
	}
	v := run(t, passes(`jsondecode(result.text).queue + 1 == 1e300 + 1 && tonumber("1e308") > 1`, ""), engine.Settings{}, observes(`{"queue": 1e300}`))
	if c := v.Checks[0]; c.Status != engine.Pass {
		t.Errorf("an ordinary number: %s: %s", c.Status, c.Reason)
	}
}

// A product of numbers that grows from local to local is refused as well.
func TestNumbersGrow(t *testing.T) {
	var b strings.Builder
	b.WriteString("l0 = 1e300 * var.n\n")
	for i := range 40 {
		fmt.Fprintf(&b, "  l%d = local.l%d * local.l%d\n", i+1, i, i)
	}
	_, diags := engine.NewPlan(load(t, passes("result.number > 0", b.String())), engine.Settings{})
	if text := diagsText(diags); !strings.Contains(text, "out of range") {
		t.Error(text)
	}
}
