package survey

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
)

// Options say how a survey is run.
type Options struct {
	// Options are those of each of the plans. Parallel bounds the probes in flight
	// of all of them together, and how many places are looked at side by side;
	// each is handed the same Probes. Notify is told of all of them, from one
	// goroutine at a time, and Observed from one at a time of each place. Runs at
	// the same time that share one of these funcs call it at the same time.
	engine.Options
	// Version is linecheck's own, as other computers and recordings are told it.
	Version string
	// Recording, where it is set, becomes what was observed, without what is
	// sensitive, when the run is over. Each run needs one of its own.
	Recording *offline.Recording
}

// Run looks at the sites side by side, until everything is known or ctx ends,
// and concludes from all vantages of a site together. The report then says what
// is known, and which sites were refused and why. The diagnostics are warnings
// about what the report can't tell: conclusions that broke, answers of a recording
// to questions that are others today. An error among them says that the recording
// could not be made.
func (s *Survey) Run(ctx context.Context, o Options) (*engine.Report, hcl.Diagnostics) {
	if s.blank == nil { // neither New nor Replay made it
		s, _ = New(nil, nil, Settings{})
	}
	o.share()
	var runs []*placeRun
	for _, p := range s.Places() {
		r := &placeRun{Place: p}
		if o.Recording != nil {
			r.recorder = &offline.Recorder{}
		}
		if p.replay != nil {
			r.replay = p.replay.Clone()
		}
		runs = append(runs, r)
	}
	kinds := kindsUsed(s.runbook)
	started := time.Now()
	runGangs(gangs(runs, o.Parallel > 1), o.Parallel, func(r *placeRun) { r.look(ctx, kinds, o) })

	report := s.merge(runs)
	report.StartedAt, report.Elapsed = started, time.Since(started)
	diags := changedQuestions(runs)
	if s.recording != nil {
		restoreTimes(report, s.recording, runs)
	}
	for _, site := range report.Sites {
		if site.Refused.HasErrors() {
			continue
		}
		var more hcl.Diagnostics
		site.Conclusions, more = engine.Conclude(s.runbook, site)
		diags = append(diags, more...)
	}
	if o.Recording != nil {
		diags = append(diags, s.record(o, report, runs)...)
	}
	return report, diags
}

// share makes all runs share what bounds them and who is told of them.
func (o *Options) share() {
	if o.Parallel <= 0 {
		o.Parallel = engine.DefaultParallel
	}
	if o.InFlight == nil {
		o.InFlight = make(chan struct{}, o.Parallel)
	}
	if notify := o.Notify; notify != nil {
		var one sync.Mutex
		o.Notify = func(e engine.Event) {
			one.Lock()
			defer one.Unlock()
			notify(e)
		}
	}
}

// merge makes one report of those of all places, the vantages of one site under
// that site.
func (s *Survey) merge(runs []*placeRun) *engine.Report {
	merged := &engine.Report{Runbook: s.blank.Runbook()}
	for _, e := range s.entries {
		site := &engine.SiteReport{Name: e.name, Title: e.title, Refused: e.refused}
		for _, r := range runs[:len(e.places)] {
			of := r.report.Sites[0]
			site.Vantages = append(site.Vantages, of.Vantages...)
			merged.Interrupted = merged.Interrupted || r.report.Interrupted
			if of.Refused.HasErrors() { // its options are wrong, and those of all others
				site.Refused = of.Refused
			}
		}
		if len(e.places) > 0 && !site.Refused.HasErrors() {
			site.Unseen = e.unseen
		}
		runs = runs[len(e.places):]
		merged.Sites = append(merged.Sites, site)
	}
	return merged
}

// kindsUsed are the kinds of probe that a runbook has a use for.
func kindsUsed(rb *rules.Runbook) []*language.Kind {
	if rb == nil {
		return nil
	}
	seen := map[*language.Kind]bool{}
	var kinds []*language.Kind
	add := func(p *rules.ProbeBlock) {
		if !seen[p.Kind] {
			seen[p.Kind] = true
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
