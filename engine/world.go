package engine

import (
	"context"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// A Probe is a kind and the function that observes.
type Probe struct {
	*rules.Kind
	// Observe asks the network one question and returns a value of the kind's
	// ResultType. It never judges: what the network said, an error among it,
	// is a result. An error means that the question could not be asked.
	// It obeys ctx; cut off, it returns what it has observed so far with the
	// rest unknown. It leaves no goroutine behind.
	Observe func(ctx context.Context, w *World, q Query) (cty.Value, error)
	// Summary says in a few words what was measured, for a line of the human
	// report: "3 of 3 replies, 0.41 ms". It may be nil. It is handed an object
	// of the kind's ResultType, any attribute of which may be null or unknown,
	// and leaves out what it does not know; "" when that is everything.
	Summary func(result cty.Value) string
}

// A Query is what one probe is asked.
type Query struct {
	Address string // of who asks: check.NAME, check.NAME["KEY"] or fact.NAME
	Target  string // "" where the kind has a meaning without one
	// Args holds every argument of the kind, defaults filled in, converted to
	// its type and checked; null where it was left out and has no default.
	// Other queries share the map: it must not be changed.
	Args map[string]cty.Value

	hidden []string // arguments that are sensitive; targetArg is the target
}

// World is everything outside of the program that a run touches. The zero
// value of each func means the operating system's own.
type World struct {
	Probes []*Probe
	// Dial opens a TCP or UDP connection. The system's own also reads the
	// ICMP errors that belong to the connection; one of yours need not.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Lookup finds the addresses of a host name as every program on this
	// computer does: hosts file, search domains and all. network is "ip",
	// "ip4" or "ip6". The system's own is what nsswitch.conf(5) says, in the
	// order of [net.Resolver.LookupNetIP].
	Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)
	// Open opens a file for reading (resolver configuration, hosts, logs).
	Open func(name string) (io.ReadSeekCloser, error)
	// Parallel bounds the probes in flight; 0 means DefaultParallel.
	Parallel int
	// InFlight, where it is set, bounds the probes in flight of all runs that
	// share it, by its capacity.
	InFlight chan struct{}
	// Notify is told what happens while it happens, from one goroutine at a
	// time. It must return soon.
	Notify func(Event)

	// Brief leaves CheckReport.Evaluations out, which only authors of checks
	// read: of a thousand sites they take an eighth of the memory.
	Brief bool

	// Answer, where it is set, answers every query in place of the probes, of
	// which only the kinds and summaries are used then: nothing is sent and no
	// time is waited for. It is called from many goroutines. Package offline
	// sets it.
	Answer func(Query) Answer
	// Observed is told of every answer to a query, without what is sensitive,
	// from one goroutine at a time; not of those that the end of the run cut off.
	Observed func(Observation)
	// Judged is told of each expression that the outcome of a check or the
	// query of a check or fact came from, and what it was evaluated in. It is
	// called from many goroutines.
	Judged func(address string, e *rules.Expr, in *hcl.EvalContext)
}

// An Answer is what came of one query.
type Answer struct {
	Result  cty.Value // of the kind's ResultType; NilVal beside a Problem
	Problem string    // why the question could not be asked; "" where it was
	Cut     bool      // the time for it was up before everything was observed
	// Last: nobody asks again, whatever retry says, since there is no other
	// answer. It is of use to World.Answer only.
	Last bool
}

// An Observation is an answer as World.Observed is told of it.
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

// DefaultParallel is generous because a probe mostly waits for the network,
// which takes no processor.
const DefaultParallel = 256
