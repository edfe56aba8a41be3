package netconn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// A Connection is how an attempt to open a TCP connection ended.
type Connection struct {
	Conn    net.Conn      // nil unless connected; the caller closes it
	Elapsed time.Duration // from the first SYN to the answer, or to the giving up

	// Refused: the attempt was turned away (ECONNREFUSED). Without ICMP it was
	// the host's own reset (RFC 9293, 3.5.2), with it a firewall's rejection.
	Refused  bool
	TimedOut bool // nothing came before the context's deadline

	LocalError string // word of LocalErrors, "" for none

	// ICMP is the error that ended the attempt, nil for none. It means
	// something only with ICMPObserved: not every system shows them.
	ICMP         *icmp.Error
	ICMPObserved bool
}

// Options say how to connect.
type Options struct {
	Address netip.AddrPort
	Source  netip.Addr // zero: the system chooses
	TTL     int        // hop limit of the packets; 0: the system's
	Device  string     // adapter that the packets leave by; "": the route's. Linux only
}

// Connect opens a TCP connection to one address and says how that ended.
// The context's deadline is the patience; an attempt that it cuts off timed
// out. An error means that no attempt could be made, or that it was
// interrupted; what is known of an interrupted one stands beside it.
//
// With a Dial of the world's own, source and ttl are that func's business, and
// ICMP errors are not observed.
func Connect(ctx context.Context, w *engine.World, o Options) (*Connection, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("connect to %s: %w", o.Address, err)
	}
	c := &Connection{}
	watch := &socketWatch{ttl: o.TTL, device: o.Device}
	defer watch.close()

	dial := (&net.Dialer{LocalAddr: localTCPAddr(o.Source), Control: watch.control}).DialContext
	own := w == nil || w.Dial == nil
	if !own {
		dial = w.Dial
	}

	start := time.Now()
	var err error
	c.Conn, err = dial(ctx, "tcp", o.Address.String())
	c.Elapsed = time.Since(start)
	if own {
		watch.finish(c)
	}

	var timeout net.Error
	switch {
	case err == nil:
		return c, nil
	case errors.Is(err, context.Canceled):
		return c, fmt.Errorf("connect to %s: %w", o.Address, context.Canceled)
	case own && !watch.opened:
		return nil, fmt.Errorf("connect to %s: %w", o.Address, err)
	case c.ICMP != nil:
		c.Refused = IsRefused(err)
		return c, nil
	case IsRefused(err):
		c.Refused = true
		return c, nil
	case errors.As(err, &timeout) && timeout.Timeout():
		c.TimedOut = c.LocalError == ""
		return c, nil
	}
	if c.LocalError = LocalError(err); c.LocalError == "" {
		return nil, fmt.Errorf("connect to %s: %w", o.Address, err)
	}
	return c, nil
}

func localTCPAddr(source netip.Addr) net.Addr {
	if !source.IsValid() {
		return nil // not a nil *net.TCPAddr, which a Dialer would look into
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(source, 0))
}

// Dial opens a connection as the World has it. With the system's own a UDP socket
// keeps the ICMP errors of its packets, see LastICMP.
func Dial(ctx context.Context, w *engine.World, network, address string) (net.Conn, error) {
	if w.Dial != nil {
		return w.Dial(ctx, network, address)
	}
	return (&net.Dialer{Control: receiveICMP}).DialContext(ctx, network, address)
}
