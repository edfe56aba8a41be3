package lint

import (
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
)

var dependsOnImplied = &Rule{
	ID:      "depends-on-implied",
	Summary: "Dependency that another one implies",
	Doc: "An entry of depends_on that changes nothing, because another entry is the same or depends on it already. " +
		"It hides the order of the ladder, and has to be kept in step with it. " +
		"A mere reference implies no entry: it orders checks, but what it refers to may have failed.",
	Hint: "Take the entry out.",
	Check: func(p *Pass) {
		for _, c := range p.Checks {
			for i, by := range p.gates.implied(c.DependsOn) {
				if by != nil {
					p.Report(c.DependsOn[i].Range, "%s waits for %s anyway, by its entry %s.", c.Address(), expression.AddressOf(language.RefCheck, c.DependsOn[i].Check), expression.AddressOf(language.RefCheck, by.Check))
				}
			}
		}
	},
}
