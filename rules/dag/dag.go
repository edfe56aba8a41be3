// Package dag orders the nodes of a directed acyclic graph, walks them side by
// side, and finds the cycles of one that is not acyclic. It knows nodes by their
// number only and nothing of what they stand for.
//
// Start with a [Graph]: [Graph.Order], [Graph.Cycles] where that leaves nodes
// out, and [Graph.Walk].
//
// A node has hard and soft dependencies. It begins when its hard ones have
// ended, and may then ask for some of its soft ones, which have to end before
// it is visited. A lazy node sleeps until a node asks for it, or until a node
// that has it as a hard dependency is itself awake.
package dag

import "container/heap"

// A Graph has the nodes 0 … len(Hard)-1. It is not changed by its methods.
type Graph struct {
	Hard [][]int // by node: what has to end before it begins
	Soft [][]int // by node: what it may ask for; nil where no node asks
	Lazy []bool  // by node: sleeps until asked for; nil where none does
}

// Order lists the nodes so that each stands behind its hard and soft
// dependencies, and in the order of their numbers as far as that allows: of
// those that may come next the lowest does. Nodes on a cycle, and those behind
// one, are left out.
func (g *Graph) Order() []int {
	order := make([]int, 0, len(g.Hard))
	if g.ascending() {
		for n := range g.Hard {
			order = append(order, n)
		}
		return order
	}
	users := reverse(len(g.Hard), g.Hard, g.Soft)
	pending := make([]int, len(g.Hard))
	var next lowest
	for n := range pending {
		pending[n] = len(g.Hard[n]) + len(g.soft(n))
		if pending[n] == 0 {
			next = append(next, n) // ascending, and so a heap already
		}
	}
	for len(next) > 0 {
		n := heap.Pop(&next).(int)
		order = append(order, n)
		for _, u := range users.of(n) {
			if pending[u]--; pending[u] == 0 {
				heap.Push(&next, int(u))
			}
		}
	}
	return order
}

// ascending reports whether the nodes stand in an order by number already.
func (g *Graph) ascending() bool {
	for n := range g.Hard {
		for _, d := range g.Hard[n] {
			if d >= n {
				return false
			}
		}
		for _, d := range g.soft(n) {
			if d >= n {
				return false
			}
		}
	}
	return true
}

func (g *Graph) soft(n int) []int {
	if g.Soft == nil {
		return nil
	}
	return g.Soft[n]
}

// edges holds the reversed edges of all nodes in one slice: those of node n
// are to[start[n]:start[n+1]].
type edges struct{ start, to []int32 }

func reverse(nodes int, lists ...[][]int) edges {
	start := make([]int32, nodes+1)
	for _, list := range lists {
		for _, deps := range list {
			for _, d := range deps {
				start[d+1]++
			}
		}
	}
	for n := range nodes {
		start[n+1] += start[n]
	}
	to := make([]int32, start[nodes])
	fill := append([]int32(nil), start[:nodes]...)
	for _, list := range lists {
		for n, deps := range list {
			for _, d := range deps {
				to[fill[d]] = int32(n)
				fill[d]++
			}
		}
	}
	return edges{start, to}
}

func (e edges) of(n int) []int32 { return e.to[e.start[n]:e.start[n+1]] }

// lowest is a heap of node numbers.
type lowest []int

func (h lowest) Len() int           { return len(h) }
func (h lowest) Less(i, j int) bool { return h[i] < h[j] }
func (h lowest) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *lowest) Push(n any)        { *h = append(*h, n.(int)) }
func (h *lowest) Pop() any {
	old := *h
	n := old[len(old)-1]
	*h = old[:len(old)-1]
	return n
}
