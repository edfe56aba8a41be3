package document

import (
	"io"
	"testing"

	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// BenchmarkPage prints big runbooks, in which each check hangs on the one
// before.
func BenchmarkPage(b *testing.B) {
	for _, shape := range []rulestest.Shape{{Checks: 100, Chain: true}, {Checks: 1000, Chain: true}} {
		rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "rb", FS: rulestest.Generate(shape)})
		if diags.HasErrors() {
			b.Fatal(diags)
		}
		b.Run(shape.String(), func(b *testing.B) {
			for b.Loop() {
				if err := HTML(io.Discard, describe(b, rb, nil).Page()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*shape.Checks), "µs/check")
		})
	}
}
