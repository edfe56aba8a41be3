package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"pgregory.net/rapid"
)

// step is a check of the model: what comes of it if it runs.
type step struct {
	gates []int
	comes engine.Status // of itself; Skipped: its when is false
	left  bool          // out, by --skip
}

// model says of each step its status and its root causes, the plain way.
func model(steps []step) (statuses []engine.Status, roots [][]int) {
	statuses = make([]engine.Status, len(steps))
	roots = make([][]int, len(steps)) // what whoever depends on it is blocked by
	for i, s := range steps {
		var closed []int
		for _, g := range s.gates {
			closed = append(closed, roots[g]...)
		}
		slices.Sort(closed)
		closed = slices.Compact(closed)
		switch {
		case s.left:
			statuses[i], roots[i] = engine.Skipped, closed
		case len(closed) > 0:
			statuses[i], roots[i] = engine.Blocked, closed
		default:
			statuses[i] = s.comes
			if s.comes == engine.Fail || s.comes == engine.Error {
				roots[i] = []int{i}
			}
		}
	}
	return statuses, roots
}

func TestBlockingFollowsTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "checks")
		steps := make([]step, n)
		var src strings.Builder
		var s engine.Settings
		for i := range steps {
			st := &steps[i]
			if i > 0 {
				st.gates = rapid.SliceOfN(rapid.IntRange(0, i-1), 0, 3).Draw(t, "gates")
			}
			st.comes = rapid.SampledFrom([]engine.Status{engine.Pass, engine.Pass, engine.Warn, engine.Fail, engine.Error, engine.Skipped}).Draw(t, "comes")
			if st.left = rapid.IntRange(0, 4).Draw(t, "left out") == 0; st.left {
				s.Skip = append(s.Skip, fmt.Sprintf("c%d", i))
			}
			var gates []string
			for _, g := range st.gates {
				gates = append(gates, fmt.Sprintf("check.c%d", g))
			}
			fmt.Fprintf(&src, "check \"c%d\" {\n target = %q\n depends_on = [%s]\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n", i, st.comes, strings.Join(gates, ", "))
			switch st.comes {
			case engine.Skipped:
				src.WriteString(" when = 1 > 2\n")
			case engine.Warn:
				src.WriteString(" warn = result.ok\n")
			}
			src.WriteString("}\n")
		}
		rb, diags := rules.Load(kinds, rules.Overlay{Name: "t", FS: fstest.MapFS{"t.hcl": {Data: []byte(src.String())}}})
		if diags.HasErrors() {
			t.Fatal(diagsText(diags))
		}
		p, diags := engine.NewPlan(rb, s)
		if diags.HasErrors() {
			t.Fatal(diagsText(diags))
		}
		w := script{"fail": no, "error": broken}.options()
		w.Parallel = rapid.IntRange(1, 8).Draw(t, "parallel")
		v := p.Run(t.Context(), w).Sites[0].Vantages[0]

		statuses, roots := model(steps)
		blocks := make([][]string, n)
		for i := range steps {
			var by []string
			if statuses[i] == engine.Blocked {
				for _, root := range roots[i] {
					by = append(by, fmt.Sprintf("check.c%d", root))
					blocks[root] = append(blocks[root], fmt.Sprintf("check.c%d", i))
				}
			}
			if got := v.Checks[i]; got.Status != statuses[i] || !slices.Equal(got.BlockedBy, by) {
				t.Errorf("c%d: %s by %v, want %s by %v", i, got.Status, got.BlockedBy, statuses[i], by)
			}
		}
		for i := range steps {
			if diff := cmp.Diff(blocks[i], v.Checks[i].Blocks, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("c%d blocks: %s", i, diff)
			}
		}
	})
}
