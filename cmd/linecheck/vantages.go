package main

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/farend"
	"github.com/linecheck/linecheck/rules"
)

// sessionsAtOnce bounds the other computers that are looked from at the same
// time: each is a process of ssh here, and some of them may share a jump host.
const sessionsAtOnce = 32

// run runs the plan here, or from the computer that the vantage is reached
// through, of which there may be as many at a time as elsewhere has room for.
func (cl climb) run(ctx context.Context, rb *rules.Runbook, w engine.World, elsewhere chan struct{}) *engine.Report {
	if cl.unreached != "" {
		return cl.plan.Unreached(cl.unreached, time.Now())
	}
	if cl.vantage == nil || len(cl.vantage.Via) == 0 || w.Answer != nil {
		cl.others.meet(ctx)
		return cl.plan.Run(ctx, w)
	}
	elsewhere <- struct{}{}
	defer func() { <-elsewhere }()
	started := time.Now()
	side := &farend.Side{Version: version, Probes: w.Probes, AllowExec: cl.settings.AllowExec}
	session, err := farend.Dial(ctx, side, kindsUsed(rb), cl.vantage.Via)
	if err != nil {
		cl.others.arrive()
		r := cl.plan.Unreached(err.Error(), started)
		r.Interrupted = ctx.Err() != nil
		return r
	}
	cl.others.meet(ctx)
	w.Probes = session.Probes()
	r := cl.plan.Run(ctx, w)
	if err := session.Close(); err != nil {
		r.Sites[0].Vantages[0].Reason = err.Error()
	}
	return r
}

// A meeting lets the vantages of a site begin together, once all of them are
// reached. Otherwise the first to begin takes away from the others what names
// the fault: a router sends a computer two ICMP errors and then, for as long as
// there is reason for more, none (Linux's icmp_ratelimit), and the answers to
// another's pings are reason enough.
type meeting struct {
	missing atomic.Int32
	all     chan struct{}
}

// meetingTimeout is how long a vantage waits for the others: enough for ssh to
// get through a jump host, and too little to be noticed beside a ladder.
const meetingTimeout = 3 * time.Second

// arrangeMeetings has the vantages of each site that is looked at from another
// computer meet.
func arrangeMeetings(climbs []climb) {
	meetings := map[*rules.Site]*meeting{}
	for i := range climbs {
		if cl := &climbs[i]; cl.vantage != nil && len(cl.vantage.Via) > 0 && cl.replay == nil {
			meetings[cl.site] = &meeting{all: make(chan struct{})}
		}
	}
	for i := range climbs {
		if m := meetings[climbs[i].site]; m != nil && climbs[i].site != nil {
			climbs[i].others = m
			m.missing.Add(1)
		}
	}
}

// arrive is one vantage less to wait for.
func (m *meeting) arrive() {
	if m != nil && m.missing.Add(-1) == 0 {
		close(m.all)
	}
}

// meet arrives and waits for the others, not for long.
func (m *meeting) meet(ctx context.Context) {
	if m == nil {
		return
	}
	m.arrive()
	late := time.NewTimer(meetingTimeout)
	defer late.Stop()
	select {
	case <-m.all:
	case <-late.C:
	case <-ctx.Done():
	}
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
