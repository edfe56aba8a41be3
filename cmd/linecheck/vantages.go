package main

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/farend"
	"github.com/linecheck/linecheck/rules"
)

// sessionsAtOnce bounds the other computers that are looked from at the same
// time: each is a process of ssh here, and some of them may share a jump host.
const sessionsAtOnce = 32

// isFar reports whether the plan runs from another computer.
func (cl *climb) isFar() bool {
	return cl.vantage != nil && len(cl.vantage.Via) > 0 && cl.replay == nil && cl.unreached == ""
}

// sessions is how many of sessionsAtOnce it takes.
func (cl *climb) sessions() int64 {
	if cl.isFar() {
		return 1
	}
	return 0
}

// run runs the plan here, or from the computer that the vantage is reached
// through.
func (cl *climb) run(ctx context.Context, rb *rules.Runbook, w engine.World) *engine.Report {
	if cl.unreached != "" {
		return cl.plan.Unreached(cl.unreached, time.Now())
	}
	look := func(ctx context.Context) *engine.Report {
		if cl.recorder != nil {
			cl.recorder.Reset() // of a look before
		}
		return cl.plan.Run(ctx, w)
	}
	if !cl.isFar() {
		return cl.others.together(ctx, look)
	}
	started := time.Now()
	side := &farend.Side{Version: version, Probes: w.Probes, AllowExec: cl.settings.AllowExec}
	if cl.plan.MayReadFiles() {
		side.AllowRead = []string{engine.AnyFile} // of which the plan decides
	}
	session, err := farend.Dial(ctx, side, kindsUsed(rb), cl.vantage.Via)
	if err != nil {
		cl.others.arrive(false)
		r := cl.plan.Unreached(err.Error(), started)
		r.Interrupted = ctx.Err() != nil
		return r
	}
	w.Probes = session.Probes()
	r := cl.others.together(ctx, look)
	if err := session.Close(); err != nil {
		r.Sites[0].Vantages[0].Reason = err.Error()
	}
	return r
}

// kindsUsed are the kinds of probe that a runbook has a use for.
func kindsUsed(rb *rules.Runbook) []*rules.Kind {
	var kinds []*rules.Kind
	add := func(p *rules.ProbeBlock) {
		if !slices.Contains(kinds, p.Kind) {
			kinds = append(kinds, p.Kind)
		}
	}
	for _, f := range rb.Facts {
		add(f.Probe)
	}
	for _, c := range rb.Checks {
		add(c.Probe)
	}
	return kinds
}

// conclude adds to each site what all of its vantages together tell.
func (c *console) conclude(rb *rules.Runbook, r *engine.Report) {
	for _, s := range r.Sites {
		var diags hcl.Diagnostics
		s.Conclusions, diags = engine.Conclude(rb, s)
		c.diagnose(rb.Files, diags)
	}
}
