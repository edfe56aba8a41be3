package engine

import (
	"slices"
	"time"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// targetArg stands for the target among the names of arguments.
const targetArg = ""

// tellObserved tells Options.Observed of an answer, unless the end of the run cut
// it off: such a one says nothing about the network.
func (r *run) tellObserved(kind *kind, q Query, a answer, started time.Duration, secrets secrets) {
	if r.Observed == nil || r.ctx.Err() != nil {
		return
	}
	o := Observation{
		Address: q.Address, Kind: kind.Name, ReadFile: kind.ReadsFile,
		Target: cty.NullVal(cty.String), Args: make(map[string]cty.Value, len(q.Args)),
		Answer:  Answer{Result: secrets.shownResult(a.value), Problem: secrets.scrub(a.problem), Cut: a.cut, Last: a.last},
		Started: started, Elapsed: r.since() - started,
	}
	if q.Target != "" {
		o.Target = q.open(targetArg, cty.StringVal(q.Target), secrets)
	}
	for name, value := range q.Args {
		o.Args[name] = q.open(name, value, secrets)
	}
	r.notifying.Lock()
	defer r.notifying.Unlock()
	r.Observed(o)
}

// open is a part of the question as others may see it.
func (q *Query) open(name string, v cty.Value, secrets secrets) cty.Value {
	if slices.Contains(q.hidden, name) {
		return cty.UnknownVal(v.Type())
	}
	return secrets.shownResult(secrets.mark(v))
}

// tellJudged tells Options.Judged of expressions.
func (r *run) tellJudged(address string, v *stepScope, exprs ...*expression.Expr) {
	if r.Judged == nil {
		return
	}
	for _, e := range exprs {
		if e != nil {
			r.Judged(address, e, r.scope(e, v))
		}
	}
}

// tellAsked tells Options.Judged of what a query came from.
func (r *run) tellAsked(address string, v *stepScope, target *expression.Expr, probe *rules.ProbeBlock) {
	if r.Judged == nil {
		return
	}
	r.tellJudged(address, v, target)
	for _, arg := range probe.Args {
		r.tellJudged(address, v, arg.Expr)
	}
}
