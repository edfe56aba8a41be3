package engine

import (
	"fmt"
	"time"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// An absence is why nothing was observed.
type absence struct {
	status  Status // Skipped, Blocked or Error
	reason  string
	skip    SkipKind // of a skipped one
	aimless bool     // a skipped one has no target either
	unset   []string // variables that would have given a target
	blocks  *roots   // of a blocked one
	final   bool     // no fact could change it
}

// needObservation lists the facts that a check's observation needs: all that
// its expressions refer to, unless it is known without them that there will be
// no observation.
func (r *run) needObservation(c *checkRun) []int {
	r.begin(&c.view, c.timeout)
	if absent := r.admit(c); absent != nil && absent.final {
		return nil
	}
	c.view.facts = r.plan.graph.Soft[c.observation]
	return c.view.facts
}

// observe is one attempt at a check. It returns the time until the next one,
// or zero when there is none.
func (r *run) observe(c *checkRun) time.Duration {
	r.begin(&c.view, c.timeout)
	if !c.begun {
		if c.absent = r.admit(c); c.absent != nil {
			c.report.Started = r.since()
			c.blocks = c.absent.blocks
			c.report.Skip = c.absent.skip
			c.report.Untargeted = c.absent.aimless || c.absent.skip != "" && c.aimless()
			r.end(c, c.absent.status, c.absent.reason)
			return 0
		}
		c.begun = true
		c.report.Started = r.since()
		c.deadline = time.Now().Add(c.timeout)
	}
	c.report.Attempts++
	kind := CheckRetried
	if c.report.Attempts == 1 {
		kind = CheckStarted
	}
	r.notify(Event{Kind: kind, Address: c.address, Attempt: c.report.Attempts})
	answer := r.ask(c.Probe, c.query, c.deadline, c.secrets)
	if r.ctx.Err() != nil {
		c.judged = judgement{result: answer.value}
		return 0 // what was cut off is not judged
	}
	c.view.observed(r.resultOrUnknown(c, answer.value))
	if last := r.judge(c, answer); !last.cut || last.status != Error || c.judged.status != Fail {
		c.judged = last
	} else { // a finding stands against an attempt without one
		c.view.observed(r.resultOrUnknown(c, c.judged.result))
	}
	again := c.judged.status == Fail || c.judged.status == Error
	if again && c.report.Attempts < c.attempts && !answer.last && r.timeFor(c) {
		return r.untilNext(c)
	}
	c.finding = finding{status: c.judged.status, reason: c.judged.reason}
	switch {
	case c.finding.status != Pass || c.Warn == nil:
		r.settle(c)
	case c.warning < 0:
		r.warn(c)
	}
	return 0
}

// evaluationGrace is how long expressions may still be evaluated when a check's
// time is up: its last observation is judged then. On a computer that does much
// else what takes milliseconds may take seconds.
const evaluationGrace = 5 * time.Second

// begin gives the expressions of a check or fact that has some time left a new
// budget.
func (r *run) begin(v *stepScope, left time.Duration) {
	if v.budget != nil {
		v.budget.Begin(expression.MaxSteps, r.done, left+evaluationGrace)
	}
}

// timeFor reports whether another attempt may begin before the check's time is
// up.
func (r *run) timeFor(c *checkRun) bool {
	return r.Answer != nil || time.Now().Add(c.interval).Before(c.deadline)
}

// untilNext is the time until the next attempt, more than zero.
func (r *run) untilNext(c *checkRun) time.Duration {
	if r.Answer != nil {
		return 1 // nobody to be patient with
	}
	return max(c.interval, 1)
}

// settle ends a check whose status needs no diagnosis.
func (r *run) settle(c *checkRun) {
	switch c.finding.status {
	case Pass:
		if c.finding.warn == isUnknown {
			c.report.Evaluations = r.evaluations(c, nil)
		}
		r.end(c, Pass, "")
	case Error:
		c.report.Evaluations = r.evaluations(c, nil)
		r.end(c, Error, c.finding.reason)
	}
}

// resultOrUnknown is what is known of a result, of none nothing.
func (r *run) resultOrUnknown(c *checkRun, result cty.Value) cty.Value {
	if result == cty.NilVal {
		return r.plan.common.args[c.Probe].kind.unknown
	}
	return result
}

// gather observes a fact.
func (r *run) gather(f *factRun) {
	f.report = &FactReport{
		Address: f.address, Kind: f.Probe.Kind.Name, Started: r.since(),
		Target: cty.NullVal(cty.String), Result: r.plan.common.args[f.Probe].kind.unknown,
	}
	v := stepScope{consts: f.consts, target: cty.NullVal(cty.String), allFacts: true, budget: &expression.Budget{}}
	r.begin(&v, f.timeout)
	secrets := r.plan.secrets
	r.notify(Event{Kind: FactStarted, Address: f.address})
	defer func() {
		f.report.Problem = secrets.scrub(f.report.Problem)
		f.report.Elapsed = r.since() - f.report.Started
		told := *f.report
		r.notify(Event{Kind: FactEnded, Address: f.address, Fact: &told})
	}()
	query, absent := r.aim(f.Target, cty.NilVal, f.Probe, &v)
	r.tellAsked(f.address, &v, f.Target, f.Probe)
	f.report.Target = redacted(v.target)
	if absent != nil {
		f.absent = absent
		f.report.Problem = absent.reason
		return
	}
	secrets = secrets.with(query.sensitive...)
	query.Address = f.address
	a := r.ask(f.Probe, query.Query, time.Now().Add(f.timeout), secrets)
	f.result = a.value
	if a.problem != "" {
		f.report.Problem = a.problem
		f.absent = &absence{status: Error, reason: a.problem}
		return
	}
	f.report.Result = secrets.shownResult(a.value)
	if a.cut {
		f.report.Problem = "timed out after " + f.timeout.String()
	}
}

// admit decides whether a check is observed at all, and readies its query.
func (r *run) admit(c *checkRun) *absence {
	if c.skip != "" {
		return &absence{status: Skipped, reason: c.skip, skip: c.skipKind, final: true}
	}
	if c.aimless() { // whether it would have been blocked is of no use to anybody
		a := r.noTarget(c.Target, &c.view)
		if r.inapplicable(c) != nil { // the variable need not be set, and is named all the same
			a.skip = SkipNotApplicable
		}
		return a
	}
	if b := r.blockers(c.gates); b != nil {
		return &absence{status: Blocked, blocks: b, final: true}
	}
	if c.When != nil {
		if a := r.inapplicable(c); a != nil {
			return a
		}
		r.tellJudged(c.address, &c.view, c.When)
		switch o := r.condition(c.When, &c.view); o.outcome {
		case isFalse:
			return &absence{status: Skipped, reason: `does not apply: "when" is false`, skip: SkipCircumstances, final: true}
		case isUnknown:
			return r.unknownBecause(c.When, &c.view, `"when"`)
		case isBroken:
			return &absence{status: Error, reason: `"when" ` + o.problem}
		}
	}
	query, absent := r.aim(c.Target, c.target, c.Probe, &c.view)
	r.tellAsked(c.address, &c.view, c.Target, c.Probe)
	c.report.Target = redacted(c.view.target)
	if absent != nil {
		return absent
	}
	c.query = query.Query
	c.query.Address = c.address
	c.secrets = r.plan.secrets.with(query.sensitive...)
	return nil
}

// An aimed query has the sensitive values in it beside it.
type aimed struct {
	Query
	sensitive []cty.Value
}

// aim evaluates the arguments of a probe and, where it is not settled, the
// target.
func (r *run) aim(target *expression.Expr, settled cty.Value, block *rules.ProbeBlock, v *stepScope) (aimed, *absence) {
	var q aimed
	if block.Kind.NeedsExec && !r.plan.allowExec {
		return q, &absence{status: Skipped, reason: "runs a command, which nobody has allowed (--allow-exec)", skip: SkipNotAllowed, final: true}
	}
	if r.probes[block.Kind.Name] == nil {
		return q, &absence{status: Error, reason: fmt.Sprintf("this program can't run probes of kind %q", block.Kind.Name), final: true}
	}
	switch {
	case settled != cty.NilVal:
		v.aimed(settled)
	case target != nil:
		value, problem := targetValue(target, r.scope(target, v), v.budget)
		if problem != "" {
			return q, &absence{status: Error, reason: r.plan.secrets.scrub(problem)}
		}
		if plain, _ := value.Unmark(); !plain.IsKnown() {
			return q, r.unknownBecause(target, v, "its target")
		}
		v.aimed(value)
	}
	plain, marks := v.target.Unmark()
	if len(marks) > 0 {
		q.sensitive = append(q.sensitive, v.target)
		q.hidden = append(q.hidden, targetArg)
	}
	switch {
	case !plain.IsNull():
		q.Target = plain.AsString()
		if block.Kind.ReadsFile && !r.plan.allowed(q.Target) {
			return q, unreadable(q.Target, r.plan.secrets.with(v.target))
		}
	case !block.Kind.TargetOptional:
		return q, r.noTarget(target, v)
	}
	return r.arguments(q, block, v)
}

// arguments evaluates those arguments of a probe that vary.
func (r *run) arguments(q aimed, block *rules.ProbeBlock, v *stepScope) (aimed, *absence) {
	args := r.plan.common.args[block]
	q.Args = args.fixed
	if len(args.varied) == 0 {
		return q, nil
	}
	q.Args = make(map[string]cty.Value, len(args.fixed)+len(args.varied))
	for name, value := range args.fixed {
		q.Args[name] = value
	}
	for _, arg := range args.varied {
		value, problem := argument(arg, r.scope(arg.Expr, v), v.budget)
		if problem != "" {
			return q, &absence{status: Error, reason: r.plan.secrets.scrub("its argument " + arg.Attr.Name + " " + problem)}
		}
		if isMarked(value) {
			q.sensitive = append(q.sensitive, value)
			q.hidden = append(q.hidden, arg.Attr.Name)
			value, _ = value.UnmarkDeep()
		}
		if !value.IsWhollyKnown() {
			return q, r.unknownBecause(arg.Expr, v, "its argument "+arg.Attr.Name)
		}
		q.Args[arg.Attr.Name] = value
	}
	return q, nil
}
