package survey_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/survey"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var numberKind = &language.Kind{Name: "number", Result: []language.Attribute{{Name: "n", Type: cty.Number, NeverNull: true, Doc: "Length of the target."}}}

// length observes how long its target is.
func length() []*engine.Probe {
	return []*engine.Probe{{Kind: numberKind, Observe: func(_ context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
		return cty.ObjectVal(map[string]cty.Value{"n": cty.NumberIntVal(int64(len(q.Target)))}), nil
	}}}
}

const checksSource = `
variable "word" { default = "here" }
check "word" {
  target = var.word
  probe "number" {}
  pass    = result.n < 5
  explain = "${target} has ${result.n} letters."
}
conclusion "both" {
  when    = vantage.near.check.word.passed && !vantage.far.check.word.passed
  explain = "It is long at the far end."
}
`

const sitesSource = `
site "pair" {
  title = "Two ends"
  vantage "near" { vars = { word = "a" } }
  vantage "far" { vars = { word = "aaaaaaa" } }
}
site "slip" {
  vars = { wrod = "b" }
}
site "one" {
  vars = { word = "bbb" }
}
site "lost" {
  vantage "near" {}
  vantage "far" { via = ["no-such-transport"] }
}
`

func load(t *testing.T) (*rules.Runbook, []*rules.Site) {
	t.Helper()
	rb, diags := rules.Load([]*language.Kind{numberKind}, rules.Overlay{Name: "rb", FS: fstest.MapFS{"a.hcl": {Data: []byte(checksSource)}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	sites, _ := rules.LoadSites(rb, rules.Overlay{Name: "sites.d", FS: fstest.MapFS{"s.hcl": {Data: []byte(sitesSource)}}})
	return rb, sites
}

func named(t *testing.T, sites []*rules.Site, name string) *rules.Site {
	t.Helper()
	i := slices.IndexFunc(sites, func(s *rules.Site) bool { return s.Name == name })
	if i < 0 {
		t.Fatal("no site", name)
	}
	return sites[i]
}

// outline is a report in a line a site and vantage.
func outline(r *engine.Report) []string {
	var lines []string
	for _, s := range r.Sites {
		for _, d := range s.Refused {
			lines = append(lines, s.Name+" refused: "+d.Summary)
		}
		for _, v := range s.Vantages {
			line := s.Name + " from " + v.Name + ":"
			for _, c := range v.Checks {
				line += " " + string(c.Status)
			}
			lines = append(lines, line+v.Reason)
		}
		for _, name := range s.Unseen {
			lines = append(lines, s.Name+" not from "+name)
		}
		for _, c := range s.Conclusions {
			lines = append(lines, s.Name+" concluded: "+c.Name)
		}
	}
	return lines
}

func options() survey.Options {
	return survey.Options{Options: engine.Options{Probes: length()}, Version: "test"}
}

// A site that is wrong is refused and stands where it would have stood; the others
// are looked at.
func TestSurvey(t *testing.T) {
	rb, sites := load(t)
	const lost = `there is no program no-such-transport on this computer, through which the other one is reached`
	for name, tc := range map[string]struct {
		sites []*rules.Site
		s     survey.Settings
		want  []string
		diags []string
	}{
		"all": {sites, survey.Settings{},
			[]string{"pair from near: pass", "pair from far: fail", "pair concluded: both", "slip refused: Unknown variable", "one from local: pass", "lost from near: pass", "lost from far:" + lost},
			[]string{"Unknown variable"}},
		"from one": {sites, survey.Settings{From: "far"},
			[]string{"pair from far: fail", "pair not from near", "slip refused: Unknown variable", "one refused: Unknown vantage", "lost from far: pass", "lost not from near"},
			[]string{"Unknown variable", "Unknown vantage"}},
		"no profile": {[]*rules.Site{nil}, survey.Settings{}, []string{"local from local: pass"}, nil},
		"none":       {nil, survey.Settings{}, nil, nil},
		"twice": {[]*rules.Site{sites[2], sites[2], nil, nil}, survey.Settings{},
			[]string{"one from local: pass", "one refused: Site given twice", "local from local: pass", "local refused: Site given twice"},
			[]string{"Site given twice", "Site given twice"}},
		"wrong settings": {sites[2:], survey.Settings{Only: []string{"check.nothing"}},
			[]string{"one refused: No such check", "lost refused: No such check"}, []string{"No such check"}},
		"a nil vantage": {[]*rules.Site{{Name: "odd", Vantages: []*rules.Vantage{nil}}}, survey.Settings{},
			[]string{"odd refused: Unfit settings"}, []string{"Unfit settings"}},
	} {
		t.Run(name, func(t *testing.T) {
			v, diags := survey.New(rb, tc.sites, tc.s)
			var summaries []string
			for _, d := range diags {
				summaries = append(summaries, d.Summary)
			}
			if diff := cmp.Diff(tc.diags, summaries); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			r, diags := v.Run(t.Context(), options())
			if len(diags) > 0 {
				t.Error(diags)
			}
			if diff := cmp.Diff(tc.want, outline(r)); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("no runbook", func(t *testing.T) {
		v, diags := survey.New(nil, sites[2:3], survey.Settings{})
		r, _ := v.Run(t.Context(), options())
		if diff := cmp.Diff([]string{"one refused: No runbook"}, outline(r)); !diags.HasErrors() || diff != "" {
			t.Error(diags, diff)
		}
	})
	t.Run("unfit probes", func(t *testing.T) {
		v, _ := survey.New(rb, sites, survey.Settings{})
		for _, recording := range []*offline.Recording{nil, {}} {
			o := options()
			o.Probes, o.Recording = []*engine.Probe{nil}, recording
			r, _ := v.Run(t.Context(), o)
			want := []string{"pair refused: Unfit probe", "slip refused: Unknown variable", "one refused: Unfit probe", "lost refused: Unfit probe"}
			if diff := cmp.Diff(want, outline(r)); diff != "" {
				t.Error(diff)
			}
		}
	})
}

// A survey may be run at the same time as often as one likes, and so may a replay
// of what was recorded: all of them find the same.
func TestRunsSideBySide(t *testing.T) {
	rb, sites := load(t)
	live, _ := survey.New(rb, sites[:1], survey.Settings{})
	o := options()
	o.Recording = &offline.Recording{}
	r, diags := live.Run(t.Context(), o)
	noDiags(t, diags)
	want := outline(r)

	var file bytes.Buffer
	if err := o.Recording.Write(&file); err != nil {
		t.Fatal(err)
	}
	recording, diags := offline.Read("seen.jsonl", &file)
	noDiags(t, diags)
	replay, diags := survey.Replay(rb, recording, survey.Settings{})
	noDiags(t, diags)
	blind := survey.Options{Options: engine.Options{Probes: []*engine.Probe{{Kind: numberKind}}}}

	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			r, diags := live.Run(t.Context(), options())
			if diff := cmp.Diff(want, outline(r)); len(diags) > 0 || diff != "" {
				t.Error("live:", diags, diff)
			}
		})
		group.Go(func() {
			r, diags := replay.Run(t.Context(), blind)
			if diff := cmp.Diff(want, outline(r)); len(diags) > 0 || diff != "" {
				t.Error("replayed:", diags, diff)
			}
			if r.Replayed == nil || r.Replayed.File != "seen.jsonl" || !r.StartedAt.Equal(recording.RecordedAt) {
				t.Errorf("replayed %+v, of %v", r.Replayed, r.StartedAt)
			}
		})
	}
	group.Wait()
}

// The events of a survey say which place they are of, one at a time.
func TestEvents(t *testing.T) {
	rb, sites := load(t)
	v, _ := survey.New(rb, []*rules.Site{named(t, sites, "pair"), named(t, sites, "lost")}, survey.Settings{})
	o := options()
	of := map[string][]string{}
	var inside sync.Mutex
	o.Notify = func(e engine.Event) {
		if !inside.TryLock() {
			t.Error("told twice at the same time")
			return
		}
		defer inside.Unlock()
		place := e.Site + "/" + e.Vantage
		line := strings.TrimSpace(fmt.Sprintf("%s %s", e.Kind, e.Address))
		if e.Reason != "" {
			line += ": " + e.Reason[:10]
		}
		of[place] = append(of[place], line)
	}
	v.Run(t.Context(), o)
	ran := []string{"run_started", "check_started check.word", "check_ended check.word", "run_ended"}
	want := map[string][]string{"pair/near": ran, "pair/far": ran, "lost/near": ran, "lost/far": {"vantage_unreached: there is n"}}
	if diff := cmp.Diff(want, of); diff != "" {
		t.Error(diff)
	}
}

// The probes in flight of all places together are bounded.
func TestParallelIsOfTheWholeSurvey(t *testing.T) {
	second := strings.ReplaceAll(checksSource[strings.Index(checksSource, "check"):strings.Index(checksSource, "conclusion")], "\"word\"", "\"other\"")
	rb, diags := rules.Load([]*language.Kind{numberKind}, rules.Overlay{Name: "rb", FS: fstest.MapFS{"a.hcl": {Data: []byte(checksSource + second)}}})
	noDiags(t, diags)
	var sites []*rules.Site
	for i := range 3 {
		sites = append(sites, &rules.Site{Name: fmt.Sprint("site", i)})
	}
	v, diags := survey.New(rb, sites, survey.Settings{})
	noDiags(t, diags)
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now, most := 0, 0
		o := options()
		o.Parallel = 2
		observe := o.Probes[0].Observe
		o.Probes[0].Observe = func(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second) // on the bubble's clock: all who may be are in flight
			mu.Lock()
			now--
			mu.Unlock()
			return observe(ctx, w, q)
		}
		v.Run(t.Context(), o)
		if most != 2 {
			t.Errorf("%d probes in flight, want 2", most)
		}
	})
}

func noDiags(t *testing.T, diags hcl.Diagnostics) {
	t.Helper()
	if len(diags) > 0 {
		t.Fatal(diags)
	}
}

// What an embedder forgot is said where it was handed over, and breaks nothing
// later.
func TestWhatIsForgotten(t *testing.T) {
	rb, _ := load(t)
	for want, made := range map[string]func() (*survey.Survey, hcl.Diagnostics){
		"No runbook":         func() (*survey.Survey, hcl.Diagnostics) { return survey.New(nil, nil, survey.Settings{}) },
		"Runbook not proved": func() (*survey.Survey, hcl.Diagnostics) { return survey.New(&rules.Runbook{}, nil, survey.Settings{}) },
		"No recording":       func() (*survey.Survey, hcl.Diagnostics) { return survey.Replay(rb, nil, survey.Settings{}) },
		"Unfit settings": func() (*survey.Survey, hcl.Diagnostics) {
			return survey.New(rb, []*rules.Site{{Name: "s", Vantages: []*rules.Vantage{nil, {Name: "v"}}}}, survey.Settings{})
		},
	} {
		s, diags := made()
		if len(diags) != 1 || diags[0].Summary != want {
			t.Errorf("want %q, got %v", want, diags)
		}
		if r, _ := s.Run(t.Context(), options()); r.Verdict() != engine.Error {
			t.Errorf("%s: %s", want, r.Verdict())
		}
	}
	hole := &offline.Recording{Places: []*offline.Place{nil}}
	if _, diags := survey.Replay(rb, hole, survey.Settings{}); !diags.HasErrors() {
		t.Error("a recording with a hole is replayed")
	}
	if r, _ := new(survey.Survey).Run(t.Context(), survey.Options{Recording: &offline.Recording{}}); r.Verdict() != engine.Error {
		t.Errorf("a survey that nobody made: %s", r.Verdict())
	}
	survey.Placeholders(new(survey.Place).Plan())
	survey.PlaceholdersIn(nil, &rules.Site{})
	survey.PlaceholdersIn(rb, &rules.Site{Vantages: []*rules.Vantage{nil}})
	survey.PlaceholdersIn(rb, nil)
}

// A recording need not go through its file to be replayed.
func TestReplayOfWhatWasJustRecorded(t *testing.T) {
	rb, diags := rules.Load([]*language.Kind{numberKind}, rules.Overlay{Name: "rb", FS: fstest.MapFS{"a.hcl": {Data: []byte(`
fact "far" {
  target = "aaaaaaa"
  probe "number" {}
}
check "word" {
  target = "here"
  probe "number" {}
  pass    = result.n < 5
  explain = "It is long."
}
conclusion "long" {
  when    = vantage.near.check.word.passed && vantage.far.fact.far.n > 5
  explain = "It is long at the far end."
}
`)}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	site := &rules.Site{Name: "pair", Vantages: []*rules.Vantage{{Name: "near"}, {Name: "far"}}}
	s, _ := survey.New(rb, []*rules.Site{site}, survey.Settings{})
	o := options()
	o.Recording = &offline.Recording{}
	ran, _ := s.Run(t.Context(), o)
	replay, diags := survey.Replay(rb, o.Recording, survey.Settings{})
	if len(diags) > 0 {
		t.Error(diags)
	}
	replayed, _ := replay.Run(t.Context(), options())
	want := []string{"pair from near: pass", "pair from far: pass", "pair concluded: long"}
	if diff := cmp.Diff(want, outline(ran)) + cmp.Diff(want, outline(replayed)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
