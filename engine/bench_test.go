//go:build unix

package engine_test

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

func genChecks(n int, chain bool) string {
	var b strings.Builder
	b.WriteString("variable \"port\" {\n  type    = number\n  default = 25\n}\n")
	for i := range n {
		fmt.Fprintf(&b, "check \"c%d\" {\n  title  = \"Host %d answers on its port\"\n  layer  = \"ip\"\n  tags = [\"bench\"]\n", i, i)
		if chain && i > 0 {
			fmt.Fprintf(&b, "  depends_on = [check.c%d]\n", i-1)
		}
		fmt.Fprintf(&b, `  target = "10.%d.%d.%d"
  probe "ask" {
    count = 3
  }
  pass    = result.ok && result.number < 100
  warn    = result.number >= 20 && result.number <= var.port
  explain = "${target} does not answer: its address is wrong here, or it is down. It said ${result.text}."
  remedy  = "Compare the address with the site's plan, then look at the host itself."
  cause "refused" {
    when    = !result.ok && result.icmp.code == 3
    explain = "${target} refuses: ${result.text}"
  }
  cause "slow" {
    when    = result.ok && result.number >= 100
    severity = "warn"
    explain = "${target} took ${result.number} ms"
  }
}
`, i>>16&255, i>>8&255, i&255)
	}
	return b.String()
}

func BenchmarkPlanRun(b *testing.B) {
	full := attrs{"ok": cty.True, "number": cty.NumberIntVal(3), "text": cty.StringVal("hello"), "list": cty.ListValEmpty(cty.String)}
	full["icmp"] = cty.ObjectVal(map[string]cty.Value{"code": cty.NullVal(cty.Number)})
	v := full.value(askKind)
	w := engine.World{Probes: []*engine.Probe{{Kind: askKind, Observe: func(context.Context, *engine.World, engine.Query) (cty.Value, error) {
		return v, nil
	}}}}
	for _, n := range []int{100, 1000, 10_000} {
		for _, chain := range []bool{false, true} {
			rb, diags := rules.Load(kinds, rules.Overlay{Name: "t", FS: fstest.MapFS{"t.hcl": {Data: []byte(genChecks(n, chain))}}})
			noDiags(b, diags)
			b.Run(fmt.Sprintf("%d/chain=%v", n, chain), func(b *testing.B) {
				b.ReportAllocs()
				cpu := cpuTime()
				for b.Loop() {
					p, diags := engine.NewPlan(rb, engine.Settings{})
					noDiags(b, diags)
					r := p.Run(b.Context(), w)
					if r.Verdict() != engine.Pass {
						b.Fatal(r.Verdict())
					}
				}
				b.ReportMetric(float64((cpuTime()-cpu).Nanoseconds())/float64(b.N)/float64(n), "cpu-ns/check")
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/check")
			})
		}
	}
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkBareParse(b *testing.B) {
	for _, n := range []int{1000} {
		src := []byte(genChecks(n, false))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			cpu := cpuTime()
			for b.Loop() {
				hclsyntax.ParseConfig(src, "x.hcl", hcl.InitialPos)
			}
			b.ReportMetric(float64((cpuTime()-cpu).Nanoseconds())/float64(b.N)/float64(n), "cpu-ns/check")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/check")
			b.ReportMetric(float64(len(src))/float64(n), "B/check")
		})
		b.Run(fmt.Sprint("load", n), func(b *testing.B) {
			b.ReportAllocs()
			cpu := cpuTime()
			for b.Loop() {
				rules.Load(kinds, rules.Overlay{Name: "t", FS: fstest.MapFS{"t.hcl": {Data: src}}})
			}
			b.ReportMetric(float64((cpuTime()-cpu).Nanoseconds())/float64(b.N)/float64(n), "cpu-ns/check")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/check")
		})
	}
}
