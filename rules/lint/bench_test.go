package lint_test

import (
	"testing"

	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/lint"
	"github.com/linecheck/linecheck/rules/rulestest"
)

func BenchmarkRun(b *testing.B) {
	for _, shape := range []rulestest.Shape{{Checks: 100, PerFile: 100}, {Checks: 10_000, PerFile: 100}, {Checks: 10_000, PerFile: 100, Chain: true}} {
		b.Run(shape.String(), func(b *testing.B) {
			rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "x", FS: rulestest.Generate(shape)})
			if diags.HasErrors() {
				b.Fatal(diags)
			}
			b.ReportAllocs()
			for b.Loop() {
				lint.Run(rb)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(shape.Checks), "ns/check")
		})
	}
}
