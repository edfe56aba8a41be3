package rules

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// A graph says which block must wait for which. A check is two nodes: its
// observation, and its diagnosis, which waits for the observation and settles
// the status. A fact that reads a check's result waits for the observation
// alone, so that the check's own causes may use it.
type graph struct {
	rb    *Runbook
	edges [][]edge
	local map[string]int
	fact  map[string]int
	check map[string]int // the observation; the diagnosis comes next
	// rank is a node's place in an order in which everything stands behind
	// what it waits for; -1 for a node that has none, because of a circle.
	rank []int
}

// An edge is one reason to wait: a reference, an entry of depends_on, or
// neither between a diagnosis and its observation.
type edge struct {
	to   int
	ref  *Ref
	gate *Gate
}

// place is where an edge is written.
func (e edge) place() (hcl.Range, bool) {
	switch {
	case e.ref != nil:
		return e.ref.Traversal.SourceRange(), true
	case e.gate != nil:
		return e.gate.Range, true
	}
	return hcl.Range{}, false
}

func newGraph(rb *Runbook) *graph {
	g := &graph{
		rb:    rb,
		edges: make([][]edge, len(rb.Locals)+len(rb.Facts)+2*len(rb.Checks)),
		local: make(map[string]int, len(rb.Locals)),
		fact:  make(map[string]int, len(rb.Facts)),
		check: make(map[string]int, len(rb.Checks)),
	}
	n := 0
	for _, l := range rb.Locals {
		g.local[l.Name] = n
		n++
	}
	for _, f := range rb.Facts {
		g.fact[f.Name] = n
		n++
	}
	for _, c := range rb.Checks {
		g.check[c.Name] = n
		n += 2
	}
	for _, l := range rb.Locals {
		g.connect(g.local[l.Name], l.Expr)
	}
	for _, f := range rb.Facts {
		for e := range f.exprs() {
			g.connect(g.fact[f.Name], e)
		}
	}
	for _, c := range rb.Checks {
		g.connectCheck(c)
	}
	g.order()
	return g
}

// label is a node's block as expressions name it.
func (g *graph) label(n int) string {
	if n < len(g.rb.Locals) {
		return AddressOf(RefLocal, g.rb.Locals[n].Name)
	}
	n -= len(g.rb.Locals)
	if n < len(g.rb.Facts) {
		return g.rb.Facts[n].Address()
	}
	return g.rb.Checks[(n-len(g.rb.Facts))/2].Address()
}

func (g *graph) connectCheck(c *Check) {
	observe := g.check[c.Name]
	diagnose := observe + 1
	for i := range c.DependsOn {
		if to, ok := g.check[c.DependsOn[i].Check]; ok {
			g.edges[observe] = append(g.edges[observe], edge{to: to + 1, gate: &c.DependsOn[i]})
		}
	}
	for e := range c.observed() {
		g.connect(observe, e)
	}
	g.edges[diagnose] = append(g.edges[diagnose], edge{to: observe})
	for e := range c.diagnosed() {
		g.connect(diagnose, e)
	}
}

func (g *graph) connect(from int, e *Expr) {
	if e == nil {
		return
	}
	for i := range e.Refs {
		ref := &e.Refs[i]
		to, ok := -1, false
		switch ref.Root {
		case RefLocal:
			to, ok = g.local[ref.Name]
		case RefFact:
			to, ok = g.fact[ref.Name]
		case RefCheck:
			if to, ok = g.check[ref.Name]; ref.Attr != "result" {
				to++ // the status and what passed follow from the diagnosis
			}
		}
		if ok {
			g.edges[from] = append(g.edges[from], edge{to: to, ref: ref})
		}
	}
}

// exprs lists what a fact refers with.
func (f *Fact) exprs() iter.Seq[*Expr] {
	return func(yield func(*Expr) bool) {
		if !yield(f.Target) || !yield(f.ForEach) {
			return
		}
		f.Probe.exprs(yield)
	}
}

func (p *ProbeBlock) exprs(yield func(*Expr) bool) bool {
	if p == nil {
		return true
	}
	for i := range p.Args {
		if !yield(p.Args[i].Expr) {
			return false
		}
	}
	return true
}

// observed lists the expressions that a check's observation waits for.
func (c *Check) observed() iter.Seq[*Expr] {
	return func(yield func(*Expr) bool) {
		exprs := []*Expr{c.ForEach, c.When, c.Target, c.Pass}
		if !c.warnReadsFacts() {
			exprs = append(exprs, c.Warn)
		}
		for _, e := range exprs {
			if !yield(e) {
				return
			}
		}
		c.Probe.exprs(yield)
	}
}

// diagnosed lists the expressions that are consulted once a check has
// observed: why it did not pass, and a warn whose facts are only gathered when
// it did.
func (c *Check) diagnosed() iter.Seq[*Expr] {
	return func(yield func(*Expr) bool) {
		if c.warnReadsFacts() && !yield(c.Warn) {
			return
		}
		if !yield(c.Explain) || !yield(c.Remedy) {
			return
		}
		for _, cause := range c.Causes {
			if !yield(cause.When) || !yield(cause.Explain) || !yield(cause.Remedy) || !yield(cause.Severity) {
				return
			}
		}
	}
}

func (c *Check) warnReadsFacts() bool {
	return c.Warn != nil && slices.ContainsFunc(c.Warn.Refs, func(r Ref) bool { return r.Root == RefFact })
}

// order sets the rank of every node that does not wait for itself.
func (g *graph) order() {
	waits := make([]int, len(g.edges)) // edges not yet satisfied
	waited := make([][]int, len(g.edges))
	for from, edges := range g.edges {
		waits[from] = len(edges)
		for _, e := range edges {
			waited[e.to] = append(waited[e.to], from)
		}
	}
	g.rank = make([]int, len(g.edges))
	ready := make([]int, 0, len(g.edges))
	for n := range g.edges {
		g.rank[n] = -1
		if waits[n] == 0 {
			ready = append(ready, n)
		}
	}
	for i := 0; i < len(ready); i++ {
		g.rank[ready[i]] = i
		for _, n := range waited[ready[i]] {
			if waits[n]--; waits[n] == 0 {
				ready = append(ready, n)
			}
		}
	}
}

// cycles reports the shortest circle of each group of blocks that all wait for
// each other.
func (g *graph) cycles() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, group := range g.knots() {
		diags = append(diags, g.cycle(g.circle(group)))
	}
	return diags
}

// knots are the groups of nodes that can reach each other (Tarjan's strongly
// connected components), of those that are in a circle.
func (g *graph) knots() [][]int {
	var (
		knots   [][]int
		stack   []int
		onStack = make([]bool, len(g.edges))
		index   = make([]int, len(g.edges)) // in the order of visits, from 1
		low     = make([]int, len(g.edges)) // the first on the stack that is reached
		visits  int
		visit   func(n int)
	)
	visit = func(n int) {
		visits++
		index[n], low[n] = visits, visits
		stack, onStack[n] = append(stack, n), true
		loop := false
		for _, e := range g.edges[n] {
			switch {
			case g.rank[e.to] >= 0:
			case index[e.to] == 0:
				visit(e.to)
				low[n] = min(low[n], low[e.to])
			case onStack[e.to]:
				low[n] = min(low[n], index[e.to])
				loop = loop || e.to == n
			}
		}
		if low[n] < index[n] {
			return
		}
		at := len(stack) - 1
		for stack[at] != n {
			at--
		}
		knot := slices.Clone(stack[at:])
		stack = stack[:at]
		for _, m := range knot {
			onStack[m] = false
		}
		if len(knot) > 1 || loop {
			slices.Sort(knot)
			knots = append(knots, knot)
		}
	}
	for n := range g.edges {
		if g.rank[n] < 0 && index[n] == 0 {
			visit(n)
		}
	}
	return knots
}

// A step is one edge of a path.
type step struct {
	from int
	edge
}

// circle is the shortest way from the first node of a knot back to it.
func (g *graph) circle(knot []int) []step {
	start := knot[0]
	reached := make(map[int]step, len(knot)) // by the last edge to a node
	queue := []int{start}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, e := range g.edges[n] {
			if _, seen := reached[e.to]; seen {
				continue
			}
			if _, in := slices.BinarySearch(knot, e.to); !in {
				continue
			}
			reached[e.to] = step{n, e}
			queue = append(queue, e.to)
		}
	}
	path := []step{reached[start]}
	for path[len(path)-1].from != start {
		path = append(path, reached[path[len(path)-1].from])
	}
	slices.Reverse(path)
	return path
}

// cycle tells a circle, edge by edge. Its place is the first edge's.
func (g *graph) cycle(path []step) *hcl.Diagnostic {
	var related Related
	var edges []string
	for _, s := range path {
		rng, ok := s.place()
		if !ok {
			continue // a diagnosis and its observation are one check to people
		}
		note := fmt.Sprintf("%s waits for %s", g.label(s.from), g.label(s.to))
		related = append(related, Place{Note: note, Range: rng})
		edges = append(edges, fmt.Sprintf("%s (%s)", note, place(rng)))
	}
	d := errorAt(related[0].Range, "Circular reference", "%s. Take one of these references out.", strings.Join(edges, ", "))
	d.Extra = related
	if len(edges) > 1 {
		d.Detail += g.remedy(path)
		return d
	}
	d.Detail = g.label(path[0].from) + " refers to itself."
	if path[0].ref != nil && path[0].ref.Root == RefCheck {
		d.Detail += " A check's own observation is called result, its target target."
	}
	return d
}

// remedy says what a fact that reads a check which needs it may read of it.
func (g *graph) remedy(path []step) string {
	for _, s := range path {
		isFact := strings.HasPrefix(g.label(s.from), string(RefFact)+".")
		switch {
		case !isFact || s.ref == nil || s.ref.Root != RefCheck:
		case s.ref.Attr == "result":
			return " A fact that reads the result of a check can serve its warn, its causes and its texts, not what comes before them."
		case slices.ContainsFunc(path, func(back step) bool { return back.from == s.to && back.ref != nil }):
			return " The status of a check is settled by its diagnosis, so a fact that serves the diagnosis can read the result only."
		}
	}
	return ""
}

// upstream reports whether a check is waited for by the observation of another.
func (g *graph) upstream(of, check string) bool {
	goal := g.check[check]
	stack := []int{g.check[of]}
	var seen []bool
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, e := range g.edges[n] {
			if e.to == goal || e.to == goal+1 {
				return true // mostly at once
			}
		}
		if seen == nil {
			seen = make([]bool, len(g.edges))
		}
		for _, e := range g.edges[n] {
			if seen[e.to] || g.rank[e.to] >= 0 && g.rank[e.to] < g.rank[goal] {
				continue // what stands before the goal does not wait for it
			}
			seen[e.to] = true
			stack = append(stack, e.to)
		}
	}
	return false
}
