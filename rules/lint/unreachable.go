package lint

import (
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var checkUnreachable = &Rule{
	ID:      "check-unreachable",
	Summary: "Check that no run can reach",
	Doc: "A check whose when is false in every run, whose target is always null or whose for_each is always empty. " +
		"A when that asks for the failure of a check which the same check depends on is one of these: where that failed, this one is blocked.",
	Hint: "Correct the condition, take the dependency out, or delete the check.",
	Check: func(p *Pass) {
		for _, c := range p.Checks {
			p.unreachable(c)
		}
	},
}

func (p *Pass) unreachable(c *rules.Check) {
	if e := c.ForEach; e != nil {
		if v := p.unknowns.value(e, nil); v.IsKnown() && !v.IsNull() && v.CanIterateElements() && v.LengthInt() == 0 {
			p.Report(e.Range(), "The for_each of check.%s is empty in every run.", c.Name)
			return
		}
	}
	if e := c.Target; e != nil {
		if v := p.unknowns.value(e, nil); v.IsKnown() && v.IsNull() {
			p.Report(e.Range(), "The target of check.%s is null in every run, so that it is always skipped.", c.Name)
			return
		}
	}
	e := c.When
	if e == nil {
		return
	}
	if p.unknowns.value(e, nil).RawEquals(cty.False) {
		p.Report(e.Range(), "The when of check.%s is false in every run.", c.Name)
		return
	}
	if asked := p.gatesAskedBy(c); len(asked) > 0 && p.neverOpens(e, asked, map[string]string{}) {
		p.Report(e.Range(), "The when of check.%s is false whenever the checks that it depends on have not failed, and it is blocked where they have.", c.Name)
	}
}

// gatesAskedBy lists the checks of one instance that the when of a check asks
// for, and that must not have failed before it is asked.
func (p *Pass) gatesAskedBy(c *rules.Check) []string {
	var names []string
	seen := map[string]bool{}
	for i := range c.When.Refs {
		ref := &c.When.Refs[i]
		if ref.Root != language.RefCheck || seen[ref.Name] || p.Check(ref.Name).ForEach != nil || !p.gates.upstream(c, ref.Name) {
			continue
		}
		seen[ref.Name] = true
		names = append(names, ref.Name)
	}
	return names
}

// mostStatuses bounds how many checks are gone through with each status: all
// combinations are tried.
const mostStatuses = 4

// neverOpens reports whether a condition is false with every status that lets
// the checks behind it be tried.
func (p *Pass) neverOpens(e *expression.Expr, open []string, status map[string]string) bool {
	if len(open) == 0 {
		return p.unknowns.value(e, status).RawEquals(cty.False)
	}
	statuses := []string{"pass", "warn", "skipped"}
	if len(status) >= mostStatuses {
		statuses = []string{""} // unknown
	}
	for _, s := range statuses {
		status[open[0]] = s
		closed := p.neverOpens(e, open[1:], status)
		delete(status, open[0])
		if !closed {
			return false
		}
	}
	return true
}
