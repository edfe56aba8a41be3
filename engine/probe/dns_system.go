package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/engine/probe/internal/resolver"
	"github.com/linecheck/linecheck/rules/panics"
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
	unclear   bool // nobody knows what programs are told
}

// systemRepeat is when another look-up is begun beside those that run, though
// the servers answer: a resolver that lost a packet waits for 5 s
// (resolv.conf(5)), while another program's question may get through. What
// takes a resolver longer for another reason takes as long then.
const systemRepeat = 2 * time.Second

// systemLookups bounds the look-ups that run side by side.
const systemLookups = 4

// lookupSystem looks a name up as programs do. answering is closed once the
// servers have answered questions of ours.
func lookupSystem(ctx context.Context, w *engine.World, q *dnsQuestion, answering <-chan struct{}) systemAnswer {
	a := systemAnswer{began: time.Now()}
	addresses, err := lookupPatiently(ctx, w, q, answering)
	a.elapsed = time.Since(a.began)
	if err != nil {
		a.problem, a.stopped = err, ctx.Err() != nil
		a.unclear = errors.Is(err, resolver.ErrUnknown)
		return a
	}
	resolver.Remember(ctx, q.network, q.name, addresses)
	a.addresses = ipaddr.Sorted(addresses)
	// The hosts file is asked first nearly everywhere (nsswitch.conf(5)). A
	// file that can't be read was no help to the system either.
	hosts, _ := resolver.ReadHosts(w)
	listed := func(addr netip.Addr) bool {
		return slices.ContainsFunc(hosts, func(e resolver.HostsEntry) bool { return e.Address == addr && e.About(q.name) })
	}
	a.hostsFile = !slices.ContainsFunc(a.addresses, func(addr netip.Addr) bool { return !listed(addr) })
	return a
}

// lookupPatiently looks the name up, and again beside that while it takes long
// and servers do answer. The first that finds an address wins; where none does,
// the first that came to its end speaks.
func lookupPatiently(ctx context.Context, w *engine.World, q *dnsQuestion, answering <-chan struct{}) ([]netip.Addr, error) {
	type found struct {
		addresses []netip.Addr
		err       error
	}
	ctx, stop := context.WithCancel(ctx)
	ends := make(chan func() found, systemLookups)
	running := 0
	begin := func(look func(context.Context, *engine.World, string, string) ([]netip.Addr, error)) {
		running++
		go panics.Send(ends, func() found {
			addresses, err := look(ctx, w, q.network, q.name)
			return found{addresses, err}
		})
	}
	defer func() {
		stop()
		for ; running > 0; running-- {
			<-ends
		}
	}()

	begin(resolver.LookupNow)
	repeat := time.NewTicker(systemRepeat)
	defer repeat.Stop()
	var problem error
	for begun := 1; ; {
		select {
		case ended := <-ends:
			running--
			end := ended()
			if end.err == nil || isDefinite(end.err) {
				return end.addresses, end.err
			}
			if problem = cmp.Or(problem, end.err); running == 0 {
				return nil, problem
			}
		case <-repeat.C:
			select {
			case <-answering:
				if begun < systemLookups {
					begin(resolver.LookupAgain)
					begun++
				}
			default:
			}
		}
	}
}

// isDefinite reports whether a look-up that found nothing says that there is
// nothing, and not that nobody answered.
func isDefinite(err error) bool {
	var dnsErr *net.DNSError
	return errors.Is(err, resolver.ErrUnknown) || errors.As(err, &dnsErr) && dnsErr.IsNotFound
}

// set states the system's part of a result, unless ctx ended before the answer
// could be expected.
func (a systemAnswer) set(ctx context.Context, r *result) {
	if a.unclear || a.stopped && ctx.Err() != nil && !netconn.SilenceCounts(ctx, a.began) {
		return
	}
	system := fields{"addresses": spelled(a.addresses), "found": a.problem == nil, "problem": nil}
	switch {
	case a.stopped:
		system["problem"] = fmt.Sprintf("no answer within %.0f s", a.elapsed.Seconds())
	case a.problem != nil:
		system["problem"] = resolver.Problem(a.problem)
	}
	r.set("system", system)
	r.set("system_timed_out", a.stopped || netconn.IsTimeout(a.problem))
	r.set("hosts_file", a.problem == nil && a.hostsFile)
}
