package offline

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// formatVersion is the version of the format of recordings. A reader takes
// every file of the same major version.
const formatVersion = "1.0"

// A Recording is what a run observed: one place or several. Its file is JSON
// Lines: the head first, then each place with the answers that were had there
// behind it.
//
//	{"recording":{"format_version":"1.0","linecheck":"0.4.0","recorded_at":"2026-11-24T08:00:00Z",…}}
//	{"place":{"site":"dublin","vantage":"gateway","vars":{"mail_host":"mail.corp.example"},…}}
//	{"answer":{"address":"check.loopback","kind":"ping","target":"127.0.0.1","args":{…},"result":{…},…}}
//
// In results null is null, and what was not observed is left out. What is
// sensitive is left out everywhere.
type Recording struct {
	Head
	Places []*Place

	name string // that it was read by
}

// NewRecording is a recording of what was observed at some places. Read makes the
// same of its file.
func NewRecording(h Head, places []*Place) *Recording {
	r := &Recording{Head: h, Places: places}
	r.join()
	return r
}

// join has the places know of one another, and of the day of the recording.
func (r *Recording) join() {
	for _, p := range r.Places {
		p.recorded, p.site = r.RecordedAt, r.choose(p.Site, "")
	}
}

// Head says what was run, and when.
type Head struct {
	FormatVersion string    `json:"format_version"`
	Linecheck     string    `json:"linecheck"`
	Runbook       string    `json:"runbook"` // "" where it has no name
	Version       string    `json:"version"` // of the runbook
	RecordedAt    time.Time `json:"recorded_at"`
	// Interrupted: the run ended before everything had been observed.
	Interrupted bool `json:"interrupted,omitempty"`
}

// A Place is a site, and the vantage that it was looked at from.
type Place struct {
	Site    string `json:"site"`
	Title   string `json:"title,omitempty"`
	Vantage string `json:"vantage"`
	// Vars are the values of all variables but the sensitive ones.
	Vars      map[string]json.RawMessage `json:"vars"`
	Sensitive []string                   `json:"sensitive,omitempty"` // variables that are left out
	Waivers   []Waiver                   `json:"waivers,omitempty"`
	Only      []string                   `json:"only,omitempty"`
	Skip      []string                   `json:"skip,omitempty"`
	AllowExec bool                       `json:"allow_exec,omitempty"`
	// AllowRead are the files that were allowed and those that were read; nil
	// in a recording from before files needed a permission.
	AllowRead []string `json:"allow_read"`
	// StartedAt is when the vantage began, which need not be when the others
	// did; the answers' times count from it. A reader takes the head's
	// recorded_at for one that is left out.
	StartedAt time.Time `json:"started_at,omitzero"`
	// Unreached is why nobody got to the vantage; there are no answers then.
	Unreached string `json:"unreached,omitempty"`
	// Lost is why the vantage was lost while it was looked from.
	Lost string `json:"lost,omitempty"`

	Answers []*Answer `json:"-"`

	recorded time.Time // as the head has it
	site     []*Place  // those of the site, this one among them
	at       hcl.Range
}

// A Waiver is one of the site's, on the day of the recording.
type Waiver struct {
	Check   string `json:"check"`
	Reason  string `json:"reason"`
	Expires string `json:"expires,omitempty"` // a day
}

// An Answer is what came of one query. Several of one address are the attempts
// of its check, in their order.
type Answer struct {
	Address string `json:"address"`
	Kind    string `json:"kind"`
	// Target is null where there is none, and left out where it is sensitive.
	Target json.RawMessage            `json:"target,omitempty"`
	Args   map[string]json.RawMessage `json:"args"`
	Result json.RawMessage            `json:"result,omitempty"`
	Error  string                     `json:"error,omitempty"` // why the question could not be asked
	// TimedOut: the time for it was up before everything was observed.
	TimedOut  bool    `json:"timed_out,omitempty"`
	StartedMS float64 `json:"started_ms"` // after the vantage began
	ElapsedMS float64 `json:"elapsed_ms"`

	at hcl.Range
}

// line is one line of the file: one of them.
type line struct {
	Recording *Head   `json:"recording,omitempty"`
	Place     *Place  `json:"place,omitempty"`
	Answer    *Answer `json:"answer,omitempty"`
}

// A Recorder keeps what one run of a plan observes.
type Recorder struct {
	mu       sync.Mutex
	observed map[string][]engine.Observation
}

// Observe keeps an observation; it is for engine.Options.Observed.
func (r *Recorder) Observe(o engine.Observation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.observed == nil {
		r.observed = map[string][]engine.Observation{}
	}
	r.observed[o.Address] = append(r.observed[o.Address], o)
}

// Reset forgets what was observed, before the same plan is run again.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.observed = nil
}

// Place is what was observed in a run of a plan that s was bound to.
func (r *Recorder) Place(plan *engine.Plan, s engine.Settings, report *engine.Report) (*Place, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	site := report.Sites[0]
	vantage := site.Vantages[0]
	p := &Place{
		Site: site.Name, Title: site.Title, Vantage: vantage.Name,
		Vars: map[string]json.RawMessage{}, Only: s.Only, Skip: s.Skip, AllowExec: s.AllowExec,
		AllowRead: append([]string{}, s.AllowRead...),
		StartedAt: vantage.StartedAt.UTC().Truncate(time.Millisecond),
	}
	if len(vantage.Checks) == 0 {
		p.Unreached = vantage.Reason
	} else {
		p.Lost = vantage.Reason
	}
	if s.Site != nil {
		for _, w := range s.Site.Waivers {
			waiver := Waiver{Check: w.Check, Reason: w.Reason}
			if !w.Expires.IsZero() {
				waiver.Expires = w.Expires.Format(time.DateOnly)
			}
			p.Waivers = append(p.Waivers, waiver)
		}
	}
	for _, o := range plan.Origins() {
		name := o.Variable.Name
		if o.Value.ContainsMarked() {
			p.Sensitive = append(p.Sensitive, name)
			continue
		}
		raw, ok, err := rawValue(o.Value)
		if err != nil {
			return nil, fmt.Errorf("record var.%s: %w", name, err)
		}
		if ok {
			p.Vars[name] = raw
		}
	}
	slices.Sort(p.Sensitive)
	// Who answered first is chance; the order of the plan is not.
	for _, c := range vantage.Checks {
		if err := p.add(r.observed[c.Address]); err != nil {
			return nil, err
		}
	}
	for _, f := range vantage.Facts {
		if err := p.add(r.observed[f.Address]); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *Place) add(observed []engine.Observation) error {
	for _, o := range observed {
		a := &Answer{
			Address: o.Address, Kind: o.Kind, Args: map[string]json.RawMessage{},
			Error: o.Problem, TimedOut: o.Cut, StartedMS: milliseconds(o.Started), ElapsedMS: milliseconds(o.Elapsed),
		}
		fail := func(what string, err error) error { return fmt.Errorf("record %s of %s: %w", what, o.Address, err) }
		if target, ok, err := rawValue(o.Target); err != nil {
			return fail("the target", err)
		} else if ok {
			a.Target = target
			if file := o.Target; o.ReadFile && !file.IsNull() && !slices.Contains(p.AllowRead, file.AsString()) {
				p.AllowRead = append(p.AllowRead, file.AsString())
			}
		}
		for _, name := range sorted(o.Args) {
			if arg, ok, err := rawValue(o.Args[name]); err != nil {
				return fail("argument "+name, err)
			} else if ok {
				a.Args[name] = arg
			}
		}
		if o.Problem == "" {
			result, ok, err := rawValue(o.Result)
			if err != nil {
				return fail("the result", err)
			}
			if !ok {
				result = json.RawMessage("{}")
			}
			a.Result = result
		}
		p.Answers = append(p.Answers, a)
	}
	return nil
}

func rawValue(v cty.Value) (json.RawMessage, bool, error) {
	x, ok := encode(v)
	if !ok {
		return nil, false, nil
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(x)
	return bytes.TrimSpace(buf.Bytes()), true, err
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Write writes the file.
func (r *Recording) Write(w io.Writer) error {
	buf := bufio.NewWriter(w)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	head := r.Head
	head.FormatVersion = formatVersion
	lines := []line{{Recording: &head}}
	for _, p := range r.Places {
		lines = append(lines, line{Place: p})
		for _, a := range p.Answers {
			lines = append(lines, line{Answer: a})
		}
	}
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return fmt.Errorf("write a recording: %w", err)
		}
	}
	return buf.Flush()
}

// choose are the places of that site and vantage; "" means any.
func (r *Recording) choose(site, vantage string) []*Place {
	return slices.DeleteFunc(slices.Clone(r.Places), func(p *Place) bool {
		return site != "" && p.Site != site || vantage != "" && p.Vantage != vantage
	})
}
