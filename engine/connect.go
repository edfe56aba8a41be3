package engine

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/dag"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// A node is one step of the walk.
type node struct {
	kind  nodeKind
	index int // in Plan.facts, Plan.checks or Plan.groups
}

type nodeKind int

const (
	_ nodeKind = iota
	nodeFact
	nodeObservation // of a check: gates, target, probe and pass
	nodeWarning     // of a check that passed: warn, where it reads facts
	nodeDiagnosis   // of a check: causes and texts
	nodeGroup       // all instances of an expanded block
	nodeConclusion  // of all conclusions: the facts that they read of this vantage
)

// A group stands for all instances of an expanded block, so that a block which
// refers to all n instances of another one has one edge and not n.
type group struct {
	*block
	node int
	read bool // some expression reads the instances as one value
}

// connect gives every step of the walk a node, draws the edges, and orders.
func (p *Plan) connect() hcl.Diagnostics {
	p.number()
	c := connector{Plan: p}
	c.graph.Hard = make([][]int, len(p.nodes))
	c.graph.Soft = make([][]int, len(p.nodes))
	c.graph.Lazy = make([]bool, len(p.nodes))
	for _, f := range p.facts {
		c.connectFact(f)
	}
	for _, ch := range p.checks {
		c.connectCheck(ch)
	}
	for _, g := range p.groups {
		c.connectGroup(g)
	}
	c.connectConclusions()
	p.graph = c.graph

	order := p.graph.Order()
	if len(order) < len(p.nodes) {
		c.diags = append(c.diags, p.cycle(order))
	}
	p.factOrder = make([]int, 0, len(p.facts))
	p.checkOrder = make([]int, 0, len(p.checks))
	for _, n := range order {
		switch n := p.nodes[n]; n.kind {
		case nodeFact:
			p.factOrder = append(p.factOrder, n.index)
		case nodeObservation:
			p.checks[n.index].at = len(p.checkOrder)
			p.checkOrder = append(p.checkOrder, n.index)
		}
	}
	return c.diags
}

// number gives every step a node. The order of the numbers is that of the
// files, facts first; a group stands behind its last instance.
func (p *Plan) number() {
	p.nodes = make([]node, 0, len(p.facts)+3*len(p.checks))
	add := func(kind nodeKind, index int) int {
		p.nodes = append(p.nodes, node{kind, index})
		return len(p.nodes) - 1
	}
	addGroup := func(b *block) {
		if b.expanded() {
			b.group = &group{block: b, node: add(nodeGroup, len(p.groups))}
			p.groups = append(p.groups, b.group)
		}
	}
	for _, f := range p.runbook.Facts {
		b := p.factBlocks[f.Name]
		for i := b.first; i < b.first+b.count; i++ {
			p.facts[i].node = add(nodeFact, i)
		}
		addGroup(b)
	}
	for _, c := range p.runbook.Checks {
		b := p.checkBlocks[c.Name]
		for i := b.first; i < b.first+b.count; i++ {
			p.checks[i].observation = add(nodeObservation, i)
			p.checks[i].warning = -1
			if warnReadsFacts(c) {
				p.checks[i].warning = add(nodeWarning, i)
			}
			p.checks[i].diagnosis = add(nodeDiagnosis, i)
		}
		addGroup(b)
	}
	if p.several {
		p.concluded = add(nodeConclusion, 0)
	}
}

// connector draws the edges of a plan.
type connector struct {
	*Plan
	graph dag.Graph
	diags hcl.Diagnostics
}

// node is the node that must have ended before a read.
func (p *Plan) node(r read) int {
	switch {
	case r.whole:
		return r.group.node
	case r.ref.Root == rules.RefFact:
		return p.facts[r.first].node
	case r.ref.Attr == "result":
		return p.checks[r.first].observation
	}
	return p.checks[r.first].diagnosis
}

func (c *connector) connectFact(f *fact) {
	c.graph.Lazy[f.node] = true
	for e := range factExprs(f.Fact) {
		c.reads(e, f.consts, func(r read) {
			c.graph.Hard[f.node] = appendNew(c.graph.Hard[f.node], c.use(r))
		})
	}
}

// use is node, for a read that will really happen.
func (c *connector) use(r read) int {
	n := c.node(r)
	if r.whole {
		r.group.read = true
	}
	return n
}

func (c *connector) connectCheck(ch *check) {
	ch.gates = c.gates(ch)
	observe, diagnose := ch.observation, ch.diagnosis
	c.graph.Hard[observe] = append(c.graph.Hard[observe], ch.gates...)
	c.graph.Hard[diagnose] = append(c.graph.Hard[diagnose], observe)
	if ch.warning >= 0 {
		c.graph.Hard[ch.warning] = append(c.graph.Hard[ch.warning], observe)
		c.graph.Hard[diagnose] = append(c.graph.Hard[diagnose], ch.warning)
	}
	if ch.skip != "" {
		return
	}
	draw := func(n int) func(read) {
		return func(r read) {
			list := c.graph.Hard
			if r.ref.Root == rules.RefFact {
				list = c.graph.Soft
			}
			list[n] = appendNew(list[n], c.use(r))
		}
	}
	toObserve, toDiagnose := draw(observe), draw(diagnose)
	for e := range observationExprs(ch.Check) {
		c.reads(e, ch.consts, toObserve)
	}
	switch {
	case ch.warning >= 0:
		c.reads(ch.Warn, ch.consts, draw(ch.warning))
	case ch.Warn != nil:
		c.reads(ch.Warn, ch.consts, toObserve)
	}
	for e := range diagnosisExprs(ch.Check) {
		c.reads(e, ch.consts, toDiagnose)
	}
}

// gates lists the nodes of what a check depends on.
func (c *connector) gates(ch *check) []int {
	if len(ch.DependsOn) == 0 {
		return nil
	}
	gates := make([]int, 0, len(ch.DependsOn))
	for i := range ch.DependsOn {
		gate := &ch.DependsOn[i]
		b := c.checkBlocks[gate.Check]
		switch {
		case b == nil:
			c.refuse(ch, errorAt(gate.Range, "No such check", "depends_on names %s, which the runbook does not hold.%s",
				rules.AddressOf(rules.RefCheck, gate.Check), rules.DidYouMean(gate.Check, slices.Sorted(maps.Keys(c.checkBlocks)))))
		case gate.Key == cty.NilVal && b.expanded():
			gates = appendNew(gates, b.group.node)
		case gate.Key == cty.NilVal:
			gates = appendNew(gates, c.checks[b.first].diagnosis)
		case !b.expanded():
			c.refuse(ch, errorAt(gate.Range, "Check without instances", "%s has no for_each: leave the key out.", rules.AddressOf(rules.RefCheck, gate.Check)))
		default:
			key := gate.Key.AsString()
			i, ok := b.keys[key]
			if !ok {
				c.refuse(ch, errorAt(gate.Range, "No such instance", "%s has no instance %q with the values of this site.%s",
					rules.AddressOf(rules.RefCheck, gate.Check), key, rules.DidYouMean(key, slices.Sorted(maps.Keys(b.keys)))))
				continue
			}
			gates = appendNew(gates, c.checks[i].diagnosis)
		}
	}
	return gates
}

// refuse keeps one diagnostic of those that all instances of a check have.
func (c *connector) refuse(ch *check, d *hcl.Diagnostic) {
	if ch == c.checks[c.checkBlocks[ch.Name].first] {
		c.diags = append(c.diags, d)
	}
}

func (c *connector) connectGroup(g *group) {
	hard := make([]int, g.count)
	for i := range hard {
		if g.root == rules.RefFact {
			hard[i] = c.facts[g.first+i].node
		} else {
			hard[i] = c.checks[g.first+i].diagnosis
		}
	}
	c.graph.Hard[g.node] = hard
	c.graph.Lazy[g.node] = g.root == rules.RefFact
}

// cycle is the diagnostic for nodes that have no order. rules.Load finds
// cycles and shows their path, so that this is a mistake of ours.
func (p *Plan) cycle(order []int) *hcl.Diagnostic {
	ordered := make([]bool, len(p.nodes))
	for _, n := range order {
		ordered[n] = true
	}
	for i, c := range p.checks {
		if !ordered[c.observation] || !ordered[c.diagnosis] {
			return errorAt(p.checks[i].DeclRange, "Order not found",
				"%s waits for itself in a way that was not found while loading. This is a fault of linecheck; please report it with the check file.", c.address)
		}
	}
	f := p.facts[slices.IndexFunc(p.facts, func(f *fact) bool { return !ordered[f.node] })]
	return errorAt(f.DeclRange, "Order not found",
		"%s waits for itself in a way that was not found while loading. This is a fault of linecheck; please report it with the check file.", f.address)
}

func appendNew(list []int, n int) []int {
	if slices.Contains(list, n) {
		return list
	}
	return append(list, n)
}
