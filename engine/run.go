package engine

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/linecheck/linecheck/rules/dag"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/zclconf/go-cty/cty"
)

// Run observes and judges until everything is known or ctx ends; the report
// then says what is known, and each check that was not finished is an error
// that says so. A plan beside errors, and options whose probes are nil, twice
// there or can't observe, or that leave no room for a probe, are refused: that is
// all the report says then ([SiteReport.Refused]).
func (p *Plan) Run(ctx context.Context, o Options) *Report {
	if p.common == nil { // no NewPlan made it
		p, _ = NewPlan(nil, Settings{})
	}
	if refused := append(slices.Clip(p.refused), o.problems()...); refused.HasErrors() {
		return p.refusal(refused)
	}
	r := newRun(ctx, p, o)
	r.notify(Event{Kind: RunStarted})
	p.graph.Walk(ctx, r.Parallel, r.visitor())
	report := r.finish()
	r.notify(Event{Kind: RunEnded})
	return report
}

// run is one run of a plan. What belongs to one node is written by its visits
// only, and read by those that the graph puts behind it.
type run struct {
	Options
	plan   *Plan
	ctx    context.Context
	done   <-chan struct{} // of ctx
	probes map[string]*Probe
	start  time.Time

	checks []checkRun // as in Plan.checks
	facts  []factRun
	groups []groupRun

	notifying sync.Mutex
}

type checkRun struct {
	*check
	report   *CheckReport
	view     stepScope
	query    Query
	secrets  secrets // the plan's and those of the query
	deadline time.Time
	absent   *absence // why it is not observed
	begun    bool
	judged   judgement // of the attempts so far; the observation's alone
	finding  finding
	blocks   *roots // what a check that depends on this one is blocked by
	ended    bool
}

type factRun struct {
	*fact
	report *FactReport // nil: nothing asked for it
	result cty.Value
	absent *absence // why there is no result
}

type groupRun struct {
	value   cty.Value // of all instances, where something reads them as one
	blocks  *roots
	unknown func() cty.Value // the value where it was not waited for
}

func newRun(ctx context.Context, p *Plan, o Options) *run {
	if o.Parallel <= 0 {
		o.Parallel = DefaultParallel
	}
	o.World = o.World.checked()
	r := &run{
		Options: o, plan: p, ctx: ctx, done: ctx.Done(), start: time.Now(),
		probes: make(map[string]*Probe, len(o.Probes)),
		checks: make([]checkRun, len(p.checks)),
		facts:  make([]factRun, len(p.facts)),
		groups: make([]groupRun, len(p.groups)),
	}
	for _, probe := range o.Probes {
		r.probes[probe.Name] = probe
	}
	reports := make([]CheckReport, len(p.checks)) // in the order of the plan
	budgets := make([]expression.Budget, len(p.checks))
	for i, c := range p.checks {
		reports[c.at] = CheckReport{
			Address: c.address, Title: c.title, Layer: c.Layer, Tags: c.Tags, Kind: c.Probe.Kind.Name,
			Target: cty.NullVal(cty.String), Range: c.DeclRange, Waiver: p.secrets.scrubWaiver(c.waiver),
		}
		r.checks[i] = checkRun{check: c, report: &reports[c.at], secrets: p.secrets,
			view: stepScope{consts: c.consts, target: cty.NullVal(cty.String), budget: &budgets[i]}}
		if p.budget == nil {
			r.checks[i].view.budget = nil
		}
		if c.target != cty.NilVal {
			reports[c.at].Target = redacted(c.target)
		}
	}
	for i, f := range p.facts {
		r.facts[i].fact = f
	}
	for i, g := range p.groups {
		r.groups[i].unknown = sync.OnceValue(func() cty.Value { return r.groupValue(g, false) })
	}
	return r
}

// since is the time since the run began.
func (r *run) since() time.Duration { return time.Since(r.start) }

func (r *run) notify(e Event) {
	if r.Notify == nil {
		return
	}
	r.notifying.Lock()
	defer r.notifying.Unlock()
	e.Time, e.Site, e.Vantage = time.Now(), r.plan.site, r.plan.vantage
	r.Notify(e)
}

// end ends a check.
func (r *run) end(c *checkRun, status Status, reason string) {
	rep := c.report
	rep.Status = status
	rep.Waived = rep.Skip == SkipWaived
	rep.Reason = c.secrets.scrub(joinReasons(reason, c.note))
	rep.Elapsed = r.since() - rep.Started
	if c.judged.cut {
		rep.TimedOut = c.timeout
	}
	rep.Result = c.secrets.shownResult(c.judged.result)
	if rep.Result != cty.NilVal {
		rep.Summary = c.secrets.scrub(r.summary(rep))
	}
	c.ended = true
	switch status {
	case Fail, Error:
		c.blocks = r.rootOf(c)
	case Skipped:
		c.blocks = r.blockers(c.gates) // handed on
	case Blocked:
		rep.BlockedBy = c.blocks.addresses
	}
	if r.Notify != nil {
		told := *rep // Blocks is not known before the end of the run
		r.notify(Event{Kind: CheckEnded, Address: c.address, Check: &told})
	}
}

// summary is what the kind says of the result in a few words; nothing where it
// breaks, since what was observed stands all the same.
func (r *run) summary(rep *CheckReport) (text string) {
	probe := r.probes[rep.Kind]
	if probe == nil || probe.Summary == nil {
		return ""
	}
	if panics.Call(func() error { text = probe.Summary(rep.Result); return nil }) != nil {
		return ""
	}
	return text
}

func joinReasons(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// finish makes the report when the walk is over.
func (r *run) finish() *Report {
	p := r.plan
	vantage := &VantageReport{
		Name:   p.vantage,
		Checks: make([]*CheckReport, len(p.checks)),
		Empty:  p.empty(),
	}
	interrupted := false
	for at, i := range p.checkOrder {
		c := &r.checks[i]
		if !c.ended {
			interrupted = true
			r.interrupt(c)
		}
		vantage.Checks[at] = c.report
	}
	for _, i := range p.factOrder {
		if rep := r.facts[i].report; rep != nil {
			vantage.Facts = append(vantage.Facts, rep)
		}
	}
	r.fillBlocks()
	r.fillUntried()
	vantage.Elapsed = r.since()
	report := p.report(vantage, r.start)
	report.Interrupted = interrupted
	return report
}

// Unreached is the report of a plan that could not be run, since nobody got to
// the computer that it is for. Reason says why, started is when it was tried.
func (p *Plan) Unreached(reason string, started time.Time) *Report {
	return p.report(&VantageReport{Name: p.vantage, Reason: p.secrets.scrub(reason), Elapsed: time.Since(started)}, started)
}

// report is a report of one vantage.
func (p *Plan) report(v *VantageReport, started time.Time) *Report {
	v.StartedAt, v.Vars = started, p.openValues()
	return &Report{
		Runbook:   p.Runbook(),
		StartedAt: started,
		Elapsed:   v.Elapsed,
		Sites:     []*SiteReport{{Name: p.site, Title: p.siteTitle, Vantages: []*VantageReport{v}}},
	}
}

// empty lists the checks that stand for no instance.
func (p *Plan) empty() []string {
	var addresses []string
	for _, c := range p.runbook.Checks {
		if b := p.checkBlocks[c.Name]; b.expanded() && b.count == 0 {
			addresses = append(addresses, c.Address())
		}
	}
	return addresses
}

// interrupt ends a check that the run did not get to the end of.
func (r *run) interrupt(c *checkRun) {
	what := "interrupted"
	switch cause := context.Cause(r.ctx); {
	case cause == nil:
		what = "not reached, which is a fault of linecheck," // a cycle that NewPlan refused
	case errors.Is(cause, context.DeadlineExceeded):
		what = "the time for the run was up"
	case !errors.Is(cause, context.Canceled):
		what = "interrupted (" + cause.Error() + ")"
	}
	if c.begun {
		what += " before it was finished"
	} else {
		what += " before it began"
		c.report.Started = r.since()
	}
	c.report.Interrupted = true
	r.end(c, Error, what)
}

// checkValue is a check as expressions see it. Of one that has ended everything
// is known; of another only what was observed may be read.
func (r *run) checkValue(i int, ended bool) cty.Value {
	c := &r.checks[i]
	result := r.resultOrUnknown(c, c.judged.result)
	status, passed := cty.UnknownVal(cty.String), cty.UnknownVal(cty.Bool)
	if ended {
		status = cty.StringVal(string(c.report.Status))
		switch c.report.Status {
		case Pass, Warn:
			passed = cty.True
		case Skipped:
		default:
			passed = cty.False
		}
	}
	return cty.ObjectVal(map[string]cty.Value{"result": result, "status": status, "passed": passed})
}

// visitor calls the step that a node stands for.
func (r *run) visitor() dag.Visitor {
	nodes := r.plan.nodes
	var v dag.Visitor
	v.Need = func(n int) []int {
		if r.ctx.Err() != nil {
			return nil
		}
		c := &r.checks[nodes[n].index]
		switch nodes[n].kind {
		case nodeObservation:
			return r.needObservation(c)
		case nodeWarning:
			return r.needWarning(c)
		case nodeConclusion:
			return r.plan.graph.Soft[n]
		}
		return r.needDiagnosis(c)
	}
	v.Visit = func(n int) time.Duration {
		if kind := nodes[n].kind; kind == nodeFact || kind == nodeObservation {
			defer r.acquireProbe()()
		}
		if r.ctx.Err() != nil {
			return 0 // what it would rest on may have been cut off
		}
		switch i := nodes[n].index; nodes[n].kind {
		case nodeFact:
			r.gather(&r.facts[i])
		case nodeObservation:
			return r.observe(&r.checks[i])
		case nodeWarning:
			r.warn(&r.checks[i])
		case nodeDiagnosis:
			r.diagnose(&r.checks[i])
		case nodeGroup:
			r.group(i)
		}
		return 0
	}
	return v
}

// acquireProbe waits until there is room for one more probe in flight, before its
// time begins to run, or until the run is over. What it returns makes room
// again.
func (r *run) acquireProbe() (release func()) {
	if r.InFlight == nil {
		return func() {}
	}
	select {
	case r.InFlight <- struct{}{}:
		return func() { <-r.InFlight }
	case <-r.ctx.Done():
		return func() {}
	}
}

// group sums up the instances of an expanded block.
func (r *run) group(i int) {
	g := r.plan.groups[i]
	if g.root == language.RefCheck {
		nodes := make([]int, g.count)
		for k := range nodes {
			nodes[k] = r.plan.checks[g.first+k].diagnosis
		}
		r.groups[i].blocks = r.blockers(nodes)
	}
	if g.read {
		r.groups[i].value = r.groupValue(g, true)
	}
}

// groupValue is the value of all instances of a block.
func (r *run) groupValue(g *group, known bool) cty.Value {
	values := make(map[string]cty.Value, g.count)
	for key, i := range g.keys {
		if g.root == language.RefFact {
			values[key] = r.factValue(i, known)
		} else {
			values[key] = r.checkValue(i, known)
		}
	}
	return g.mapValue(values)
}

// mapValue is a map of instances; an empty one still has a type.
func (b *block) mapValue(values map[string]cty.Value) cty.Value {
	if len(values) > 0 {
		return cty.MapVal(values)
	}
	t := b.kind.ResultType()
	if b.root == language.RefCheck {
		t = cty.Object(map[string]cty.Type{"result": t, "status": cty.String, "passed": cty.Bool})
	}
	return cty.MapValEmpty(t)
}

// factValue is what a fact observed; unknown where that is not to be read.
func (r *run) factValue(i int, gathered bool) cty.Value {
	f := &r.facts[i]
	if !gathered || f.result == cty.NilVal {
		return r.plan.common.args[f.Probe].kind.unknown
	}
	return f.result
}
