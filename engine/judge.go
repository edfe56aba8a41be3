package engine

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// How a condition came out.
const (
	isTrue       = "true"
	isFalse      = "false"
	isUnknown    = "unknown"
	isBroken     = "error"
	notConsulted = "not consulted"
)

// A judgement is what one attempt at a check came to.
type judgement struct {
	result cty.Value // NilVal: nothing was observed
	status Status    // Pass, Fail or Error
	reason string    // of an error
	cut    bool      // the check's time ended the attempt
}

// A finding is what a check came to before its causes are consulted.
type finding struct {
	status Status // Pass, Warn, Fail or Error
	reason string // of an error
	warn   string // how the warn condition came out, if it was asked
}

// conditionResult is how one condition came out.
type conditionResult struct {
	outcome string
	problem string // how it broke; reads on after the condition's name
}

// condition evaluates a condition.
func (r *run) condition(e *expression.Expr, v *stepScope) conditionResult {
	value, diags := e.ValueWithin(r.scope(e, v), v.budget)
	if diags.HasErrors() {
		return conditionResult{isBroken, "can't be evaluated: " + r.problem(diags)}
	}
	value, _ = value.Unmark()
	switch {
	case !value.IsKnown():
		return conditionResult{outcome: isUnknown}
	case value.IsNull():
		return conditionResult{isBroken, "is null, neither true nor false"}
	case value.Type() != cty.Bool:
		return conditionResult{isBroken, "is neither true nor false but " + value.Type().FriendlyName()}
	case value.True():
		return conditionResult{outcome: isTrue}
	}
	return conditionResult{outcome: isFalse}
}

// problem is the first error of diags as a phrase.
func (r *run) problem(diags hcl.Diagnostics) string {
	return r.plan.secrets.scrub(strings.TrimSuffix(errorText(diags), "."))
}

// judge holds an answer against pass.
func (r *run) judge(c *checkRun, a answer) judgement {
	j := judgement{result: a.value, cut: a.cut}
	timedOut := ""
	if a.cut {
		timedOut = "timed out after " + c.timeout.String()
	}
	if a.problem != "" {
		j.status, j.reason = Error, a.problem
		if a.cut {
			j.reason = timedOut + ": " + a.problem
		}
		return j
	}
	r.tellJudged(c.address, &c.view, c.Pass)
	switch pass := r.condition(c.Pass, &c.view); pass.outcome {
	case isTrue:
		j.status = Pass
	case isFalse:
		j.status = Fail
		return j
	case isBroken:
		j.status, j.reason = Error, `"pass" `+pass.problem
		return j
	default:
		j.status = Error
		j.reason = "not observed: " + strings.Join(names(r.missing(c.Pass, &c.view)), ", ")
		if a.cut {
			j.reason = timedOut + "; " + j.reason
		}
	}
	return j
}

// needWarning lists the facts that warn needs, if a check passed and its warn
// is not settled without them.
func (r *run) needWarning(c *checkRun) []int {
	if c.ended || c.finding.status != Pass {
		return nil
	}
	if o := r.condition(c.Warn, &c.view); o.outcome == isTrue || o.outcome == isFalse {
		return nil
	}
	need := r.plan.graph.Soft[c.warning]
	c.view.facts = slices.Concat(c.view.facts, need)
	return need
}

// warn holds a check that passed against its warn.
func (r *run) warn(c *checkRun) {
	if c.ended || c.finding.status != Pass {
		return
	}
	warn := r.condition(c.Warn, &c.view)
	r.tellJudged(c.address, &c.view, c.Warn)
	c.finding.warn = warn.outcome
	switch warn.outcome {
	case isTrue:
		c.finding.status = Warn
	case isBroken:
		c.finding.status, c.finding.reason = Error, `"warn" `+warn.problem
	}
	r.settle(c)
}

// severity is what a cause makes of a check that did not pass.
func (r *run) severity(c *checkRun, cause *rules.Cause) (Status, string) {
	if cause.Severity == nil {
		return Fail, ""
	}
	value, diags := cause.Severity.ValueWithin(r.scope(cause.Severity, &c.view), c.view.budget)
	value, _ = value.Unmark()
	switch {
	case diags.HasErrors():
		return Fail, "its severity can't be evaluated: " + r.problem(diags)
	case value.Type() == cty.String && value.IsKnown() && !value.IsNull() && value.AsString() == "warn":
		return Warn, ""
	case value.Type() == cty.String && value.IsKnown() && !value.IsNull() && value.AsString() == "fail":
		return Fail, ""
	}
	return Fail, `its severity is neither "fail" nor "warn"`
}

// consulted reports whether a cause may explain what a check came to: one that
// passed with a warning is not explained by a failure, unless it is the cause's
// own severity that tells from what was observed which of them it is.
func (r *run) consulted(c *checkRun, cause *rules.Cause) bool {
	if c.finding.status != Warn {
		return c.finding.status == Fail
	}
	severity, _ := r.severity(c, cause)
	return severity == Warn || cause.Severity != nil && slices.ContainsFunc(cause.Severity.Refs, func(ref expression.Ref) bool { return ref.Observed() })
}

// decider is the condition that decided about a check for which no cause holds.
func (c *checkRun) decider() *expression.Expr {
	if c.finding.status == Warn {
		return c.Warn
	}
	return c.Pass
}

// needDiagnosis lists the facts that can still change the diagnosis of a check.
// A cause that does not hold whatever they say needs none, nor do those behind
// a cause that does.
func (r *run) needDiagnosis(c *checkRun) []int {
	if c.ended {
		return nil
	}
	r.begin(&c.view, c.timeout)
	var need []int
	add := func(exprs ...*expression.Expr) {
		for _, e := range exprs {
			r.plan.reads(e, c.consts, func(rd read) {
				if rd.ref.Root != language.RefFact {
					return
				}
				if n := r.plan.node(rd); !c.view.sees(n) {
					need = appendNew(need, n)
				}
			})
		}
	}
	texts := func(cause *rules.Cause) {
		add(cause.Explain, cause.Remedy, cause.Severity)
		if cause.Remedy == nil {
			add(c.Remedy)
		}
	}
	holds := false
	for _, cause := range c.Causes {
		if !r.consulted(c, cause) {
			continue
		}
		o := r.condition(cause.When, &c.view)
		if o.outcome == isFalse {
			continue
		}
		texts(cause)
		if holds = o.outcome == isTrue; holds {
			break
		}
		add(cause.When)
	}
	if !holds {
		add(c.Explain, c.Remedy)
	}
	c.view.facts = slices.Concat(c.view.facts, need)
	return need
}

// diagnose says why a check did not pass.
func (r *run) diagnose(c *checkRun) {
	if c.ended {
		return
	}
	r.begin(&c.view, c.timeout)
	rep := c.report
	status, reason := c.finding.status, ""
	explain, remedy, decider := c.Explain, c.Remedy, c.decider()
	var won *rules.Cause
	for _, cause := range c.Causes {
		if !r.consulted(c, cause) {
			continue
		}
		o := r.condition(cause.When, &c.view)
		r.tellJudged(c.address, &c.view, cause.When)
		if o.outcome == isTrue {
			won = cause
			break
		}
		if o.outcome == isUnknown || o.outcome == isBroken {
			rep.NotRuledOut = append(rep.NotRuledOut, r.doubt(c, cause, o))
		}
	}
	if won != nil {
		rep.Cause = won.Name
		explain, decider = won.Explain, won.When
		if won.Remedy != nil {
			remedy = won.Remedy
		}
		r.tellJudged(c.address, &c.view, won.Severity)
		severity, problem := r.severity(c, won)
		status, reason = severity, problem
	}
	r.tellJudged(c.address, &c.view, explain, remedy)
	rep.Explain = r.text(c, explain)
	rep.Remedy = r.text(c, remedy)
	rep.Holes = r.holes(c, explain, remedy)
	// What was not observed had no part in the decision.
	rep.Evidence = slices.DeleteFunc(r.evidence(decider, &c.view), func(e Evidence) bool { return !e.Value.IsKnown() })
	rep.Evaluations = r.evaluations(c, won)
	r.end(c, status, reason)
}

func (r *run) doubt(c *checkRun, cause *rules.Cause, o conditionResult) Doubt {
	d := Doubt{Cause: cause.Name, Missing: names(r.missing(cause.When, &c.view))}
	if len(cause.Explain.HolesWithin(r.scope(cause.Explain, &c.view), c.view.budget)) == 0 {
		d.Explain = r.text(c, cause.Explain)
	}
	if o.outcome == isBroken {
		d.Problem = c.secrets.scrub(o.problem)
	}
	return d
}

// text renders a text.
func (r *run) text(c *checkRun, e *expression.Expr) string {
	if e == nil {
		return ""
	}
	text, _ := e.TextWithin(r.scope(e, &c.view), c.view.budget)
	return c.secrets.scrub(text)
}

// holes are those of the texts that a check is reported with.
func (r *run) holes(c *checkRun, explain, remedy *expression.Expr) []expression.Hole {
	var all []expression.Hole
	if c.Title != nil {
		all = c.Title.HolesWithin(c.consts, c.view.budget)
	}
	for _, e := range []*expression.Expr{explain, remedy} {
		if e != nil {
			all = append(all, e.HolesWithin(r.scope(e, &c.view), c.view.budget)...)
		}
	}
	return all
}

// evidence lists what was observed of what a condition refers to.
func (r *run) evidence(e *expression.Expr, v *stepScope) []Evidence {
	refs := r.observed(e, v)
	if len(refs) == 0 {
		return nil
	}
	list := make([]Evidence, len(refs))
	for i, o := range refs {
		list[i] = Evidence{Ref: o.name, Value: redacted(r.brief(o))}
	}
	return list
}

// brief is a value short enough for evidence: of a whole block of checks the
// statuses.
func (r *run) brief(o reference) cty.Value {
	if o.ref.Root != language.RefCheck || !o.whole {
		return o.value
	}
	b := r.plan.block(o.ref)
	statuses := make(map[string]cty.Value, b.count)
	for key, i := range b.keys {
		statuses[key] = cty.StringVal(string(r.checks[i].report.Status))
	}
	return cty.ObjectVal(statuses)
}

// evaluations lists how each condition of a check came out, also of those that
// did not decide.
func (r *run) evaluations(c *checkRun, won *rules.Cause) []Evaluation {
	list := make([]Evaluation, 0, 3+len(c.Causes))
	add := func(name string, e *expression.Expr, consulted bool) {
		if e == nil {
			return
		}
		entry := Evaluation{Name: name, Outcome: notConsulted, Range: e.Range()}
		if c.judged.result != cty.NilVal || name == "when" {
			entry.Evidence = r.evidence(e, &c.view)
			// What holds, or does not, without more facts is worth knowing even
			// of a condition that nobody asked.
			o := r.condition(e, &c.view)
			if consulted || o.outcome == isTrue || o.outcome == isFalse {
				entry.Outcome, entry.Problem = o.outcome, c.secrets.scrub(o.problem)
			}
		}
		list = append(list, entry)
	}
	add("when", c.When, true)
	add("pass", c.Pass, true)
	add("warn", c.Warn, c.finding.warn != "")
	over := c.finding.status == Error
	for _, cause := range c.Causes {
		add(cause.Name, cause.When, !over && r.consulted(c, cause))
		over = over || cause == won
	}
	return list
}
