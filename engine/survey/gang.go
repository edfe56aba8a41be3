package survey

import (
	"context"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/panics"
	"golang.org/x/sync/semaphore"
)

// maxSessions bounds the other computers that a survey looks from at the same
// time: each is a process of ssh here, and some of them may share a jump host.
const maxSessions = 32

// A gang are the runs that begin at the same time, in the sense of gang
// scheduling: none of them begins before there is room for all.
type gang []*placeRun

// gangs are the runs in their order: the vantages of a site that is looked at
// from another computer in one, where they may run side by side, as far as there
// are sessions for them, and all others on their own. No more than are in a gang
// wait for one another: whose turn it is not yet would hold up those that it is
// waiting for.
func gangs(runs []*placeRun, sideBySide bool) []gang {
	distant := map[*rules.Site]bool{}
	for _, r := range runs {
		if r.sessions() > 0 {
			distant[r.Site] = sideBySide
		}
	}
	var all []gang
	var room int64 // for sessions, in the last gang
	var last *rules.Site
	for _, r := range runs {
		if !distant[r.Site] || r.Site != last || room < r.sessions() {
			all = append(all, nil)
			last, room = r.Site, maxSessions
		}
		room -= r.sessions()
		all[len(all)-1] = append(all[len(all)-1], r)
	}
	for _, g := range all {
		b := newBarrier(len(g))
		for _, r := range g {
			r.barrier = b
		}
	}
	return all
}

// runGangs runs gang after gang, and as many of them side by side as there is
// room for that many runs. One that needs more room than there is has all of it.
// Those that wait for sessions have their turn in order, and hold up none that
// need no session.
func runGangs(all []gang, room int, run func(*placeRun)) {
	acquire := func(s *semaphore.Weighted, n int64) { s.Acquire(context.Background(), n) } // an interrupted run ends at once
	places, sessions := semaphore.NewWeighted(int64(room)), semaphore.NewWeighted(maxSessions)
	turn := make(chan struct{}) // closed when the gang before has its sessions
	close(turn)
	var group panics.Group
	for _, g := range all {
		share := int64(min(len(g), room))
		acquire(places, share)
		before, mine := turn, make(chan struct{})
		if g.sessions() > 0 {
			turn = mine
		}
		group.Go(func() {
			defer places.Release(share)
			if n := g.sessions(); n > 0 {
				<-before
				acquire(sessions, n)
				close(mine)
			}
			var members panics.Group
			for _, r := range g {
				members.Go(func() {
					defer sessions.Release(r.sessions())
					run(r)
				})
			}
			members.Wait()
		})
	}
	group.Wait()
}

func (g gang) sessions() (n int64) {
	for _, r := range g {
		n += r.sessions()
	}
	return n
}
