package engine

import "time"

// An Event is told to Options.Notify: a run is a stream of them. The stream is
// enough to draw a live display, to write as a line of JSON each, or to hand on
// to other computers.
//
// What may be relied on, within one run of one plan, which Site and Vantage
// name:
//
//   - The first is RunStarted, the last RunEnded. A plan that is refused has none.
//   - Each check of the plan ends exactly once (CheckEnded), also where the run
//     is cut short. One that was observed has started before (CheckStarted), and
//     has been told of with CheckRetried between each two attempts. One that is
//     blocked, skipped or never begun ends without a start.
//   - What a check depends on has ended before it starts.
//   - A fact that is gathered starts once and ends once (FactStarted, FactEnded).
//   - Times never go back.
//
// Events of checks that don't depend on one another come in any order, and so
// do those of plans that run side by side; nobody is told of two at a time.
//
// Kinds are added within a major version, never changed: pass over one that is
// unknown.
type Event struct {
	Kind EventKind
	Time time.Time // when it happened
	// Site and Vantage are where, by the names that they have in the report.
	Site, Vantage string
	// Address is that of the check or the fact; "" where it is about neither.
	Address string
	// Attempt is the number of the attempt that begins, from 1 on, of CheckStarted
	// and CheckRetried; 0 of any other.
	Attempt int
	// Check is what came of a check, of CheckEnded; nil of any other. It is a copy
	// that nothing changes any more. Its Blocks and Untried are empty, because they
	// are known at the end of the run only.
	Check *CheckReport
	// Fact is what came of a fact, of FactEnded; nil of any other. It is a copy
	// that nothing changes any more.
	Fact *FactReport
	// Reason is why a vantage was not reached, in the words of what failed, of
	// VantageUnreached; "" of any other.
	Reason string
}

// An EventKind is what happened. The zero value is invalid.
type EventKind string

// What may happen.
const (
	RunStarted   EventKind = "run_started"
	RunEnded     EventKind = "run_ended"
	CheckStarted EventKind = "check_started" // its first attempt begins
	CheckRetried EventKind = "check_retried" // another attempt begins
	CheckEnded   EventKind = "check_ended"
	FactStarted  EventKind = "fact_started"
	FactEnded    EventKind = "fact_ended"

	// The others are told by package survey, around the runs of its plans.

	// VantageReached: the computer of a vantage answers. It is told before the run.
	VantageReached EventKind = "vantage_reached"
	// VantageUnreached: it does not, or not any more to begin with: there is no run.
	VantageUnreached EventKind = "vantage_unreached"
	// VantageRestarted: a vantage of the same site was reached late, so that the
	// run begins again. What was told of the run before is void, to
	// Options.Observed as well.
	VantageRestarted EventKind = "vantage_restarted"
)
