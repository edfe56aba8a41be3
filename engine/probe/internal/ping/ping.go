package ping

import (
	"context"
	"errors"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// OwnSockets is how many pings may be under way with sockets of their own:
// each costs some 60 kB and is woken up for itself; above some 16 that costs more
// than the packets do.
const OwnSockets = 16

// A Pool is the pings of one program, which know of each other.
type Pool struct {
	ownSockets int32 // how many may have sockets of their own
	underWay   atomic.Int32
	shared     sharedSockets
}

// NewPool makes a pool in which so many pings may have sockets of their own.
func NewPool(ordinary int32) *Pool { return &Pool{ownSockets: ordinary} }

// errNotShared: this ping needs go-ping's socket.
var errNotShared = errors.New("not on a shared socket")

// Ping pings with a socket of its own or, where many pings are under way, with
// one that they share. Where the system has no such sockets, go-ping does it.
func (p *Pool) Ping(ctx context.Context, o Options) (*Outcome, error) {
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
		outcome.Shared = shared
	}
	return outcome, err
}

// crowdWait is how long a ping that is among the first looks whether more come:
// they do so at once, where a thousand sites are looked at.
const crowdWait = 2 * time.Millisecond

// isCrowd reports whether more pings are under way than may have sockets of
// their own.
func (p *Pool) isCrowd(ctx context.Context) bool {
	if p.underWay.Load() > p.ownSockets {
		return true
	}
	more := time.NewTimer(crowdWait)
	defer more.Stop()
	select {
	case <-more.C:
	case <-ctx.Done():
	}
	return p.underWay.Load() > p.ownSockets
}

// Options are the arguments of a ping.
type Options struct {
	Destination, Source     netip.Addr
	Count, Size, TTL        int
	Interval, PacketTimeout time.Duration
}

// An Outcome is what a ping observed.
type Outcome struct {
	Sent, Duplicates int
	RTTs             []time.Duration // of the replies that came in time
	Complete         bool            // nothing more was to be expected
	Shared           bool            // it had its socket in common with others
	LocalError       string

	// strangers are replies from another address, first of all from stranger;
	// nothing is known of them where the system does not tell who replied.
	Strangers    int
	Stranger     netip.Addr
	KnowsSenders bool

	ICMP         *icmp.Error
	ICMPObserved bool
}
