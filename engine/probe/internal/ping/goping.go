package ping

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
	"github.com/linecheck/linecheck/engine/probe/internal/fault"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/panics"
)

// goPing sends o.Count echo requests and waits for their replies, whoever sends
// them: go-ping does not tell. It returns when the last reply is in, when the last
// one that is missing is overdue, or when ctx ends. go-ping's own goroutines last
// up to 0.1 s longer: they poll.
func goPing(ctx context.Context, o Options) (*Outcome, error) {
	listener, err := listenForErrors(ctx, o)
	if word := netconn.LocalError(err); word != "" && !errors.As(err, new(*icmp.SocketError)) {
		return &Outcome{Complete: true, LocalError: word, ICMPObserved: showsErrors}, nil
	}
	if err != nil {
		return nil, err
	}
	if listener.refused != nil {
		defer listener.release()
		return &Outcome{Complete: true, LocalError: netconn.LocalError(listener.refused), ICMP: listener.firstError(), ICMPObserved: showsErrors}, nil
	}
	p := newPinger(o, listener)
	defer context.AfterFunc(ctx, p.end)()
	taken := make(chan struct{})
	defer close(taken)
	go func() {
		if err := panics.Call(func() error { p.run(); return nil }); err != nil {
			p.broke(err)
		}
		<-taken // the listener is still to be asked
		listener.release()
	}()
	<-p.ended

	p.mu.Lock()
	defer p.mu.Unlock()
	p.outcome.Complete = p.complete
	p.outcome.ICMP, p.outcome.ICMPObserved = listener.firstError(), showsErrors
	return &p.outcome, p.err
}

// A pinger runs go-ping's Pinger and takes its own account of what happens:
// that one's round trips come from the peer's bytes and the wall clock, its
// percentages from what it could send, and its errors go to a log.
type pinger struct {
	*goping.Pinger
	o      Options
	errors *errorListener
	ended  chan struct{} // closed when outcome is final

	mu       sync.Mutex
	outcome  Outcome
	sentAt   []time.Time // by sequence number
	attempts int         // to send, those that were refused among them
	answered int         // replies, late ones among them
	opened   bool        // the socket was, so errors are about sending
	complete bool
	err      error
	overdue  *time.Timer // runs from the last attempt on
}

func newPinger(o Options, listener *errorListener) *pinger {
	p := &pinger{Pinger: goping.New(""), o: o, errors: listener, ended: make(chan struct{})}
	p.SetIPAddr(&net.IPAddr{IP: o.Destination.AsSlice(), Zone: o.Destination.Zone()})
	if o.Source.IsValid() {
		p.Source = o.Source.String()
	}
	p.Count, p.Interval, p.Size, p.TTL = o.Count, o.Interval, o.Size, o.TTL
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

// run pings, by the kind of socket that the listener found to be allowed.
func (p *pinger) run() {
	p.SetPrivileged(p.errors.raw)
	if p.errors.raw {
		p.SetID(int(p.errors.id))
	}
	err := p.Run()

	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil:
	case p.opened:
		p.failed(err)
	case netconn.LocalError(err) != "" && !errors.Is(err, os.ErrPermission):
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
	p.err = fault.Broken(err)
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
	if p.isClosed() || p.attempts == p.o.Count {
		return // go-ping tries what was refused once more
	}
	p.sentAt = append(p.sentAt, time.Now())
	p.outcome.Sent++
	p.attempted()
}

// attempted counts an attempt to send. p.mu is held.
func (p *pinger) attempted() {
	if p.attempts++; p.attempts == p.o.Count {
		p.overdue = time.AfterFunc(p.o.PacketTimeout, func() {
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
	if rtt := now.Sub(p.sentAt[packet.Seq]); rtt <= p.o.PacketTimeout {
		p.outcome.RTTs = append(p.outcome.RTTs, rtt)
	}
	p.finishIfAnswered()
}

// finishIfAnswered ends the ping with the last reply. p.mu is held.
func (p *pinger) finishIfAnswered() {
	if p.attempts == p.o.Count && p.answered == p.outcome.Sent {
		p.finish()
	}
}

func (p *pinger) duplicate(packet *goping.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// To go-ping, a number that it never sent is one more of the same.
	if !p.isClosed() && packet.Seq < len(p.sentAt) {
		p.outcome.Duplicates++
	}
}

// failed notes that the socket could not send. p.mu is held.
func (p *pinger) failed(err error) {
	if p.isClosed() {
		return
	}
	word := netconn.LocalError(err)
	var socket *net.OpError
	switch {
	case word == "" || errors.As(err, &socket) && socket.Op != "write":
		p.err = fmt.Errorf("ping %s: %w", p.o.Destination, err)
	case errors.Is(err, syscall.EACCES) && p.errors.sent:
		// Only the listener's socket may send to a broadcast address.
		p.err = fmt.Errorf("%s is a broadcast address", p.o.Destination)
	case p.outcome.LocalError == "":
		p.outcome.LocalError = word
	}
	if p.attempts < p.o.Count {
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
