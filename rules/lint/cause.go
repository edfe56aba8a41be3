package lint

import (
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var causeHidden = &Rule{
	ID:      "cause-hidden",
	Summary: "Cause that never applies",
	Doc: "A cause whose condition holds only where that of an earlier one holds as well, or where the check passes. " +
		"Causes are consulted in the order of the file and the first that holds is the answer, so that this one is never given.",
	Hint: "Move the narrower cause up, or make one of the conditions exclude the other.",
	Check: func(p *Pass) {
		for _, c := range p.Checks {
			p.hiddenCauses(c)
		}
	},
}

// mostCauses bounds how many causes of a check are held against each other: all
// pairs are.
const mostCauses = 200

func (p *Pass) hiddenCauses(c *rules.Check) {
	conditions := make([]formula, len(c.Causes))
	for i, cause := range c.Causes {
		if cause.When != nil {
			conditions[i] = newFormula(cause.When.Expression)
		}
	}
	for i, cause := range c.Causes[:min(len(c.Causes), mostCauses)] {
		if cause.When == nil {
			continue
		}
		if c.Pass != nil && !consultedWhenPassed(c, cause) && implies(conditions[i], newFormula(c.Pass.Expression)) {
			p.Report(cause.When.Range(), "The check passes whenever this holds, and consults no cause then.")
			continue
		}
		for j, earlier := range c.Causes[:i] {
			if earlier.When == nil || consultedWhenPassed(c, cause) && severity(earlier) != "warn" {
				continue // which is not consulted where the check passes
			}
			if implies(conditions[i], conditions[j]) {
				p.Report(cause.When.Range(), "Whenever this holds, cause %q (%s:%d) holds too and is the answer.", earlier.Name, earlier.DeclRange.Filename, earlier.DeclRange.Start.Line)
				break
			}
		}
	}
}

// consultedWhenPassed reports whether a cause may also explain the warning of a
// check that passed.
func consultedWhenPassed(c *rules.Check, cause *rules.Cause) bool {
	return c.Warn != nil && severity(cause) != "fail"
}

// severity is that of a cause; "" where it shows only in a run.
func severity(cause *rules.Cause) string {
	if cause.Severity == nil {
		return "fail"
	}
	if v, diags := cause.Severity.Value(nil); !diags.HasErrors() && v.IsKnown() && !v.IsNull() && v.Type() == cty.String {
		return v.AsString()
	}
	return ""
}
