package typecheck

import (
	"fmt"
	"testing"

	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// benchCheck is the expressions of one check of a big runbook; %d makes each
// check refer to a fact of its own.
var benchCheck = []struct{ mode, src string }{
	{"pass", `result.received > 0 && (fact.f%d.found || sameip(fact.f%[1]d.address, target))`},
	{"pass", `result.loss_pct >= 20`},
	{"text", `"${target} does not answer: its address is wrong here, or the gateway is down."`},
	{"text", `"Compare the address with the site's plan, then look at ${var.gateway}."`},
	{"pass", `var.gateway != null && fact.f%d.found && !fact.f%[1]d.connected && !sameip(fact.f%[1]d.address, var.gateway)`},
	{"string", `try(coalesce(var.gateway, fact.f%d.address), null)`},
}

// BenchmarkChecker proves 10,000 checks of six expressions; a check costs the
// µs/check.
func BenchmarkChecker(b *testing.B) {
	const checks = 10_000
	facts := map[string]cty.Value{}
	unknown := testKind.UnknownResult()
	for i := range checks {
		facts[fmt.Sprintf("f%d", i)] = unknown
	}
	s := testScope().With("fact", cty.ObjectVal(facts))
	for _, alike := range []bool{true, false} {
		var exprs []*expression.Expr
		for i := range checks {
			for _, x := range benchCheck {
				n := i
				if alike {
					n = 7
				}
				src := x.src
				if x.mode != "text" && x.src != benchCheck[1].src {
					src = fmt.Sprintf(x.src, n)
				}
				e := parseExpr(b, src)
				if x.mode == "text" {
					exprs = append(exprs, expression.NewText(e))
				} else {
					exprs = append(exprs, expression.New(e))
				}
			}
		}
		name := "own"
		if alike {
			name = "alike"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c := New()
				for i, e := range exprs {
					switch benchCheck[i%len(benchCheck)].mode {
					case "pass":
						c.Condition(e, s, true)
					case "text":
						c.Text(e, s)
					case "string":
						c.Value(e, s, cty.String)
					}
				}
				if len(c.Diags) > 0 {
					b.Fatal(all(c.Diags))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/checks, "µs/check")
		})
	}
}

func BenchmarkRefs(b *testing.B) {
	e := parseExpr(b, fmt.Sprintf(benchCheck[4].src, 3))
	b.ReportAllocs()
	for b.Loop() {
		expression.New(e)
	}
}

// BenchmarkSuggest is one misspelt name among ten thousand that are alike; a
// runbook of ten thousand such mistakes costs as many of them.
func BenchmarkSuggest(b *testing.B) {
	names := make([]string, 10_000)
	for i := range names {
		names[i] = fmt.Sprintf("check_%05d", i)
	}
	for _, given := range []string{"chekc_09999", "check_1000x", "gateway"} {
		b.Run(given, func(b *testing.B) {
			for b.Loop() {
				diagnostic.DidYouMean(given, names)
			}
		})
	}
}
