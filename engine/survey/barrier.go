package survey

import (
	"context"
	"sync"
	"time"

	"github.com/linecheck/linecheck/engine"
)

// A barrier lets the vantages of a site begin together, once all of them are
// reached. Otherwise the first to begin takes away from the others what names
// the fault: a router sends a computer two ICMP errors and then, for as long as
// there is reason for more, none (Linux's icmp_ratelimit), and the answers to
// another's pings are reason enough. And what two looks at different times say
// of one line may both be true: it was down in between.
type barrier struct {
	all chan struct{} // closed when nobody is missing any more

	mu      sync.Mutex
	missing int  // vantages that have not arrived
	begun   bool // somebody has begun without the others
	late    bool // somebody was reached after that
}

// newBarrier is one for n vantages; nil for a single one, which waits for nobody.
func newBarrier(n int) *barrier {
	if n < 2 {
		return nil
	}
	return &barrier{all: make(chan struct{}), missing: n}
}

const (
	// barrierTimeout is how long a vantage waits for the others: enough for ssh
	// to get through a jump host, and too little to be noticed beside a ladder.
	// It then begins alone, and again with whoever comes late.
	barrierTimeout = 3 * time.Second
	// lateTimeout is how long a vantage that is done waits for those that are
	// still on their way. All of them have arrived or given up by then: it is
	// longer than ssh may take.
	lateTimeout = 25 * time.Second
)

// arrive is one vantage less to wait for, which was reached or never will be.
func (b *barrier) arrive(reached bool) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.late = b.late || reached && b.begun
	if b.missing--; b.missing == 0 {
		close(b.all)
	}
}

// run arrives and runs once the others have arrived, too. It does not wait for
// long, but runs again when somebody comes late.
func (b *barrier) run(ctx context.Context, run func(context.Context) *engine.Report) *engine.Report {
	if b == nil {
		return run(ctx)
	}
	b.arrive(true)
	if b.wait(ctx, barrierTimeout) || ctx.Err() != nil || !b.begin() {
		return run(ctx)
	}
	alone, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-b.all:
			if b.again() {
				cancel()
			}
		case <-alone.Done():
		}
	}()
	r := run(alone)
	if b.wait(ctx, lateTimeout) && b.again() && ctx.Err() == nil {
		return run(ctx)
	}
	return r
}

// wait reports whether all have arrived, within d.
func (b *barrier) wait(ctx context.Context, d time.Duration) bool {
	late := time.NewTimer(d)
	defer late.Stop()
	select {
	case <-b.all:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	return false
}

// begin begins without those that are missing; false if nobody is.
func (b *barrier) begin() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begun = b.missing > 0
	return b.begun
}

// again reports whether who began alone has to run again.
func (b *barrier) again() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.late
}
