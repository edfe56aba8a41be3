package document

import (
	"container/heap"

	"github.com/linecheck/linecheck/rules"
)

// An order says which check comes after which.
type order struct {
	sorted []*rules.Check            // each behind what it waits for
	gates  map[string][]string       // of a check, without duplicates
	below  map[string][]*rules.Check // the checks that hang on one; "": on none
}

// newOrder puts the checks in the order of the files wherever that puts each
// behind what it waits for, else behind it.
func newOrder(rb *rules.Runbook) *order {
	o := &order{gates: map[string][]string{}, below: map[string][]*rules.Check{}}
	index := make(map[string]int, len(rb.Checks))
	for i, c := range rb.Checks {
		index[c.Name] = i
	}
	waits := make([]int, len(rb.Checks))
	next := make([][]int, len(rb.Checks))
	for i, c := range rb.Checks {
		seen := map[string]bool{c.Name: true}
		edge := func(name string) bool {
			if j, ok := index[name]; ok && !seen[name] {
				seen[name] = true
				next[j] = append(next[j], i)
				waits[i]++
				return true
			}
			return false
		}
		for _, g := range c.DependsOn {
			if edge(g.Check) {
				o.gates[c.Name] = append(o.gates[c.Name], g.Check)
			}
		}
		for _, e := range checkExprs(c) {
			for _, ref := range refs(e) {
				if ref.Root == rules.RefCheck {
					edge(ref.Name)
				}
			}
		}
	}
	var ready ints
	for i, n := range waits {
		if n == 0 {
			heap.Push(&ready, i)
		}
	}
	place := make(map[string]int, len(rb.Checks))
	for len(ready) > 0 {
		i := heap.Pop(&ready).(int)
		place[rb.Checks[i].Name] = len(o.sorted)
		o.sorted = append(o.sorted, rb.Checks[i])
		for _, j := range next[i] {
			if waits[j]--; waits[j] == 0 {
				heap.Push(&ready, j)
			}
		}
	}
	for _, c := range o.sorted {
		under := ""
		for _, g := range o.gates[c.Name] {
			if under == "" || place[g] > place[under] {
				under = g
			}
		}
		o.below[under] = append(o.below[under], c)
	}
	return o
}

// refs are what an expression refers to; an attribute that was left out refers
// to nothing.
func refs(e *rules.Expr) []rules.Ref {
	if e == nil {
		return nil
	}
	return e.Refs
}

// checkExprs are the expressions of a check that may refer to something
// observed, in the order of the file format.
func checkExprs(c *rules.Check) []*rules.Expr {
	exprs := append([]*rules.Expr{c.Target, c.When}, probeExprs(c.Probe)...)
	exprs = append(exprs, c.Pass, c.Warn, c.Explain, c.Remedy)
	for _, cause := range c.Causes {
		exprs = append(exprs, cause.When, cause.Explain, cause.Remedy, cause.Severity)
	}
	return exprs
}

func probeExprs(p *rules.ProbeBlock) []*rules.Expr {
	exprs := make([]*rules.Expr, len(p.Args))
	for i, a := range p.Args {
		exprs[i] = a.Expr
	}
	return exprs
}

// A rung is a check in the drawing of the order.
type rung struct {
	check *rules.Check
	lane  int   // from 0: the column that it stands in
	under *rung // nil: the first of its ladder
	row   int
}

// rungs lays the checks out as a tree, each below the last of its gates: side
// branches first and to the right, the longest way on straight down.
func (o *order) rungs() []*rung {
	depth := make(map[string]int, len(o.sorted))
	for i := len(o.sorted) - 1; i >= 0; i-- {
		name := o.sorted[i].Name
		for _, c := range o.below[name] {
			depth[name] = max(depth[name], depth[c.Name]+1)
		}
	}
	var all []*rung
	type visit struct {
		check *rules.Check
		under *rung
		lane  int
	}
	var stack []visit
	push := func(under *rung, name string, lane int) {
		kids := o.below[name]
		if len(kids) == 0 {
			return
		}
		straight := 0
		for i, c := range kids {
			if depth[c.Name] > depth[kids[straight].Name] {
				straight = i
			}
		}
		// The last one pushed is drawn first.
		if under != nil {
			stack = append(stack, visit{kids[straight], under, lane})
		}
		for i := len(kids) - 1; i >= 0; i-- {
			switch {
			case under == nil:
				stack = append(stack, visit{kids[i], nil, 0})
			case i != straight:
				stack = append(stack, visit{kids[i], under, lane + 1})
			}
		}
	}
	push(nil, "", 0)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		r := &rung{check: v.check, lane: v.lane, under: v.under, row: len(all)}
		all = append(all, r)
		push(r, v.check.Name, v.lane)
	}
	return all
}

type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
