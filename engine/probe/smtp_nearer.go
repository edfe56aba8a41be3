package probe

import (
	"context"
	"net/netip"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/traceroute"
	"github.com/linecheck/linecheck/rules/panics"
)

// A nearerEnd is where connections are answered that pings to the same address
// go beyond.
type nearerEnd struct {
	hop    int        // distance of the answer
	router netip.Addr // reports pings of that distance expired; zero: nobody does
}

const (
	// nearHops and nearTimeout bound the traces to a host that has greeted: it
	// answers, and whoever answers in its name is nearer.
	nearHops    = 20
	nearTimeout = 700 * time.Millisecond
	// nearGrace is how long pings are followed once it is known how far
	// connections go: the one that shows them to go further is on its way then.
	nearGrace = 300 * time.Millisecond
)

// answeredNearer is where connections are answered if that is at a smaller
// distance than the one from which pings are, or expire; nil where it is not, or
// was not seen.
func answeredNearer(ctx context.Context, connected netip.AddrPort) *nearerEnd {
	o := traceroute.Options{Destination: connected.Addr(), Port: connected.Port(), MaxHops: nearHops, Timeout: nearTimeout}
	tcp := o
	tcp.TCP = true
	following, stop := context.WithCancel(ctx)
	defer stop()
	var connections, pings *traceroute.Outcome
	var all panics.Group
	// An error says that this computer does not send pings: nothing is shown.
	all.Go(func() {
		connections, _ = traceroute.Run(ctx, tcp)
		time.AfterFunc(nearGrace, stop)
	})
	all.Go(func() { pings, _ = traceroute.Run(following, o) })
	all.Wait()
	if connections == nil || pings == nil || !routedAlike(connected) {
		return nil
	}
	return nearerThan(connections.Trimmed(), pings.Trimmed())
}

// nearerThan compares the way of connections with that of pings. Where another
// router stands at the same place on both, the ways differ, and so may their
// lengths. That the time is up at an address does not show that it answers: what
// translates addresses says so in the name of the host behind it.
func nearerThan(connections, pings []traceroute.Hop) *nearerEnd {
	end := len(connections)
	if end == 0 || !connections[end-1].Target || connections[end-1].Expired() || end > len(pings) {
		return nil
	}
	if last := pings[end-1]; end == len(pings) && (last.Target || !last.Expired()) {
		return nil
	}
	for i := range end - 1 {
		if connections[i].Answered() && pings[i].Answered() && connections[i].Sender != pings[i].Sender {
			return nil
		}
	}
	return &nearerEnd{hop: end, router: pings[end-1].Sender}
}
