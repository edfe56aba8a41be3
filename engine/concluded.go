package engine

import (
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// connectConclusions lets the facts that conclusions read of this vantage be
// gathered once all checks are done. Where a site has one vantage only, nothing
// is concluded, and nothing gathered for it.
func (c *connector) connectConclusions() {
	if !c.several {
		return
	}
	n := c.concluded
	for _, ch := range c.checks {
		c.graph.Hard[n] = append(c.graph.Hard[n], ch.diagnosis)
	}
	for _, conclusion := range c.runbook.Conclusions {
		for _, e := range []*expression.Expr{conclusion.When, conclusion.Explain, conclusion.Remedy} {
			c.graph.Soft[n] = c.concludedFacts(c.graph.Soft[n], e)
		}
	}
}

// concludedFacts adds the nodes of the facts that e reads of this vantage.
func (p *Plan) concludedFacts(nodes []int, e *expression.Expr) []int {
	if e == nil {
		return nodes
	}
	for i := range e.Refs {
		root, name, ok := e.Refs[i].FromVantage()
		b := p.factBlocks[name]
		if !ok || root != language.RefFact || e.Refs[i].Name != p.vantage || b == nil {
			continue
		}
		for k := b.first; k < b.first+b.count; k++ {
			nodes = appendNew(nodes, p.facts[k].node)
		}
	}
	return nodes
}

// openValues are the values of the variables without what is sensitive.
func (p *Plan) openValues() map[string]cty.Value {
	values := make(map[string]cty.Value, len(p.vars)+len(p.imported))
	put := func(name string, v cty.Value) {
		if v.ContainsMarked() {
			plain, _ := v.UnmarkDeep()
			v = cty.UnknownVal(plain.Type())
		}
		values[name] = v
	}
	for name, v := range p.vars {
		put(name, v)
	}
	for name, v := range p.imported {
		put(name, v.value)
	}
	return values
}
