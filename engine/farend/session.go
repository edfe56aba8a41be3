package farend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/zclconf/go-cty/cty"
)

// A Session is a far side that has greeted and waits for queries.
type Session struct {
	side *Side
	line stream
	out  chan []byte   // messages to send
	gone chan struct{} // closed when nothing more will arrive; why is set then
	why  error

	sender panics.Group

	mu      sync.Mutex
	last    uint64
	waiting map[uint64]chan *answer // nil for one whose answer nobody waits for any more
	missed  bool                    // a query went unanswered because the far side was gone
	alive   bool                    // the far side says again and again that it is there
	heard   time.Time               // when something last arrived
	givenUp error                   // why this side gave the far one up
}

// A stream is what the two sides talk over.
type stream struct {
	in  io.Reader
	out io.WriteCloser
	// end says in the transport's words why nothing more arrives, if read
	// ended with err, and leaves nothing behind. It may be called again.
	end func(err error) error
	// greeted is told that the other side has greeted; nil: nobody is.
	greeted func()
}

// open greets and waits for the other side's greeting. What is wrong is in the
// words of the transport.
func open(ctx context.Context, s *Side, kinds []*language.Kind, line stream) (*Session, error) {
	n := &Session{
		side: s, line: line, out: make(chan []byte), gone: make(chan struct{}),
		waiting: map[uint64]chan *answer{}, heard: time.Now(),
	}
	greeted := make(chan *hello, 1)
	go n.receive(greeted)
	n.sender.Go(n.send)

	greeting := s.greeting()
	greeting.Hello.Near = true
	hail, err := encode(greeting)
	if err != nil {
		return nil, errors.Join(err, n.leave(nil))
	}
	timer := time.NewTimer(greetTimeout)
	defer timer.Stop()
	select {
	case n.out <- hail:
	case <-n.gone:
	case <-ctx.Done():
	}
	select {
	case other := <-greeted:
		if err := s.understands(other, kinds); err != nil {
			n.leave(nil)
			return nil, err
		}
		return n, nil
	case <-n.gone:
		n.leave(nil)
		return nil, n.why
	case <-timer.C:
		return nil, n.leave(fmt.Errorf("no answer within %s", greetTimeout))
	case <-ctx.Done():
		return nil, n.leave(fmt.Errorf("interrupted before it answered: %w", context.Cause(ctx)))
	}
}

// receive reads what arrives until nothing more does, or nonsense.
func (n *Session) receive(greeted chan<- *hello) {
	err := panics.Call(func() error { return n.listen(greeted) })
	n.mu.Lock()
	if n.givenUp != nil {
		err = n.givenUp
	}
	n.mu.Unlock()
	n.why = n.line.end(err)
	close(n.gone)
}

// listen takes what arrives and is why nothing more does.
func (n *Session) listen(greeted chan<- *hello) error {
	r := newReader(n.line.in)
	m, noise, err := r.first()
	switch {
	case err != nil:
	case m.Hello == nil:
		err = fmt.Errorf("%w: it did not greet", errNonsense)
	case m.Hello.Near:
		if err = noise; err == nil {
			err = fmt.Errorf("%w: it sends back what it is sent", errNonsense)
		}
	default:
		if n.line.greeted != nil {
			n.line.greeted()
		}
		n.mu.Lock()
		n.alive = m.Hello.AliveMS > 0
		n.mu.Unlock()
		greeted <- m.Hello
	}
	silence := time.AfterFunc(silenceTimeout, func() { n.giveUp(silenceTimeout) })
	defer silence.Stop()
	if !n.alive {
		silence.Stop()
	}
	for err == nil {
		if m, err = r.read(); err == nil {
			if n.alive {
				silence.Reset(silenceTimeout)
			}
			err = n.take(m)
		}
	}
	return err
}

// take does what a message of the far side asks for.
func (n *Session) take(m message) error {
	n.mu.Lock()
	n.heard = time.Now()
	n.mu.Unlock()
	if m.Alive != 0 {
		return nil
	}
	return n.deliver(m.Answer)
}

// giveUp ends the talk with a far side that has said nothing for some time: it
// stands still, or what carries its words does.
func (n *Session) giveUp(silent time.Duration) {
	n.mu.Lock()
	if n.givenUp == nil {
		n.givenUp = fmt.Errorf("it gave no sign of life for %s", silent.Round(time.Second))
	}
	n.mu.Unlock()
	n.line.end(nil) // which ends the reading, too
}

// quietFor is how long nothing has arrived that should have.
func (n *Session) quietFor() time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.alive {
		return 0
	}
	return time.Since(n.heard)
}

// deliver hands an answer to who asked.
func (n *Session) deliver(a *answer) error {
	if a == nil {
		return fmt.Errorf("%w: neither an answer", errNonsense)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	back, asked := n.waiting[a.ID]
	if !asked {
		return fmt.Errorf("%w: an answer to what nobody asked", errNonsense)
	}
	delete(n.waiting, a.ID)
	if back != nil {
		back <- a // has room for the one
	}
	return nil
}

// send writes what is to be sent until there is nobody to read it.
func (n *Session) send() {
	for {
		select {
		case line := <-n.out:
			if _, err := n.line.out.Write(line); err != nil {
				return // receive learns why
			}
		case <-n.gone:
			return
		}
	}
}

// Probes are those of this side that observe from over there.
func (n *Session) Probes() []*engine.Probe {
	probes := make([]*engine.Probe, len(n.side.Probes))
	for i, p := range n.side.Probes {
		probes[i] = &engine.Probe{Kind: p.Kind, Summary: p.Summary,
			Observe: func(ctx context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
				value, err := n.observe(ctx, p.Kind, q)
				if err != nil {
					return cty.NilVal, err
				}
				// The other computer is believed in nothing that can't be.
				if err := p.Kind.Misfit(value, q.Args); err != nil {
					return cty.NilVal, noResult(p.Kind, err)
				}
				return value, nil
			}}
	}
	return probes
}

// observe asks the far side for one observation.
func (n *Session) observe(ctx context.Context, kind *language.Kind, q engine.Query) (cty.Value, error) {
	args := map[string]cty.Value{}
	for name, v := range q.Args {
		args[name] = v
	}
	raw, err := encodeValue(cty.ObjectVal(args))
	if err != nil {
		return cty.NilVal, fmt.Errorf("ask the other computer: %w", err)
	}
	id, back := n.enlist()
	line, err := encode(message{Ask: &ask{ID: id, Kind: kind.Name, Target: q.Target, Args: raw, TimeoutMS: remaining(ctx)}})
	if err != nil {
		n.forget(id)
		return cty.NilVal, fmt.Errorf("ask the other computer: %w", err)
	}
	select {
	case n.out <- line:
	case <-n.gone:
		return cty.NilVal, n.lost()
	case <-ctx.Done():
		n.forget(id)
		return cty.NilVal, errors.New("the other computer was too busy to be asked")
	}
	select {
	case a := <-back:
		return n.result(kind, a)
	case <-n.gone:
		return n.lastWord(kind, back)
	case <-ctx.Done():
	}
	return n.cutOff(ctx, kind, id, back)
}

// cutOff asks for what is known so far and waits for it, not for long.
func (n *Session) cutOff(ctx context.Context, kind *language.Kind, id uint64, back chan *answer) (cty.Value, error) {
	late := time.NewTimer(answerGrace)
	defer late.Stop()
	cancel, err := encode(message{Cancel: id})
	out := n.out
	var overdue <-chan time.Time
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		// The probe's time ends over there as well. Told to stop a moment before,
		// it would take its peer's silence for an interruption.
		out, overdue = nil, time.After(cancelAfter)
	}
	for err == nil {
		select {
		case <-overdue:
			out = n.out
		case out <- cancel:
			out = nil // once
		case a := <-back:
			return n.result(kind, a)
		case <-n.gone:
			return n.lastWord(kind, back)
		case <-late.C:
			if quiet := n.quietFor(); quiet >= deafAfter {
				n.giveUp(quiet)
				<-n.gone
				return n.lastWord(kind, back)
			}
			n.abandon(id)
			err = fmt.Errorf("the other computer did not answer within %s after the probe's time was up", answerGrace)
		}
	}
	return cty.NilVal, err
}

// lastWord is an answer that arrived before the far side was gone.
func (n *Session) lastWord(kind *language.Kind, back chan *answer) (cty.Value, error) {
	select {
	case a := <-back:
		return n.result(kind, a)
	default:
		return cty.NilVal, n.lost()
	}
}

// result is what an answer says, of the type that the kind declares.
func (n *Session) result(kind *language.Kind, a *answer) (cty.Value, error) {
	if a.Problem != "" {
		return cty.NilVal, errors.New(words(a.Problem))
	}
	value, err := decodeValue(kind.UnknownResult(), a.Result)
	if err != nil {
		return cty.NilVal, noResult(kind, err)
	}
	return value, nil
}

// noResult is the error of an answer that no probe of the kind comes back with.
func noResult(kind *language.Kind, err error) error {
	return fmt.Errorf("the other computer's answer is no result of %q: %w", kind.Name, err)
}

// remaining is the time until ctx ends, in milliseconds.
func remaining(ctx context.Context) int64 {
	deadline, ok := ctx.Deadline()
	if !ok {
		return rules.DefaultTimeout.Milliseconds()
	}
	return max(1, time.Until(deadline).Milliseconds())
}

func (n *Session) enlist() (uint64, chan *answer) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last++
	back := make(chan *answer, 1)
	n.waiting[n.last] = back
	return n.last, back
}

// forget takes back a query that was not sent.
func (n *Session) forget(id uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.waiting, id)
}

// abandon lets a late answer come to nobody.
func (n *Session) abandon(id uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, there := n.waiting[id]; there {
		n.waiting[id] = nil
	}
}

// lost is the error of a query that can't be answered any more.
func (n *Session) lost() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.missed = true
	return fmt.Errorf("the other computer is gone: %w", n.why)
}

// Close ends the far side and waits until nothing of it is left here. Its error
// says why the far side was gone, if that left a query without an answer.
func (n *Session) Close() error {
	n.leave(nil)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.missed {
		return n.why
	}
	return nil
}

// leave ends the talk and returns why, completed by the transport's words.
func (n *Session) leave(why error) error {
	n.line.out.Close() // the far side stops when its input ends
	if why != nil {
		why = n.line.end(why)
	} else {
		n.line.end(nil)
	}
	<-n.gone
	n.sender.Wait()
	return why
}
