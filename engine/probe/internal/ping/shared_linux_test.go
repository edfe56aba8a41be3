package ping

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"go.uber.org/goleak"
)

// What the program itself had no room for is no loss: it is asked for once more,
// and unknown where there still is no room.
func TestReplyWithoutRoomIsNoLoss(t *testing.T) {
	if !netnstest.Inside(t, func() *netnstest.Namespace { here, _ := netnstest.NewHosts(t); return here }) {
		return
	}
	for _, makeRoom := range []bool{true, false} {
		t.Run(fmt.Sprintf("room in time %v", makeRoom), func(t *testing.T) {
			// How busy the computer is decides whether replies come faster than they
			// are read: it is tried until they did.
			for range 50 {
				dropped, unknown := pingWithoutRoom(t, makeRoom)
				if dropped && (unknown == 0) == makeRoom || t.Failed() {
					return
				}
			}
			t.Error("either no reply was dropped, or there never was room, or always")
		})
	}
}

// pingWithoutRoom sends pings at a time whose replies hardly find room, and makes
// some once one was dropped. It reports whether one was, and of how many pings the
// outcome is not known.
func pingWithoutRoom(t *testing.T, makeRoom bool) (dropped bool, unknown int) {
	const pings = icmp.BatchSize // their replies are there before any is read
	var sockets sharedSockets
	s, err := sockets.join(socketKey{})
	if err != nil {
		t.Fatal(err)
	}
	defer sockets.leave(socketKey{}, s)
	room := func(bytes int) {
		if err := s.Packets.(interface{ SetReadBuffer(int) error }).SetReadBuffer(bytes); err != nil {
			t.Error(err)
		}
	}
	room(1) // as little as may be
	outcomes := make([]*Outcome, pings)
	var all sync.WaitGroup
	for i, target := range netnstest.Awake.Some(pings) {
		all.Go(func() {
			o, err := sockets.ping(t.Context(), Options{Destination: netip.MustParseAddr(target), Count: 1, Size: 56, TTL: 64,
				Interval: 10 * time.Millisecond, PacketTimeout: 300 * time.Millisecond})
			if err != nil {
				t.Error(err)
			}
			outcomes[i] = o
		})
	}
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	for makeRoom && s.Dropped() == 0 {
		select {
		case <-ended:
			makeRoom = false
		case <-time.After(time.Millisecond):
		}
	}
	if makeRoom {
		room(4 << 20)
	}
	<-ended
	for _, o := range outcomes {
		switch {
		case o == nil:
		case o.Sent != 1 || o.Duplicates != 0 || len(o.RTTs) > 1:
			t.Errorf("%+v", o)
		case len(o.RTTs) == 1:
		case o.Complete:
			t.Error("a reply that was dropped here counts as lost")
		default:
			unknown++
		}
	}
	return s.Dropped() > 0, unknown
}

// The last ping closes the socket behind it, whatever way it ends.
func TestSharedSocketIsClosed(t *testing.T) {
	if !netnstest.Inside(t, func() *netnstest.Namespace { here, _ := netnstest.NewHosts(t); return here }) {
		return
	}
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	open := func() int {
		files, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	var sockets sharedSockets
	o := Options{Destination: netip.MustParseAddr(netnstest.Awake.First), Count: 2, Size: 56, TTL: 64,
		Interval: 10 * time.Millisecond, PacketTimeout: time.Second}
	sockets.ping(t.Context(), o) // the runtime opens files of its own
	before := open()
	for range 3 {
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				o, ctx := o, t.Context()
				if i%2 == 0 {
					o.Destination = netip.MustParseAddr(netnstest.Silent.First)
					cut, cancel := context.WithTimeout(ctx, time.Duration(i)*time.Millisecond)
					defer cancel()
					ctx = cut
				}
				outcome, err := sockets.ping(ctx, o)
				if err != nil || outcome.Complete == (i%2 == 0) {
					t.Errorf("%+v, %v", outcome, err)
				}
			})
		}
		all.Wait()
		if len(sockets.open) != 0 {
			t.Errorf("%d sockets are still open", len(sockets.open))
		}
	}
	if after := open(); after != before {
		t.Errorf("%d files are open, %d were before", after, before)
	}
}
