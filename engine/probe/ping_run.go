package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	goping "github.com/go-ping/ping"
	"github.com/linecheck/linecheck/rules/panics"
)

// goPing sends o.count echo requests and waits for their replies, whoever sends
// them: go-ping does not tell. It returns when the last reply is in, when the last one that is missing is overdue, or when
// ctx ends. go-ping's own goroutines last up to 0.1 s longer: they poll.
func goPing(ctx context.Context, o pingOptions) (*pingOutcome, error) {
	witness, err := openWitness(ctx, o)
	if word := localError(err); word != "" && !errors.As(err, new(*socketError)) {
		return &pingOutcome{complete: true, localError: word, icmpObserved: witnessSees}, nil
	}
	if err != nil {
		return nil, err
	}
	if witness.refused != nil {
		defer witness.release()
		return &pingOutcome{complete: true, localError: localError(witness.refused), icmp: witness.seen(), icmpObserved: witnessSees}, nil
	}
	p := newPinger(o, witness)
	defer context.AfterFunc(ctx, p.end)()
	taken := make(chan struct{})
	defer close(taken)
	go func() {
		if err := panics.Call(func() error { p.run(); return nil }); err != nil {
			p.broke(err)
		}
		<-taken // the witness is still to be heard
		witness.release()
	}()
	<-p.ended

	p.mu.Lock()
	defer p.mu.Unlock()
	p.outcome.complete = p.complete
	p.outcome.icmp, p.outcome.icmpObserved = witness.seen(), witnessSees
	return &p.outcome, p.err
}

// A pinger runs go-ping's Pinger and takes its own account of what happens:
// that one's round trips come from the peer's bytes and the wall clock, its
// percentages from what it could send, and its errors go to a log.
type pinger struct {
	*goping.Pinger
	o       pingOptions
	witness *witness
	ended   chan struct{} // closed when outcome is final

	mu       sync.Mutex
	outcome  pingOutcome
	sentAt   []time.Time // by sequence number
	attempts int         // to send, those that were refused among them
	answered int         // replies, late ones among them
	opened   bool        // the socket was, so errors are about sending
	complete bool
	err      error
	overdue  *time.Timer // runs from the last attempt on
}

func newPinger(o pingOptions, w *witness) *pinger {
	p := &pinger{Pinger: goping.New(""), o: o, witness: w, ended: make(chan struct{})}
	p.SetIPAddr(&net.IPAddr{IP: o.destination.AsSlice(), Zone: o.destination.Zone()})
	if o.source.IsValid() {
		p.Source = o.source.String()
	}
	p.Count, p.Interval, p.Size, p.TTL = o.count, o.interval, o.size, o.ttl
	// go-ping's Timeout is left at its endless default: on a busy computer it
	// would end before all requests are sent.
	p.RecordRtts = false
	p.SetLogger(pingLog{p})
	p.OnSetup = p.setup
	p.OnSend = p.send
	p.OnRecv = p.receive
	p.OnDuplicateRecv = p.duplicate
	return p
}

// run pings, by the kind of socket that the witness found to be allowed.
func (p *pinger) run() {
	p.SetPrivileged(p.witness.raw)
	if p.witness.raw {
		p.SetID(int(p.witness.id))
	}
	err := p.Run()

	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil:
	case p.opened:
		p.failed(err)
	case localError(err) != "" && !errors.Is(err, os.ErrPermission):
		p.failed(err) // the source could not be bound
	default:
		p.err = fmt.Errorf("open an ICMP socket: %w", err)
	}
	p.finish()
}

// end ends the ping now, whatever is still missing.
func (p *pinger) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.close()
}

// broke ends the ping with a panic of what pings.
func (p *pinger) broke(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = brokenBy(err)
	p.close()
}

// finish ends the ping since nothing more is to be expected. p.mu is held.
func (p *pinger) finish() {
	if !p.isClosed() {
		p.complete = true
	}
	p.close()
}

// close makes the outcome final. p.mu is held.
func (p *pinger) close() {
	if p.isClosed() {
		return
	}
	close(p.ended)
	if p.overdue != nil {
		p.overdue.Stop()
	}
	p.Stop()
}

func (p *pinger) isClosed() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

func (p *pinger) setup() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opened = true
}

func (p *pinger) send(packet *goping.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.isClosed() || p.attempts == p.o.count {
		return // go-ping tries what was refused once more
	}
	p.sentAt = append(p.sentAt, time.Now())
	p.outcome.sent++
	p.attempted()
}

// attempted counts an attempt to send. p.mu is held.
func (p *pinger) attempted() {
	if p.attempts++; p.attempts == p.o.count {
		p.overdue = time.AfterFunc(p.o.packetTimeout, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.finish()
		})
		p.finishIfAnswered()
	}
}

func (p *pinger) receive(packet *goping.Packet) {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.isClosed() || packet.Seq >= len(p.sentAt) {
		return
	}
	p.answered++
	if rtt := now.Sub(p.sentAt[packet.Seq]); rtt <= p.o.packetTimeout {
		p.outcome.rtts = append(p.outcome.rtts, rtt)
	}
	p.finishIfAnswered()
}

// finishIfAnswered ends the ping with the last reply. p.mu is held.
func (p *pinger) finishIfAnswered() {
	if p.attempts == p.o.count && p.answered == p.outcome.sent {
		p.finish()
	}
}

func (p *pinger) duplicate(packet *goping.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// To go-ping, a number that it never sent is one more of the same.
	if !p.isClosed() && packet.Seq < len(p.sentAt) {
		p.outcome.duplicates++
	}
}

// failed notes that the socket could not send. p.mu is held.
func (p *pinger) failed(err error) {
	if p.isClosed() {
		return
	}
	word := localError(err)
	var socket *net.OpError
	switch {
	case word == "" || errors.As(err, &socket) && socket.Op != "write":
		p.err = fmt.Errorf("ping %s: %w", p.o.destination, err)
	case errors.Is(err, syscall.EACCES) && p.witness.sent:
		// Only the witness's socket may send to a broadcast address.
		p.err = fmt.Errorf("%s is a broadcast address", p.o.destination)
	case p.outcome.localError == "":
		p.outcome.localError = word
	}
	if p.attempts < p.o.count {
		p.attempted()
	}
}

// pingLog is go-ping's Logger. It is where errors of sending in mid-run go,
// as the argument of a "fatal" message that ends nothing.
type pingLog struct{ *pinger }

func (l pingLog) Fatalf(format string, args ...any) {
	for _, arg := range args {
		var socket *net.OpError
		if err, ok := arg.(error); ok && errors.As(err, &socket) {
			l.mu.Lock()
			l.failed(err)
			l.mu.Unlock()
		}
	}
}

func (pingLog) Errorf(string, ...any) {}
func (pingLog) Warnf(string, ...any)  {}
func (pingLog) Infof(string, ...any)  {}
func (pingLog) Debugf(string, ...any) {}
