package engine

import (
	"context"
	"io"
	"net"
	"net/netip"

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
	Target string // "" where the kind has a meaning without one
	// Args holds every argument of the kind, defaults filled in, converted to
	// its type and checked; null where it was left out and has no default.
	// Other queries share the map: it must not be changed.
	Args map[string]cty.Value
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
	// "ip4" or "ip6". The system's own is [net.Resolver.LookupNetIP].
	Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)
	// Open opens a file for reading (resolver configuration, hosts, logs).
	Open func(name string) (io.ReadSeekCloser, error)
	// Parallel bounds the probes in flight; 0 means DefaultParallel.
	Parallel int
	// Notify is told what happens while it happens, from one goroutine at a
	// time. It must return soon.
	Notify func(Event)
}

// DefaultParallel is generous because a probe mostly waits for the network,
// which takes no processor.
const DefaultParallel = 256
