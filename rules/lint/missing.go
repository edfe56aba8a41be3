package lint

var titleMissing = &Rule{
	ID:      "title-missing",
	Summary: "Check without a title",
	Doc:     "A check without a title. Reports then show its name, which was chosen for expressions and not for the person who is woken at night.",
	Hint:    "Give it a title that says what holds when it passes.",
	Check: func(p *Pass) {
		for _, c := range p.Checks {
			if c.Title == nil {
				p.Report(c.DeclRange, "check.%s has no title.", c.Name)
			}
		}
	},
}

var variableUndescribed = &Rule{
	ID:      "variable-undescribed",
	Summary: "Variable without a description",
	Doc:     "A variable without a description. Whoever fills in a profile has to guess what is meant, and skipped checks name the variable as what to set.",
	Hint:    "Describe the value, with its unit and what happens where it is left out.",
	Check: func(p *Pass) {
		for _, v := range p.Variables {
			if v.Description == "" {
				p.Report(v.DeclRange, "var.%s has no description.", v.Name)
			}
		}
	},
}
