package probe

import (
	"context"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// smallPacket is a size, in bytes, that every path carries. Whether packets of
// this size are answered tells loss that hits all from loss that hits the
// large ones only.
const smallPacket = 96

// mtuBudget bounds the search for the exact size; what is known by then stands.
const mtuBudget = 4 * time.Second

// commonMTUs are sizes that links and tunnels come in, in bytes, the largest
// first: FDDI, Ethernet, PPPoE, the usual tunnels, the least of IPv6 and of a
// host of old (RFC 1191, 7.1).
var commonMTUs = []int{9000, 4352, 1500, 1492, 1480, 1460, 1450, 1440, 1420, 1400, 1380, 1360, 1300, 1280, 1024, 576, 296}

// A burst is what came back for packets that were sent one after another.
type burst struct {
	passed []bool        // by packet: it was answered
	tooBig []*icmp.Error // by packet: a router said that it is too big, unless nil
}

// An mtuSearch finds out which sizes a path carries.
type mtuSearch struct {
	largest int
	// send sends packets of some sizes, one after another, and waits for what
	// comes back.
	send func(sizes []int) (burst, error)

	outcome mtuOutcome
}

// run searches until everything is known, ctx ends or the budget is used up.
// An error is one of send.
func (s *mtuSearch) run(ctx context.Context) error {
	start := time.Now()
	size := s.largest
	for s.outcome.verdict == 0 {
		verdict, limit, err := s.try(size)
		if err != nil || ctx.Err() != nil {
			return err
		}
		if limit == nil {
			s.outcome.verdict = verdict
			break
		}
		s.outcome.limitedBy = limit.Sender
		if size = nextSize(size, limit.NextHopMTU); size <= smallPacket {
			s.outcome.verdict = mtuUnsure
		}
	}
	if s.outcome.verdict != mtuPass && s.outcome.mtu > 0 {
		if err := s.narrow(ctx, size, start.Add(mtuBudget)); err != nil {
			return err
		}
	}
	s.outcome.complete = ctx.Err() == nil
	return nil
}

// nextSize is the size to try after a router would not take one: what it said
// it takes or, from a router older than RFC 1191, the next common one.
func nextSize(size, nextHopMTU int) int {
	if nextHopMTU > 0 && nextHopMTU < size {
		return nextHopMTU
	}
	for _, common := range commonMTUs {
		if common < size {
			return common
		}
	}
	return 0
}

// neededLosses and maxRounds: a size vanishes when so many packets of it got no
// answer, each between two small ones that did, and none was answered in so
// many rounds of three.
const (
	neededLosses = 3
	maxRounds    = 3
)

// sandwiches is one round: three packets of a size, each between two small ones
// of its own.
func sandwiches(size int) []int {
	const s = smallPacket
	return []int{s, size, s, s, size, s, s, size, s}
}

// try finds out what becomes of packets of a size. limit is a router's word
// that it does not take them; without it the verdict stands.
func (s *mtuSearch) try(size int) (verdict mtuVerdict, limit *icmp.Error, err error) {
	losses := 0
	sizes := []int{smallPacket, size}
	for range 1 + maxRounds {
		v, err := s.send(sizes)
		if err != nil {
			return 0, nil, err
		}
		for i, passed := range v.passed {
			if passed {
				s.outcome.mtu = max(s.outcome.mtu, sizes[i])
			}
			if v.tooBig[i] != nil && sizes[i] == size {
				limit = v.tooBig[i]
			}
			between := i > 0 && i < len(sizes)-1 && sizes[i] == size
			if between && v.passed[i-1] && !passed && v.passed[i+1] {
				losses++
			}
		}
		switch {
		case s.outcome.mtu >= size:
			return mtuPass, nil, nil
		case limit != nil:
			return 0, limit, nil
		case losses >= neededLosses:
			return mtuVanish, nil, nil
		case s.outcome.mtu == 0 && len(sizes) > 2:
			return mtuUnsure, nil, nil // nobody answers
		}
		sizes = sandwiches(size)
	}
	return mtuUnsure, nil, nil
}

// narrow finds the largest size that passes, above what is known to pass and
// below one that does not. Each size is sent twice, for one packet may be lost
// by chance.
func (s *mtuSearch) narrow(ctx context.Context, above int, deadline time.Time) error {
	sizes := between(commonMTUs, s.outcome.mtu, above)
	for time.Now().Before(deadline) && ctx.Err() == nil {
		if len(sizes) == 0 {
			sizes = spread(s.outcome.mtu, above)
		}
		if len(sizes) == 0 {
			return nil
		}
		v, err := s.send(slices.Concat(sizes, sizes))
		if err != nil {
			return err
		}
		for i, size := range sizes {
			if v.passed[i] || v.passed[i+len(sizes)] {
				s.outcome.mtu = max(s.outcome.mtu, size)
			}
		}
		for _, size := range sizes {
			if size > s.outcome.mtu {
				above = min(above, size)
			}
		}
		sizes = nil
	}
	return nil
}

func between(sizes []int, low, high int) []int {
	var inside []int
	for _, size := range sizes {
		if low < size && size < high {
			inside = append(inside, size)
		}
	}
	return inside
}

// maxSpread bounds the packets of a burst that narrows the search.
const maxSpread = 24

// spread is up to maxSpread sizes between low and high, evenly.
func spread(low, high int) []int {
	n := min(high-low-1, maxSpread)
	var sizes []int
	for i := 1; i <= n; i++ {
		sizes = append(sizes, low+i*(high-low)/(n+1))
	}
	return sizes
}
