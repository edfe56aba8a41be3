package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/linecheck/linecheck/rules/panics"
)

// trace finds the hops of the way to o.destination.
func trace(ctx context.Context, o traceOptions) (*traceOutcome, error) {
	t := &tracer{traceOptions: o, own: ownAddresses(), answers: make(chan hopAnswer, o.maxHops)}
	method := t.runICMP
	if o.tcp {
		method = t.runTCP
	}
	if err := method(ctx); err != nil {
		return nil, fmt.Errorf("trace to %s: %w", o.destination, err)
	}
	return &t.outcome, nil
}

// traceData is how many bytes of data an echo request has.
const traceData = 32

// runICMP traces with echo requests, whose sequence number is their distance.
func (t *tracer) runICMP(ctx context.Context) error {
	socket, release, err := openAnyEcho(ctx, echoOptions{destination: t.destination, source: t.source})
	if err != nil {
		return err
	}
	t.sound = func(ttl int) error {
		if err := socket.setTTL(ttl); err != nil {
			return err
		}
		pending, err := socket.send(uint16(ttl), traceData)
		for _, a := range pending {
			t.note(hopAnswer{ttl: int(a.seq), at: time.Now(), sender: a.sender, icmp: a.err})
		}
		return refusal(err)
	}

	ended := make(chan struct{})
	var reader panics.Group
	reader.Go(func() {
		for {
			a, err := socket.receive(time.Now().Add(time.Hour))
			if err != nil {
				return // closed
			}
			select {
			case t.answers <- hopAnswer{ttl: int(a.seq), at: time.Now(), sender: a.sender, icmp: a.err}:
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
	t.sound = func(ttl int) error {
		all.Go(func() { t.answers <- t.attempt(attempts, ttl) })
		return nil
	}
	err := t.run(ctx)
	cancel()
	all.Wait()
	if err == nil && t.outcome.complete && len(t.outcome.trimmed()) == 0 {
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
func (t *tracer) attempt(ctx context.Context, ttl int) hopAnswer {
	c, err := connectTCP(ctx, nil, connectOptions{
		address: netip.AddrPortFrom(t.destination, t.port), source: t.source, ttl: ttl,
	})
	answer := hopAnswer{ttl: ttl, at: time.Now()}
	switch {
	case c != nil && c.localError != "":
		answer.err = notSent(c.localError)
	case errors.Is(err, context.Canceled):
	case err != nil:
		answer.err = err
	case c.icmp != nil:
		answer.sender, answer.icmp = c.icmp.sender, c.icmp
	case c.conn != nil || c.refused:
		answer.sender = t.destination
	}
	if c != nil && c.conn != nil {
		if tcp, ok := c.conn.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		c.conn.Close()
	}
	return answer
}
