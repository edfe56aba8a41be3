package probe

import (
	"context"
	"net/netip"
	"slices"
	"sync"
)

// dnsRounds is how often servers are asked once more where their addresses
// differ: a server that hands out four addresses in turn has named them all.
const dnsRounds = 4

// compare reports whether servers disagree about the name. Where answers have
// nothing in common, it asks again and adds what comes to the answers: whoever
// hands out the addresses of a pool one by one names others then.
func (q *dnsQuestion) compare(ctx context.Context, answers []dnsAnswer, system systemAnswer) bool {
	for round := 0; round < dnsRounds && ctx.Err() == nil && (disagree(answers) || differs(answers, system)); round++ {
		for i, again := range q.askAgain(ctx, answers) {
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

// askAgain asks those servers that know the name, and does not wait long: the
// others have nothing to compare.
func (q *dnsQuestion) askAgain(ctx context.Context, answers []dnsAnswer) []dnsAnswer {
	brief := q.client
	brief.attempts = 1
	again := make([]dnsAnswer, len(answers))
	var asking sync.WaitGroup
	for i := range answers {
		if answers[i].found() {
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
