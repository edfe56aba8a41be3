package probe

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine"
)

// systemPatience bounds how long the system's resolver is waited for: two dead
// servers before a third, at 5 s each (resolv.conf(5)), and an answer.
const systemPatience = 12 * time.Second

// A systemAnswer is what a program on this computer is told about a name.
type systemAnswer struct {
	addresses []netip.Addr
	hostsFile bool // they come from there
	problem   error
	began     time.Time
	elapsed   time.Duration
	stopped   bool // before there was an answer
}

// lookupSystem looks a name up as programs do.
func lookupSystem(ctx context.Context, w *engine.World, q *dnsQuestion) systemAnswer {
	a := systemAnswer{began: time.Now()}
	addresses, err := lookupNow(ctx, w, q.network, q.name)
	a.elapsed = time.Since(a.began)
	if err != nil {
		a.problem, a.stopped = err, ctx.Err() != nil
		return a
	}
	rememberLookup(ctx, q.network, q.name, addresses)
	a.addresses = sorted(addresses)
	// The hosts file is asked first nearly everywhere (nsswitch.conf(5)). A
	// file that can't be read was no help to the system either.
	hosts, _ := readHosts(w)
	listed := func(addr netip.Addr) bool {
		return slices.ContainsFunc(hosts, func(e hostsEntry) bool { return e.address == addr && e.about(q.name) })
	}
	a.hostsFile = !slices.ContainsFunc(a.addresses, func(addr netip.Addr) bool { return !listed(addr) })
	return a
}

// set states the system's part of a result, unless ctx ended before the answer
// could be expected.
func (a systemAnswer) set(ctx context.Context, r *result) {
	if a.stopped && ctx.Err() != nil && !silenceCounts(ctx, a.began) {
		return
	}
	system := fields{"addresses": spelled(a.addresses), "found": a.problem == nil, "problem": nil}
	switch {
	case a.stopped:
		system["problem"] = fmt.Sprintf("no answer within %.0f s", a.elapsed.Seconds())
	case a.problem != nil:
		system["problem"] = lookupProblem(a.problem)
	}
	r.set("system", system)
	r.set("hosts_file", a.problem == nil && a.hostsFile)
}
