package dag

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linecheck/linecheck/rules/panics"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// watcher is a visitor that checks the promises of Walk while it is called.
type watcher struct {
	g      *Graph
	needs  [][]int // what each node asks for
	visits []int   // by node: how often it wants to be visited

	mu      sync.Mutex
	running int
	most    int
	visited []int
	asked   []int
	ended   []bool
	broken  string
}

func newWatcher(g *Graph) *watcher {
	n := len(g.Hard)
	return &watcher{g: g, needs: make([][]int, n), visits: make([]int, n),
		visited: make([]int, n), asked: make([]int, n), ended: make([]bool, n)}
}

func (w *watcher) begin(n int, deps []int) {
	w.running++
	w.most = max(w.most, w.running)
	if w.ended[n] {
		w.broken = "a node went on after its end"
	}
	if slices.ContainsFunc(deps, func(d int) bool { return !w.ended[d] }) {
		w.broken = "a node began before its dependency ended"
	}
}

func (w *watcher) visitor() Visitor {
	return Visitor{
		Need: func(n int) []int {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.begin(n, w.g.Hard[n])
			w.running--
			w.asked[n]++
			return w.needs[n]
		},
		Visit: func(n int) time.Duration {
			w.mu.Lock()
			w.begin(n, slices.Concat(w.g.Hard[n], w.needs[n]))
			w.visited[n]++
			last := w.visited[n] > w.visits[n]
			w.mu.Unlock()
			time.Sleep(time.Duration(n%3) * time.Millisecond) // a bubble's time
			w.mu.Lock()
			defer w.mu.Unlock()
			w.running--
			if last {
				w.ended[n] = true
				return 0
			}
			return time.Millisecond
		},
	}
}

// wanted tells which nodes have to be visited.
func (w *watcher) wanted() []bool {
	wanted := make([]bool, len(w.g.Hard))
	var want func(n int)
	want = func(n int) {
		if wanted[n] {
			return
		}
		wanted[n] = true
		for _, d := range slices.Concat(w.g.Hard[n], w.needs[n]) {
			want(d)
		}
	}
	for n := range wanted {
		if !w.g.Lazy[n] {
			want(n)
		}
	}
	return wanted
}

func TestWalkProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := drawGraph(rt)
		w := newWatcher(g)
		for n := range g.Hard {
			if len(g.Soft[n]) > 0 {
				w.needs[n] = rapid.SliceOf(rapid.SampledFrom(g.Soft[n])).Draw(rt, "needs")
			}
			w.visits[n] = rapid.IntRange(0, 2).Draw(rt, "more visits")
		}
		limit := rapid.IntRange(1, 5).Draw(rt, "limit")
		cut := rapid.IntRange(0, 30).Draw(rt, "cut after ms (0: never)")
		synctest.Test(t, func(*testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if cut > 0 {
				time.AfterFunc(time.Duration(cut)*time.Millisecond, cancel)
			}
			g.Walk(ctx, limit, w.visitor())
			w.mu.Lock() // nothing may be running any more
			defer w.mu.Unlock()
			switch {
			case w.broken != "":
				rt.Fatal(w.broken)
			case w.running != 0:
				rt.Fatalf("%d visits still under way", w.running)
			case w.most > limit:
				rt.Fatalf("%d at a time, limit %d", w.most, limit)
			}
			wanted := w.wanted()
			for n, times := range w.visited {
				want := 0
				if wanted[n] {
					want = w.visits[n] + 1
				}
				if times > want || times < want && ctx.Err() == nil {
					rt.Fatalf("node %d visited %d times, want %d", n, times, want)
				}
				if w.asked[n] > 1 {
					rt.Fatalf("node %d asked %d times", n, w.asked[n])
				}
			}
		})
	})
}

func TestWalkStartsANodeTheMomentItsLastDependencyEnds(t *testing.T) {
	// 0 takes 10 ms, 1 takes 20, 2 waits for 0 only; 3 asks for 4 and 5.
	g := &Graph{
		Hard: [][]int{{}, {}, {0}, {0}, {}, {}},
		Soft: [][]int{{}, {}, {}, {4, 5}, {}, {}},
		Lazy: []bool{4: true, 5: true},
	}
	takes := []int{10, 20, 10, 0, 30, 30}
	synctest.Test(t, func(t *testing.T) {
		began := make([]int, 6)
		start := time.Now()
		g.Walk(t.Context(), 6, Visitor{
			Need: func(int) []int { return []int{5, 4} },
			Visit: func(n int) time.Duration {
				began[n] = int(time.Since(start).Milliseconds())
				time.Sleep(time.Duration(takes[n]) * time.Millisecond)
				return 0
			},
		})
		if want := []int{0, 0, 10, 40, 10, 10}; !slices.Equal(began, want) {
			t.Errorf("began at %v ms, want %v", began, want)
		}
	})
}

func TestWalkWaitingTakesNoWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		again := true
		var other time.Duration
		start := time.Now()
		(&Graph{Hard: make([][]int, 2)}).Walk(t.Context(), 1, Visitor{Visit: func(n int) time.Duration {
			if n == 0 && again {
				again = false
				return time.Hour
			}
			if n == 1 {
				other = time.Since(start)
			}
			return 0
		}})
		if other != 0 {
			t.Errorf("a node that waits for its second visit held up another for %s", other)
		}
		if again || time.Since(start) != time.Hour {
			t.Errorf("the walk ended after %s", time.Since(start))
		}
	})
}

func TestWalkCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		var visited atomic.Int32
		(&Graph{Hard: [][]int{{}, {}, {1}}}).Walk(ctx, 2, Visitor{Visit: func(n int) time.Duration {
			visited.Add(1)
			if n == 0 {
				return time.Hour
			}
			<-ctx.Done()
			return time.Hour
		}})
		if took := time.Since(start); took != time.Second {
			t.Errorf("returned after %s", took)
		}
		if visited.Load() != 2 {
			t.Errorf("%d visits, want 2", visited.Load())
		}
	})
}

func TestWalkLeavesCyclesAlone(t *testing.T) {
	var visited atomic.Int32
	(&Graph{Hard: [][]int{{1}, {0}, {}, {1}}}).Walk(t.Context(), 2, Visitor{Visit: func(int) time.Duration {
		visited.Add(1)
		return 0
	}})
	if visited.Load() != 1 {
		t.Errorf("%d visits, want 1", visited.Load())
	}
}

func BenchmarkWalk(b *testing.B) {
	const size = 10_000
	wide, chain, ladder := make([][]int, size), make([][]int, size), make([][]int, size)
	for n := 1; n < size; n++ {
		chain[n] = []int{n - 1}
		if n%2 == 1 {
			ladder[n] = []int{n - 1} // an observation and its diagnosis
		}
	}
	for _, bm := range []struct {
		name string
		hard [][]int
	}{{"wide", wide}, {"chain", chain}, {"ladder", ladder}} {
		b.Run(bm.name, func(b *testing.B) {
			g := &Graph{Hard: bm.hard}
			b.ReportAllocs()
			for b.Loop() {
				g.Walk(b.Context(), 256, Visitor{Visit: func(int) time.Duration { return 0 }})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/size, "ns/node")
		})
	}
}

func BenchmarkOrder(b *testing.B) {
	const size = 10_000
	hard := make([][]int, size)
	for n := 1; n < size; n++ {
		hard[n-1] = []int{n}
	}
	g := &Graph{Hard: hard}
	b.ReportAllocs()
	for b.Loop() {
		g.Order()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/size, "ns/node")
}

// TestWalkHandsPanicsOn holds the walk to ending, and to the panic being the
// caller's, wherever the visitor breaks.
func TestWalkHandsPanicsOn(t *testing.T) {
	g := &Graph{Hard: [][]int{{}, {}, {0}, {0}, {2, 3}}, Soft: [][]int{{}, {}, {}, {1}, {}}, Lazy: make([]bool, 5)}
	for limit := 1; limit <= 3; limit++ {
		for n := range g.Hard {
			var visits atomic.Int32 // of the node
			for name, v := range map[string]Visitor{
				"visit": {Visit: func(m int) time.Duration {
					if m == n {
						panic("broke")
					}
					return 0
				}},
				"another visit": {Visit: func(m int) time.Duration {
					if m == n {
						if visits.Add(1) > 1 {
							panic("broke")
						}
						return time.Microsecond
					}
					return 0
				}},
				"need": {Need: func(int) []int { panic("broke") }, Visit: func(int) time.Duration { return 0 }},
			} {
				err := panics.Call(func() error { g.Walk(t.Context(), limit, v); return nil })
				var p *panics.Recovered
				if !errors.As(err, &p) || p.Value != "broke" {
					t.Errorf("limit %d, node %d, %s: %v", limit, n, name, err)
				}
			}
		}
	}
}
