package netconn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/resolver"
)

// Patience is how long an attempt to connect may take: SYNs go out
// after 0, 1 and 3 s (RFC 6298), so two of them may get lost.
const Patience = 5 * time.Second

// lookupPatience is how long the look-up of the name before it may take: a
// resolver gives a silent server 5 s (resolv.conf(5)) before it asks the next,
// and so the third server's answer is still waited for.
const lookupPatience = 12 * time.Second

// An Endpoint is what to connect to.
type Endpoint struct {
	Host   string // name or address
	Port   uint16
	Source netip.Addr // zero: the system chooses
}

// A TargetConnection is how connecting to a name ended.
type TargetConnection struct {
	*Connection            // with one of the name's addresses
	Address     netip.Addr // that address
	Began       time.Time  // when the first attempt did, after the look-up
	Cut         bool       // the context ended before anything was known
}

// ConnectTarget tries the addresses of a name one after another, in the
// system's order, until one accepts. Where none does it returns the most
// telling failure. An error means that no attempt could be made at all: a name
// without an address says nothing of a service, and must not accuse it.
func ConnectTarget(ctx context.Context, w *engine.World, e Endpoint) (*TargetConnection, error) {
	addresses, problem := LookupEndpoint(ctx, w, e)
	started := time.Now()
	best := &TargetConnection{Connection: &Connection{ICMPObserved: true}, Began: started}
	for _, address := range addresses {
		c, cut, err := Try(ctx, w, e, address)
		switch {
		case cut:
			return &TargetConnection{Cut: true}, nil
		case err != nil:
			problem = err
		case c.Conn != nil:
			return &TargetConnection{Connection: c, Address: address, Began: started}, nil
		case !best.Address.IsValid() || c.Telling() > best.Telling():
			best = &TargetConnection{Connection: c, Address: address, Began: started}
		}
	}
	if ctx.Err() != nil && !best.Address.IsValid() {
		return &TargetConnection{Cut: true}, nil
	}
	if problem != nil && !best.Address.IsValid() {
		return nil, problem
	}
	return best, nil
}

// Try connects to one of an endpoint's addresses within Patience. cut says that
// the context ended before anything was known, an error that no attempt could
// be made.
func Try(ctx context.Context, w *engine.World, e Endpoint, address netip.Addr) (c *Connection, cut bool, err error) {
	began := time.Now()
	attempt, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	c, err = Connect(attempt, w, Options{Address: netip.AddrPortFrom(address, e.Port), Source: e.Source})
	switch {
	case err == nil && c.Conn != nil:
		return c, false, nil
	case ctx.Err() != nil && (err != nil || c.TimedOut) && !SilenceCounts(ctx, began):
		return nil, true, nil
	case errors.Is(err, syscall.ECONNRESET):
		return reset(w, time.Since(began)), false, nil
	case err != nil:
		return nil, false, err
	}
	c.LocalError = correctLocalError(w, c.LocalError, address, e.Source)
	return c, false, nil
}

// reset is a connection that was established and reset before the system
// could hand it over (a refusal of the attempt itself is ECONNREFUSED): its
// peer has gone.
func reset(w *engine.World, elapsed time.Duration) *Connection {
	ours, theirs := net.Pipe()
	theirs.Close()
	return &Connection{Conn: ours, Elapsed: elapsed, ICMPObserved: w.Dial == nil && ReceivesICMP}
}

// Zoneless corrects the word for a failure to send to a link-local IPv6
// address: without a zone, or with that of an adapter that is not there, Linux
// gives the same EINVAL as for a blackhole route.
func Zoneless(word string, address netip.Addr) string {
	if word == "blackhole" && address.Is6() && address.IsLinkLocalUnicast() {
		return "no_route"
	}
	return word
}

// correctLocalError corrects the word for a failure to connect: EADDRNOTAVAIL says
// that no port is left, or that this computer has no address of the family. Of a
// World with a Dial of its own this computer knows nothing.
func correctLocalError(w *engine.World, word string, address, source netip.Addr) string {
	if w.Dial == nil && word == "address_unavailable" && !source.IsValid() && !hasSource(address) {
		return "no_route"
	}
	return Zoneless(word, address)
}

// hasSource reports whether this computer has an address to send from to
// another. Connecting a UDP socket sends nothing.
func hasSource(address netip.Addr) bool {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(address, 9)))
	if err != nil {
		return LocalError(err) != "address_unavailable"
	}
	conn.Close()
	return true
}

// LookupEndpoint returns the addresses to try: those of the source's family.
func LookupEndpoint(ctx context.Context, w *engine.World, e Endpoint) ([]netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupPatience)
	defer cancel()
	addresses, err := resolver.Lookup(ctx, w, resolver.NetworkOf(e.Source), e.Host)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", e.Host, err)
	}
	return addresses, nil
}

// Telling ranks failures: an answer says more than silence, and both say more
// than that this computer could not send.
func (c *Connection) Telling() int {
	switch {
	case c.Refused:
		return 3
	case c.ICMP != nil:
		return 2
	case c.TimedOut:
		return 1
	}
	return 0
}
