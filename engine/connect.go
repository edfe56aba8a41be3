package engine

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/dag"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
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

// connect gives every step of the walk a node and draws the edges: those of the
// runbook's graph, which has no cycle, between the instances that they are to.
func (p *Plan) connect() hcl.Diagnostics {
	c := connector{Plan: p, rules: p.runbook.Graph()}
	p.number(c.rules)
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
	return c.diags
}

// number puts facts and checks in the order of the runbook, all instances of a
// block beside each other, and gives every step a node. The order of the numbers
// is the same, facts first; a group stands behind its last instance.
func (p *Plan) number(g *rules.Graph) {
	p.nodes = make([]node, 0, len(p.facts)+3*len(p.checks))
	p.factOrder = make([]int, 0, len(p.facts))
	p.checkOrder = make([]int, 0, len(p.checks))
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
	for _, f := range g.Facts() {
		b := p.factBlocks[f.Name]
		for i := b.first; i < b.first+b.count; i++ {
			p.facts[i].node = add(nodeFact, i)
			p.factOrder = append(p.factOrder, i)
		}
		addGroup(b)
	}
	for _, c := range g.Checks() {
		b := p.checkBlocks[c.Name]
		warns := g.Warns(c)
		for i := b.first; i < b.first+b.count; i++ {
			p.checks[i].observation = add(nodeObservation, i)
			p.checks[i].warning = -1
			if warns {
				p.checks[i].warning = add(nodeWarning, i)
			}
			p.checks[i].diagnosis = add(nodeDiagnosis, i)
			p.checks[i].at = len(p.checkOrder)
			p.checkOrder = append(p.checkOrder, i)
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
	rules *rules.Graph
	graph dag.Graph
	diags hcl.Diagnostics
}

// node is the node that must have ended before a read.
func (p *Plan) node(r read) int {
	switch {
	case r.whole:
		return r.group.node
	case r.ref.Root == language.RefFact:
		return p.facts[r.first].node
	case r.ref.Attr == "result":
		return p.checks[r.first].observation
	}
	return p.checks[r.first].diagnosis
}

func (c *connector) connectFact(f *fact) {
	c.graph.Lazy[f.node] = true
	for e := range c.rules.OfFact(f.Fact) {
		c.read(e.Expr, e.Ref, f.consts, func(r read) {
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
	for e := range c.rules.OfCheck(ch.Check) {
		from := observe
		switch e.Kind {
		case rules.EdgeGate:
			continue
		case rules.EdgeWarn:
			from = ch.warning
		case rules.EdgeExplain:
			from = diagnose
		}
		c.read(e.Expr, e.Ref, ch.consts, func(r read) {
			list := c.graph.Hard
			if r.ref.Root == language.RefFact {
				list = c.graph.Soft
			}
			list[from] = appendNew(list[from], c.use(r))
		})
	}
}

// gates lists the nodes of what a check depends on.
func (c *connector) gates(ch *check) []int {
	var gates []int
	for e := range c.rules.OfCheck(ch.Check) {
		if e.Kind != rules.EdgeGate {
			break // gates come first
		}
		gate := e.Gate
		b := c.checkBlocks[gate.Check]
		switch {
		case gate.Key == cty.NilVal && b.expanded():
			gates = appendNew(gates, b.group.node)
		case gate.Key == cty.NilVal:
			gates = appendNew(gates, c.checks[b.first].diagnosis)
		case !b.expanded():
			c.refuse(ch, diagnostic.ErrorAt(gate.Range, "Check without instances", "%s has no for_each: leave the key out.", expression.AddressOf(language.RefCheck, gate.Check)))
		default:
			key := gate.Key.AsString()
			i, ok := b.keys[key]
			if !ok {
				c.refuse(ch, diagnostic.ErrorAt(gate.Range, "No such instance", "%s has no instance %q with the values of this site.%s",
					expression.AddressOf(language.RefCheck, gate.Check), key, diagnostic.DidYouMean(key, slices.Sorted(maps.Keys(b.keys)))))
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
		if g.root == language.RefFact {
			hard[i] = c.facts[g.first+i].node
		} else {
			hard[i] = c.checks[g.first+i].diagnosis
		}
	}
	c.graph.Hard[g.node] = hard
	c.graph.Lazy[g.node] = g.root == language.RefFact
}

func appendNew(list []int, n int) []int {
	if slices.Contains(list, n) {
		return list
	}
	return append(list, n)
}
