package lint

import "github.com/linecheck/linecheck/rules"

var dependsOnImplied = &Rule{
	ID:      "depends-on-implied",
	Summary: "Dependency that another one implies",
	Doc: "An entry of depends_on that changes nothing, because another entry is the same or depends on it already. " +
		"It hides the order of the ladder, and has to be kept in step with it. " +
		"A mere reference implies no entry: it orders checks, but what it refers to may have failed.",
	Hint: "Take the entry out.",
	Check: func(p *Pass) {
		for _, c := range p.Checks {
			for i := range c.DependsOn {
				if by := p.impliedBy(c, i); by != nil {
					p.Report(c.DependsOn[i].Range, "check.%s waits for check.%s anyway, by its entry check.%s.", c.Name, c.DependsOn[i].Check, by.Check)
				}
			}
		}
	},
}

// impliedBy is the entry beside which entry i is not needed; nil: it is.
func (p *Pass) impliedBy(c *rules.Check, i int) *rules.Gate {
	entry := &c.DependsOn[i]
	for j := range c.DependsOn {
		other := &c.DependsOn[j]
		if j == i || j > i && covers(other, entry) && covers(entry, other) {
			continue // of two that are the same the second is one too many
		}
		if p.gates.implies(other, entry) {
			return other
		}
	}
	return nil
}
