package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestBlockedNamesRootCausesOnly(t *testing.T) {
	check := func(name string, gates ...string) string {
		for i := range gates {
			gates[i] = "check." + gates[i]
		}
		return fmt.Sprintf("check %q {\n target = %q\n depends_on = [%s]\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n", name, name, strings.Join(gates, ", "))
	}
	warns := "check \"warns\" {\n target = \"warns\"\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n cause \"w\" {\n when = !result.ok\n severity = \"warn\"\n explain = \"a warning\"\n}\n}\n"
	src := check("a") + check("b") + warns + check("c", "a") + check("d", "b", "a", "warns") + check("e", "d", "c") + check("f", "warns")
	expect(t, run(t, src, engine.Settings{}, script{"a": no, "b": broken, "warns": no}),
		"a fail explain=no blocks=check.c,check.d,check.e",
		"b error blocks=check.d,check.e reason=socket: permission denied",
		"warns warn cause=w explain=a warning",
		"c blocked by=check.a",
		"d blocked by=check.a,check.b",
		"e blocked by=check.a,check.b",
		"f pass",
	)
}

// A reference is no gate, but what can't be aimed without it is not a finding
// of its own.
func TestATargetThatNobodyObservedIsNoSecondRootCause(t *testing.T) {
	const src = `
fact "f" {
  target = check.a.result.text
  probe "ask" {}
}
check "a" {
  target = "a"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "direct" {
  target = check.a.result.text
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "by_fact" {
  target = fact.f.text
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "behind" {
  depends_on = [check.direct]
  target     = "x"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`
	expect(t, run(t, src, engine.Settings{}, script{"a": no}),
		"a fail explain=no blocks=check.direct,check.by_fact,check.behind",
		"direct blocked by=check.a", "by_fact blocked by=check.a", "behind blocked by=check.a")
	expect(t, run(t, src, engine.Settings{}, script{"a": yes}),
		"a pass",
		"direct error blocks=check.behind reason=its target is not known, because check.a.result.text was not observed",
		"by_fact error reason=its target is not known, because fact.f was not gathered: its target is not known, because check.a.result.text was not observed",
		"behind blocked by=check.direct")
	expect(t, run(t, src, engine.Settings{Skip: []string{"a"}}, nil),
		"a skipped reason=left out by --skip a",
		"direct skipped reason=its target is not known, because check.a was skipped",
		"by_fact skipped reason=its target is not known, because fact.f was not gathered: its target is not known, because check.a was skipped",
		"behind pass")
}

func TestCauses(t *testing.T) {
	const src = `
check "one" {
  target = "t"
  probe "ask" {}
  pass    = result.ok
  warn    = result.number > 10
  explain = "own"
  remedy  = "own remedy"
  cause "one" {
    when    = result.number == 1
    explain = "one"
  }
  cause "two" {
    when     = result.number >= 2
    severity = "warn"
    explain  = "two of ${result.number}"
    remedy   = "other remedy"
  }
}
`
	for _, test := range []struct {
		ok     cty.Value
		number cty.Value
		want   string
	}{
		{cty.True, cty.NumberIntVal(1), "one pass"},
		{cty.True, cty.NumberIntVal(11), "one warn cause=two explain=two of 11 remedy=other remedy"},
		{cty.True, cty.UnknownVal(cty.Number), "one pass"},
		{cty.False, cty.NumberIntVal(1), "one fail cause=one explain=one remedy=own remedy"},
		{cty.False, cty.NumberIntVal(2), "one warn cause=two explain=two of 2 remedy=other remedy"},
		{cty.False, cty.Zero, "one fail explain=own remedy=own remedy"},
		{cty.False, cty.UnknownVal(cty.Number), "one fail explain=own remedy=own remedy"},
		{cty.UnknownVal(cty.Bool), cty.NumberIntVal(1), "one error reason=not observed: result.ok"},
	} {
		v := run(t, src, engine.Settings{}, script{"t": answers(attrs{"ok": test.ok, "number": test.number})})
		expect(t, v, test.want)
		c := v.Checks[0]
		var doubts []string
		for _, d := range c.NotRuledOut {
			doubts = append(doubts, d.Cause)
		}
		var want []string
		if !test.number.IsKnown() && c.Status == engine.Fail {
			want = []string{"one", "two"}
		}
		if !slices.Equal(doubts, want) {
			t.Errorf("%v: not ruled out %v, want %v", test, doubts, want)
		}
	}
}

func TestInterrupted(t *testing.T) {
	const src = `
fact "f" {
  target = "slow"
  probe "ask" {}
}
check "done" {
  target = "x"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "running" {
  target     = "slow"
  depends_on = [check.done]
  probe "ask" {}
  pass    = result.number > 0
  explain = "no"
}
check "diagnosed" {
  target = "bad"
  probe "ask" {}
  pass    = result.ok
  explain = "${fact.f.ok}"
}
check "waiting" {
  target = "bad"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
  retry {
    attempts = 3
    interval = "5s"
  }
}
check "behind" {
  target     = "x"
  depends_on = [check.running]
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`
	sc := script{"bad": no, "slow": after(time.Hour, nil, attrs{"number": cty.NumberIntVal(1)})}
	for _, test := range []struct {
		name string
		cut  func(context.Context) (context.Context, context.CancelFunc)
		what string
	}{
		{"by hand", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(2*time.Second, cancel)
			return ctx, cancel
		}, "interrupted"},
		{"with a reason", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			time.AfterFunc(2*time.Second, func() { cancel(errors.New("terminated")) })
			return ctx, func() { cancel(nil) }
		}, "interrupted (terminated)"},
		{"at the end of its time", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 2*time.Second)
		}, "the time for the run was up"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := plan(t, src, engine.Settings{})
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := test.cut(t.Context())
				defer cancel()
				var mu sync.Mutex
				var ended []string
				w := sc.world()
				w.Notify = func(e engine.Event) {
					mu.Lock()
					defer mu.Unlock()
					if e.Report != nil {
						ended = append(ended, e.Check)
					}
				}
				rep := p.Run(ctx, w)
				v := rep.Sites[0].Vantages[0]
				expect(t, v,
					"done pass",
					"running error reason="+test.what+" before it was finished",
					"diagnosed error reason="+test.what+" before it was finished",
					"waiting error reason="+test.what+" before it was finished",
					"behind error reason="+test.what+" before it began",
				)
				for _, c := range v.Checks[1:] {
					if !c.Interrupted {
						t.Errorf("%s is not marked as interrupted", c.Address)
					}
				}
				if !rep.Interrupted || rep.Elapsed != 2*time.Second {
					t.Errorf("interrupted %v after %s", rep.Interrupted, rep.Elapsed)
				}
				if got := v.Checks[1].Result.GetAttr("number"); !got.RawEquals(cty.NumberIntVal(1)) {
					t.Errorf("what was observed is lost: %#v", got)
				}
				if len(ended) != 5 {
					t.Errorf("told of the end of %v", ended)
				}
			})
		})
	}
	t.Run("after everything", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		w := script{}.world()
		w.Notify = func(e engine.Event) {
			if e.Report != nil {
				cancel()
			}
		}
		if rep := plan(t, chain("a"), engine.Settings{}).Run(ctx, w); rep.Interrupted || rep.Verdict() != engine.Pass {
			t.Errorf("interrupted %v, verdict %s", rep.Interrupted, rep.Verdict())
		}
	})
}

func TestEvents(t *testing.T) {
	p := plan(t, ladderOfFacts+chain("behind"), engine.Settings{})
	synctest.Test(t, func(t *testing.T) {
		var events []string
		inside := false
		w := script{"gate": after(time.Second, attrs{"ok": cty.True}, nil), "one": no}.world()
		w.Notify = func(e engine.Event) {
			if inside {
				t.Error("told twice at the same time")
			}
			inside = true
			runtime.Gosched()
			inside = false
			line := fmt.Sprintf("%s%s", e.Check, e.Fact)
			switch {
			case e.Report != nil:
				line += " " + string(e.Report.Status)
			case e.Done:
				line += " done"
			}
			events = append(events, line)
		}
		p.Run(t.Context(), w)
		// What runs side by side may be told in any order.
		slices.Sort(events)
		want := []string{
			"check.behind", "check.behind pass", "check.gate", "check.gate pass", "check.one", "check.one fail",
			"fact.behind", "fact.behind done", "fact.for_cause", "fact.for_cause done",
			"fact.for_explain", "fact.for_explain done", "fact.for_pass", "fact.for_pass done",
		}
		if diff := cmp.Diff(want, events); diff != "" {
			t.Error(diff)
		}
	})
}

// Whatever the scheduler does, a report differs in times only.
func TestReportsDoNotDependOnTheSchedule(t *testing.T) {
	var src strings.Builder
	src.WriteString("variable \"hosts\" {\n default = [\"a\", \"b\", \"c\", \"d\", \"e\"]\n type = set(string)\n}\n")
	src.WriteString("fact \"f\" {\n for_each = var.hosts\n target = \"fact-${each.key}\"\n probe \"ask\" {}\n}\n")
	src.WriteString("fact \"of\" {\n for_each = var.hosts\n target = check.c2[each.key].result.text\n probe \"ask\" {}\n}\n")
	src.WriteString("check \"reads\" {\n for_each = var.hosts\n target = fact.of[each.key].text\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n")
	src.WriteString("check \"warned\" {\n for_each = var.hosts\n target = \"w-${each.key}\"\n probe \"ask\" {}\n pass = result.ok\n warn = fact.f[each.key].number > 1\n explain = \"no\"\n}\n")
	for i := range 12 {
		gates := ""
		if i > 2 {
			gates = fmt.Sprintf(" depends_on = [check.c%d, check.c%d[\"b\"]]\n", i-3, i/2)
		}
		fmt.Fprintf(&src, "check \"c%d\" {\n for_each = var.hosts\n%s target = \"c%d-${each.key}\"\n probe \"ask\" {}\n pass = result.ok && (result.number > 1 || fact.f[each.key].ok)\n explain = \"no\"\n"+
			" cause \"x\" {\n when = !result.ok && fact.f[\"c\"].ok\n explain = \"${fact.f[each.key].number}\"\n}\n cause \"y\" {\n when = result.number > 2 && anytrue([for f in fact.f : f.ok])\n explain = \"y\"\n severity = \"warn\"\n}\n}\n", i, gates, i)
	}
	p := plan(t, src.String(), engine.Settings{})
	var first string
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			var mu sync.Mutex
			w := engine.World{Parallel: 1 + int(seed%7), Probes: []*engine.Probe{{Kind: askKind,
				Observe: func(_ context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
					mu.Lock()
					d := time.Duration(rnd.IntN(5)) * time.Millisecond
					mu.Unlock()
					time.Sleep(d)
					h := 0
					for _, b := range []byte(q.Target) {
						h = h*31 + int(b)
					}
					a := attrs{"ok": cty.BoolVal(h%5 > 0), "number": cty.NumberIntVal(int64(h % 4))}
					if h%11 == 0 {
						delete(a, "ok")
					}
					if h%2 == 0 {
						a["text"] = cty.StringVal(q.Target + "!")
					}
					return a.value(askKind), nil
				}}}}
			rep := p.Run(t.Context(), w)
			v := rep.Sites[0].Vantages[0]
			for _, c := range v.Checks {
				c.Started, c.Elapsed = 0, 0
			}
			for _, f := range v.Facts {
				f.Started, f.Elapsed = 0, 0
			}
			v.Elapsed = 0
			var got strings.Builder
			for _, c := range v.Checks {
				fmt.Fprintf(&got, "%#v\n", *c)
			}
			for _, f := range v.Facts {
				fmt.Fprintf(&got, "%#v\n", *f)
			}
			if first == "" {
				first = got.String()
				seen := map[engine.Status]bool{}
				for _, c := range v.Checks {
					seen[c.Status] = true
				}
				if len(seen) < 4 {
					t.Fatalf("too little to see: %v", seen)
				}
			} else if got.String() != first {
				t.Errorf("seed %d: %s", seed, cmp.Diff(first, got.String()))
			}
		})
	}
}

func TestSensitive(t *testing.T) {
	const src = `
variable "password" {
  type      = string
  sensitive = true
}
variable "pin" {
  type      = number
  sensitive = true
  default   = 4711
}
fact "f" {
  target = "host-${var.password}"
  probe "ask" {}
}
check "one" {
  title  = "Logs in with ${var.password}"
  target = "host"
  probe "ask" {
    secret = "user:${var.password}"
  }
  pass    = result.ok && result.text != var.password && !fact.f.ok
  explain = "${result.text} for ${var.password} ${fact.f.ok} ${var.pin + 1}"
  cause "c" {
    when    = result.list[0] == var.password
    explain = "${result.list[0]} and ${target}"
  }
  cause "d" {
    when    = result.list[1] == tostring(var.pin) && fact.f.text == "z"
    explain = "d"
  }
}
check "two" {
  target = "host-${var.password}"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`
	const password = "hunter22"
	sc := script{
		"host": func(_ context.Context, q engine.Query) (cty.Value, error) {
			secret := q.Args["secret"].AsString()
			if secret != "user:"+password {
				t.Errorf("the probe was handed %q", secret)
			}
			return attrs{"ok": cty.True, "text": cty.StringVal("denied for " + secret + "!"), "number": cty.NumberIntVal(4711),
				"list": cty.ListVal([]cty.Value{cty.StringVal(password), cty.StringVal("4711")})}.value(askKind), nil
		},
		"host-" + password: func(_ context.Context, q engine.Query) (cty.Value, error) {
			return cty.NilVal, fmt.Errorf("dial %s: refused", q.Target)
		},
	}
	s := engine.Settings{Values: []engine.Values{{Origin: "--var", Text: map[string]string{"password": password}}}}
	v := run(t, src, s, sc)
	expect(t, v,
		"one error reason=not observed: fact.f.ok",
		"two error reason=dial (sensitive): refused",
	)
	for _, thing := range []any{*v.Checks[0], *v.Checks[1], *v.Facts[0]} {
		if text := fmt.Sprintf("%#v", thing); strings.Contains(text, password) || strings.Contains(text, "4711") {
			t.Errorf("a secret is shown: %s", text)
		}
	}
	// With the fact observed, the causes are consulted.
	sc["host-"+password] = answers(attrs{"ok": cty.True, "text": cty.StringVal("z")})
	v = run(t, src, s, sc)
	expect(t, v,
		"one fail cause=c explain=(sensitive) and host",
		"two pass",
	)
	if got := v.Checks[0].Title; got != "Logs in with (sensitive)" {
		t.Errorf("title %q", got)
	}
	for _, thing := range []any{*v.Checks[0], *v.Checks[1], *v.Facts[0]} {
		if text := fmt.Sprintf("%#v", thing); strings.Contains(text, password) || strings.Contains(text, "4711") {
			t.Errorf("a secret is shown: %s", text)
		}
	}
	if r := v.Checks[0].Result; !r.Type().Equals(askKind.ResultType()) || r.GetAttr("text").IsKnown() || !r.GetAttr("ok").True() {
		t.Errorf("result %#v", r)
	}
	if got := v.Checks[1].Target; !got.RawEquals(cty.StringVal("(sensitive)")) {
		t.Errorf("target %#v", got)
	}
}

func TestAHundredThousandChecks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const n = 50_000 // of each check
	keys := make([]cty.Value, n)
	for i := range keys {
		keys[i] = cty.StringVal(fmt.Sprintf("host%06d", i))
	}
	const src = "variable \"hosts\" {\n type = set(string)\n}\n" +
		"check \"up\" {\n for_each = var.hosts\n target = each.key\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n" +
		"check \"mail\" {\n for_each = var.hosts\n depends_on = [check.up]\n target = each.key\n probe \"ask\" {}\n pass = result.ok && check.up[each.key].passed\n explain = \"no\"\n}\n"
	p, diags := engine.NewPlan(load(t, src), engine.Settings{Values: []engine.Values{{Origin: "x", Typed: map[string]cty.Value{"hosts": cty.SetVal(keys)}}}})
	noDiags(t, diags)
	v := p.Run(t.Context(), script{"host000077": no}.world()).Sites[0].Vantages[0]
	blocked := 0
	for _, c := range v.Checks {
		if c.Status == engine.Blocked {
			blocked++
		}
	}
	if blocked != n || len(v.Checks[77].Blocks) != n {
		t.Errorf("%d blocked, %d behind the root cause", blocked, len(v.Checks[77].Blocks))
	}
}
