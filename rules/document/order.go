package document

import (
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
)

// An order is the runbook's, with what a drawing of it needs.
type order struct {
	sorted []*rules.Check            // each behind what it waits for
	gates  map[string][]string       // of a check, without duplicates
	below  map[string][]*rules.Check // the checks that are drawn below one; "": below none
}

func newOrder(g *rules.Graph) *order {
	o := &order{sorted: g.Checks(), gates: map[string][]string{}, below: map[string][]*rules.Check{}}
	for _, c := range o.sorted {
		o.gates[c.Name] = g.Gates(c)
		under := g.Under(c)
		o.below[under] = append(o.below[under], c)
	}
	return o
}

// refs are what an expression refers to; an attribute that was left out refers
// to nothing.
func refs(e *expression.Expr) []expression.Ref {
	if e == nil {
		return nil
	}
	return e.Refs
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
