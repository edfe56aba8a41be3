package engine

import (
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// Options say how a plan is run. Probes are all that a run has to be handed.
type Options struct {
	Probes []*Probe
	World  World // what the probes see; zero: the operating system's own

	// Parallel bounds the probes in flight; 0 means DefaultParallel.
	Parallel int
	// InFlight, where it is set, bounds the probes in flight of all runs that
	// share it, by its capacity, which is at least 1.
	InFlight chan struct{}

	// Notify is told what happens while it happens, from one goroutine at a
	// time. It must return soon. See Event for what may be relied on.
	Notify func(Event)
	// Observed is told of every answer to a query, without what is sensitive,
	// from one goroutine at a time; not of those that the end of the run cut off.
	Observed func(Observation)
	// Judged is told of each expression that the outcome of a check or the
	// query of a check or fact came from, and what it was evaluated in. It is
	// called from many goroutines.
	Judged func(address string, e *expression.Expr, in *hcl.EvalContext)

	// Answer, where it is set, answers every query in place of the probes, of
	// which only the kinds and summaries are used then: nothing is sent and no
	// time is waited for. It is called from many goroutines. Package offline
	// sets it.
	Answer func(Query) Answer
}

// DefaultParallel is generous because a probe mostly waits for the network,
// which takes no processor.
const DefaultParallel = 256

// An Answer is what came of one query.
type Answer struct {
	Result  cty.Value // of the kind's ResultType; NilVal beside a Problem
	Problem string    // why the question could not be asked; "" where it was
	Cut     bool      // the time for it was up before everything was observed
	// Last: nobody asks again, whatever retry says, since there is no other
	// answer. It is of use to Options.Answer only.
	Last bool
}

// An Observation is an answer as Options.Observed is told of it.
type Observation struct {
	Address string
	Kind    string
	// ReadFile: the target is a file, which was allowed to be read.
	ReadFile bool
	// Target and Args are the question; unknown where they are sensitive. The
	// target is null where there is none.
	Target cty.Value
	Args   map[string]cty.Value
	Answer
	Started, Elapsed time.Duration // Started is after the run's start
}
