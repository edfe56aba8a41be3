package rules

import (
	"cmp"
	"iter"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/dag"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
)

// A Graph is which block of a runbook waits for which, and the one order that
// follows: plans, reports, pages and drawings all have it. It is the order of
// the files wherever that puts every block behind what it waits for; elsewhere,
// of those that may come next, the first in the files does.
//
// A check waits twice. Its observation waits for its gates and for what it
// reads; its diagnosis, which settles the status, for the observation and for
// what only says why it did not pass. So a fact that reads the result of a
// check waits for its observation alone, and may serve its diagnosis.
type Graph struct {
	checks []*Check // in their order
	facts  []*Fact

	// Nodes are numbered as the files have them: locals, those of imports first,
	// then facts, then checks, two for each.
	rb     *Runbook
	locals []*Local
	node   nodes
	edges  [][]Edge // by node
	// rank is a node's place in the order; -1 for a node that has none, because
	// of a cycle.
	rank []int
}

// nodes finds the nodes of blocks, by their names. The observation of a check
// has the number that is noted, its diagnosis the next one.
type nodes struct{ local, fact, check map[string]int }

// An Edge is one reason for which a block waits for another.
type Edge struct {
	Kind EdgeKind
	Gate *Gate            // of an EdgeGate
	Expr *expression.Expr // of every other: the expression that reads,
	Ref  *expression.Ref  // and its reference to a local, fact or check

	to int
}

// EdgeKind is when a block needs what it waits for.
type EdgeKind int

const (
	// EdgeGate is an entry of depends_on: the check is not tried where that
	// one failed.
	EdgeGate EdgeKind = iota + 1
	// EdgeRead is read before the block is observed, or to decide whether it
	// passed.
	EdgeRead
	// EdgeWarn is read once a check has passed, by a warn that needs facts:
	// these are gathered only then. A warn that needs none is read with pass.
	EdgeWarn
	// EdgeExplain is read once a check is known not to have passed, or to warn,
	// by its texts and causes: facts are gathered only then.
	EdgeExplain

	edgeObserved // of a diagnosis to its own observation
)

// Graph is what waits for what. Where a cycle was found, which is an error of
// [Load], the blocks in it and those behind it stand last.
func (rb *Runbook) Graph() *Graph {
	if rb.graph == nil {
		return newGraph(rb) // of a runbook that was never proved
	}
	return rb.graph
}

// Checks lists the checks in their order.
func (g *Graph) Checks() []*Check { return g.checks }

// Facts lists the facts in their order.
func (g *Graph) Facts() []*Fact { return g.facts }

// Locals puts locals of the runbook, or of an import, in their order.
func (g *Graph) Locals(of []*Local) []*Local {
	return slices.SortedStableFunc(slices.Values(of), func(a, b *Local) int {
		return cmp.Compare(g.place(g.node.local[a.Name]), g.place(g.node.local[b.Name]))
	})
}

// OfCheck lists the edges of a check: its gates in the order of depends_on, what
// its observation reads, and what its diagnosis does.
func (g *Graph) OfCheck(c *Check) iter.Seq[*Edge] {
	return func(yield func(*Edge) bool) {
		n, ok := g.node.check[c.Name]
		if !ok {
			return
		}
		for _, edges := range g.edges[n : n+2] {
			for i := range edges {
				if edges[i].Kind != edgeObserved && !yield(&edges[i]) {
					return
				}
			}
		}
	}
}

// OfFact lists the edges of a fact.
func (g *Graph) OfFact(f *Fact) iter.Seq[*Edge] {
	return func(yield func(*Edge) bool) {
		n, ok := g.node.fact[f.Name]
		if !ok {
			return
		}
		for i := range g.edges[n] {
			if !yield(&g.edges[n][i]) {
				return
			}
		}
	}
}

// Warns reports whether a check has edges of the kind EdgeWarn: whether its warn
// is a step of its own.
func (g *Graph) Warns(c *Check) bool { return c.warnReadsFacts() }

// Gates lists the names of the checks that a check depends on, each once, in
// the order of depends_on.
func (g *Graph) Gates(c *Check) []string {
	var names []string
	for e := range g.OfCheck(c) {
		if e.Kind == EdgeGate && !slices.Contains(names, e.Gate.Check) {
			names = append(names, e.Gate.Check)
		}
	}
	return names
}

// Under is the name of the last of a check's gates in the order, which a tree
// draws it below; "" where it has none.
func (g *Graph) Under(c *Check) string {
	gates := g.Gates(c)
	if len(gates) == 0 {
		return ""
	}
	return slices.MaxFunc(gates, func(a, b string) int { return cmp.Compare(g.place(g.node.check[a]), g.place(g.node.check[b])) })
}

// To is the block that is waited for.
func (e *Edge) To() (root language.RefRoot, name string) {
	if e.Gate != nil {
		return language.RefCheck, e.Gate.Check
	}
	return e.Ref.Root, e.Ref.Name
}

// writtenAt is where an edge is written; that of a diagnosis to its own
// observation is nowhere.
func (e *Edge) writtenAt() (hcl.Range, bool) {
	switch {
	case e.Ref != nil:
		return e.Ref.Traversal.SourceRange(), true
	case e.Gate != nil:
		return e.Gate.Range, true
	}
	return hcl.Range{}, false
}

func newGraph(rb *Runbook) *Graph {
	g := &Graph{rb: rb, node: nodes{
		local: make(map[string]int, len(rb.Locals)),
		fact:  make(map[string]int, len(rb.Facts)),
		check: make(map[string]int, len(rb.Checks)),
	}}
	for _, im := range rb.Imports {
		g.locals = append(g.locals, im.Locals...)
	}
	g.locals = append(g.locals, rb.Locals...)
	n := 0
	for _, l := range g.locals {
		g.node.local[l.Name] = n
		n++
	}
	for _, f := range rb.Facts {
		g.node.fact[f.Name] = n
		n++
	}
	for _, c := range rb.Checks {
		g.node.check[c.Name] = n
		n += 2
	}
	g.edges = make([][]Edge, n)
	for _, l := range g.locals {
		g.read(g.node.local[l.Name], EdgeRead, l.Expr)
	}
	for _, f := range rb.Facts {
		for e := range f.Exprs() {
			g.read(g.node.fact[f.Name], EdgeRead, e)
		}
	}
	for _, c := range rb.Checks {
		g.connect(c)
	}
	g.order()
	return g
}

func (g *Graph) connect(c *Check) {
	observe := g.node.check[c.Name]
	diagnose := observe + 1
	for i := range c.DependsOn {
		if to, ok := g.node.check[c.DependsOn[i].Check]; ok {
			g.edges[observe] = append(g.edges[observe], Edge{Kind: EdgeGate, Gate: &c.DependsOn[i], to: to + 1})
		}
	}
	for e := range c.observed() {
		g.read(observe, EdgeRead, e)
	}
	g.edges[diagnose] = append(g.edges[diagnose], Edge{Kind: edgeObserved, to: observe})
	if c.warnReadsFacts() {
		g.read(diagnose, EdgeWarn, c.Warn)
	} else {
		g.read(observe, EdgeRead, c.Warn)
	}
	for e := range c.explained() {
		g.read(diagnose, EdgeExplain, e)
	}
}

func (g *Graph) read(from int, kind EdgeKind, e *expression.Expr) {
	if e == nil {
		return
	}
	for i := range e.Refs {
		ref := &e.Refs[i]
		to, ok := -1, false
		switch ref.Root {
		case language.RefLocal:
			to, ok = g.node.local[ref.Name]
		case language.RefFact:
			to, ok = g.node.fact[ref.Name]
		case language.RefCheck:
			if to, ok = g.node.check[ref.Name]; ref.Attr != "result" {
				to++ // the status and what passed follow from the diagnosis
			}
		}
		if ok {
			g.edges[from] = append(g.edges[from], Edge{Kind: kind, Expr: e, Ref: ref, to: to})
		}
	}
}

func (p *ProbeBlock) exprs(yield func(*expression.Expr) bool) bool {
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

// observed lists the expressions that are evaluated before a check is known to
// have passed or not.
func (c *Check) observed() iter.Seq[*expression.Expr] {
	return func(yield func(*expression.Expr) bool) {
		_ = yield(c.ForEach) && yield(c.Target) && yield(c.When) && yield(c.Pass) && c.Probe.exprs(yield)
	}
}

// explained lists the expressions that say why a check did not pass.
func (c *Check) explained() iter.Seq[*expression.Expr] {
	return func(yield func(*expression.Expr) bool) {
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

// warnReadsFacts reports whether a check's warn is read on its own, once the
// check has passed: its facts are gathered only then, and may depend on what it
// observed. (More pings, say, only where one of the first was lost.)
func (c *Check) warnReadsFacts() bool {
	return c.Warn != nil && slices.ContainsFunc(c.Warn.Refs, func(r expression.Ref) bool { return r.Root == language.RefFact })
}

// waits is the graph without what stands in it. Its hard dependencies of a node
// are the edges of that node, one for one.
func (g *Graph) waits() *dag.Graph {
	size := 0
	for _, edges := range g.edges {
		size += len(edges)
	}
	to := make([]int, 0, size)
	hard := make([][]int, len(g.edges))
	for n, edges := range g.edges {
		first := len(to)
		for i := range edges {
			to = append(to, edges[i].to)
		}
		hard[n] = to[first:]
	}
	return &dag.Graph{Hard: hard}
}

// order sets the rank of every node that does not wait for itself, and lists
// facts and checks.
func (g *Graph) order() {
	g.rank = make([]int, len(g.edges))
	for n := range g.rank {
		g.rank[n] = -1
	}
	g.facts = make([]*Fact, 0, len(g.rb.Facts))
	g.checks = make([]*Check, 0, len(g.rb.Checks))
	for place, n := range g.waits().Order() {
		g.rank[n] = place
		g.list(n)
	}
	for n, rank := range g.rank {
		if rank < 0 {
			g.list(n)
		}
	}
}

// list adds what a node stands for to the facts or checks; a check once.
func (g *Graph) list(n int) {
	n -= len(g.locals)
	if n >= 0 && n < len(g.rb.Facts) {
		g.facts = append(g.facts, g.rb.Facts[n])
	}
	n -= len(g.rb.Facts)
	if n >= 0 && n%2 == 0 {
		g.checks = append(g.checks, g.rb.Checks[n/2])
	}
}

// place is the rank of a node, or behind all others.
func (g *Graph) place(n int) int {
	if g.rank[n] < 0 {
		return len(g.rank)
	}
	return g.rank[n]
}

// circular reports whether the diagnosis of a check waits for itself, or for
// something that does.
func (g *Graph) circular(c *Check) bool { return g.rank[g.node.check[c.Name]+1] < 0 }

// upstream reports whether a check is waited for by the observation of another.
func (g *Graph) upstream(of, check string) bool {
	goal := g.node.check[check]
	stack := []int{g.node.check[of]}
	var seen []bool
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for i := range g.edges[n] {
			if to := g.edges[n][i].to; to == goal || to == goal+1 {
				return true // mostly at once
			}
		}
		if seen == nil {
			seen = make([]bool, len(g.edges))
		}
		for i := range g.edges[n] {
			to := g.edges[n][i].to
			if seen[to] || g.rank[to] >= 0 && g.rank[to] < g.rank[goal] {
				continue // what stands before the goal does not wait for it
			}
			seen[to] = true
			stack = append(stack, to)
		}
	}
	return false
}
