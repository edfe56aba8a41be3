package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// Whatever the scheduler does, a report differs in times only.
func TestReportsDoNotDependOnTheSchedule(t *testing.T) {
	var src strings.Builder
	src.WriteString("variable \"hosts\" {\n default = [\"a\", \"b\", \"c\", \"d\", \"e\"]\n type = set(string)\n}\n")
	src.WriteString("fact \"f\" {\n for_each = var.hosts\n target = \"fact-${each.key}\"\n probe \"ask\" {}\n}\n")
	src.WriteString("fact \"of\" {\n for_each = var.hosts\n target = check.c2[each.key].result.text\n probe \"ask\" {}\n}\n")
	src.WriteString("check \"reads\" {\n for_each = var.hosts\n target = fact.of[each.key].text\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n")
	src.WriteString("check \"warned\" {\n for_each = var.hosts\n target = \"w-${each.key}\"\n probe \"ask\" {}\n pass = result.ok\n warn = fact.f[each.key].number > 1\n explain = \"no\"\n}\n")
	src.WriteString("check \"share\" {\n for_each = var.hosts\n target = fact.f[\"a\"].text\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n")
	src.WriteString("check \"share_more\" {\n for_each = var.hosts\n depends_on = [check.c0]\n target = fact.f[\"b\"].text\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n")
	for i := range 12 {
		gates := ""
		if i > 2 {
			gates = fmt.Sprintf(" depends_on = [check.c%d, check.c%d[\"b\"]]\n", i-3, i/2)
		}
		fmt.Fprintf(&src, "check \"c%d\" {\n for_each = var.hosts\n%s target = \"c%d-${each.key}\"\n probe \"ask\" {}\n pass = result.ok && (result.number > 1 || fact.f[each.key].ok)\n explain = \"no\"\n"+
			" cause \"x\" {\n when = !result.ok && fact.f[\"c\"].ok\n explain = \"${fact.f[each.key].number}\"\n}\n cause \"y\" {\n when = result.number > 2 && anytrue([for f in fact.f : f.ok])\n explain = \"y\"\n severity = \"warn\"\n}\n}\n", i, gates, i)
	}
	p := plan(t, src.String(), engine.Settings{})
	var first string
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			var mu sync.Mutex
			w := engine.Options{Parallel: 1 + int(seed%7), Probes: []*engine.Probe{{Kind: askKind,
				Observe: func(_ context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
					mu.Lock()
					d := time.Duration(rnd.IntN(5)) * time.Millisecond
					mu.Unlock()
					time.Sleep(d)
					h := 0
					for _, b := range []byte(q.Target) {
						h = h*31 + int(b)
					}
					a := attrs{"ok": cty.BoolVal(h%5 > 0), "number": cty.NumberIntVal(int64(h % 4))}
					if h%11 == 0 {
						delete(a, "ok")
					}
					if h%2 == 0 {
						a["text"] = cty.StringVal(q.Target + "!")
					}
					return a.value(askKind), nil
				}}}}
			rep := p.Run(t.Context(), w)
			v := rep.Sites[0].Vantages[0]
			for _, c := range v.Checks {
				c.Started, c.Elapsed = 0, 0
			}
			for _, f := range v.Facts {
				f.Started, f.Elapsed = 0, 0
			}
			v.Elapsed = 0
			var got strings.Builder
			for _, c := range v.Checks {
				fmt.Fprintf(&got, "%#v\n", *c)
			}
			for _, f := range v.Facts {
				fmt.Fprintf(&got, "%#v\n", *f)
			}
			if first == "" {
				first = got.String()
				seen := map[engine.Status]bool{}
				for _, c := range v.Checks {
					seen[c.Status] = true
				}
				if len(seen) < 4 {
					t.Fatalf("too little to see: %v", seen)
				}
			} else if got.String() != first {
				t.Errorf("seed %d: %s", seed, cmp.Diff(first, got.String()))
			}
		})
	}
}

func TestAHundredThousandChecks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const n = 50_000 // of each check
	keys := make([]cty.Value, n)
	for i := range keys {
		keys[i] = cty.StringVal(fmt.Sprintf("host%06d", i))
	}
	const src = "variable \"hosts\" {\n type = set(string)\n}\n" +
		"check \"up\" {\n for_each = var.hosts\n target = each.key\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n" +
		"check \"mail\" {\n for_each = var.hosts\n depends_on = [check.up]\n target = each.key\n probe \"ask\" {}\n pass = result.ok && check.up[each.key].passed\n explain = \"no\"\n}\n"
	p, diags := engine.NewPlan(load(t, src), engine.Settings{Values: []engine.Values{{Origin: "x", Typed: map[string]cty.Value{"hosts": cty.SetVal(keys)}}}})
	noDiags(t, diags)
	v := p.Run(t.Context(), script{"host000077": no}.options()).Sites[0].Vantages[0]
	blocked := 0
	for _, c := range v.Checks {
		if c.Status == engine.Blocked {
			blocked++
		}
	}
	if blocked != n || len(v.Checks[77].Blocks) != n {
		t.Errorf("%d blocked, %d behind the root cause", blocked, len(v.Checks[77].Blocks))
	}
}
