package lint

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
)

var resultUngated = &Rule{
	ID:      "result-ungated",
	Summary: "Result of a check that may not have run",
	Doc: "A reference to check.NAME.result by a check that does not depend on that check, directly or through others. " +
		"Where that one is blocked, its result is unknown, a condition made from it is too, and this check ends as an error.",
	Hint: "Add the check to depends_on, or ask for its passed in the same condition first.",
	Check: func(p *Pass) {
		seen := map[hcl.Range]bool{}
		for _, c := range p.Checks {
			for e := range p.graph.OfCheck(c) {
				p.ungated(c, e, "", seen)
			}
			for _, f := range p.factsOf(c) {
				if expression.Module(f.Name) != "" {
					continue // looked at in its own folder
				}
				for e := range p.graph.OfFact(f) {
					p.ungated(c, e, f.Name, seen)
				}
			}
		}
	},
}

// ungated reports the result that a check, or a fact that the check needs, reads
// of a check that may not have run by then.
func (p *Pass) ungated(c *rules.Check, e *rules.Edge, fact string, seen map[hcl.Range]bool) {
	root, name := e.To()
	if root != language.RefCheck || e.Kind == rules.EdgeGate || e.Ref.Attr != "result" || asksFirst(e.Expr, name) || p.gates.upstream(c, name) {
		return
	}
	rng := e.Ref.Traversal.SourceRange()
	if seen[rng] || name == c.Name {
		return
	}
	seen[rng] = true
	if fact == "" {
		p.Report(rng, "%s reads the result of %s but does not depend on it.", c.Address(), expression.AddressOf(language.RefCheck, name))
	} else {
		p.Report(rng, "%s needs %s, which reads the result of %s, but does not depend on that check.", c.Address(), expression.AddressOf(language.RefFact, fact), expression.AddressOf(language.RefCheck, name))
	}
}

// asksFirst reports whether an expression asks what became of a check whose
// result it reads.
func asksFirst(e *expression.Expr, check string) bool {
	for i := range e.Refs {
		if ref := &e.Refs[i]; ref.Root == language.RefCheck && ref.Name == check && (ref.Attr == "passed" || ref.Attr == "status") {
			return true
		}
	}
	return false
}

// factsOf lists the facts that a check reads, and those that these read.
func (p *Pass) factsOf(c *rules.Check) []*rules.Fact {
	var facts []*rules.Fact
	seen := map[string]bool{}
	read := func(e *rules.Edge) {
		if root, name := e.To(); root == language.RefFact && !seen[name] {
			seen[name] = true
			facts = append(facts, p.Fact(name))
		}
	}
	for e := range p.graph.OfCheck(c) {
		read(e)
	}
	for i := 0; i < len(facts); i++ {
		for e := range p.graph.OfFact(facts[i]) {
			read(e)
		}
	}
	return facts
}
