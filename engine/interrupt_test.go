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
				w := sc.world()
				w.Observed = func(o engine.Observation) { observed = append(observed, o.Address) }
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
