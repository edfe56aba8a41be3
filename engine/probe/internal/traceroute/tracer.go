package traceroute

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// pace is how long a trace waits for one hop before it tries the next
// beside it. With it, 30 silent hops and the last one's second take 4 s.
const pace = 100 * time.Millisecond

// An answer is what came back for the packet of one distance.
type answer struct {
	ttl    int
	at     time.Time
	sender netip.Addr  // zero: none came
	icmp   *icmp.Error // nil: the target answered otherwise
	err    error       // this computer did not send
}

// A tracer decides what a trace sends, and when it is over.
type tracer struct {
	Options
	// send sends a packet with a time to live. What comes back is handed to
	// answers.
	send    func(ttl int) error
	answers chan answer
	own     []netip.Addr // this computer's addresses

	outcome Outcome
}

// run traces until the target or a refusal is found and everything before it
// has answered or is overdue, until nothing more is to be expected, or until
// ctx ends. An error says that this computer did not send.
func (t *tracer) run(ctx context.Context) error {
	t.outcome.MaxHops = t.MaxHops
	if err := t.next(); err != nil {
		return err
	}
	for {
		wait := t.wait(time.Now())
		if wait < 0 {
			t.outcome.Complete = true
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case answer := <-t.answers:
			timer.Stop()
			if answer.err != nil {
				return answer.err
			}
			t.note(answer)
		case <-timer.C:
		}
		if t.nextIsDue(time.Now()) {
			if err := t.next(); err != nil {
				return err
			}
		}
	}
}

// next sends the next packet.
func (t *tracer) next() error {
	t.outcome.Hops = append(t.outcome.Hops, Hop{sentAt: time.Now()})
	return t.send(len(t.outcome.Hops))
}

// nextIsDue reports whether it is time for the next packet.
func (t *tracer) nextIsDue(now time.Time) bool {
	sent := len(t.outcome.Hops)
	if sent == t.MaxHops || t.end() > 0 {
		return false
	}
	last := &t.outcome.Hops[sent-1]
	return last.Answered() || now.Sub(last.sentAt) >= pace
}

// wait is how long to wait for an answer before there is something to do: the
// next packet, or, negative, to end.
func (t *tracer) wait(now time.Time) time.Duration {
	hops := t.outcome.Hops
	if end := t.end(); end > 0 {
		hops = hops[:end]
	} else if len(hops) < t.MaxHops {
		return max(0, hops[len(hops)-1].sentAt.Add(pace).Sub(now))
	}
	wait := time.Duration(-1)
	for i := range hops {
		if left := hops[i].sentAt.Add(t.Timeout).Sub(now); left > 0 && !hops[i].Answered() {
			wait = max(wait, left)
		}
	}
	return wait
}

// end is the distance behind which nothing is left to find out; 0 while there
// is something.
func (t *tracer) end() int {
	for i := range t.outcome.Hops {
		if t.outcome.Hops[i].Target {
			return i + 1
		}
	}
	if end := t.outcome.refusedAt(); end > 0 {
		return end
	}
	// Twice may be two ways of different length, side by side.
	if HasLoop(t.outcome.Hops, 3) {
		return len(t.outcome.Hops)
	}
	return 0
}

// note keeps the first answer of each hop, however late. What this computer
// itself says of a neighbour that does not answer is not a hop's answer.
func (t *tracer) note(a answer) {
	if a.ttl < 1 || a.ttl > len(t.outcome.Hops) || !a.sender.IsValid() {
		return
	}
	h := &t.outcome.Hops[a.ttl-1]
	target := a.icmp == nil || a.sender == t.Destination
	if h.Answered() || !target && (a.icmp.Name() == "redirect" || slices.Contains(t.own, a.sender.WithZone(""))) {
		return
	}
	h.Sender, h.ICMP, h.Target = a.sender, a.icmp, target
	h.RTT = a.at.Sub(h.sentAt)
}
