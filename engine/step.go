package engine

import "github.com/hashicorp/hcl/v2"

// A Step is a check or fact of a plan, or one instance of it, as far as it is
// settled before anything is observed.
type Step struct {
	Name    string // of its block
	Address string
	// Scope holds what its expressions see of var, local, site and each, and
	// the functions. It is shared and must not be changed.
	Scope *hcl.EvalContext
	Skip  string // why a check does not run in this plan; "" where it does
	Note  string // what must be said of it whatever it comes to
}

// Checks lists the checks in the order of the plan.
func (p *Plan) Checks() []Step {
	steps := make([]Step, len(p.checkOrder))
	for i, j := range p.checkOrder {
		c := p.checks[j]
		steps[i] = Step{Name: c.Check.Name, Address: c.address, Scope: c.consts, Skip: c.skip, Note: c.note}
	}
	return steps
}

// Facts lists the facts in the order of the plan.
func (p *Plan) Facts() []Step {
	steps := make([]Step, len(p.factOrder))
	for i, j := range p.factOrder {
		f := p.facts[j]
		steps[i] = Step{Name: f.Fact.Name, Address: f.address, Scope: f.consts}
	}
	return steps
}
