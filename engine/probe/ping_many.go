package probe

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// ordinaryPings is how many pings may be under way with sockets of their own.
// Each has two sockets, and in go-ping three goroutines that wake up ten times a
// second; above some 16 that costs more than the packets do, and each raw
// socket (maxRaw) is handed the replies of all others.
const ordinaryPings = 16

// pings are the pings of one program, which know of each other.
type pings struct {
	ordinary int32 // how many may have sockets of their own
	underWay atomic.Int32
	sharing  atomic.Int32 // those under way that share a socket
	shares   atomic.Int64 // all that ever did
	shared   sharedSockets
}

func newPings(ordinary int32) *pings { return &pings{ordinary: ordinary} }

// errNotShared: this ping needs a socket of its own.
var errNotShared = errors.New("not on a shared socket")

// ping pings with a socket of its own or, where many pings are under way, with
// one that they share.
func (p *pings) ping(ctx context.Context, o pingOptions) (*pingOutcome, error) {
	p.underWay.Add(1)
	defer p.underWay.Add(-1)
	if p.isCrowd(ctx) {
		if outcome, err := p.share(ctx, o); !errors.Is(err, errNotShared) {
			return outcome, err
		}
	}
	disturbed := p.sharing.Load() > 0
	before := p.shares.Load()
	outcome, err := ping(ctx, o)
	disturbed = disturbed || p.shares.Load() != before
	if err == nil && disturbed && outcome.raw && outcome.complete && len(outcome.rtts) < outcome.sent {
		// go-ping's raw socket is handed the crowd's replies, too, and what it has
		// no room for looks lost.
		if again, err := p.share(ctx, o); err == nil {
			return again, nil
		}
	}
	return outcome, err
}

// share pings with a socket that others use, too.
func (p *pings) share(ctx context.Context, o pingOptions) (*pingOutcome, error) {
	p.shares.Add(1)
	p.sharing.Add(1)
	defer p.sharing.Add(-1)
	return p.shared.ping(ctx, o)
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
