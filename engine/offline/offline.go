// Package offline judges what was observed elsewhere, or never: it runs a
// runbook without sending anything.
//
// A [Suite] runs the tests that rules.LoadTests reads, in which the results of
// the probes are given, and [Formats] shows what came out. With a [Coverage] it
// learns which conditions no test has taken both ways.
//
// A [Recorder] keeps what a run observed; a [Recording] is the file that this
// makes, and [Place.Bind] and [Replay] judge it again with the rules of today.
//
// The format of recordings is versioned: fields are added, never changed,
// within a major version. So is the JSON of test results.
package offline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/internal/permit"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/zclconf/go-cty/cty"
)

// A Suite is the tests of a runbook and what they refer to.
type Suite struct {
	Runbook *rules.Runbook
	Tests   *rules.Tests
	Sites   []*rules.Site // that a test may name
	// Probes are what a run would use; of them only kinds and summaries are.
	Probes []*engine.Probe
	// Coverage, where it is set, is told of every expression that is judged.
	Coverage *Coverage
}

// An Outcome is what came of one test.
type Outcome struct {
	Test   *rules.TestRun
	Report *engine.Report
	// Differences are what is not as it was expected; none: the test passed.
	Differences []Difference
	Elapsed     time.Duration
}

// Passed reports whether all was as expected.
func (o *Outcome) Passed() bool { return len(o.Differences) == 0 }

// Run runs the tests that match, in their order; nil: all. Tests that are
// themselves wrong, as all are of a runbook that was not proved (a site that does not exist, a value that does not fit, a
// recording that can't be read) have no outcome but errors. It ends early when
// ctx does, which is an error as well.
func (s *Suite) Run(ctx context.Context, match func(*rules.TestRun) bool) ([]*Outcome, hcl.Diagnostics) {
	var outcomes []*Outcome
	var diags hcl.Diagnostics
	if refused := s.Runbook.Refused(); refused.HasErrors() || s.Tests == nil {
		return nil, refused
	}
	for _, test := range s.Tests.Runs {
		if match != nil && !match(test) {
			continue
		}
		o, more := s.run(ctx, test)
		diags = append(diags, more...)
		if ctx.Err() != nil {
			return outcomes, append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Interrupted", Detail: "The tests were interrupted before all of them were run."})
		}
		if o != nil {
			outcomes = append(outcomes, o)
		}
	}
	return outcomes, diags
}

// run runs one test.
func (s *Suite) run(ctx context.Context, test *rules.TestRun) (*Outcome, hcl.Diagnostics) {
	start := time.Now()
	settings, given, diags := s.bind(test)
	if diags.HasErrors() {
		return nil, diags
	}
	plan, planDiags := engine.NewPlan(s.Runbook, settings)
	diags = append(diags, placed(planDiags, test)...)
	if diags.HasErrors() {
		return nil, diags
	}
	options := engine.Options{Probes: s.Probes, Answer: given.answer}
	if s.Coverage != nil {
		options.Judged = s.Coverage.judged
	}
	report := plan.Run(ctx, options)
	if refused := report.Sites[0].Refused; refused.HasErrors() {
		return nil, append(diags, placed(refused, test)...)
	}
	if len(given.impossible) > 0 {
		for _, address := range sorted(given.impossible) {
			diags = append(diags, given.impossible[address])
		}
		return nil, diags
	}
	if given.replay != nil {
		given.replay.tell(report)
	}
	if s.Coverage != nil {
		s.Coverage.count(report)
	}
	return &Outcome{
		Test: test, Report: report, Elapsed: time.Since(start),
		Differences: append(given.differences(), compare(test.Expect, report.Sites[0].Vantages[0], report.Verdict())...),
	}, diags
}

// placed gives errors of a plan that have no place the test's.
func placed(diags hcl.Diagnostics, test *rules.TestRun) hcl.Diagnostics {
	for _, d := range diags {
		if d.Subject == nil {
			d.Subject = test.DeclRange.Ptr()
		}
		d.Detail = strings.TrimSpace(d.Detail + fmt.Sprintf(" This is about the test %q.", test.Name))
	}
	return diags
}

// bind finds the values and the results of a test.
func (s *Suite) bind(test *rules.TestRun) (engine.Settings, *given, hcl.Diagnostics) {
	g := &given{own: byAddress(test.Results), reached: map[string]bool{}, missing: map[string]bool{}, impossible: map[string]*hcl.Diagnostic{}}
	settings, diags := s.place(test)
	own := engine.Values{Origin: "the test", Typed: map[string]cty.Value{}, Ranges: map[string]hcl.Range{}}
	for _, v := range test.Vars {
		own.Typed[v.Name], own.Ranges[v.Name] = v.Value, v.Range
	}
	if test.Recording == "" {
		g.shared = byAddress(s.Tests.Mocks)
	} else if !diags.HasErrors() {
		recorded, replay, more := s.recorded(test)
		diags = append(diags, more...)
		if replay != nil {
			g.replay = replay
			settings = overlay(recorded, settings)
		}
	}
	settings.Values = append(settings.Values, own)
	return settings, g, diags
}

// place finds the site and vantage of a test.
func (s *Suite) place(test *rules.TestRun) (engine.Settings, hcl.Diagnostics) {
	settings := engine.Settings{AllowExec: true, AllowRead: []string{permit.AnyFile}} // nothing is run or read: what it would say is given
	if test.Site == "" {
		return settings, nil
	}
	var names []string
	for _, site := range s.Sites {
		if site.Name == test.Site && !site.Abstract {
			settings.Site = site
		}
		if !site.Abstract {
			names = append(names, site.Name)
		}
	}
	if settings.Site == nil {
		return settings, hcl.Diagnostics{diagnostic.ErrorAt(test.SiteRange, "Unknown site",
			"No site beside the checks is called %q.%s", test.Site, diagnostic.DidYouMean(test.Site, names))}
	}
	if test.Vantage == "" {
		return settings, nil
	}
	names = nil
	for _, v := range settings.Site.Vantages {
		if v.Name == test.Vantage {
			settings.Vantage = v
		}
		names = append(names, v.Name)
	}
	if settings.Vantage == nil {
		return settings, hcl.Diagnostics{diagnostic.ErrorAt(test.VantageRange, "Unknown vantage",
			"The site %q has no vantage %q.%s", test.Site, test.Vantage, diagnostic.DidYouMean(test.Vantage, names))}
	}
	return settings, nil
}

// overlay is what a recording was bound to, with the profile that the test
// names over it.
func overlay(recorded, test engine.Settings) engine.Settings {
	if test.Site == nil {
		return recorded
	}
	recorded.Values = append(recorded.Values, profileValues(test)...)
	return recorded
}

func profileValues(s engine.Settings) []engine.Values {
	v := engine.Values{Origin: "the test's site", Typed: map[string]cty.Value{}, Ranges: map[string]hcl.Range{}}
	vars := s.Site.Vars
	if s.Vantage != nil {
		vars = slices.Concat(vars, s.Vantage.Vars)
	}
	for _, x := range vars {
		v.Typed[x.Name], v.Ranges[x.Name] = x.Value, x.Range
	}
	return []engine.Values{v}
}

// given answers the queries of a test from what it gives.
type given struct {
	own    map[string]*rules.GivenResult
	shared map[string]*rules.GivenResult
	replay *replayedPlace // nil without a recording

	mu      sync.Mutex
	reached map[string]bool // results of the test's own, by their address
	missing map[string]bool // addresses of queries without an answer
	// impossible is what is wrong with results, by their address, that no probe
	// comes back with, asked as it was.
	impossible map[string]*hcl.Diagnostic
}

func byAddress(results []*rules.GivenResult) map[string]*rules.GivenResult {
	all := make(map[string]*rules.GivenResult, len(results))
	for _, g := range results {
		all[g.Address] = g // a later one lies over an earlier
	}
	return all
}

// find finds the result for an address: its own, else that of its block.
func find(results map[string]*rules.GivenResult, address string) *rules.GivenResult {
	if r := results[address]; r != nil {
		return r
	}
	block, _, keyed := strings.Cut(address, "[")
	if !keyed {
		return nil
	}
	return results[block]
}

// notGiven is the problem of a query that a test has no result for.
const notGiven = "the test gives no result for it"

func (g *given) answer(q engine.Query) engine.Answer {
	g.mu.Lock()
	defer g.mu.Unlock()
	r := find(g.own, q.Address)
	if r != nil {
		g.reached[r.Address] = true
	} else if g.replay != nil {
		a := g.replay.Answer(q)
		if a.Problem == notRecorded {
			g.missing[q.Address] = true
		}
		return a
	} else if r = find(g.shared, q.Address); r == nil {
		g.missing[q.Address] = true
		return engine.Answer{Problem: notGiven, Last: true}
	}
	if err := r.Misfit(q.Args); err != nil {
		g.impossible[r.Address] = rules.ImpossibleResult(r, err, r.DeclRange)
	}
	return engine.Answer{Result: r.Result, Problem: r.Error}
}

// differences are what was asked and not given, and what was given and not
// asked for.
func (g *given) differences() []Difference {
	var list []Difference
	for _, address := range sorted(g.missing) {
		want := fmt.Sprintf("result %q { … }", address)
		if g.replay != nil {
			want += ", in the test or the recording"
		}
		list = append(list, Difference{Kind: NotGiven, Address: address, Want: want})
	}
	for _, address := range sorted(g.own) {
		if !g.reached[address] {
			list = append(list, Difference{Kind: NotReached, Address: address})
		}
	}
	return list
}

func sorted[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
