package engine

import (
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// Status is how a check came out. The zero value is invalid.
type Status string

const (
	Pass    Status = "pass"
	Warn    Status = "warn"
	Fail    Status = "fail"
	Error   Status = "error"   // could not be observed, or the rule itself broke
	Blocked Status = "blocked" // something that it depends on did not pass
	Skipped Status = "skipped" // says why

	// Partial is the status of a layer only, never of a check: nothing failed,
	// and not all of it was looked at.
	Partial Status = "partial"
)

// A SkipKind is why a check was skipped; "" for one that was not.
type SkipKind string

const (
	SkipNotApplicable SkipKind = "not_applicable" // its when is false with the values of this site
	SkipCircumstances SkipKind = "circumstances"  // its when is false by what was observed
	SkipNoValue       SkipKind = "no_value"       // a variable that would give it a target has none
	SkipNoTarget      SkipKind = "no_target"      // nothing that would give it a target was found
	SkipFiltered      SkipKind = "filtered"       // by Settings.Only or Settings.Skip
	SkipWaived        SkipKind = "waived"         // by the site's profile
	SkipNotAllowed    SkipKind = "not_allowed"    // it runs a command or reads a file, see Settings.AllowExec and AllowRead
	SkipUpstream      SkipKind = "upstream"       // what it needs of another check was skipped
)

// A Report is what a run found. It is a value of its own: nothing in it
// changes after Run returned.
type Report struct {
	Runbook     RunbookInfo
	StartedAt   time.Time
	Elapsed     time.Duration
	Sites       []*SiteReport
	Interrupted bool // the run was cut short; what is known stands here
	// Replayed is the recording that was judged; nil for a run. StartedAt and
	// all durations are the recording's then.
	Replayed *Replayed
}

// Replayed says what a report was judged from.
type Replayed struct {
	File        string // as it was named
	RecordedAt  time.Time
	Linecheck   string      // the version that recorded
	Runbook     RunbookInfo // with which it was recorded; its name and version
	Interrupted bool        // the run that was recorded was cut short
}

// RunbookInfo names the rules that judged.
type RunbookInfo struct {
	Name, Title, Version string
	Overlays             []string
}

// SiteReport is what was found at one site.
type SiteReport struct {
	Name, Title string
	// Refused are the errors for which it was not run: of the site's profile, or
	// of what the run was handed.
	// Such a site has no vantages, and its verdict is Error.
	Refused     hcl.Diagnostics
	Conclusions []*ConclusionReport
	Vantages    []*VantageReport
	// Unseen are the vantages of the profile that were left out: it was not
	// looked at from there.
	Unseen []string
}

// ConclusionReport is a conclusion that holds.
type ConclusionReport struct {
	Name, Explain, Remedy string
	Evidence              []Evidence
	Holes                 []expression.Hole // parts of Explain and Remedy that had no value to show
}

// VantageReport is what was found from one computer.
type VantageReport struct {
	Name      string
	StartedAt time.Time
	Elapsed   time.Duration
	// Reason is why the vantage was not reached, in which case it has no
	// checks, or was lost on the way; "" for one of which neither is true.
	Reason string
	Checks []*CheckReport // in plan order
	Empty  []string       // checks of the runbook whose for_each is empty: nothing was looked at for them
	Facts  []*FactReport  // those that something needed, in plan order
	// Vars are the values of the variables at this vantage, those of imports
	// under their full names; sensitive ones are unknown.
	Vars map[string]cty.Value
}

// CheckReport is one check, or one instance of it.
type CheckReport struct {
	Address     string // check.NAME or check.NAME["key"]
	Title       string
	Layer       string
	Tags        []string
	Kind        string
	Status      Status
	Target      cty.Value // string; null without one
	Result      cty.Value // NilVal where nothing was observed
	Summary     string    // Probe.Summary of Result; "" where nothing was observed
	Cause       string    // "" where only the check's own explanation applies
	Explain     string    // "" for a check that passed
	Remedy      string
	Evidence    []Evidence
	NotRuledOut []Doubt
	BlockedBy   []string // addresses of root causes
	Blocks      []string // everything behind this one, when it is a root cause
	Reason      string   // why it was skipped, or what went wrong
	Skip        SkipKind // why it was skipped, for programs
	Untargeted  bool     // it was skipped, and even if it had not been there is no target
	Waived      bool     // the site's profile waives it, its status is Skipped
	// Waiver is what the site's profile says of the check; nil: nothing. One that
	// ran out waives nothing.
	Waiver *WaiverReport
	// Untried are the checks before this one, and before those, that were skipped
	// although they apply: what this one found may come from there. Only root
	// causes have them.
	Untried     []string
	Interrupted bool // the run ended before this check did; its status is Error
	// TimedOut is the check's own time where that was up before everything had
	// been observed; 0 where it was not.
	TimedOut    time.Duration
	Attempts    int
	Started     time.Duration // after the run's start
	Elapsed     time.Duration
	Range       hcl.Range
	Evaluations []Evaluation // how each condition came out, for authors
	// Holes are the parts of Title, Explain and Remedy that had no value to
	// show: they read "none", "not observed" or "not available" there. It is
	// for authors, as Evaluations is.
	Holes []expression.Hole
}

// WaiverReport is a waiver of one check.
type WaiverReport struct {
	Reason  string
	Expires time.Time // the last day on which it holds, UTC midnight; zero: no end
	Expired bool      // that day was over on the day of the run
}

// Evidence is one observation that the deciding condition refers to.
type Evidence struct {
	Ref   string
	Value cty.Value // may be null; unknown: not observed
}

// A Doubt is a cause that could also be: its condition could not be decided.
type Doubt struct {
	Cause   string
	Explain string   // "" where it would show what was not observed
	Missing []string // references that were not observed
	Problem string   // how the condition broke, "" where it was only unknown
}

// Evaluation is how one condition of a check came out.
type Evaluation struct {
	Name     string // "pass", "warn", "when" or the cause's name
	Outcome  string // "true", "false", "unknown", "error", "not consulted"
	Problem  string
	Evidence []Evidence
	Range    hcl.Range
}

// FactReport is one fact that something needed.
type FactReport struct {
	Address          string
	Kind             string
	Target           cty.Value
	Result           cty.Value // unknown where it could not be gathered
	Problem          string    // why
	Started, Elapsed time.Duration
}
