package report_test

import (
	"io"
	"strconv"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/report"
)

// BenchmarkFormats writes a report of 1,000 checks, most of which passed.
func BenchmarkFormats(b *testing.B) {
	const checks = 1000
	r := gatewayDown()
	v := r.Sites[0].Vantages[0]
	for i := len(v.Checks); i < checks; i++ {
		c := passed("check.extra"+strconv.Itoa(i), "ip", "One more host answers", "10.1.0.30", "3 of 3 replies, 0.21 ms", ping(3, 0.2123456789))
		v.Checks = append(v.Checks, c)
	}
	for _, f := range report.All() {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f.Write(io.Discard, r, report.Options{Explain: func(*engine.CheckReport) bool { return false }}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*checks), "ns/check")
		})
	}
}
