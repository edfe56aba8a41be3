//go:build unix

package engine_test

import (
	"context"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/zclconf/go-cty/cty"
)

// benchShapes are the runbooks that a run is measured with.
// LINECHECK_BENCH_CHECKS adds another size: 100000, say.
func benchShapes() []rulestest.Shape {
	sizes := []int{100, 1_000, 10_000}
	if n, err := strconv.Atoi(os.Getenv("LINECHECK_BENCH_CHECKS")); err == nil {
		sizes = append(sizes, n)
	}
	var shapes []rulestest.Shape
	for _, n := range sizes {
		for _, chain := range []bool{false, true} {
			shapes = append(shapes, rulestest.Shape{Checks: n, PerFile: 20, Chain: chain})
		}
	}
	return shapes
}

// idleOptions answers every probe of a generated runbook at once: each ping it was
// asked for comes back.
func idleOptions(b *testing.B) engine.Options {
	b.Helper()
	const mostPings = 10
	pings := make([]cty.Value, mostPings+1)
	var w engine.Options
	for _, p := range probe.All() {
		answer := func(engine.Query) cty.Value { return cty.NilVal }
		switch p.Name {
		case "ping":
			for n := range pings {
				all := cty.NumberIntVal(int64(n))
				pings[n] = attrs{"sent": all, "received": all, "loss_pct": cty.Zero, "rtt_avg_ms": cty.NumberFloatVal(0.4)}.value(p.Kind)
			}
			answer = func(q engine.Query) cty.Value {
				n, _ := q.Args["count"].AsBigFloat().Int64()
				return pings[n]
			}
		case "tcp":
			result := attrs{"connected": cty.True, "refused": cty.False, "connect_ms": cty.NumberFloatVal(0.7)}.value(p.Kind)
			answer = func(engine.Query) cty.Value { return result }
		default:
			continue
		}
		w.Probes = append(w.Probes, &engine.Probe{Kind: p.Kind, Observe: func(_ context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
			return answer(q), nil
		}})
	}
	return w
}

// BenchmarkWhole loads, plans, runs and reports as JSON, with probes that
// answer at once, beside a bare sequential parse of the same bytes: the wall
// and processor time of the whole, and of planning and running alone, are given
// as multiples of the parse's. Loading collects garbage as rarely as the command
// has it (see collectRarely in cmd/linecheck), all else at Go's own pace.
func BenchmarkWhole(b *testing.B) {
	kinds := probe.Kinds()
	w := idleOptions(b)
	json := report.All()[slices.IndexFunc(report.All(), func(f report.Format) bool { return f.Name == "json" })]
	for _, shape := range benchShapes() {
		b.Run(shape.String(), func(b *testing.B) {
			files := rulestest.Generate(shape)
			var parse, load, run, write rulestest.Usage
			var live uint64
			for b.Loop() {
				b.StopTimer()
				runtime.GC()
				parse.Add(rulestest.Measure(func() { parseAll(b, files) }))
				runtime.GC()
				before := rulestest.Heap()
				var rb *rules.Runbook
				var rep *engine.Report
				b.StartTimer()
				pace := debug.SetGCPercent(400)
				load.Add(rulestest.Measure(func() { rb = loadAll(b, kinds, files) }))
				debug.SetGCPercent(pace)
				run.Add(rulestest.Measure(func() {
					p, diags := engine.NewPlan(rb, engine.Settings{})
					noDiags(b, diags)
					rep = p.Run(b.Context(), w)
				}))
				write.Add(rulestest.Measure(func() {
					if err := json.Write(io.Discard, rep, report.Options{}); err != nil {
						b.Fatal(err)
					}
				}))
				b.StopTimer()
				if rep.Verdict() != engine.Pass {
					b.Fatal(rep.Verdict())
				}
				runtime.GC()
				live = rulestest.Heap() - before
				runtime.KeepAlive(rb)
				b.StartTimer()
			}
			n := float64(shape.Checks)
			whole := load
			whole.Add(run)
			whole.Add(write)
			b.ReportMetric(whole.Wall.Seconds()/parse.Wall.Seconds(), "wall/parse")
			b.ReportMetric(whole.CPU.Seconds()/parse.CPU.Seconds(), "cpu/parse")
			b.ReportMetric(run.Wall.Seconds()/parse.Wall.Seconds(), "run-wall/parse")
			b.ReportMetric(run.CPU.Seconds()/parse.CPU.Seconds(), "run-cpu/parse")
			b.ReportMetric(perCheck(whole.CPU, b.N, n), "cpu-µs/check")
			b.ReportMetric(perCheck(run.CPU, b.N, n), "run-cpu-µs/check")
			b.ReportMetric(perCheck(write.CPU, b.N, n), "json-cpu-µs/check")
			b.ReportMetric(float64(live)/n, "live-B/check")
		})
	}
}

// BenchmarkRun plans and runs a loaded runbook.
func BenchmarkRun(b *testing.B) {
	kinds := probe.Kinds()
	w := idleOptions(b)
	for _, shape := range benchShapes() {
		b.Run(shape.String(), func(b *testing.B) {
			rb := loadAll(b, kinds, rulestest.Generate(shape))
			n := float64(shape.Checks)
			b.ReportAllocs()
			took := rulestest.Measure(func() {
				for b.Loop() {
					p, diags := engine.NewPlan(rb, engine.Settings{})
					noDiags(b, diags)
					if v := p.Run(b.Context(), w).Verdict(); v != engine.Pass {
						b.Fatal(v)
					}
				}
			})
			b.ReportMetric(perCheck(took.Wall, b.N, n), "µs/check")
			b.ReportMetric(perCheck(took.CPU, b.N, n), "cpu-µs/check")
		})
	}
}

// BenchmarkBudget runs a plan with and without the budget of its evaluation, one
// after the other, and gives what it costs of the run's processor time, by the
// least that either took.
func BenchmarkBudget(b *testing.B) {
	kinds := probe.Kinds()
	w := idleOptions(b)
	for _, shape := range benchShapes()[2:4] {
		b.Run(shape.String(), func(b *testing.B) {
			rb := loadAll(b, kinds, rulestest.Generate(shape))
			plans := [2]*engine.Plan{}
			for i := range plans {
				p, diags := engine.NewPlan(rb, engine.Settings{})
				noDiags(b, diags)
				plans[i] = p
			}
			plans[1].Unbounded()
			var least [2]time.Duration
			for n := 0; b.Loop(); n++ {
				for i := range plans {
					i = (i + n) % 2 // neither is always first
					took := rulestest.Measure(func() {
						if v := plans[i].Run(b.Context(), w).Verdict(); v != engine.Pass {
							b.Fatal(v)
						}
					})
					if least[i] == 0 || took.CPU < least[i] {
						least[i] = took.CPU
					}
				}
			}
			b.ReportMetric(100*(least[0].Seconds()/least[1].Seconds()-1), "%-of-run")
			b.ReportMetric(perCheck(least[0], 1, float64(shape.Checks)), "cpu-µs/check")
		})
	}
}

func perCheck(d time.Duration, times int, checks float64) float64 {
	return float64(d.Nanoseconds()) / 1000 / float64(times) / checks
}

func loadAll(b *testing.B, kinds []*language.Kind, files fs.FS) *rules.Runbook {
	rb, diags := rules.Load(kinds, rules.Overlay{Name: "bench", FS: files})
	noDiags(b, diags)
	return rb
}

func parseAll(b *testing.B, files fs.FS) {
	names, err := fs.Glob(files, "*.hcl")
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		src, err := fs.ReadFile(files, name)
		if err != nil {
			b.Fatal(err)
		}
		if _, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos); diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}
