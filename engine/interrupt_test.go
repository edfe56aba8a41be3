package engine_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

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
				var ended, observed []string
				w := sc.options()
				w.Observed = func(o engine.Observation) { observed = append(observed, o.Address) }
				w.Notify = func(e engine.Event) {
					mu.Lock()
					defer mu.Unlock()
					if e.Kind == engine.CheckEnded {
						ended = append(ended, e.Address)
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
				slices.Sort(observed)
				if diff := cmp.Diff([]string{"check.diagnosed", "check.done", "check.waiting"}, observed); diff != "" {
					t.Error("what was cut off counts as observed:", diff)
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
		w := script{}.options()
		w.Notify = func(e engine.Event) {
			if e.Kind == engine.CheckEnded {
				cancel()
			}
		}
		if rep := plan(t, chain("a"), engine.Settings{}).Run(ctx, w); rep.Interrupted || rep.Verdict() != engine.Pass {
			t.Errorf("interrupted %v, verdict %s", rep.Interrupted, rep.Verdict())
		}
	})
}

// The stream of events keeps what Event promises.
func TestEvents(t *testing.T) {
	p := plan(t, ladderOfFacts+chain("behind")+`
check "twice" {
  target = "twice"
  probe "ask" {}
  retry { attempts = 2 }
  pass    = result.ok
  explain = "no"
}
check "blocked" {
  depends_on = [check.twice]
  target     = "blocked"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`, engine.Settings{Site: &rules.Site{Name: "here"}})
	synctest.Test(t, func(t *testing.T) {
		var events []string
		inside := false
		w := script{"gate": after(time.Second, attrs{"ok": cty.True}, nil), "one": no, "twice": no}.options()
		began, last := time.Now(), time.Now()
		w.Notify = func(e engine.Event) {
			if inside {
				t.Error("told twice at the same time")
			}
			inside = true
			runtime.Gosched()
			inside = false
			if e.Site != "here" || e.Vantage != "local" || e.Time.Before(last) || e.Time.Sub(began) > time.Minute {
				t.Errorf("%+v is told of another run, or time", e)
			}
			last = e.Time
			line := string(e.Kind)
			if e.Address != "" {
				line = e.Address + " " + line
			}
			if e.Attempt > 0 {
				line += fmt.Sprintf(" %d", e.Attempt)
			}
			if e.Check != nil {
				line += " " + string(e.Check.Status)
			}
			if e.Fact != nil && e.Fact.Address != e.Address {
				t.Errorf("the fact of %s is %s", e.Address, e.Fact.Address)
			}
			events = append(events, line)
		}
		p.Run(t.Context(), w)
		if events[0] != "run_started" || events[len(events)-1] != "run_ended" {
			t.Errorf("they begin with %s and end with %s", events[0], events[len(events)-1])
		}
		for _, order := range [][]string{
			{"check.twice check_started 1", "check.twice check_retried 2", "check.twice check_ended fail", "check.blocked check_ended blocked"},
			{"fact.for_pass fact_started", "fact.for_pass fact_ended", "check.one check_ended fail"},
		} {
			at := -1
			for _, line := range order {
				i := slices.Index(events, line)
				if i <= at {
					t.Errorf("%q stands at %d, after %d: %q", line, i, at, events)
				}
				at = i
			}
		}
		// What runs side by side may be told in any order.
		slices.Sort(events)
		want := []string{
			"check.behind check_ended pass", "check.behind check_started 1", "check.blocked check_ended blocked",
			"check.gate check_ended pass", "check.gate check_started 1", "check.one check_ended fail", "check.one check_started 1",
			"check.twice check_ended fail", "check.twice check_retried 2", "check.twice check_started 1",
			"fact.behind fact_ended", "fact.behind fact_started", "fact.for_cause fact_ended", "fact.for_cause fact_started",
			"fact.for_explain fact_ended", "fact.for_explain fact_started", "fact.for_pass fact_ended", "fact.for_pass fact_started",
			"run_ended", "run_started",
		}
		if diff := cmp.Diff(want, events); diff != "" {
			t.Error(diff)
		}
	})
}
