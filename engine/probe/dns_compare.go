package probe

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/rules/panics"
)

// dnsRounds is how often servers are asked once more where their addresses
// differ: a server that hands out four addresses in turn has named them all.
const dnsRounds = 4

// compare reports whether servers disagree about the name. Where answers have
// nothing in common, it asks again and adds what comes to the answers: whoever
// hands out the addresses of a pool one by one names others then.
func (q *dnsQuestion) compare(ctx context.Context, answers []dnsAnswer, system systemAnswer) bool {
	for round := 0; round < dnsRounds && ctx.Err() == nil && (disagree(answers) || differs(answers, system)); round++ {
		for i, again := range q.askAgain(ctx, answers, (*dnsAnswer).found) {
			a := &answers[i]
			if !again.found() {
				continue
			}
			a.rotates = a.rotates || !slices.Equal(a.addresses, again.addresses)
			a.addresses = sorted(append(a.addresses, again.addresses...))
			a.ttl = min(a.ttl, again.ttl)
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
func (q *dnsQuestion) askSlow(ctx context.Context, answers []dnsAnswer) {
	slow := func(a *dnsAnswer) bool { return a.found() && a.rtt >= dnsSlow }
	for i, again := range q.askAgain(ctx, answers, slow) {
		if again.found() && covers(&again, &answers[i]) {
			answers[i].rtt = min(answers[i].rtt, again.rtt)
		}
	}
}

// covers reports whether no question stayed unanswered that was answered before.
func covers(a, before *dnsAnswer) bool {
	answered := func(now, then []string) bool {
		return !slices.ContainsFunc(now, func(s string) bool { return !slices.Contains(then, s) })
	}
	return answered(a.unanswered, before.unanswered) && answered(a.silent, before.silent)
}

// askAgain asks some of the servers, and does not wait long.
func (q *dnsQuestion) askAgain(ctx context.Context, answers []dnsAnswer, whom func(a *dnsAnswer) bool) []dnsAnswer {
	brief := q.client
	brief.attempts = 1
	again := make([]dnsAnswer, len(answers))
	var asking panics.Group
	for i := range answers {
		if whom(&answers[i]) {
			asking.Go(func() { again[i] = brief.walk(ctx, q.servers[i], q.name, q.types, q.conf) })
		}
	}
	asking.Wait()
	return again
}

// disagree reports whether two answers that hold addresses of one family have
// none in common.
func disagree(answers []dnsAnswer) bool {
	for i := range answers {
		for j := range answers[:i] {
			if apart(answers[i].addresses, answers[j].addresses) && !answers[i].rotates && !answers[j].rotates {
				return true
			}
		}
	}
	return false
}

// differs reports whether the system has addresses that are none of any
// server's, though they are from a server.
func differs(answers []dnsAnswer, system systemAnswer) bool {
	if system.hostsFile || len(system.addresses) == 0 {
		return false
	}
	found := false
	for i := range answers {
		if answers[i].rotates || share(answers[i].addresses, system.addresses) {
			return false
		}
		found = found || answers[i].found()
	}
	return found
}

// apart reports whether two lists of addresses can be compared, and have
// nothing in common.
func apart(a, b []netip.Addr) bool {
	comparable := slices.ContainsFunc(a, func(x netip.Addr) bool {
		return slices.ContainsFunc(b, func(y netip.Addr) bool { return x.Is4() == y.Is4() })
	})
	return comparable && !share(a, b)
}

func share(a, b []netip.Addr) bool {
	return slices.ContainsFunc(a, func(x netip.Addr) bool { return slices.Contains(b, x) })
}
