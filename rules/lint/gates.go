package lint

import (
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// gates answers which checks must not have failed before a check is tried.
type gates struct {
	rb    *rules.Runbook
	index map[string]int // of a check in rb.Checks
	seen  []int          // by check: the last question in which it was visited
	asked int
}

func newGates(rb *rules.Runbook) *gates {
	g := &gates{rb: rb, index: make(map[string]int, len(rb.Checks)), seen: make([]int, len(rb.Checks))}
	for i, c := range rb.Checks {
		g.index[c.Name] = i
	}
	return g
}

// upstream reports whether a check, all of its instances or one, stands
// somewhere behind the gates of another.
func (g *gates) upstream(of *rules.Check, goal string) bool {
	return g.reach(of, func(gate *rules.Gate) bool { return gate.Check == goal }, func(*rules.Gate) bool { return true })
}

// implies reports whether one gate closes whenever another does: it is the same,
// or one behind it. A check whose for_each may be empty hands nothing on.
func (g *gates) implies(gate, goal *rules.Gate) bool {
	if covers(gate, goal) {
		return true
	}
	through := func(gate *rules.Gate) bool {
		return gate.Key != cty.NilVal || g.rb.Check(gate.Check).ForEach == nil
	}
	return through(gate) && g.reach(g.rb.Check(gate.Check), func(gate *rules.Gate) bool { return covers(gate, goal) }, through)
}

// covers reports whether what a gate waits for includes what another does.
func covers(gate, other *rules.Gate) bool {
	return gate.Check == other.Check &&
		(gate.Key == cty.NilVal || other.Key != cty.NilVal && gate.Key.RawEquals(other.Key))
}

// reach goes through the gates of a check, and those of the checks behind them
// where through allows it, until one is found.
func (g *gates) reach(from *rules.Check, found, through func(*rules.Gate) bool) bool {
	g.asked++
	stack := []*rules.Check{from}
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for i := range c.DependsOn {
			gate := &c.DependsOn[i]
			if found(gate) {
				return true
			}
			n := g.index[gate.Check]
			if g.seen[n] == g.asked || !through(gate) {
				continue
			}
			g.seen[n] = g.asked
			stack = append(stack, g.rb.Checks[n])
		}
	}
	return false
}
