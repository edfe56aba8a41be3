package traceroute

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/panics"
)

// Run finds the hops of the way to o.destination.
func Run(ctx context.Context, o Options) (*Outcome, error) {
	t := &tracer{Options: o, own: ipaddr.Own(), answers: make(chan answer, o.MaxHops)}
	method := t.runICMP
	if o.TCP {
		method = t.runTCP
	}
	if err := method(ctx); err != nil {
		return nil, fmt.Errorf("trace to %s: %w", o.Destination, err)
	}
	return &t.outcome, nil
}

// dataBytes is how many bytes of data an echo request has.
const dataBytes = 32

// runICMP traces with echo requests, whose sequence number is their distance.
func (t *tracer) runICMP(ctx context.Context) error {
	socket, release, err := icmp.Open(ctx, icmp.Options{Destination: t.Destination, Source: t.Source})
	if err != nil {
		return err
	}
	t.send = func(ttl int) error {
		if err := socket.SetTTL(ttl); err != nil {
			return err
		}
		pending, err := socket.Send(uint16(ttl), dataBytes)
		for _, a := range pending {
			t.note(answer{ttl: int(a.Seq), at: time.Now(), sender: a.Sender, icmp: a.Err})
		}
		return netconn.Refusal(err)
	}

	ended := make(chan struct{})
	var reader panics.Group
	reader.Go(func() {
		for {
			a, err := socket.Receive(time.Now().Add(time.Hour))
			if err != nil {
				return // closed
			}
			select {
			case t.answers <- answer{ttl: int(a.Seq), at: time.Now(), sender: a.Sender, icmp: a.Err}:
			case <-ended:
			}
		}
	})
	err = t.run(ctx)
	close(ended)
	release()
	reader.Wait()
	return err
}

// runTCP traces with connection attempts, each on a socket of its own.
func (t *tracer) runTCP(ctx context.Context) error {
	attempts, cancel := context.WithCancel(ctx)
	defer cancel()
	var all panics.Group
	t.send = func(ttl int) error {
		all.Go(func() { t.answers <- t.attempt(attempts, ttl) })
		return nil
	}
	err := t.run(ctx)
	cancel()
	all.Wait()
	if err == nil && t.outcome.Complete && len(t.outcome.Trimmed()) == 0 {
		// An attempt that the own firewall drops tells so only in the end.
		close(t.answers)
		for answer := range t.answers {
			err = errors.Join(err, answer.err)
			break
		}
	}
	return err
}

// attempt connects with a time to live. A connection that comes about is reset
// at once: there is nothing to say to that service.
func (t *tracer) attempt(ctx context.Context, ttl int) answer {
	c, err := netconn.Connect(ctx, nil, netconn.Options{
		Address: netip.AddrPortFrom(t.Destination, t.Port), Source: t.Source, TTL: ttl,
	})
	answer := answer{ttl: ttl, at: time.Now()}
	switch {
	case c != nil && c.LocalError != "":
		answer.err = netconn.NotSent(c.LocalError)
	case errors.Is(err, context.Canceled):
	case err != nil:
		answer.err = err
	case c.ICMP != nil:
		answer.sender, answer.icmp = c.ICMP.Sender, c.ICMP
	case c.Conn != nil || c.Refused:
		answer.sender = t.Destination
	}
	if c != nil && c.Conn != nil {
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		c.Conn.Close()
	}
	return answer
}
