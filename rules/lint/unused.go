package lint

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
)

var factUnused = &Rule{
	ID:      "fact-unused",
	Summary: "Fact that nobody reads",
	Doc: "A fact that no check and no conclusion reads, not even through another fact. " +
		"It is never gathered; most often the condition that should read it names another.",
	Hint: "Read it where it should decide, or delete it.",
	Check: func(p *Pass) {
		used := p.used()
		for _, f := range p.Facts {
			p.unused(used, name{language.RefFact, f.Name}, f.DeclRange)
		}
	},
}

var localUnused = &Rule{
	ID:      "local-unused",
	Summary: "Local that nobody reads",
	Doc:     "A local that nothing refers to which is itself used. It promises a setting that does not exist.",
	Hint:    "Use it, or delete it.",
	Check: func(p *Pass) {
		used := p.used()
		for _, l := range p.Locals {
			p.unused(used, name{language.RefLocal, l.Name}, l.DeclRange)
		}
	},
}

var variableUnused = &Rule{
	ID:      "variable-unused",
	Summary: "Variable that nobody reads",
	Doc: "A variable that nothing reads but its own validations. " +
		"Whoever fills in a profile takes trouble over a value that changes nothing.",
	Hint: "Use it, or delete it and take it out of the profiles.",
	Check: func(p *Pass) {
		used := p.used()
		for _, v := range p.Variables {
			p.unused(used, name{language.RefVar, v.Name}, v.DeclRange)
		}
	},
}

// A name is that of a variable, local or fact.
type name struct {
	root language.RefRoot
	name string
}

func (p *Pass) unused(used map[name]bool, n name, rng hcl.Range) {
	if !used[n] {
		p.Report(rng, "No check reads %s.%s, directly or through others.", n.root, n.name)
	}
}

// used are the names that checks and conclusions read, and those that these
// need in turn.
func (p *Pass) used() map[name]bool {
	used := map[name]bool{}
	var read func(e *expression.Expr)
	read = func(e *expression.Expr) {
		for _, ref := range e.Refs {
			n := name{ref.Root, ref.Name}
			if root, of, ok := ref.FromVantage(); ok {
				n = name{root, of}
			}
			if used[n] {
				continue
			}
			used[n] = true
			for e := range p.behind(n) {
				read(e)
			}
		}
	}
	for _, c := range p.Checks {
		for e := range c.Exprs() {
			read(e)
		}
	}
	for _, c := range p.Conclusions {
		for e := range given(c.When, c.Explain, c.Remedy) {
			read(e)
		}
	}
	for _, im := range p.Imports {
		for _, arg := range im.Args {
			read(arg.Expr)
		}
	}
	return used
}
