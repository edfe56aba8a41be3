package probe

import (
	"context"
	"net/netip"
	"slices"
	"time"
)

// tracePace is how long a trace waits for one hop before it tries the next
// beside it. With it, 30 silent hops and the last one's second take 4 s.
const tracePace = 100 * time.Millisecond

// A hopAnswer is what came back for the packet of one distance.
type hopAnswer struct {
	ttl    int
	at     time.Time
	sender netip.Addr // zero: none came
	icmp   *icmpError // nil: the target answered otherwise
	err    error      // this computer did not send
}

// A tracer decides what a trace sends, and when it is over.
type tracer struct {
	traceOptions
	// sound sends a packet with a time to live. What comes back is handed to
	// answers.
	sound   func(ttl int) error
	answers chan hopAnswer
	own     []netip.Addr // this computer's addresses

	outcome traceOutcome
}

// run traces until the target or a refusal is found and everything before it
// has answered or is overdue, until nothing more is to be expected, or until
// ctx ends. An error says that this computer did not send.
func (t *tracer) run(ctx context.Context) error {
	t.outcome.maxHops = t.maxHops
	if err := t.next(); err != nil {
		return err
	}
	for {
		wait := t.wait(time.Now())
		if wait < 0 {
			t.outcome.complete = true
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
	t.outcome.hops = append(t.outcome.hops, hop{sentAt: time.Now()})
	return t.sound(len(t.outcome.hops))
}

// nextIsDue reports whether it is time for the next packet.
func (t *tracer) nextIsDue(now time.Time) bool {
	sent := len(t.outcome.hops)
	if sent == t.maxHops || t.end() > 0 {
		return false
	}
	last := &t.outcome.hops[sent-1]
	return last.answered() || now.Sub(last.sentAt) >= tracePace
}

// wait is how long to wait for an answer before there is something to do: the
// next packet, or, negative, to end.
func (t *tracer) wait(now time.Time) time.Duration {
	hops := t.outcome.hops
	if end := t.end(); end > 0 {
		hops = hops[:end]
	} else if len(hops) < t.maxHops {
		return max(0, hops[len(hops)-1].sentAt.Add(tracePace).Sub(now))
	}
	wait := time.Duration(-1)
	for i := range hops {
		if left := hops[i].sentAt.Add(t.timeout).Sub(now); left > 0 && !hops[i].answered() {
			wait = max(wait, left)
		}
	}
	return wait
}

// end is the distance behind which nothing is left to find out; 0 while there
// is something.
func (t *tracer) end() int {
	for i := range t.outcome.hops {
		if t.outcome.hops[i].target {
			return i + 1
		}
	}
	if end := t.outcome.refusedAt(); end > 0 {
		return end
	}
	// Twice may be two ways of different length, side by side.
	if goesRound(t.outcome.hops, 3) {
		return len(t.outcome.hops)
	}
	return 0
}

// note keeps the first answer of each hop, however late. What this computer
// itself says of a neighbour that does not answer is not a hop's answer.
func (t *tracer) note(a hopAnswer) {
	if a.ttl < 1 || a.ttl > len(t.outcome.hops) || !a.sender.IsValid() {
		return
	}
	h := &t.outcome.hops[a.ttl-1]
	target := a.icmp == nil || a.sender == t.destination
	if h.answered() || !target && (a.icmp.name() == "redirect" || slices.Contains(t.own, a.sender.WithZone(""))) {
		return
	}
	h.sender, h.icmp, h.target = a.sender, a.icmp, target
	h.rtt = a.at.Sub(h.sentAt)
}
