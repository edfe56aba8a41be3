package dag

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestOrderKeepsNumbersWhereItCan(t *testing.T) {
	for _, test := range []struct {
		name string
		g    Graph
		want []int
	}{
		{"empty", Graph{}, []int{}},
		{"ascending", Graph{Hard: [][]int{{}, {0}, {0, 1}, {}}}, []int{0, 1, 2, 3}},
		{"one edge upwards", Graph{Hard: [][]int{{2}, {}, {}, {}}}, []int{1, 2, 0, 3}},
		{"soft edges count", Graph{Hard: make([][]int, 3), Soft: [][]int{{2}, {}, {}}}, []int{1, 2, 0}},
		{"the same edge twice", Graph{Hard: [][]int{{1, 1}, {}}}, []int{1, 0}},
		{"cycle and what is behind it", Graph{Hard: [][]int{{}, {2}, {1}, {2}, {0}}}, []int{0, 4}},
	} {
		if diff := cmp.Diff(test.want, test.g.Order()); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestOrderProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		order := g.Order()
		if len(order) != len(g.Hard) {
			t.Fatalf("%d of %d nodes in the order", len(order), len(g.Hard))
		}
		at := make([]int, len(order))
		for i, n := range order {
			at[n] = i
		}
		for n := range g.Hard {
			for _, d := range slices.Concat(g.Hard[n], g.Soft[n]) {
				if at[d] >= at[n] {
					t.Fatalf("%d stands before its dependency %d in %v", n, d, order)
				}
			}
		}
		// Each place is taken by the lowest node that could have stood there.
		for i := range order {
			for _, m := range order[i+1:] {
				if m > order[i] {
					continue
				}
				free := !slices.ContainsFunc(slices.Concat(g.Hard[m], g.Soft[m]), func(d int) bool { return at[d] >= i })
				if free {
					t.Fatalf("%d could have stood before %d in %v", m, order[i], order)
				}
			}
		}
	})
}

func TestCycles(t *testing.T) {
	for _, test := range []struct {
		name string
		hard [][]int
		want [][]Edge
	}{
		{"none", [][]int{{1, 1}, {2}, {}}, nil},
		{"itself", [][]int{{}, {0, 1}}, [][]Edge{{{1, 1, 1}}}},
		{"what is behind one is on none", [][]int{{1}, {2}, {1}, {0}}, [][]Edge{{{1, 2, 0}, {2, 1, 0}}}},
		{"the shortest", [][]int{{1, 2}, {2}, {0}}, [][]Edge{{{0, 2, 1}, {2, 0, 0}}}},
		{"two apart", [][]int{{1}, {0}, {3}, {2}}, [][]Edge{{{0, 1, 0}, {1, 0, 0}}, {{2, 3, 0}, {3, 2, 0}}}},
	} {
		g := Graph{Hard: test.hard}
		if diff := cmp.Diff(test.want, g.Cycles()); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// TestCyclesProperties holds each cycle against the graph: it is one, and a graph
// has none exactly where all of it has an order.
func TestCyclesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 20).Draw(t, "size")
		g := &Graph{Hard: make([][]int, size)}
		for n := range g.Hard {
			g.Hard[n] = rapid.SliceOfN(rapid.IntRange(0, size-1), 0, 2).Draw(t, "hard")
		}
		cycles := g.Cycles()
		if ordered := len(g.Order()) == size; ordered != (len(cycles) == 0) {
			t.Fatalf("all in order: %v, and %d cycles", ordered, len(cycles))
		}
		on := map[int]bool{}
		for _, cycle := range cycles {
			at := cycle[len(cycle)-1].To
			for _, e := range cycle {
				if e.From != at || g.Hard[e.From][e.Index] != e.To || on[e.To] {
					t.Fatalf("no cycle, or one twice: %v", cycles)
				}
				at, on[e.To] = e.To, true
			}
		}
	})
}

// drawGraph draws an acyclic graph whose numbers are not in order.
func drawGraph(t *rapid.T) *Graph {
	size := rapid.IntRange(0, 40).Draw(t, "size")
	number := rapid.Permutation(numbers(size)).Draw(t, "number")
	g := &Graph{Hard: make([][]int, size), Soft: make([][]int, size), Lazy: make([]bool, size)}
	for i, n := range number {
		g.Lazy[n] = rapid.Bool().Draw(t, "lazy")
		if i == 0 {
			continue
		}
		below := rapid.SliceOfN(rapid.SampledFrom(number[:i]), 0, 4)
		g.Hard[n] = below.Draw(t, "hard")
		g.Soft[n] = below.Draw(t, "soft")
	}
	return g
}

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
