package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/linecheck/linecheck/engine"
)

// connectPatience is how long an attempt to connect may take: SYNs go out
// after 0, 1 and 3 s (RFC 6298), so two of them may get lost.
const connectPatience = 5 * time.Second

// lookupPatience is how long the look-up of the name before it may take: a
// resolver gives a silent server 5 s (resolv.conf(5)) before it asks the next,
// and so the third server's answer is still waited for.
const lookupPatience = 12 * time.Second

// An endpoint is what to connect to.
type endpoint struct {
	host   string // name or address
	port   uint16
	source netip.Addr // zero: the system chooses
}

// A targetConnection is how connecting to a name ended.
type targetConnection struct {
	*connection            // with one of the name's addresses
	address     netip.Addr // that address
	began       time.Time  // when the first attempt did, after the look-up
	cut         bool       // the context ended before anything was known
}

// connectTarget tries the addresses of a name one after another, in the
// system's order, until one accepts. Where none does it returns the most
// telling failure. An error means that no attempt could be made at all: a name
// without an address says nothing of a service, and must not accuse it.
func connectTarget(ctx context.Context, w *engine.World, e endpoint) (*targetConnection, error) {
	addresses, problem := lookupEndpoint(ctx, w, e)
	started := time.Now()
	best := &targetConnection{connection: &connection{icmpObserved: true}, began: started}
	for _, address := range addresses {
		began := time.Now()
		attempt, cancel := context.WithTimeout(ctx, connectPatience)
		c, err := connectTCP(attempt, w, connectOptions{address: netip.AddrPortFrom(address, e.port), source: e.source})
		cancel()
		switch {
		case err == nil && c.conn != nil:
			return &targetConnection{connection: c, address: address, began: started}, nil
		case ctx.Err() != nil && (err != nil || c.timedOut) && !silenceCounts(ctx, began):
			return &targetConnection{cut: true}, nil
		case errors.Is(err, syscall.ECONNRESET):
			return &targetConnection{connection: resetConnection(w, time.Since(began)), address: address, began: started}, nil
		case err != nil:
			problem = err
		case !best.address.IsValid() || c.telling() > best.telling():
			c.localError = connectError(c.localError, address, e.source)
			best = &targetConnection{connection: c, address: address, began: started}
		}
	}
	if ctx.Err() != nil && !best.address.IsValid() {
		return &targetConnection{cut: true}, nil
	}
	if problem != nil && !best.address.IsValid() {
		return nil, problem
	}
	return best, nil
}

// resetConnection is one that was established and reset before the system
// could hand it over (a refusal of the attempt itself is ECONNREFUSED): its
// peer has gone.
func resetConnection(w *engine.World, elapsed time.Duration) *connection {
	ours, theirs := net.Pipe()
	theirs.Close()
	return &connection{conn: ours, elapsed: elapsed, icmpObserved: w.Dial == nil && receivesErrors}
}

// zoneless corrects the word for a failure to send to a link-local IPv6
// address: without a zone, or with that of an adapter that is not there, Linux
// gives the same EINVAL as for a blackhole route.
func zoneless(word string, address netip.Addr) string {
	if word == "blackhole" && address.Is6() && address.IsLinkLocalUnicast() {
		return "no_route"
	}
	return word
}

// connectError corrects the word for a failure to connect: EADDRNOTAVAIL says
// that no port is left, or that this computer has no address of the family.
func connectError(word string, address, source netip.Addr) string {
	if word == "address_unavailable" && !source.IsValid() && !hasSource(address) {
		return "no_route"
	}
	return zoneless(word, address)
}

// hasSource reports whether this computer has an address to send from to
// another. Connecting a UDP socket sends nothing.
func hasSource(address netip.Addr) bool {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(address, 9)))
	if err != nil {
		return localError(err) != "address_unavailable"
	}
	conn.Close()
	return true
}

// lookupEndpoint returns the addresses to try: those of the source's family.
func lookupEndpoint(ctx context.Context, w *engine.World, e endpoint) ([]netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupPatience)
	defer cancel()
	addresses, err := lookup(ctx, w, networkOf(e.source), e.host)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", e.host, err)
	}
	return addresses, nil
}

// telling ranks failures: an answer says more than silence, and both say more
// than that this computer could not send.
func (c *connection) telling() int {
	switch {
	case c.refused:
		return 3
	case c.icmp != nil:
		return 2
	case c.timedOut:
		return 1
	}
	return 0
}
