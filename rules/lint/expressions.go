package lint

import (
	"iter"

	"github.com/linecheck/linecheck/rules"
)

// given leaves out the expressions of attributes that were left out.
func given(exprs ...*rules.Expr) iter.Seq[*rules.Expr] {
	return func(yield func(*rules.Expr) bool) {
		for _, e := range exprs {
			if e != nil && !yield(e) {
				return
			}
		}
	}
}

func argExprs(p *rules.ProbeBlock) []*rules.Expr {
	if p == nil {
		return nil
	}
	exprs := make([]*rules.Expr, len(p.Args))
	for i := range p.Args {
		exprs[i] = p.Args[i].Expr
	}
	return exprs
}

func factExprs(f *rules.Fact) iter.Seq[*rules.Expr] {
	return given(append(argExprs(f.Probe), f.Target, f.ForEach, f.Timeout)...)
}

func checkExprs(c *rules.Check) iter.Seq[*rules.Expr] {
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
func (p *Pass) behind(n name) iter.Seq[*rules.Expr] {
	switch n.root {
	case rules.RefVar:
		if v := p.Variable(n.name); v != nil {
			var exprs []*rules.Expr
			for _, check := range v.Validations {
				exprs = append(exprs, check.Condition, check.ErrorMessage)
			}
			return given(exprs...)
		}
	case rules.RefLocal:
		if l := p.Local(n.name); l != nil {
			return given(l.Expr)
		}
	case rules.RefFact:
		if f := p.Fact(n.name); f != nil {
			return factExprs(f)
		}
	}
	return given()
}
