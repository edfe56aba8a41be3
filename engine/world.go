package engine

import (
	"context"
	"errors"
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

// A World is how probes connect, look names up and read files: all kinds go
// through it for that. The zero value of each func means the operating system's
// own. Each func is called from many goroutines. Each run hands its probes a World
// of its own, the same one for all of its queries.
//
// What has no func here goes past it, whatever is set: ICMP (ping, mtu, trace),
// the tables of the kernel (route, neighbour, interface, listener) and commands
// (exec). A program that may send nothing on its own leaves those kinds out of
// Options.Probes, or puts its own in their place.
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

// checked is a World whose funcs return something or an error, so that no probe
// takes for an observation what one of them forgot.
func (w World) checked() World {
	if dial := w.Dial; dial != nil {
		w.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			if conn == nil && err == nil {
				err = errors.New("World.Dial came back with neither a connection nor an error")
			}
			return conn, err
		}
	}
	if open := w.Open; open != nil {
		w.Open = func(name string) (io.ReadSeekCloser, error) {
			file, err := open(name)
			if file == nil && err == nil {
				err = errors.New("World.Open came back with neither a file nor an error")
			}
			return file, err
		}
	}
	return w
}
