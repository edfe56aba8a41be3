package lint

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
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
			for e := range checkExprs(c) {
				p.ungated(c, e, "", seen)
			}
			for _, f := range p.factsOf(c) {
				if rules.Module(f.Name) != "" {
					continue // looked at in its own folder
				}
				for e := range factExprs(f) {
					p.ungated(c, e, f.Name, seen)
				}
			}
		}
	},
}

// ungated reports the results that an expression of a check, or of a fact that
// the check needs, reads of checks that may not have run by then.
func (p *Pass) ungated(c *rules.Check, e *rules.Expr, fact string, seen map[hcl.Range]bool) {
	for i := range e.Refs {
		ref := &e.Refs[i]
		rng := ref.Traversal.SourceRange()
		if ref.Root != rules.RefCheck || ref.Attr != "result" || ref.Name == c.Name || seen[rng] || asksFirst(e, ref.Name) || p.gates.upstream(c, ref.Name) {
			continue
		}
		seen[rng] = true
		if fact == "" {
			p.Report(rng, "%s reads the result of %s but does not depend on it.", c.Address(), rules.AddressOf(rules.RefCheck, ref.Name))
		} else {
			p.Report(rng, "%s needs %s, which reads the result of %s, but does not depend on that check.", c.Address(), rules.AddressOf(rules.RefFact, fact), rules.AddressOf(rules.RefCheck, ref.Name))
		}
	}
}

// asksFirst reports whether an expression asks what became of a check whose
// result it reads.
func asksFirst(e *rules.Expr, check string) bool {
	for i := range e.Refs {
		if ref := &e.Refs[i]; ref.Root == rules.RefCheck && ref.Name == check && (ref.Attr == "passed" || ref.Attr == "status") {
			return true
		}
	}
	return false
}

// factsOf lists the facts that a check reads, and those that these read.
func (p *Pass) factsOf(c *rules.Check) []*rules.Fact {
	var facts []*rules.Fact
	seen := map[string]bool{}
	var read func(e *rules.Expr)
	read = func(e *rules.Expr) {
		for i := range e.Refs {
			ref := &e.Refs[i]
			f := p.Fact(ref.Name)
			if ref.Root != rules.RefFact || f == nil || seen[f.Name] {
				continue
			}
			seen[f.Name] = true
			facts = append(facts, f)
			for e := range factExprs(f) {
				read(e)
			}
		}
	}
	for e := range checkExprs(c) {
		read(e)
	}
	return facts
}
