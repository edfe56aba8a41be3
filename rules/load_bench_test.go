//go:build unix

package rules_test

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// benchShapes are the runbooks that loading is measured with.
// LINECHECK_BENCH_CHECKS adds another size: 100000, say.
func benchShapes() []rulestest.Shape {
	sizes := []int{100, 1_000, 10_000}
	if n, err := strconv.Atoi(os.Getenv("LINECHECK_BENCH_CHECKS")); err == nil {
		sizes = append(sizes, n)
	}
	var shapes []rulestest.Shape
	for _, n := range sizes {
		for _, perFile := range []int{0, 20} {
			if perFile == 0 && n > 20_000 {
				continue // more than a file may hold
			}
			for _, chain := range []bool{false, true} {
				shapes = append(shapes, rulestest.Shape{Checks: n, PerFile: perFile, Chain: chain})
			}
		}
	}
	return shapes
}

// BenchmarkLoad loads and proves runbooks beside a bare sequential parse of the
// same bytes: the wall and processor time of loading are given as multiples of
// the parse's, and the heap that stays and the highest for each check.
// Loading collects garbage as rarely as the command has it (see collectRarely
// in cmd/linecheck), the parse at Go's own pace.
func BenchmarkLoad(b *testing.B) {
	kinds := probe.Kinds()
	for _, shape := range benchShapes() {
		b.Run(shape.String(), func(b *testing.B) {
			files := rulestest.Generate(shape)
			var parse, load rulestest.Usage
			var live, peak uint64
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				runtime.GC()
				parse.Add(rulestest.Measure(func() { parseAll(b, files) }))
				runtime.GC()
				before := rulestest.Heap()
				var rb *rules.Runbook
				var diags hcl.Diagnostics
				pace := debug.SetGCPercent(400)
				top := peakHeap(func() {
					b.StartTimer()
					load.Add(rulestest.Measure(func() {
						rb, diags = rules.Load(kinds, rules.Overlay{Name: "bench", FS: files})
					}))
					b.StopTimer()
				})
				debug.SetGCPercent(pace)
				if diags.HasErrors() {
					b.Fatal(messages(diags[:1]))
				}
				runtime.GC()
				live = rulestest.Heap() - before
				peak = max(peak, top-before)
				runtime.KeepAlive(rb)
				b.StartTimer()
			}
			n := float64(shape.Checks)
			b.ReportMetric(load.Wall.Seconds()/parse.Wall.Seconds(), "wall/parse")
			b.ReportMetric(load.CPU.Seconds()/parse.CPU.Seconds(), "cpu/parse")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/check")
			b.ReportMetric(float64(live)/n, "live-B/check")
			b.ReportMetric(float64(peak)/n, "peak-B/check")
		})
	}
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

// peakHeap is the most heap that was seen in use during some work.
func peakHeap(work func()) uint64 {
	done := make(chan struct{})
	top := make(chan uint64)
	go func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		most := rulestest.Heap()
		for {
			select {
			case <-tick.C:
				most = max(most, rulestest.Heap())
			case <-done:
				top <- max(most, rulestest.Heap())
				return
			}
		}
	}()
	work()
	close(done)
	return <-top
}

func TestGeneratedRunbooksAreSound(t *testing.T) {
	for _, shape := range []rulestest.Shape{{Checks: 50, Chain: true}, {Checks: 45, PerFile: 10}} {
		files := rulestest.Generate(shape)
		bytes := 0
		for _, f := range files {
			bytes += len(f.Data)
		}
		if per := bytes / shape.Checks; per < 560 || per > 720 {
			t.Errorf("%s: %d bytes a check", shape, per)
		}
		rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "bench", FS: files})
		noDiagnostics(t, diags)
		if len(rb.Checks) != shape.Checks {
			t.Errorf("%s: %d checks", shape, len(rb.Checks))
		}
	}
}

// BenchmarkLoadSites loads a folder of 1,000 profiles.
func BenchmarkLoadSites(b *testing.B) {
	rb, diags := rules.Load(probe.Kinds(), overlay("bench", map[string]string{"a.hcl": siteVariables + goodCheck}))
	if diags.HasErrors() {
		b.Fatal(messages(diags))
	}
	files := map[string]string{"base.hcl": "site \"base\" {\n  abstract = true\n  vars = { host = \"10.0.0.1\" }\n}\n"}
	for i := range 1000 {
		files[fmt.Sprintf("site%04d.hcl", i)] = fmt.Sprintf("site \"s%04d\" {\n  extends = \"base\"\n  vars = { gateway = \"10.1.%d.%d\", port = %d }\n  vantage \"host\" {\n    via = [\"ssh\", \"h%d\"]\n    vars = { port = 587 }\n  }\n}\n", i, i>>8, i&255, 1+i, i)
	}
	sites := overlay("bench/sites.d", files)
	for b.Loop() {
		got, diags := rules.LoadSites(rb, sites)
		if diags.HasErrors() || len(got) != 1001 {
			b.Fatal(len(got), messages(diags))
		}
	}
}
