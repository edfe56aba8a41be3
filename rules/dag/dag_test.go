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
