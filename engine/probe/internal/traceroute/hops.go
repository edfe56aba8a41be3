package traceroute

import (
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// Options are the arguments of a trace.
type Options struct {
	Destination, Source netip.Addr
	TCP                 bool
	Port                uint16
	MaxHops             int
	Timeout             time.Duration // of one hop
}

// A Hop is one distance of a trace.
type Hop struct {
	sentAt time.Time
	Sender netip.Addr // zero: nobody answered so far
	RTT    time.Duration
	ICMP   *icmp.Error // nil: the target answered otherwise
	Target bool        // the answer is the target's own
}

// Answered reports whether anything came back.
func (h *Hop) Answered() bool { return h.Sender.IsValid() }

// Expired reports whether a router said that the packet's time was up: it
// came so far.
func (h *Hop) Expired() bool { return h.ICMP != nil && h.ICMP.Name() == "ttl_exceeded" }

// An Outcome is what a trace observed.
type Outcome struct {
	Hops     []Hop // hops[0] is at distance 1
	MaxHops  int
	Complete bool // it was not cut off
}

// Trimmed are the hops up to the target where it was reached, else up to a
// router that refused, else up to the last that answered.
func (o *Outcome) Trimmed() []Hop {
	last := 0
	for i := range o.Hops {
		if o.Hops[i].Target {
			return o.Hops[:i+1]
		}
		if o.Hops[i].Answered() {
			last = i + 1
		}
	}
	if end := o.refusedAt(); end > 0 {
		return o.Hops[:end]
	}
	return o.Hops[:last]
}

// refusedAt is the distance at which an error other than ttl_exceeded came
// first; 0 for none.
func (o *Outcome) refusedAt() int {
	for i := range o.Hops {
		if o.Hops[i].Answered() && !o.Hops[i].Target && !o.Hops[i].Expired() {
			return i + 1
		}
	}
	return 0
}

// HasLoop reports whether packets go in a circle: a router answers at so
// many distances, two at least, and others between them. Where those are
// silent, it must answer at three, never next to itself: for behind some
// address translators every router seems to be the translator.
func HasLoop(hops []Hop, times int) bool {
	distances := make(map[netip.Addr][]int)
	for i := range hops {
		if hops[i].Expired() {
			distances[hops[i].Sender] = append(distances[hops[i].Sender], i)
		}
	}
	for sender, at := range distances {
		if len(at) < times {
			continue
		}
		others := slices.ContainsFunc(hops[at[0]:at[len(at)-1]], func(h Hop) bool {
			return h.Expired() && h.Sender != sender
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
