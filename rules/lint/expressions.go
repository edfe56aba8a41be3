package lint

import (
	"iter"

	"github.com/linecheck/linecheck/rules"
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

func argExprs(p *rules.ProbeBlock) []*expression.Expr {
	if p == nil {
		return nil
	}
	exprs := make([]*expression.Expr, len(p.Args))
	for i := range p.Args {
		exprs[i] = p.Args[i].Expr
	}
	return exprs
}

func factExprs(f *rules.Fact) iter.Seq[*expression.Expr] {
	return given(append(argExprs(f.Probe), f.Target, f.ForEach, f.Timeout)...)
}

func checkExprs(c *rules.Check) iter.Seq[*expression.Expr] {
	exprs := append(argExprs(c.Probe), c.Title, c.Description, c.Timeout, c.ForEach, c.When, c.Target, c.Pass, c.Warn, c.Explain, c.Remedy)
	if c.Retry != nil {
		exprs = append(exprs, c.Retry.Attempts, c.Retry.Interval)
	}
	for _, cause := range c.Causes {
		exprs = append(exprs, cause.When, cause.Explain, cause.Remedy, cause.Severity)
	}
	return given(exprs...)
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
			return factExprs(f)
		}
	}
	return given()
}
