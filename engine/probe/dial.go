package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/linecheck/linecheck/engine"
)

// A connection is how an attempt to open a TCP connection ended.
type connection struct {
	conn    net.Conn      // nil unless connected; the caller closes it
	elapsed time.Duration // from the first SYN to the answer, or to the giving up

	// refused: the attempt was turned away (ECONNREFUSED). Without icmp it was
	// the host's own reset (RFC 9293, 3.5.2), with it a firewall's rejection.
	refused  bool
	timedOut bool // nothing came before the context's deadline

	localError string // word of localErrorAttribute, "" for none

	// icmp is the error that ended the attempt, nil for none. It means
	// something only with icmpObserved: not every system shows them.
	icmp         *icmpError
	icmpObserved bool
}

// connectOptions say how to connect.
type connectOptions struct {
	address netip.AddrPort
	source  netip.Addr // zero: the system chooses
	ttl     int        // hop limit of the packets; 0: the system's
	device  string     // adapter that the packets leave by; "": the route's. Linux only
}

// connectTCP opens a TCP connection to one address and says how that ended.
// The context's deadline is the patience; an attempt that it cuts off timed
// out. An error means that no attempt could be made, or that it was
// interrupted; what is known of an interrupted one stands beside it.
//
// With a Dial of the world's own, source and ttl are that func's business, and
// ICMP errors are not observed.
func connectTCP(ctx context.Context, w *engine.World, o connectOptions) (*connection, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("connect to %s: %w", o.address, err)
	}
	c := &connection{}
	watch := &socketWatch{ttl: o.ttl, device: o.device}
	defer watch.close()

	dial := (&net.Dialer{LocalAddr: localTCPAddr(o.source), Control: watch.control}).DialContext
	own := w == nil || w.Dial == nil
	if !own {
		dial = w.Dial
	}

	start := time.Now()
	var err error
	c.conn, err = dial(ctx, "tcp", o.address.String())
	c.elapsed = time.Since(start)
	if own {
		watch.finish(c)
	}

	var timeout net.Error
	switch {
	case err == nil:
		return c, nil
	case errors.Is(err, context.Canceled):
		return c, fmt.Errorf("connect to %s: %w", o.address, context.Canceled)
	case own && !watch.opened:
		return nil, fmt.Errorf("connect to %s: %w", o.address, err)
	case c.icmp != nil:
		c.refused = isRefused(err)
		return c, nil
	case isRefused(err):
		c.refused = true
		return c, nil
	case errors.As(err, &timeout) && timeout.Timeout():
		c.timedOut = c.localError == ""
		return c, nil
	}
	if c.localError = localError(err); c.localError == "" {
		return nil, fmt.Errorf("connect to %s: %w", o.address, err)
	}
	return c, nil
}

func localTCPAddr(source netip.Addr) net.Addr {
	if !source.IsValid() {
		return nil // not a nil *net.TCPAddr, which a Dialer would look into
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(source, 0))
}
