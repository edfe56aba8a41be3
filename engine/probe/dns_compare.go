package probe

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/dnsclient"
	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/linecheck/linecheck/rules/panics"
)

// dnsRounds is how often servers are asked once more where their addresses
// differ: a server that hands out four addresses in turn has named them all.
const dnsRounds = 4

// compare reports whether servers disagree about the name. Where answers have
// nothing in common, it asks again and adds what comes to the answers: whoever
// hands out the addresses of a pool one by one names others then.
func (q *dnsQuestion) compare(ctx context.Context, answers []dnsclient.Answer, system systemAnswer) bool {
	for round := 0; round < dnsRounds && ctx.Err() == nil && (disagree(answers) || differs(answers, system)); round++ {
		for i, again := range q.askAgain(ctx, answers, (*dnsclient.Answer).Found) {
			a := &answers[i]
			if !again.Found() {
				continue
			}
			a.Rotates = a.Rotates || !slices.Equal(a.Addresses, again.Addresses)
			a.Addresses = ipaddr.Sorted(append(a.Addresses, again.Addresses...))
			a.TTL = min(a.TTL, again.TTL)
		}
	}
	return disagree(answers)
}

// dnsSlow is the time from which on an answer is asked for once more: a server
// that must ask others first has the answer at hand then.
const dnsSlow = time.Second

// askSlow asks servers that know the name and were slow to say so once more;
// the shorter time counts, if everything that was answered is so again: a type
// whose answer does not come in time is what took so long.
func (q *dnsQuestion) askSlow(ctx context.Context, answers []dnsclient.Answer) {
	slow := func(a *dnsclient.Answer) bool { return a.Found() && a.RTT >= dnsSlow }
	for i, again := range q.askAgain(ctx, answers, slow) {
		if again.Found() && covers(&again, &answers[i]) {
			answers[i].RTT = min(answers[i].RTT, again.RTT)
		}
	}
}

// covers reports whether no question stayed unanswered that was answered before.
func covers(a, before *dnsclient.Answer) bool {
	answered := func(now, then []string) bool {
		return !slices.ContainsFunc(now, func(s string) bool { return !slices.Contains(then, s) })
	}
	return answered(a.Unanswered, before.Unanswered) && answered(a.Silent, before.Silent)
}

// askAgain asks some of the servers, and does not wait long.
func (q *dnsQuestion) askAgain(ctx context.Context, answers []dnsclient.Answer, whom func(a *dnsclient.Answer) bool) []dnsclient.Answer {
	brief := q.client
	brief.Attempts = 1
	again := make([]dnsclient.Answer, len(answers))
	var asking panics.Group
	for i := range answers {
		if whom(&answers[i]) {
			asking.Go(func() { again[i] = brief.Walk(ctx, q.servers[i], q.name, q.types, q.conf) })
		}
	}
	asking.Wait()
	return again
}

// disagree reports whether two answers that hold addresses of one family have
// none in common.
func disagree(answers []dnsclient.Answer) bool {
	for i := range answers {
		for j := range answers[:i] {
			if disjoint(answers[i].Addresses, answers[j].Addresses) && !answers[i].Rotates && !answers[j].Rotates {
				return true
			}
		}
	}
	return false
}

// differs reports whether the system has addresses that are none of any
// server's, though they are from a server.
func differs(answers []dnsclient.Answer, system systemAnswer) bool {
	if system.hostsFile || len(system.addresses) == 0 {
		return false
	}
	found := false
	for i := range answers {
		if answers[i].Rotates || share(answers[i].Addresses, system.addresses) {
			return false
		}
		found = found || answers[i].Found()
	}
	return found
}

// disjoint reports whether two lists of addresses can be compared, and have
// nothing in common.
func disjoint(a, b []netip.Addr) bool {
	comparable := slices.ContainsFunc(a, func(x netip.Addr) bool {
		return slices.ContainsFunc(b, func(y netip.Addr) bool { return x.Is4() == y.Is4() })
	})
	return comparable && !share(a, b)
}

func share(a, b []netip.Addr) bool {
	return slices.ContainsFunc(a, func(x netip.Addr) bool { return slices.Contains(b, x) })
}
