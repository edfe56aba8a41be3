package lint

import (
	"slices"

	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// gates answers which checks must not have failed before a check is tried.
type gates struct {
	checks []*rules.Check // in their order
	place  map[string]int // of a check in the order: its gates stand before it
	seen   []int          // by place: the last walk in which the check was visited
	walks  int
}

func newGates(rb *rules.Runbook) *gates {
	checks := rb.Graph().Checks()
	g := &gates{checks: checks, place: make(map[string]int, len(checks)), seen: make([]int, len(checks))}
	for i, c := range checks {
		g.place[c.Name] = i
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
	first := g.place[entries[0].Check]
	for i := range entries {
		first = min(first, g.place[entries[i].Check])
	}
	through := func(gate *rules.Gate) bool {
		// A check whose for_each may be empty hands no gate on, and before the
		// first of the entries there is none.
		return (gate.Key != cty.NilVal || g.checks[g.place[gate.Check]].ForEach == nil) && g.place[gate.Check] > first
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
		n := g.place[s.gate.Check]
		if g.seen[n] == g.walks || !through(s.gate) {
			continue
		}
		g.seen[n] = g.walks
		behind := g.checks[n].DependsOn
		for i := range behind {
			if found(&behind[i], s.entry) {
				return true
			}
			steps = append(steps, step{&behind[i], s.entry})
		}
	}
	return false
}
