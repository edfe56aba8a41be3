// Package survey looks at many sites, each from all of its vantages, and makes
// one report of what was found.
//
// Start with [New] and [Survey.Run]:
//
//	sites, diags := rules.LoadSites(runbook, folder)
//	s, diags := survey.New(runbook, sites, survey.Settings{})
//	report, diags := s.Run(ctx, survey.Options{Options: engine.Options{Probes: probe.All()}})
//
// A profile with errors is refused and stands in the report with them; the
// others are looked at. The vantages of a site begin at the same time, those on
// other computers by way of package farend. [Replay] is New for a recording,
// which [Options.Recording] makes. Nothing is ever printed: what there is to say
// comes back as diagnostics.
//
// A survey may be run any number of times, also at the same time. What is here
// stays compatible within a major version: fields are added, never changed.
package survey

import (
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/terminal"
)

// Settings bind a runbook to all of the sites.
type Settings struct {
	// From is the vantage that this computer is: each site is looked at from there
	// alone, and the report names the others as left out. "": from all.
	From string
	// The others are as engine.Settings has them. Of a recording only Values, Only
	// and Skip count, which lie over its own.
	Values     []engine.Values
	Only, Skip []string
	AllowExec  bool
	AllowRead  []string
	Today      time.Time
}

// A Place is a site as it is looked at from one vantage.
type Place struct {
	Site    *rules.Site    // nil: no profile is used
	Vantage *rules.Vantage // nil: this computer, which the profile has no name for

	blank    *engine.Plan // of the survey
	settings engine.Settings

	// What it replays, if it does.
	recorded *offline.Place
	replay   *offline.Replay
}

// Plan is the plan of the place, made anew by each call, as by each run: it takes
// less time than a probe, and what a plan takes of memory is needed for as many
// sites as are looked at side by side, not for all. Waivers are held against the
// day of the call.
func (p *Place) Plan() *engine.Plan {
	if p.blank == nil { // no survey made it
		return &engine.Plan{}
	}
	plan, _ := p.blank.For(p.settings) // it was right when the survey was made, or its run says what is not
	return plan
}

// A Survey are sites that a runbook is bound to.
type Survey struct {
	runbook *rules.Runbook
	// blank is a plan of no site, which makes all others: see engine.Plan.For.
	blank     *engine.Plan
	entries   []entry
	recording *offline.Recording // nil: the probes are run
}

// An entry is a site of the report: it is refused, or has places.
type entry struct {
	name, title string
	refused     hcl.Diagnostics
	places      []*Place
	unseen      []string // vantages that From leaves out
}

// New binds a runbook to sites; a nil one is no profile, with the runbook's own
// values and those of the settings. A site with errors is refused, be it
// that its profile has them (Site.Problems) or that no plan can be made of it.
// The diagnostics are those of all sites; what is wrong with several for the
// same reason is said once.
func New(rb *rules.Runbook, sites []*rules.Site, s Settings) (*Survey, hcl.Diagnostics) {
	v := newSurvey(rb)
	diags := rb.Refused() // also where there is no site to say so
	names := map[string]bool{}
	for _, site := range sites {
		e, wrong := entry{name: v.blank.Site()}, hcl.Diagnostics(nil)
		if site != nil {
			e.name, e.title, wrong = site.Name, site.Title, site.Problems
		}
		if names[e.name] {
			wrong = append(slices.Clip(wrong), &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Site given twice",
				Detail: fmt.Sprintf("The survey was handed two sites that are called %q. This is to be put right in the program that chooses them.", e.name)})
		}
		names[e.name] = true
		if !wrong.HasErrors() {
			if more := e.plan(v.blank, site, s); more.HasErrors() {
				wrong, e.places = more, nil
			} else {
				diags = diagnostic.AppendNew(diags, more)
			}
		}
		if wrong.HasErrors() {
			e.refused = wrong
		}
		// What several sites inherit, or are given, is wrong once.
		diags = diagnostic.AppendNew(diags, wrong)
		v.entries = append(v.entries, e)
	}
	return v, diags
}

func newSurvey(rb *rules.Runbook) *Survey {
	blank, _ := engine.NewPlan(rb, engine.Settings{}) // what is wrong with the runbook is wrong with all that it makes
	return &Survey{runbook: rb, blank: blank}
}

// plan binds the runbook to the places of a site.
func (e *entry) plan(blank *engine.Plan, site *rules.Site, s Settings) hcl.Diagnostics {
	vantages, problem := Vantages(site, s.From)
	if problem != nil {
		return hcl.Diagnostics{problem}
	}
	var diags hcl.Diagnostics
	chosen := map[string]bool{}
	for _, vantage := range vantages {
		if vantage != nil {
			chosen[vantage.Name] = true
		}
		settings := engine.Settings{Site: site, Vantage: vantage, Values: s.Values, Only: s.Only, Skip: s.Skip,
			AllowExec: s.AllowExec, AllowRead: s.AllowRead, Today: s.Today}
		plan, more := blank.For(settings)
		diags = diagnostic.AppendNew(diags, more)
		if !more.HasErrors() {
			diags = diagnostic.AppendNew(diags, Placeholders(plan))
		}
		e.places = append(e.places, &Place{Site: site, Vantage: vantage, blank: blank, settings: settings})
	}
	if site == nil {
		return diags
	}
	for _, v := range site.Vantages {
		if v != nil && !chosen[v.Name] {
			e.unseen = append(e.unseen, v.Name)
		}
	}
	return diags
}

// Vantages are those that a site is looked at from: all of the profile's, or only
// the one that this computer is said to be, which is reached through nothing
// then. One that is nil is this computer, where the profile names none.
func Vantages(site *rules.Site, from string) ([]*rules.Vantage, *hcl.Diagnostic) {
	if site == nil {
		return []*rules.Vantage{nil}, nil
	}
	var names []string
	for _, v := range site.Vantages {
		if v != nil && from != "" && v.Name == from {
			here := *v
			here.Via = nil
			return []*rules.Vantage{&here}, nil
		}
		if v != nil {
			names = append(names, v.Name)
		}
	}
	unknown := func(format string, args ...any) *hcl.Diagnostic {
		return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Unknown vantage", Subject: site.DeclRange.Ptr(), Detail: fmt.Sprintf(format, args...)}
	}
	switch {
	case from != "" && len(names) == 0:
		return nil, unknown("The site %q has no vantages: it is looked at from this computer. Leave --from out.", site.Name)
	case from != "":
		return nil, unknown("The site %q has no vantage %q. There is: %s.%s", site.Name, from, terminal.Names(names), diagnostic.DidYouMean(from, names))
	case len(site.Vantages) == 0:
		return []*rules.Vantage{nil}, nil
	}
	return site.Vantages, nil
}

// Places are those that are looked at, in the order of the report.
func (s *Survey) Places() []*Place {
	var all []*Place
	for _, e := range s.entries {
		all = append(all, e.places...)
	}
	return all
}
