package probe

import (
	"context"
	"errors"
	"net/netip"
	"sync/atomic"
	"time"
)

// ordinaryPings is how many pings may be under way with sockets of their own:
// each costs some 60 kB and is woken up for itself; above some 16 that costs more
// than the packets do.
const ordinaryPings = 16

// pings are the pings of one program, which know of each other.
type pings struct {
	ordinary int32 // how many may have sockets of their own
	underWay atomic.Int32
	shared   sharedSockets
}

func newPings(ordinary int32) *pings { return &pings{ordinary: ordinary} }

// errNotShared: this ping needs go-ping's socket.
var errNotShared = errors.New("not on a shared socket")

// ping pings with a socket of its own or, where many pings are under way, with
// one that they share. Where the system has no such sockets, go-ping does it.
func (p *pings) ping(ctx context.Context, o pingOptions) (*pingOutcome, error) {
	p.underWay.Add(1)
	defer p.underWay.Add(-1)
	sockets, shared := &sharedSockets{}, false
	if p.isCrowd(ctx) {
		sockets, shared = &p.shared, true
	}
	outcome, err := sockets.ping(ctx, o)
	if errors.Is(err, errNotShared) {
		return goPing(ctx, o)
	}
	if outcome != nil {
		outcome.shared = shared
	}
	return outcome, err
}

// crowdWait is how long a ping that is among the first looks whether more come:
// they do so at once, where a thousand sites are looked at.
const crowdWait = 2 * time.Millisecond

// isCrowd reports whether more pings are under way than may have sockets of
// their own.
func (p *pings) isCrowd(ctx context.Context) bool {
	if p.underWay.Load() > p.ordinary {
		return true
	}
	more := time.NewTimer(crowdWait)
	defer more.Stop()
	select {
	case <-more.C:
	case <-ctx.Done():
	}
	return p.underWay.Load() > p.ordinary
}

// pingOptions are the arguments of a ping.
type pingOptions struct {
	destination, source     netip.Addr
	count, size, ttl        int
	interval, packetTimeout time.Duration
}

// A pingOutcome is what a ping observed.
type pingOutcome struct {
	sent, duplicates int
	rtts             []time.Duration // of the replies that came in time
	complete         bool            // nothing more was to be expected
	shared           bool            // it had its socket in common with others
	localError       string

	// strangers are replies from another address, first of all from stranger;
	// nothing is known of them where the system does not tell who replied.
	strangers    int
	stranger     netip.Addr
	knowsSenders bool

	icmp         *icmpError
	icmpObserved bool
}
