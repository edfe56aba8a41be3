package lint

import (
	"strings"

	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

var titleMissing = &Rule{
	ID:      "title-missing",
	Summary: "Check without a title",
	Doc:     "A check without a title. Reports then show its name, which was chosen for expressions and not for the person who is woken at night.",
	Hint:    "Give it a title that says what holds when it passes.",
	Check: func(p *Pass) {
		for _, c := range p.Checks {
			switch {
			case c.Title == nil:
				p.Report(c.DeclRange, "check.%s has no title.", c.Name)
			case isEmpty(c.Title):
				p.Report(c.Title.Range(), "The title of check.%s is empty.", c.Name)
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

// isEmpty reports whether a text says nothing in any run.
func isEmpty(text *expression.Expr) bool {
	v, ok := constant(text.Expression)
	return ok && (v.IsNull() || v.Type() == cty.String && strings.TrimSpace(v.AsString()) == "")
}
