package engine

import (
	"context"
	"io"
	"net"
	"net/netip"

	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A Probe is a kind and the function that observes.
type Probe struct {
	*language.Kind
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

// A World is what probes see of everything outside of the program, and nothing
// else. The zero value of each func means the operating system's own. Each run
// hands its probes a World of its own, the same one for all of its queries.
type World struct {
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
}
