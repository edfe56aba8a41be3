package engine_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// one is a file with one check of the target "t" and these attributes.
func one(lines string) string {
	return "check \"one\" {\n target = \"t\"\n probe \"ask\" {}\n explain = \"no\"\n" + lines + "\n}\n"
}

// attempts answers the n-th question with the n-th answer, and the last one
// ever after.
func attempts(list ...func(context.Context, engine.Query) (cty.Value, error)) func(context.Context, engine.Query) (cty.Value, error) {
	var n atomic.Int32
	return func(ctx context.Context, q engine.Query) (cty.Value, error) {
		i := min(int(n.Add(1)), len(list))
		return list[i-1](ctx, q)
	}
}

func broken(context.Context, engine.Query) (cty.Value, error) {
	return cty.NilVal, errors.New("socket: permission denied")
}

func TestRetry(t *testing.T) {
	const retry = "pass = result.ok\n retry {\n attempts = 3\n interval = \"2s\"\n}"
	silent := after(time.Hour, nil, nil)
	for _, test := range []struct {
		name     string
		src      string
		probe    func(context.Context, engine.Query) (cty.Value, error)
		want     string
		attempts int
		elapsed  time.Duration
	}{
		{"first passes", retry, yes, "one pass", 1, 0},
		{"second passes", retry, attempts(no, yes), "one pass", 2, 2 * time.Second},
		{"error, then passes", retry, attempts(broken, yes), "one pass", 2, 2 * time.Second},
		{"undecided, then passes", retry, attempts(answers(nil), yes), "one pass", 2, 2 * time.Second},
		{"none passes", retry, no, "one fail explain=no", 3, 4 * time.Second},
		{"all break", retry, broken, "one error reason=socket: permission denied", 3, 4 * time.Second},
		{"no interval", "pass = result.ok\n retry {\n attempts = 3\n interval = \"0s\"\n}", no, "one fail explain=no", 3, 2},
		{"no time for another", retry + "\n timeout = \"3s\"", no, "one fail explain=no", 2, 2 * time.Second},
		{"cut off after a finding", retry + "\n timeout = \"3s\"", attempts(no, silent), "one fail explain=no", 2, 3 * time.Second},
		{"cut off without one", retry + "\n timeout = \"3s\"", silent, "one error reason=timed out after 3s; not observed: result.ok", 1, 3 * time.Second},
		{"default interval", "pass = result.ok\n retry {\n attempts = 2\n}", no, "one fail explain=no", 2, time.Second},
		{"only what a warning is", "pass = result.ok\n warn = result.ok\n retry {\n attempts = 2\n}", yes, "one warn explain=no", 1, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := run(t, one(test.src), engine.Settings{}, script{"t": test.probe})
			expect(t, v, test.want)
			if c := v.Checks[0]; c.Attempts != test.attempts || c.Elapsed != test.elapsed {
				t.Errorf("%d attempts in %s, want %d in %s", c.Attempts, c.Elapsed, test.attempts, test.elapsed)
			}
		})
	}
}

func TestTimeout(t *testing.T) {
	for _, test := range []struct {
		name    string
		src     string
		probe   func(context.Context, engine.Query) (cty.Value, error)
		want    string
		elapsed time.Duration
	}{
		{"in time", "pass = result.ok", after(14*time.Second, attrs{"ok": cty.True}, nil), "one pass", 14 * time.Second},
		{"default", "pass = result.ok", after(16*time.Second, attrs{"ok": cty.True}, nil),
			"one error reason=timed out after 15s; not observed: result.ok", 15 * time.Second},
		{"cut off, known enough to pass", "pass = result.number > 0\n timeout = \"2s\"",
			after(time.Hour, nil, attrs{"number": cty.NumberIntVal(1)}), "one pass", 2 * time.Second},
		{"cut off, known enough to fail", "pass = result.ok && result.number > 0\n timeout = \"2s\"",
			after(time.Hour, nil, attrs{"number": cty.Zero}), "one fail explain=no", 2 * time.Second},
		{"cut off, names only what is missing", "pass = result.ok && result.number > 0 && result.icmp.code == null\n timeout = \"1m30s\"",
			after(time.Hour, nil, attrs{"number": cty.NumberIntVal(1)}),
			"one error reason=timed out after 1m30s; not observed: result.ok, result.icmp.code", 90 * time.Second},
		{"an error at the end of its time", "pass = result.ok\n timeout = \"1s\"",
			func(ctx context.Context, _ engine.Query) (cty.Value, error) {
				<-ctx.Done()
				return cty.NilVal, fmt.Errorf("resolve: %w", ctx.Err())
			}, "one error reason=timed out after 1s: resolve: context deadline exceeded", time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := run(t, one(test.src), engine.Settings{}, script{"t": test.probe})
			expect(t, v, test.want)
			if got := v.Checks[0].Elapsed; got != test.elapsed {
				t.Errorf("took %s, want %s", got, test.elapsed)
			}
		})
	}
}

func TestAProbeThatMisbehavesIsAnErrorOfItsCheckOnly(t *testing.T) {
	const fault = ", which is a fault of its kind"
	value := func(v cty.Value) func(context.Context, engine.Query) (cty.Value, error) {
		return func(context.Context, engine.Query) (cty.Value, error) { return v, nil }
	}
	for _, test := range []struct {
		name, want string
		probe      func(context.Context, engine.Query) (cty.Value, error)
	}{
		{"panics", "the probe broke" + fault + ": out of wits",
			func(context.Context, engine.Query) (cty.Value, error) { panic("out of wits") }},
		{"ends its goroutine", "the probe ended without an answer" + fault,
			func(context.Context, engine.Query) (cty.Value, error) { runtime.Goexit(); return cty.NilVal, nil }},
		{"no value", "the probe came back with no value" + fault, value(cty.NilVal)},
		{"another type", `the probe came back with a value of another type than "ask" declares` + fault + ": object required, but received bool", value(cty.True)},
		{"null", "the probe came back with a result that is null or unknown as a whole" + fault, value(cty.NullVal(askKind.ResultType()))},
		{"unknown", "the probe came back with a result that is null or unknown as a whole" + fault, value(cty.UnknownVal(askKind.ResultType()))},
		{"null that never is", "the probe came back with null for ok, which is never null" + fault, answers(attrs{"ok": cty.NullVal(cty.Bool)})},
		{"null object", "the probe came back with null for icmp, which is never null" + fault,
			answers(attrs{"icmp": cty.NullVal(cty.Object(map[string]cty.Type{"code": cty.Number}))})},
		{"marks", "the probe came back with a mark on list" + fault,
			answers(attrs{"list": cty.ListVal([]cty.Value{cty.StringVal("a").Mark("m")})})},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := one("pass = result.ok") + "check \"other\" {\n target = \"x\"\n probe \"ask\" {}\n explain = \"no\"\n pass = result.ok\n}\n"
			v := run(t, src, engine.Settings{}, script{"t": test.probe})
			expect(t, v, "one error reason="+test.want, "other pass")
		})
	}
}

func TestAProbeThatDoesNotStopIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		sc := script{"t": func(context.Context, engine.Query) (cty.Value, error) {
			<-let
			return cty.NilVal, nil
		}}
		v := plan(t, one("pass = result.ok\n timeout = \"1s\""), engine.Settings{}).Run(t.Context(), sc.options()).Sites[0].Vantages[0]
		close(let)
		expect(t, v, "one error reason=timed out after 1s: the probe did not stop when it had to and was left behind after another 2s, which is a fault of its kind")
		if v.Elapsed != 3*time.Second {
			t.Errorf("took %s", v.Elapsed)
		}
	})
}

func TestQuery(t *testing.T) {
	var got []engine.Query
	sc := script{"t1": func(_ context.Context, q engine.Query) (cty.Value, error) {
		got = append(got, q)
		return yes(nil, q)
	}}
	v := run(t, `
variable "nothing" {
  type    = number
  default = null
}
check "one" {
  target = "t${1}"
  probe "ask" {
    count = var.nothing
    words = [target, upper(target)]
  }
  pass    = result.ok
  explain = "no"
}
check "default" {
  target     = "t1"
  depends_on = [check.one]
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`, engine.Settings{}, sc)
	expect(t, v, "one pass", "default pass")
	words := cty.ListVal([]cty.Value{cty.StringVal("t1"), cty.StringVal("T1")})
	for i, want := range []map[string]cty.Value{
		{"count": cty.NumberIntVal(3), "words": words, "secret": cty.NullVal(cty.String)},
		{"count": cty.NumberIntVal(3), "words": cty.NullVal(cty.List(cty.String)), "secret": cty.NullVal(cty.String)},
	} {
		if diff := cmp.Diff(want, got[i].Args, cmp.Comparer(cty.Value.RawEquals)); diff != "" {
			t.Error(i, diff)
		}
	}
}

func TestWhatCanNotBeAsked(t *testing.T) {
	const src = `
variable "n" {
  type    = number
  default = 0
}
fact "f" {
  target = "silent"
  probe "ask" {}
}
check "bad_argument" {
  target = "a"
  probe "ask" {
    count = var.n
  }
  pass    = result.ok
  explain = "no"
}
check "unknown_argument" {
  target = "a"
  probe "ask" {
    count = fact.f.number
  }
  pass    = result.ok
  explain = "no"
}
check "unknown_target" {
  target = fact.f.text
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "unknown_when" {
  target = "a"
  when   = fact.f.ok
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "empty_target" {
  target = substr("x", var.n + 1, -1)
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "broken_target" {
  target = [for s in ["x"] : s][var.n + 1]
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "breaks" {
  target = "a"
  probe "ask" {}
  pass    = result.ok && result.list[var.n] == "x"
  explain = "no"
}
check "runs_a_command" {
  probe "exec" {}
  pass    = result.code == 0
  explain = "no"
}
`
	sc := script{
		"a":      answers(attrs{"ok": cty.True, "list": cty.ListValEmpty(cty.String)}),
		"silent": answers(nil),
	}
	v := run(t, src, engine.Settings{}, sc)
	for i, c := range v.Checks {
		if c.Status == engine.Error && strings.Contains(c.Reason, ": ") {
			v.Checks[i].Reason, _, _ = strings.Cut(c.Reason, ": ")
		}
	}
	expect(t, v,
		"bad_argument error reason=its argument count must be from 1",
		"unknown_argument error reason=its argument count is not known, because fact.f.number was not observed",
		"unknown_target error reason=its target is not known, because fact.f.text was not observed",
		`unknown_when error reason="when" is not known, because fact.f.ok was not observed`,
		"empty_target error reason=its target is an empty string",
		"broken_target error reason=its target can't be evaluated",
		`breaks error reason="pass" can't be evaluated`,
		"runs_a_command skipped reason=runs a command, which nobody has allowed (--allow-exec)",
	)
	if v := run(t, src, engine.Settings{AllowExec: true}, sc); v.Checks[7].Status != engine.Pass {
		t.Error("allowed, but", v.Checks[7].Status, v.Checks[7].Reason)
	}
}

// Runs that share a bound keep to it together, and one that is over before
// there is room ends.
func TestInFlightBoundsSeveralRuns(t *testing.T) {
	var checks strings.Builder
	for i := range 20 {
		fmt.Fprintf(&checks, "check \"c%d\" {\n  target = \"t\"\n  probe \"ask\" {}\n  pass = result.ok\n  explain = \"x\"\n}\n", i)
	}
	p := plan(t, checks.String(), engine.Settings{})
	synctest.Test(t, func(t *testing.T) {
		inFlight := make(chan struct{}, 3)
		var now, most atomic.Int32
		w := engine.Options{InFlight: inFlight, Probes: []*engine.Probe{{Kind: askKind, Observe: func(ctx context.Context, _ *engine.World, _ engine.Query) (cty.Value, error) {
			n := now.Add(1)
			defer now.Add(-1)
			most.Store(max(most.Load(), n))
			time.Sleep(10 * time.Second) // waiting for room takes many times as long as a check may
			return attrs{"ok": cty.True}.value(askKind), nil
		}}}}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if r := p.Run(t.Context(), w); r.Verdict() != engine.Pass {
					t.Errorf("verdict %s: waiting took the time of a check", r.Verdict())
				}
			})
		}
		wg.Wait()
		if most.Load() != 3 || len(inFlight) != 0 {
			t.Errorf("%d in flight, %d left behind; want 3 and 0", most.Load(), len(inFlight))
		}
		for range cap(inFlight) {
			inFlight <- struct{}{}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r := p.Run(ctx, w)
		if !r.Interrupted || now.Load() != 0 {
			t.Errorf("interrupted: %v", r.Interrupted)
		}
	})
}

func TestParallelBoundsTheProbesInFlight(t *testing.T) {
	src := "locals {\n hosts = toset([\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"])\n}\n" +
		"check \"c\" {\n for_each = local.hosts\n target = each.key\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n retry {\n attempts = 2\n interval = \"1m\"\n}\n timeout = \"1h\"\n}\n"
	p := plan(t, src, engine.Settings{})
	synctest.Test(t, func(t *testing.T) {
		var running, most atomic.Int32
		w := engine.Options{Parallel: 2, Probes: []*engine.Probe{{Kind: askKind, Observe: func(context.Context, *engine.World, engine.Query) (cty.Value, error) {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Second)
			running.Add(-1)
			return attrs{"ok": cty.False}.value(askKind), nil
		}}}}
		rep := p.Run(t.Context(), w)
		if most.Load() != 2 {
			t.Errorf("%d probes at a time", most.Load())
		}
		// Two rounds of three seconds; the wait between them holds up nobody.
		if want := time.Minute + 4*time.Second; rep.Elapsed != want {
			t.Errorf("took %s, want %s", rep.Elapsed, want)
		}
	})
}
