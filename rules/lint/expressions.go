package lint

import (
	"iter"

	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
)

// given leaves out the expressions of attributes that were left out.
func given(exprs ...*expression.Expr) iter.Seq[*expression.Expr] {
	return func(yield func(*expression.Expr) bool) {
		for _, e := range exprs {
			if e != nil && !yield(e) {
				return
			}
		}
	}
}

// behind lists the expressions that the value of a name is made with.
func (p *Pass) behind(n name) iter.Seq[*expression.Expr] {
	switch n.root {
	case language.RefVar:
		if v := p.Variable(n.name); v != nil {
			var exprs []*expression.Expr
			for _, check := range v.Validations {
				exprs = append(exprs, check.Condition, check.ErrorMessage)
			}
			return given(exprs...)
		}
	case language.RefLocal:
		if l := p.Local(n.name); l != nil {
			return given(l.Expr)
		}
	case language.RefFact:
		if f := p.Fact(n.name); f != nil {
			return f.Exprs()
		}
	}
	return given()
}
