package offline

import (
	"bytes"
	"cmp"
	"encoding/json"
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
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A Replay answers queries with what was recorded at one place.
type Replay struct {
	answers map[string][]*replayed

	mu   sync.Mutex
	next map[string]int // attempts that were answered
	// asked are the questions that were answered although today they have
	// other arguments.
	asked map[string][]string
}

type replayed struct {
	*Answer
	result    cty.Value // NilVal where there is none
	otherKind bool      // the check or fact has another kind of probe today
}

// Bind holds a recorded place against the runbook of today. The settings bind a
// plan to the recorded values; Only, Skip and further Values may be added to
// them. Warnings say what is not as it was.
func (p *Place) Bind(rb *rules.Runbook) (engine.Settings, *Replay, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	s := engine.Settings{
		Site:    &rules.Site{Name: p.Site, Title: p.Title, DeclRange: p.at},
		Vantage: &rules.Vantage{Name: p.Vantage, DeclRange: p.at},
		Only:    p.Only, Skip: p.Skip, AllowExec: p.AllowExec, AllowRead: p.AllowRead, Today: p.recorded.UTC(),
	}
	if s.AllowRead == nil {
		s.AllowRead = []string{permit.AnyFile}
	}
	for _, w := range p.Waivers {
		waiver := &rules.Waiver{Check: w.Check, Reason: w.Reason, DeclRange: p.at}
		if w.Expires != "" {
			day, err := time.Parse(time.DateOnly, w.Expires)
			if err != nil {
				diags = append(diags, diagnostic.ErrorAt(p.at, "Wrong day", "The waiver of %s expires on %q, which is no day.", w.Check, w.Expires))
			}
			waiver.Expires = day
		}
		s.Site.Waivers = append(s.Site.Waivers, waiver)
	}
	// A plan gathers what conclusions read where a site has several vantages.
	for _, other := range p.site {
		s.Site.Vantages = append(s.Site.Vantages, &rules.Vantage{Name: other.Vantage, DeclRange: other.at})
	}
	values, more := p.values(rb)
	s.Values = values
	diags = append(diags, more...)

	r := (&Replay{answers: map[string][]*replayed{}}).Clone()
	for _, a := range p.Answers {
		kind := kindOf(rb, a.Address)
		if kind == nil {
			continue // nobody asks any more
		}
		one := &replayed{Answer: a, otherKind: kind.Name != a.Kind}
		if a.Error == "" && !one.otherKind {
			var err error
			if one.result, err = decodeResult(kind, a.Result); err == nil {
				err = kind.Misfit(one.result, askedWith(kind, a.Args))
			}
			if err != nil {
				diags = append(diags, diagnostic.ErrorAt(a.at, "Recorded result does not fit", "The result of %s is not what a probe of kind %q observes today: %v. Record it again.", a.Address, a.Kind, err))
				continue
			}
		}
		r.answers[a.Address] = append(r.answers[a.Address], one)
	}
	return s, r, diags
}

// Clone is a replay of the same answers of which none has been given.
func (r *Replay) Clone() *Replay {
	return &Replay{answers: r.answers, next: map[string]int{}, asked: map[string][]string{}}
}

// Replayed is what a report that was made from the recording has to say of it.
func (r *Recording) Replayed() *engine.Replayed {
	return &engine.Replayed{
		File: r.name, RecordedAt: r.RecordedAt, Linecheck: r.Linecheck, Interrupted: r.Interrupted,
		Runbook: engine.RunbookInfo{Name: r.Runbook, Version: r.Version},
	}
}

// Restore gives a report that was made from the place what is not observed: the
// times at which it was, since judging again takes none, and why the vantage was
// lost. Conclusions read both.
func (p *Place) Restore(v *engine.VantageReport) {
	type span struct{ from, to time.Duration }
	spans := map[string]span{}
	duration := func(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
	v.StartedAt, v.Elapsed, v.Reason = p.StartedAt, 0, cmp.Or(p.Unreached, p.Lost)
	for _, a := range p.Answers {
		from, to := duration(a.StartedMS), duration(a.StartedMS+a.ElapsedMS)
		if s, ok := spans[a.Address]; ok {
			from, to = min(from, s.from), max(to, s.to)
		}
		spans[a.Address] = span{from, to}
		v.Elapsed = max(v.Elapsed, to)
	}
	for _, c := range v.Checks {
		s := spans[c.Address]
		c.Started, c.Elapsed = s.from, s.to-s.from
	}
	for _, f := range v.Facts {
		s := spans[f.Address]
		f.Started, f.Elapsed = s.from, s.to-s.from
	}
}

// values are the recorded values of the variables that there still are.
func (p *Place) values(rb *rules.Runbook) ([]engine.Values, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	v := engine.Values{Origin: "the recording", Elsewhere: true, Typed: map[string]cty.Value{}, Ranges: map[string]hcl.Range{}}
	for _, name := range sorted(p.Vars) {
		if rb.Variable(name) == nil {
			diags = append(diags, warningAt(p.at, "Recorded variable is gone", "The recording has a value for %q, which the runbook does not declare any more. It is left out.", name))
			continue
		}
		value, err := decodeVariable(p.Vars[name])
		if err != nil {
			diags = append(diags, diagnostic.ErrorAt(p.at, "Recorded value can't be read", "The value of variable %q: %v.", name, err))
			continue
		}
		v.Typed[name], v.Ranges[name] = value, p.at
	}
	for _, name := range p.Sensitive {
		if variable := rb.Variable(name); variable != nil {
			v.Typed[name], v.Ranges[name] = cty.UnknownVal(variable.Type), p.at
		}
	}
	return []engine.Values{v}, diags
}

// Hidden are the variables whose values the recording leaves out because they
// are sensitive. What depends on them is unknown in a replay, unless they are
// given anew.
func (p *Place) Hidden(rb *rules.Runbook) []string {
	return slices.DeleteFunc(slices.Clone(p.Sensitive), func(name string) bool { return rb.Variable(name) == nil })
}

// kindOf is the kind of the check or fact with an address; nil where there is
// none any more.
func kindOf(rb *rules.Runbook, address string) *language.Kind {
	a, ok := expression.ParseAddress(address)
	if !ok {
		return nil
	}
	if c := rb.Check(a.Name); c != nil && a.Root == language.RefCheck {
		return c.Probe.Kind
	}
	if f := rb.Fact(a.Name); f != nil && a.Root == language.RefFact {
		return f.Probe.Kind
	}
	return nil
}

// notRecorded is the problem of a query that was never asked when the recording
// was made.
const notRecorded = "the recording has no answer for it: it was not asked then"

// Answer answers a query with what was recorded; it is for engine.Options.Answer.
func (r *Replay) Answer(q engine.Query) engine.Answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.answers[q.Address]
	if len(all) == 0 {
		return engine.Answer{Problem: notRecorded, Last: true}
	}
	i := min(r.next[q.Address], len(all)-1)
	r.next[q.Address]++
	a := all[i]
	if a.otherKind {
		return engine.Answer{Problem: fmt.Sprintf("the recording has the answer of another kind of probe, %q", a.Kind), Last: true}
	}
	if was, same := sameTarget(a.Target, q.Target); !same {
		return engine.Answer{Problem: fmt.Sprintf("the recording has no answer for it: %s was asked then, not %s", orNobody(was), orNobody(q.Target)), Last: true}
	}
	if changed := changedArgs(a.Args, q.Args); len(changed) > 0 {
		r.asked[q.Address] = changed
	}
	return engine.Answer{Result: a.result, Problem: a.Error, Cut: a.TimedOut, Last: i == len(all)-1}
}

func orNobody(target string) string {
	if target == "" {
		return "nobody in particular"
	}
	return target
}

// sameTarget reports whether a recorded target is that of today's query. One
// that was left out because it is sensitive can't be told.
func sameTarget(recorded json.RawMessage, today string) (was string, same bool) {
	if recorded == nil {
		return "", true
	}
	var target *string
	if err := json.Unmarshal(recorded, &target); err != nil {
		return string(recorded), false
	}
	if target == nil {
		return "", today == ""
	}
	return *target, *target == today
}

// changedArgs names the arguments that are not as they were.
func changedArgs(recorded map[string]json.RawMessage, today map[string]cty.Value) []string {
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(today)) {
		was, had := recorded[name]
		now, ok, err := rawValue(today[name])
		if had && ok && err == nil && string(was) != string(now) {
			changed = append(changed, fmt.Sprintf("%s was %s, now %s", name, was, now))
		}
	}
	return changed
}

// Changed says of each answer that was taken although its question has other
// arguments today what they were, in words.
func (r *Replay) Changed() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []string
	for _, address := range sorted(r.asked) {
		list = append(list, fmt.Sprintf("%s was recorded with other arguments: %s.", address, strings.Join(r.asked[address], "; ")))
	}
	return list
}

func warningAt(at hcl.Range, summary, detail string, args ...any) *hcl.Diagnostic {
	d := diagnostic.ErrorAt(at, summary, detail, args...)
	d.Severity = hcl.DiagWarning
	return d
}

// A replayedPlace is the place of a recording that a test is about.
type replayedPlace struct {
	*Replay
	place *Place
	said  *engine.Replayed
}

// tell gives a report the recording's times.
func (r *replayedPlace) tell(report *engine.Report) {
	v := report.Sites[0].Vantages[0]
	r.place.Restore(v)
	report.StartedAt, report.Elapsed, report.Replayed = r.said.RecordedAt, v.Elapsed, r.said
}

// recorded reads the recording of a test and binds it.
func (s *Suite) recorded(test *rules.TestRun) (engine.Settings, *replayedPlace, hcl.Diagnostics) {
	shown := test.Folder.Path(test.Recording)
	src, err := disk.ReadFile(test.Folder.FS, test.Recording, maxRecording)
	if err != nil {
		return engine.Settings{}, nil, hcl.Diagnostics{diagnostic.ErrorAt(test.RecordingRange, "Unreadable recording", "%s can't be read: %v. The path is relative to the test file.", shown, disk.Cause(err))}
	}
	recording, diags := Read(shown, bytes.NewReader(src))
	if diags.HasErrors() {
		return engine.Settings{}, nil, diags
	}
	places := recording.choose(test.Site, test.Vantage)
	if len(places) == 0 {
		places = recording.Places // of another site, whose results the test borrows
	}
	if len(places) != 1 {
		var names []string
		for _, p := range places {
			names = append(names, fmt.Sprintf("site = %q, vantage = %q", p.Site, p.Vantage))
		}
		return engine.Settings{}, nil, append(diags, diagnostic.ErrorAt(test.RecordingRange, "Several places", "The recording was made at several places. Say which one is meant: %s.", strings.Join(names, " or ")))
	}
	settings, replay, more := places[0].Bind(s.Runbook)
	return settings, &replayedPlace{replay, places[0], recording.Replayed()}, append(diags, more...)
}
