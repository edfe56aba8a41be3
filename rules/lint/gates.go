package lint

import (
	"slices"

	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// gates answers which checks must not have failed before a check is tried.
type gates struct {
	rb    *rules.Runbook
	index map[string]int // of a check in rb.Checks
	depth []int          // by check: how many lie behind it at most; 0: not known yet
	seen  []int          // by check: the last walk in which it was visited
	walks int
}

func newGates(rb *rules.Runbook) *gates {
	g := &gates{rb: rb, index: make(map[string]int, len(rb.Checks)), depth: make([]int, len(rb.Checks)), seen: make([]int, len(rb.Checks))}
	for i, c := range rb.Checks {
		g.index[c.Name] = i
	}
	return g
}

// upstream reports whether a check, all of its instances or one, stands
// somewhere behind the gates of another.
func (g *gates) upstream(of *rules.Check, goal string) bool {
	isGoal := func(gate *rules.Gate) bool { return gate.Check == goal }
	for i := range of.DependsOn {
		if isGoal(&of.DependsOn[i]) {
			return true
		}
	}
	always := func(*rules.Gate) bool { return true }
	return g.walk(of.DependsOn, always, func(gate, _ *rules.Gate) bool { return isGoal(gate) })
}

// implied gives for each entry of a depends_on the other one beside which it
// is not needed; nil: it is needed.
func (g *gates) implied(entries []rules.Gate) []*rules.Gate {
	by := make([]*rules.Gate, len(entries))
	if len(entries) < 2 {
		return by
	}
	of := make(map[string][]int, len(entries)) // the entries of each check
	for i := range entries {
		same := of[entries[i].Check]
		for _, j := range same {
			if covers(&entries[j], &entries[i]) { // of two that are alike the second is one too many
				by[i] = &entries[j]
			} else if covers(&entries[i], &entries[j]) {
				by[j] = &entries[i]
			}
		}
		of[entries[i].Check] = append(same, i)
	}
	lowest := g.depthOf(entries[0].Check)
	for i := range entries {
		lowest = min(lowest, g.depthOf(entries[i].Check))
	}
	through := func(gate *rules.Gate) bool {
		// A check whose for_each may be empty hands no gate on, and below the
		// lowest of the entries there is none.
		return (gate.Key != cty.NilVal || g.rb.Check(gate.Check).ForEach == nil) && g.depthOf(gate.Check) > lowest
	}
	g.walk(entries, through, func(gate, entry *rules.Gate) bool {
		for _, i := range of[gate.Check] {
			if by[i] == nil && covers(gate, &entries[i]) {
				by[i] = entry
			}
		}
		return false
	})
	return by
}

// depthOf is how many checks lie behind one at most, and one for itself.
func (g *gates) depthOf(check string) int {
	stack := []int{g.index[check]}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		depth, ready := 1, true
		if g.depth[n] == 0 {
			for _, gate := range g.rb.Checks[n].DependsOn {
				m := g.index[gate.Check]
				if g.depth[m] == 0 {
					stack, ready = append(stack, m), false
				}
				depth = max(depth, g.depth[m]+1)
			}
		}
		if ready {
			g.depth[n] = max(g.depth[n], depth)
			stack = stack[:len(stack)-1]
		}
	}
	return g.depth[g.index[check]]
}

// covers reports whether what a gate waits for includes what another does.
func covers(gate, other *rules.Gate) bool {
	return gate.Check == other.Check &&
		(gate.Key == cty.NilVal || other.Key != cty.NilVal && gate.Key.RawEquals(other.Key))
}

// walk goes through the gates behind the entries of a depends_on, as far as
// through allows it, each with the entry that it was first reached by, until
// one is found.
func (g *gates) walk(entries []rules.Gate, through func(*rules.Gate) bool, found func(gate, entry *rules.Gate) bool) bool {
	type step struct{ gate, entry *rules.Gate }
	g.walks++
	var steps []step
	for i := range slices.Backward(entries) {
		steps = append(steps, step{&entries[i], &entries[i]})
	}
	for len(steps) > 0 {
		s := steps[len(steps)-1]
		steps = steps[:len(steps)-1]
		n := g.index[s.gate.Check]
		if g.seen[n] == g.walks || !through(s.gate) {
			continue
		}
		g.seen[n] = g.walks
		behind := g.rb.Checks[n].DependsOn
		for i := range behind {
			if found(&behind[i], s.entry) {
				return true
			}
			steps = append(steps, step{&behind[i], s.entry})
		}
	}
	return false
}
