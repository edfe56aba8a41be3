package main

import (
	"context"
	"sync"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
)

// A meeting lets the vantages of a site begin together, once all of them are
// reached. Otherwise the first to begin takes away from the others what names
// the fault: a router sends a computer two ICMP errors and then, for as long as
// there is reason for more, none (Linux's icmp_ratelimit), and the answers to
// another's pings are reason enough. And what two looks at different times say
// of one line may both be true: it was down in between.
type meeting struct {
	all chan struct{} // closed when nobody is missing any more

	mu      sync.Mutex
	coming  int  // vantages that have not set out yet
	missing int  // those that have not arrived
	begun   bool // somebody has begun without the others
	late    bool // somebody was reached after that
}

const (
	// meetingTimeout is how long a vantage waits for the others: enough for ssh
	// to get through a jump host, and too little to be noticed beside a ladder.
	// It then begins alone, and again with whoever comes late.
	meetingTimeout = 3 * time.Second
	// lateTimeout is how long a vantage that is done waits for those that are
	// still on their way. All of them have arrived or given up by then: it is
	// longer than ssh may take.
	lateTimeout = 25 * time.Second
)

// arrangeMeetings has the vantages of each site that is looked at from another
// computer meet.
func arrangeMeetings(climbs []climb) {
	meetings := map[*rules.Site]*meeting{}
	for i := range climbs {
		if cl := &climbs[i]; cl.vantage != nil && len(cl.vantage.Via) > 0 && cl.replay == nil {
			meetings[cl.site] = &meeting{all: make(chan struct{})}
		}
	}
	for i := range climbs {
		if m := meetings[climbs[i].site]; m != nil && climbs[i].site != nil {
			climbs[i].others = m
			m.coming++
			m.missing++
		}
	}
}

// setOut is one vantage less that nobody is on the way to.
func (m *meeting) setOut() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.coming--
}

// arrive is one vantage less to wait for, which was reached or never will be.
func (m *meeting) arrive(reached bool) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.late = m.late || reached && m.begun
	if m.missing--; m.missing == 0 {
		close(m.all)
	}
}

// together arrives and looks once the others have arrived, too. It does not
// wait for long, but looks again when somebody comes late.
func (m *meeting) together(ctx context.Context, look func(context.Context) *engine.Report) *engine.Report {
	if m == nil {
		return look(ctx)
	}
	m.arrive(true)
	if m.wait(ctx, meetingTimeout) || ctx.Err() != nil || !m.begin() {
		return look(ctx)
	}
	alone, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-m.all:
			if m.again() {
				cancel()
			}
		case <-alone.Done():
		}
	}()
	r := look(alone)
	if m.allOnTheirWay() && m.wait(ctx, lateTimeout) && m.again() && ctx.Err() == nil {
		return look(ctx)
	}
	return r
}

// wait reports whether all have arrived, within d.
func (m *meeting) wait(ctx context.Context, d time.Duration) bool {
	late := time.NewTimer(d)
	defer late.Stop()
	select {
	case <-m.all:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	return false
}

// begin begins without those that are missing; false if nobody is.
func (m *meeting) begin() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.begun = m.missing > 0
	return m.begun
}

// again reports whether who began alone has to look again.
func (m *meeting) again() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.late
}

// allOnTheirWay reports whether somebody works on reaching each vantage that is
// missing: where only so many are looked from at the same time, waiting for one
// that is not its turn would keep it from it.
func (m *meeting) allOnTheirWay() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.coming == 0
}
