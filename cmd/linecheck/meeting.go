package main

import (
	"context"
	"sync"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/panics"
	"golang.org/x/sync/semaphore"
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
	missing int  // vantages that have not arrived
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

// A batch are climbs that begin together.
type batch []*climb

// batches are the climbs in their order: the vantages of a site that is looked
// at from another computer side by side, where they may be, as far as there are
// sessions for them, and all others on their own. No more than are in a batch
// wait for one another: whose turn it is not yet would hold up those that it is
// waiting for.
func batches(climbs []climb, together bool) []batch {
	distant := map[*rules.Site]bool{}
	for i := range climbs {
		if climbs[i].isFar() {
			distant[climbs[i].site] = together
		}
	}
	var all []batch
	var room int64 // for sessions, in the last batch
	var last *rules.Site
	for i := range climbs {
		cl := &climbs[i]
		if !distant[cl.site] || cl.site != last || room < cl.sessions() {
			all = append(all, nil)
			last, room = cl.site, sessionsAtOnce
		}
		room -= cl.sessions()
		all[len(all)-1] = append(all[len(all)-1], cl)
	}
	for _, b := range all {
		if len(b) > 1 {
			m := &meeting{all: make(chan struct{}), missing: len(b)}
			for _, cl := range b {
				cl.others = m
			}
		}
	}
	return all
}

// runAll runs batch after batch, and as many of them side by side as there is
// room for that many climbs. One that needs more room than there is has all of
// it. Those that wait for sessions have their turn in order, and hold up none
// that need no session.
func runAll(all []batch, room int, run func(*climb)) {
	acquire := func(s *semaphore.Weighted, n int64) { s.Acquire(context.Background(), n) } // an interrupted climb ends at once
	places, elsewhere := semaphore.NewWeighted(int64(room)), semaphore.NewWeighted(sessionsAtOnce)
	turn := make(chan struct{}) // closed when the batch before has its sessions
	close(turn)
	var group panics.Group
	for _, b := range all {
		share := int64(min(len(b), room))
		acquire(places, share)
		before, mine := turn, make(chan struct{})
		if b.sessions() > 0 {
			turn = mine
		}
		group.Go(func() {
			defer places.Release(share)
			if n := b.sessions(); n > 0 {
				<-before
				acquire(elsewhere, n)
				close(mine)
			}
			var members panics.Group
			for _, cl := range b {
				members.Go(func() {
					defer elsewhere.Release(cl.sessions())
					run(cl)
				})
			}
			members.Wait()
		})
	}
	group.Wait()
}

func (b batch) sessions() (n int64) {
	for _, cl := range b {
		n += cl.sessions()
	}
	return n
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
	if m.wait(ctx, lateTimeout) && m.again() && ctx.Err() == nil {
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
