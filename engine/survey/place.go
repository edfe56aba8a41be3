package survey

import (
	"context"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/farend"
	"github.com/linecheck/linecheck/engine/internal/permit"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/rules/language"
)

// A placeRun is one run of the plan of a place.
type placeRun struct {
	*Place
	barrier  *barrier     // of the site's vantages; nil: nobody to wait for
	plan     *engine.Plan // while it runs
	recorder *offline.Recorder
	replay   *offline.Replay // nil: the probes are run

	// When it is done.
	report     *engine.Report
	observed   *offline.Place // by the recorder, unless that broke
	unrecorded error
}

// look makes the plan and runs it.
func (r *placeRun) look(ctx context.Context, kinds []*language.Kind, o Options) {
	r.plan = r.Plan()
	r.report = r.run(ctx, kinds, o)
	if r.recorder != nil && r.vantage() != nil {
		r.observed, r.unrecorded = r.recorder.Place(r.plan, r.settings, r.report)
	}
	r.plan, r.recorder = nil, nil // with hundreds of sites, those to come need the room
}

// isFar reports whether it runs from another computer.
func (p *Place) isFar() bool {
	return p.Vantage != nil && len(p.Vantage.Via) > 0 && p.recorded == nil
}

// sessions is how many of maxSessions it takes.
func (p *Place) sessions() int64 {
	if p.isFar() {
		return 1
	}
	return 0
}

// run runs the plan here, or from the computer that the vantage is reached
// through. The kinds are those that the runbook uses.
func (r *placeRun) run(ctx context.Context, kinds []*language.Kind, o Options) *engine.Report {
	if r.recorded != nil && r.recorded.Unreached != "" {
		return r.unreached(o, r.recorded.Unreached, time.Now())
	}
	if r.recorder != nil {
		o.Observed = both(r.recorder.Observe, o.Observed)
	}
	if r.replay != nil {
		o.Answer = r.replay.Answer
	}
	if !r.isFar() || o.Answer != nil || !fit(o.Probes) {
		return r.barrier.run(ctx, r.start(o))
	}
	started := time.Now()
	side := &farend.Side{Version: o.Version, Probes: o.Probes, AllowExec: r.settings.AllowExec}
	if r.plan.MayReadFiles() {
		side.AllowRead = []string{permit.AnyFile} // of which the plan decides
	}
	session, err := farend.Dial(ctx, side, kinds, r.Vantage.Via)
	if err != nil {
		r.barrier.arrive(false)
		report := r.unreached(o, err.Error(), started)
		report.Interrupted = ctx.Err() != nil
		return report
	}
	r.notify(o, engine.Event{Kind: engine.VantageReached})
	o.Probes = session.Probes()
	report := r.barrier.run(ctx, r.start(o))
	if err := session.Close(); err != nil {
		for _, v := range report.Sites[0].Vantages {
			v.Reason = err.Error()
		}
	}
	return report
}

// start is what begins the run, and begins it again, which voids what was
// observed before.
func (r *placeRun) start(o Options) func(context.Context) *engine.Report {
	again := false
	return func(ctx context.Context) *engine.Report {
		if again {
			r.notify(o, engine.Event{Kind: engine.VantageRestarted})
		}
		again = true
		if r.recorder != nil {
			r.recorder.Reset()
		}
		return r.plan.Run(ctx, o.Options)
	}
}

func (r *placeRun) unreached(o Options, reason string, started time.Time) *engine.Report {
	report := r.plan.Unreached(reason, started)
	r.notify(o, engine.Event{Kind: engine.VantageUnreached, Reason: report.Sites[0].Vantages[0].Reason})
	return report
}

func (r *placeRun) notify(o Options, e engine.Event) {
	if o.Notify == nil {
		return
	}
	e.Time, e.Site, e.Vantage = time.Now(), r.plan.Site(), r.plan.Vantage()
	o.Notify(e)
}

// vantage is what was found; nil where the run was refused.
func (r *placeRun) vantage() *engine.VantageReport {
	if site := r.report.Sites[0]; len(site.Vantages) > 0 {
		return site.Vantages[0]
	}
	return nil
}

// fit reports whether probes can be handed on; a run refuses them otherwise.
func fit(probes []*engine.Probe) bool {
	return !slices.ContainsFunc(probes, func(p *engine.Probe) bool { return p == nil || p.Kind == nil })
}

func both(a, b func(engine.Observation)) func(engine.Observation) {
	if b == nil {
		return a
	}
	return func(o engine.Observation) { a(o); b(o) }
}
