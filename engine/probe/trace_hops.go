package probe

import (
	"net/netip"
	"slices"
	"time"
)

// traceOptions are the arguments of a trace.
type traceOptions struct {
	destination, source netip.Addr
	tcp                 bool
	port                uint16
	maxHops             int
	timeout             time.Duration // of one hop
}

// A hop is one distance of a trace.
type hop struct {
	sentAt time.Time
	sender netip.Addr // zero: nobody answered so far
	rtt    time.Duration
	icmp   *icmpError // nil: the target answered otherwise
	target bool       // the answer is the target's own
}

func (h *hop) answered() bool { return h.sender.IsValid() }

// expired reports whether a router said that the packet's time was up: it
// came so far.
func (h *hop) expired() bool { return h.icmp != nil && h.icmp.name() == "ttl_exceeded" }

// A traceOutcome is what a trace observed.
type traceOutcome struct {
	hops     []hop // hops[0] is at distance 1
	maxHops  int
	complete bool // it was not cut off
}

// trimmed are the hops up to the target where it was reached, else up to a
// router that refused, else up to the last that answered.
func (o *traceOutcome) trimmed() []hop {
	last := 0
	for i := range o.hops {
		if o.hops[i].target {
			return o.hops[:i+1]
		}
		if o.hops[i].answered() {
			last = i + 1
		}
	}
	if end := o.refusedAt(); end > 0 {
		return o.hops[:end]
	}
	return o.hops[:last]
}

// refusedAt is the distance at which an error other than ttl_exceeded came
// first; 0 for none.
func (o *traceOutcome) refusedAt() int {
	for i := range o.hops {
		if o.hops[i].answered() && !o.hops[i].target && !o.hops[i].expired() {
			return i + 1
		}
	}
	return 0
}

// goesRound reports whether packets go in a circle: a router answers at so
// many distances, two at least, and others between them. Where those are
// silent, it must answer at three, never next to itself: for behind some
// address translators every router seems to be the translator.
func goesRound(hops []hop, times int) bool {
	distances := make(map[netip.Addr][]int)
	for i := range hops {
		if hops[i].expired() {
			distances[hops[i].sender] = append(distances[hops[i].sender], i)
		}
	}
	for sender, at := range distances {
		if len(at) < times {
			continue
		}
		others := slices.ContainsFunc(hops[at[0]:at[len(at)-1]], func(h hop) bool {
			return h.expired() && h.sender != sender
		})
		apart := true
		for i := 1; i < len(at); i++ {
			apart = apart && at[i]-at[i-1] > 1
		}
		if others || apart && len(at) >= 3 {
			return true
		}
	}
	return false
}
