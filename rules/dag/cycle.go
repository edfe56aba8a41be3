package dag

import "slices"

// An Edge is one dependency of a node: Hard[From][Index] is To.
type Edge struct{ From, To, Index int }

// Cycles gives of each group of nodes that all depend on each other by their
// hard dependencies one cycle, edge by edge: a shortest one through the lowest
// node of the group, from that node back to it. Soft dependencies do not count.
func (g *Graph) Cycles() [][]Edge {
	t := &tarjan{graph: g, index: make([]int, len(g.Hard)), low: make([]int, len(g.Hard)), onStack: make([]bool, len(g.Hard))}
	for n := range g.Hard {
		if t.index[n] == 0 {
			t.visit(n)
		}
	}
	var cycles [][]Edge
	for _, group := range t.groups {
		cycles = append(cycles, g.shortest(group))
	}
	return cycles
}

// tarjan finds strongly connected components, of those that hold a cycle.
type tarjan struct {
	graph   *Graph
	groups  [][]int // each ascending
	stack   []int
	onStack []bool
	index   []int // by node: in the order of visits, from 1
	low     []int // by node: the first on the stack that is reached
	visits  int
}

func (t *tarjan) visit(n int) {
	t.visits++
	t.index[n], t.low[n] = t.visits, t.visits
	t.stack, t.onStack[n] = append(t.stack, n), true
	loop := false
	for _, d := range t.graph.Hard[n] {
		switch {
		case t.index[d] == 0:
			t.visit(d)
			t.low[n] = min(t.low[n], t.low[d])
		case t.onStack[d]:
			t.low[n] = min(t.low[n], t.index[d])
			loop = loop || d == n
		}
	}
	if t.low[n] < t.index[n] {
		return
	}
	at := len(t.stack) - 1
	for t.stack[at] != n {
		at--
	}
	group := slices.Clone(t.stack[at:])
	t.stack = t.stack[:at]
	for _, m := range group {
		t.onStack[m] = false
	}
	if len(group) > 1 || loop {
		slices.Sort(group)
		t.groups = append(t.groups, group)
	}
}

// shortest is a shortest way from the first node of a group back to it.
func (g *Graph) shortest(group []int) []Edge {
	start := group[0]
	reached := make(map[int]Edge, len(group)) // by node: the edge that first led to it
	for queue := []int{start}; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		for i, d := range g.Hard[n] {
			if _, seen := reached[d]; seen {
				continue
			}
			if _, in := slices.BinarySearch(group, d); in {
				reached[d] = Edge{From: n, To: d, Index: i}
				queue = append(queue, d)
			}
		}
	}
	path := []Edge{reached[start]}
	for path[len(path)-1].From != start {
		path = append(path, reached[path[len(path)-1].From])
	}
	slices.Reverse(path)
	return path
}
