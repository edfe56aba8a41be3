package rules

import (
	"iter"

	"github.com/linecheck/linecheck/rules/expression"
)

// Exprs lists the expressions of a fact, those that were left out left out, in the
// order of the file format.
func (f *Fact) Exprs() iter.Seq[*expression.Expr] {
	return given(append([]*expression.Expr{f.Target, f.ForEach, f.Timeout}, f.Probe.args()...))
}

// Exprs lists the expressions of a check, those that were left out left out, in the
// order of the file format.
func (c *Check) Exprs() iter.Seq[*expression.Expr] {
	all := []*expression.Expr{c.Title, c.Description, c.Target, c.When, c.ForEach, c.Timeout}
	if c.Retry != nil {
		all = append(all, c.Retry.Attempts, c.Retry.Interval)
	}
	all = append(all, c.Probe.args()...)
	all = append(all, c.Pass, c.Warn, c.Explain, c.Remedy)
	for _, cause := range c.Causes {
		all = append(all, cause.When, cause.Explain, cause.Remedy, cause.Severity)
	}
	return given(all)
}

func (p *ProbeBlock) args() []*expression.Expr {
	if p == nil {
		return nil
	}
	exprs := make([]*expression.Expr, len(p.Args))
	for i := range p.Args {
		exprs[i] = p.Args[i].Expr
	}
	return exprs
}

func given(exprs []*expression.Expr) iter.Seq[*expression.Expr] {
	return func(yield func(*expression.Expr) bool) {
		for _, e := range exprs {
			if e != nil && !yield(e) {
				return
			}
		}
	}
}
