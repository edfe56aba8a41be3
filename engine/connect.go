package engine

import (
	"iter"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/engine/internal/dag"
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
)

// A group stands for all instances of an expanded block, so that a block which
// refers to all n instances of another one has one edge and not n.
type group struct {
	*block
	what groupKind
	node int
	read bool // some expression reads the instances as one value
}

type groupKind int

const (
	_ groupKind = iota
	groupFacts
	groupResults  // of checks
	groupVerdicts // of checks
)

// A read is what one reference of an expression needs: one instance of a block
// or all of them.
type read struct {
	*block
	ref   *rules.Ref
	first int // index of the first instance
	count int
	whole bool // the reference is to the block as a whole
}

// A keyedRead is a reference with a key that only an instance knows:
// check.x[each.key].passed.
type keyedRead struct {
	ref  hcl.Traversal // check.x
	key  *rules.Expr   // each.key
	rest hcl.Traversal // .passed
}

// reads calls do for each check or fact that e refers to.
func (p *Plan) reads(e *rules.Expr, consts *hcl.EvalContext, do func(read)) {
	if e == nil {
		return
	}
	for i := range e.Refs {
		ref := &e.Refs[i]
		b := p.block(ref)
		switch {
		case b == nil:
		case !b.expanded():
			do(read{block: b, ref: ref, first: b.first, count: 1})
		default:
			keys, all := p.keysRead(e, ref, consts)
			for _, key := range keys {
				if i, ok := b.keys[key]; ok {
					do(read{block: b, ref: ref, first: i, count: 1})
				}
			}
			if all {
				do(read{block: b, ref: ref, first: b.first, count: b.count, whole: true})
			}
		}
	}
}

// block is the check or fact that a reference is to; nil where it is to
// something else.
func (p *Plan) block(ref *rules.Ref) *block {
	switch ref.Root {
	case rules.RefCheck:
		return p.checkBlocks[ref.Name]
	case rules.RefFact:
		return p.factBlocks[ref.Name]
	}
	return nil
}

// keysRead tells which instances of an expanded block a reference is to, as
// far as their keys are known before the run; all, if any is not.
func (p *Plan) keysRead(e *rules.Expr, ref *rules.Ref, consts *hcl.EvalContext) (keys []string, all bool) {
	if len(ref.Traversal) > 2 {
		if key, ok := stepKey(ref.Traversal[2]); ok {
			return []string{key}, false
		}
		return nil, true // a splat
	}
	for _, k := range p.keyedReads(e) {
		if name, _ := stepKey(k.ref[1]); name != ref.Name || k.ref.RootName() != string(ref.Root) {
			continue
		}
		key, ok := knownKey(k.key, consts)
		if !ok {
			return nil, true
		}
		keys = append(keys, key)
	}
	return keys, len(keys) == 0
}

// stepKey is the key that a step selects, where it is a string.
func stepKey(step hcl.Traverser) (string, bool) {
	switch s := step.(type) {
	case hcl.TraverseAttr:
		return s.Name, true
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String && s.Key.IsKnown() && !s.Key.IsNull() {
			return s.Key.AsString(), true
		}
	}
	return "", false
}

// knownKey evaluates a key that depends on nothing observed.
func knownKey(e *rules.Expr, consts *hcl.EvalContext) (string, bool) {
	for i := range e.Refs {
		if e.Refs[i].Observed() || e.Refs[i].Root == rules.RefTarget {
			return "", false
		}
	}
	v, diags := e.Value(consts)
	if diags.HasErrors() || v.IsMarked() || v.Type() != cty.String || v.IsNull() || !v.IsKnown() {
		return "", false
	}
	return v.AsString(), true
}

// keyedReads lists the references of e that have a computed key. Where a block
// is also read as a whole in e there is none of it.
func (p *Plan) keyedReads(e *rules.Expr) []keyedRead {
	if found, ok := p.keyed.Load(e); ok {
		return found.([]keyedRead)
	}
	w := &keyWalk{found: map[hclsyntax.Node]keyedRead{}}
	_ = hclsyntax.Walk(e.Expression, w)
	list := slices.SortedFunc(maps.Values(w.found), func(a, b keyedRead) int {
		return a.ref.SourceRange().Start.Byte - b.ref.SourceRange().Start.Byte
	})
	list = slices.DeleteFunc(list, func(k keyedRead) bool {
		return slices.Contains(w.whole, rules.TraversalString(k.ref))
	})
	p.keyed.Store(e, list)
	return list
}

// A keyWalk finds each check.x[…] and fact.x[…] in an expression, and each
// check.x and fact.x that has no key.
type keyWalk struct {
	stack []hclsyntax.Node
	found map[hclsyntax.Node]keyedRead
	whole []string
}

func (w *keyWalk) Enter(n hclsyntax.Node) hcl.Diagnostics {
	w.stack = append(w.stack, n)
	scope, ok := n.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(scope.Traversal) != 2 {
		return nil
	}
	if root := scope.Traversal.RootName(); root != string(rules.RefCheck) && root != string(rules.RefFact) {
		return nil
	}
	index, ok := w.above(1).(*hclsyntax.IndexExpr)
	if !ok || index.Collection != n {
		w.whole = append(w.whole, rules.TraversalString(scope.Traversal))
		return nil
	}
	k := keyedRead{ref: scope.Traversal, key: &rules.Expr{Expression: index.Key}}
	for _, t := range index.Key.Variables() {
		k.key.Refs = append(k.key.Refs, rules.Ref{Root: rules.RefRoot(t.RootName()), Traversal: t})
	}
	if rel, ok := w.above(2).(*hclsyntax.RelativeTraversalExpr); ok {
		k.rest = rel.Traversal
	}
	w.found[n] = k
	return nil
}

func (w *keyWalk) Exit(hclsyntax.Node) hcl.Diagnostics {
	w.stack = w.stack[:len(w.stack)-1]
	return nil
}

// above is the n-th node above the one just entered.
func (w *keyWalk) above(n int) hclsyntax.Node {
	if i := len(w.stack) - 1 - n; i >= 0 {
		return w.stack[i]
	}
	return nil
}

// factExprs lists the expressions of a fact that its observation evaluates.
func factExprs(f *rules.Fact) iter.Seq[*rules.Expr] {
	return func(yield func(*rules.Expr) bool) {
		if !yield(f.Target) {
			return
		}
		for i := range f.Probe.Args {
			if !yield(f.Probe.Args[i].Expr) {
				return
			}
		}
	}
}

// observationExprs lists the expressions that are evaluated before a check is
// known to have passed or not.
func observationExprs(c *rules.Check) iter.Seq[*rules.Expr] {
	return func(yield func(*rules.Expr) bool) {
		if !yield(c.When) || !yield(c.Target) || !yield(c.Pass) {
			return
		}
		for i := range c.Probe.Args {
			if !yield(c.Probe.Args[i].Expr) {
				return
			}
		}
	}
}

// warnReadsFacts reports whether a check's warn needs a step of its own: its
// facts are gathered only once the check has passed, and may depend on what it
// observed. (More pings, say, only where one of the first was lost.)
func warnReadsFacts(c *rules.Check) bool {
	return c.Warn != nil && slices.ContainsFunc(c.Warn.Refs, func(r rules.Ref) bool { return r.Root == rules.RefFact })
}

// diagnosisExprs lists the expressions that say why a check did not pass.
func diagnosisExprs(c *rules.Check) iter.Seq[*rules.Expr] {
	return func(yield func(*rules.Expr) bool) {
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
	addGroup := func(b *block, what groupKind) *group {
		g := &group{block: b, what: what}
		p.groups = append(p.groups, g)
		g.node = add(nodeGroup, len(p.groups)-1)
		return g
	}
	for _, f := range p.runbook.Facts {
		b := p.factBlocks[f.Name]
		for i := b.first; i < b.first+b.count; i++ {
			p.facts[i].node = add(nodeFact, i)
		}
		if b.expanded() {
			b.results = addGroup(b, groupFacts)
		}
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
		if b.expanded() {
			b.results, b.verdicts = addGroup(b, groupResults), addGroup(b, groupVerdicts)
		}
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
	case r.ref.Root == rules.RefFact && r.whole:
		return r.results.node
	case r.ref.Root == rules.RefFact:
		return p.facts[r.first].node
	case r.ref.Attr == "result" && r.whole:
		return r.results.node
	case r.ref.Attr == "result":
		return p.checks[r.first].observation
	case r.whole:
		return r.verdicts.node
	default:
		return p.checks[r.first].diagnosis
	}
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
		c.groups[c.nodes[n].index].read = true
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
			c.refuse(ch, errorAt(gate.Range, "No such check", "depends_on names check.%s, which the runbook does not hold.%s",
				gate.Check, rules.DidYouMean(gate.Check, slices.Sorted(maps.Keys(c.checkBlocks)))))
		case gate.Key == cty.NilVal && b.expanded():
			gates = appendNew(gates, b.verdicts.node)
		case gate.Key == cty.NilVal:
			gates = appendNew(gates, c.checks[b.first].diagnosis)
		case !b.expanded():
			c.refuse(ch, errorAt(gate.Range, "Check without instances", "check.%s has no for_each: leave the key out.", gate.Check))
		default:
			key := gate.Key.AsString()
			i, ok := b.keys[key]
			if !ok {
				c.refuse(ch, errorAt(gate.Range, "No such instance", "check.%s has no instance %q with the values of this site.%s",
					gate.Check, key, rules.DidYouMean(key, slices.Sorted(maps.Keys(b.keys)))))
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
		switch g.what {
		case groupFacts:
			hard[i] = c.facts[g.first+i].node
		case groupResults:
			hard[i] = c.checks[g.first+i].observation
		case groupVerdicts:
			hard[i] = c.checks[g.first+i].diagnosis
		}
	}
	c.graph.Hard[g.node] = hard
	c.graph.Lazy[g.node] = g.what == groupFacts
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
