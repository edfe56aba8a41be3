package engine

import "slices"

// roots are the root causes that something is blocked by. Checks that are
// blocked by the same ones share them.
type roots struct {
	at        []int // places in the order of the plan, ascending
	addresses []string
}

// blockers is what closes the gates in nodes; nil where all of
// them are open.
func (r *run) blockers(nodes []int) *roots {
	var found *roots
	var several []*roots
	for _, n := range nodes {
		b := r.blocking(n)
		switch {
		case b == nil || b == found:
		case found == nil:
			found = b
		default:
			several = append(several, b)
		}
	}
	if several == nil {
		return found
	}
	return r.union(append(several, found))
}

// blocking is what the check or group of a node, which has ended, blocks with.
func (r *run) blocking(n int) *roots {
	if n := r.plan.nodes[n]; n.kind == nodeGroup {
		return r.groups[n.index].blocks
	} else {
		return r.checks[n.index].blocks
	}
}

// rootOf is a check as the only root cause.
func (r *run) rootOf(c *checkRun) *roots {
	return &roots{at: []int{c.at}, addresses: []string{c.address}}
}

func (r *run) union(sets []*roots) *roots {
	var at []int
	for _, s := range sets {
		at = append(at, s.at...)
	}
	slices.Sort(at)
	at = slices.Compact(at)
	addresses := make([]string, len(at))
	for i, place := range at {
		addresses[i] = r.plan.checks[r.plan.checkOrder[place]].address
	}
	return &roots{at, addresses}
}

// fillBlocks tells each root cause what it blocks.
func (r *run) fillBlocks() {
	behind := map[*roots][]int{} // places of the checks, ascending
	for at, i := range r.plan.checkOrder {
		if c := &r.checks[i]; c.report.Status == Blocked {
			behind[c.blocks] = append(behind[c.blocks], at)
		}
	}
	of := map[int][]*roots{} // by place of the root cause
	for set := range behind {
		for _, at := range set.at {
			of[at] = append(of[at], set)
		}
	}
	listed := map[*roots][]string{}
	for at, sets := range of {
		root := r.checks[r.plan.checkOrder[at]].report
		if len(sets) == 1 { // one list for all root causes that block the same
			if listed[sets[0]] == nil {
				listed[sets[0]] = r.addresses(behind[sets[0]])
			}
			root.Blocks = listed[sets[0]]
			continue
		}
		var places []int
		for _, s := range sets {
			places = append(places, behind[s]...)
		}
		slices.Sort(places)
		root.Blocks = r.addresses(slices.Compact(places))
	}
}

func (r *run) addresses(places []int) []string {
	list := make([]string, len(places))
	for i, at := range places {
		list[i] = r.plan.checks[r.plan.checkOrder[at]].address
	}
	return list
}

// fillUntried tells each root cause which of the checks before it were skipped
// although they apply. A check that passed speaks for those before it.
func (r *run) fillUntried() {
	for _, i := range r.plan.checkOrder {
		c := &r.checks[i]
		if s := c.report.Status; s != Fail && s != Error && s != Warn || c.report.Interrupted {
			continue
		}
		seen := make(map[int]bool)
		var places []int
		var before func(nodes []int)
		before = func(nodes []int) {
			for _, n := range nodes {
				for _, j := range r.checksOf(n) {
					gate := &r.checks[j]
					if seen[j] || gate.report.Status != Skipped {
						continue
					}
					seen[j] = true
					if gate.report.Skip != SkipNotApplicable {
						places = append(places, gate.at)
					}
					before(gate.gates)
				}
			}
		}
		before(c.gates)
		slices.Sort(places)
		c.report.Untried = r.addresses(places)
	}
}

// checksOf are the checks that a gate's node stands for.
func (r *run) checksOf(n int) []int {
	node := r.plan.nodes[n]
	if node.kind != nodeGroup {
		return []int{node.index}
	}
	g := r.plan.groups[node.index]
	all := make([]int, g.count)
	for k := range all {
		all[k] = g.first + k
	}
	return all
}
