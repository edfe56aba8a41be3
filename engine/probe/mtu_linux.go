package probe

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"golang.org/x/sys/unix"
)

// pathMTU finds out what sizes of packets reach o.destination and come back.
func pathMTU(ctx context.Context, o mtuOptions) (*mtuOutcome, error) {
	socket, release, err := icmp.Open(ctx, icmp.Options{Destination: o.destination, Source: o.source})
	if err != nil {
		return nil, fmt.Errorf("path MTU to %s: %w", o.destination, err)
	}
	defer release()
	if err := socket.SetDontFragment(); err != nil {
		return nil, fmt.Errorf("path MTU to %s: %w", o.destination, err)
	}
	// Closed, the socket ends what is waited for.
	defer context.AfterFunc(ctx, socket.Close)()

	sender := &mtuSender{socket: socket}
	search := &mtuSearch{largest: o.largest, send: sender.send}
	for {
		err := search.run(ctx)
		switch {
		case ctx.Err() != nil:
			return &search.outcome, nil
		case errors.Is(err, unix.EMSGSIZE) && smallPacket < socket.AdapterMTU && socket.AdapterMTU < search.largest:
			search.largest = socket.AdapterMTU // no router limits this
			continue
		case err != nil:
			return nil, fmt.Errorf("path MTU to %s: %w", o.destination, netconn.Refusal(err))
		}
		return &search.outcome, nil
	}
}

// An mtuSender sends bursts of echo requests.
type mtuSender struct {
	socket *icmp.Socket
	sent   uint16 // sequence numbers used
	rtt    time.Duration
}

// mtuSpacing lies between two packets of a burst, lest a short queue on the
// way be taken for a limit.
const mtuSpacing = 4 * time.Millisecond

// How long a burst is waited for after its last packet: maxPatience until the
// target has answered once, then four times its round trip and a bit.
const (
	maxPatience = time.Second
	minPatience = 200 * time.Millisecond
)

func (g *mtuSender) patience() time.Duration {
	if g.rtt == 0 {
		return maxPatience
	}
	return min(max(4*g.rtt, minPatience), maxPatience)
}

// send sends one packet of each size and waits until all are answered.
func (g *mtuSender) send(sizes []int) (burst, error) {
	v := burst{passed: make([]bool, len(sizes)), tooBig: make([]*icmp.Error, len(sizes))}
	f := &mtuExchange{mtuSender: g, burst: v, first: g.sent, sentAt: make([]time.Time, len(sizes)), answered: make([]bool, len(sizes)), open: len(sizes)}

	header := icmp.IPv4HeaderLen + icmp.HeaderLen
	if g.socket.V6 {
		header = icmp.IPv6HeaderLen + icmp.HeaderLen
	}
	for i, size := range sizes {
		f.sentAt[i] = time.Now()
		pending, err := g.socket.Send(g.sent, size-header)
		if err != nil {
			return v, err
		}
		g.sent++
		for _, a := range pending {
			f.note(a)
		}
		spacing := func() time.Time { return f.sentAt[i].Add(mtuSpacing) }
		if err := f.receive(spacing); err != nil {
			return v, err
		}
	}
	return v, f.receive(func() time.Time { return f.sentAt[len(sizes)-1].Add(g.patience()) })
}

// An mtuExchange is a burst whose answers are waited for.
type mtuExchange struct {
	*mtuSender
	burst
	first    uint16 // sequence number
	sentAt   []time.Time
	answered []bool
	open     int // packets without an answer
}

// receive notes answers until a time, which an answer may change, or until all
// are in.
func (f *mtuExchange) receive(until func() time.Time) error {
	for f.open > 0 {
		a, err := f.socket.Receive(until())
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			return err
		}
		f.note(a)
	}
	return nil
}

func (f *mtuExchange) note(a icmp.Answer) {
	i := int(a.Seq - f.first)
	if i >= len(f.answered) || f.answered[i] {
		return // of an earlier burst
	}
	f.answered[i] = true
	f.open--
	switch {
	case a.Err == nil:
		f.passed[i] = true
		f.rtt = max(f.rtt, time.Since(f.sentAt[i]))
	case a.Err.Name() == "too_big":
		f.tooBig[i] = a.Err
	}
}
