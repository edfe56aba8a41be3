package probe

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/linecheck/linecheck/rules/panics"
	"github.com/miekg/dns"
)

// A dnsAnswer is what one server makes of a name.
type dnsAnswer struct {
	answered    bool
	rcode       int // of the answer
	rtt         time.Duration
	truncated   bool
	tcpError    string // word of tcp_error
	ednsDropped bool
	lost        int
	referral    bool
	explained   extendedError
	unanswered  []string // types whose question got no answer
	silent      []string // search domains with which it got none, before the name was found

	addresses []netip.Addr
	canonical string // with addresses only, as the two below
	ttl       uint32 // seconds
	search    string // domain that completed the name, "" for none
	alias     string // where the aliases lead, "" for none

	refused      bool
	timedOut     bool
	mismatched   bool
	answeredFrom netip.AddrPort
	localError   string
	icmp         *icmpError
	cut          bool  // the context ended before silence meant anything
	err          error // a question could not be asked

	rotates bool // asked again, it gave others
}

// found reports whether the answer holds an address.
func (a *dnsAnswer) found() bool { return len(a.addresses) > 0 }

// halfKnown reports whether nobody knows if the name has addresses: one type's
// question stayed unanswered, or its answer could not be had whole, and there
// are none of the other.
func (a *dnsAnswer) halfKnown() bool {
	return a.answered && !a.found() && (a.tcpError != "" || len(a.unanswered) > 0 && (a.rcode == dns.RcodeSuccess || a.halfCoded()))
}

// halfCoded reports whether the code is that of the question for AAAA alone,
// while the one for A got no answer. It does not speak for the name: servers
// that know of no IPv6 call names missing that have an IPv4 address (RFC 4074,
// 4.2). Every server knows of A, and what is missing there is missing (RFC 8020).
func (a *dnsAnswer) halfCoded() bool {
	return a.rcode != dns.RcodeSuccess && slices.Contains(a.unanswered, "A")
}

// unknown reports whether it can't be told if the server answers.
func (a *dnsAnswer) unknown() bool { return !a.answered && (a.cut || a.err != nil) }

// walk asks a server for a name, candidate by candidate of the search list,
// until one has an address, as res_search(3) does. Without any, a name that
// exists counts more than a failure on the way, and that more than a name
// which is missing.
func (c dnsClient) walk(ctx context.Context, server netip.AddrPort, name string, types []uint16, conf resolvConf) dnsAnswer {
	var all dnsAnswer
	ended := false
	for candidate, domain := range conf.candidates(name) {
		if _, ok := dns.IsDomainName(candidate); !ok {
			continue // the search domain makes it too long
		}
		if ended && domain != "" {
			continue
		}
		next := c.askName(ctx, server, candidate, types)
		next.search = domain
		final := next.final()
		next.follow(&all, final)
		all = next
		if next.hopeless() {
			break
		}
		// What ends the search leaves the name as it stands to be tried.
		if ended = ended || final; next.timedOut {
			c.attempts = 1
		}
	}
	return all
}

// hopeless reports whether no other name would be answered better.
func (a *dnsAnswer) hopeless() bool {
	return a.found() || a.refused || a.localError != "" || a.icmp != nil || a.cut || a.err != nil || a.tcpError != ""
}

// follow takes in what was heard of the candidates before.
func (a *dnsAnswer) follow(before *dnsAnswer, final bool) {
	if before.answered && !a.found() && (!a.answered || !final && searchRank(before.rcode) > searchRank(a.rcode)) {
		a.rcode, a.explained, a.alias, a.referral = before.rcode, before.explained, before.alias, before.referral
	}
	if a.rcode == before.rcode && !a.found() {
		a.alias = cmp.Or(before.alias, a.alias)
	}
	a.answered = a.answered || before.answered
	a.truncated = a.truncated || before.truncated
	a.ednsDropped = a.ednsDropped || before.ednsDropped
	a.mismatched = a.mismatched || before.mismatched
	a.lost += before.lost
	a.rtt = max(a.rtt, before.rtt)
	a.answeredFrom = cmp.Or(a.answeredFrom, before.answeredFrom)
	a.silent = before.silent
	if a.found() {
		if len(before.unanswered) > 0 {
			a.silent = append(a.silent, before.search)
		}
		return
	}
	a.timedOut = a.timedOut || before.timedOut
	for _, t := range before.unanswered {
		if !slices.Contains(a.unanswered, t) {
			a.unanswered = append(a.unanswered, t)
		}
	}
}

// final reports whether no further candidate is asked for. That a name is
// missing is true of all types, even if one of the questions got no answer
// (RFC 8020).
func (a *dnsAnswer) final() bool {
	if a.answered && a.rcode == dns.RcodeNameError && !a.halfCoded() {
		return a.cut
	}
	return a.hopeless() || a.timedOut || searchRank(a.rcode) == 0
}

// searchRank orders the response codes after which a search goes on; 0 for
// the others, which end it.
func searchRank(rcode int) int {
	switch rcode {
	case dns.RcodeSuccess:
		return 3
	case dns.RcodeServerFailure:
		return 2
	case dns.RcodeNameError:
		return 1
	}
	return 0
}

// askName asks a server for the addresses of one name, of all types side by
// side.
func (c dnsClient) askName(ctx context.Context, server netip.AddrPort, name string, types []uint16) dnsAnswer {
	replies := make([]dnsReply, len(types))
	var asking panics.Group
	for i, qtype := range types {
		asking.Go(func() { replies[i] = c.ask(ctx, server, name, qtype) })
	}
	asking.Wait()

	var a dnsAnswer
	for i := range replies {
		a.add(&replies[i], name, types[i])
	}
	if a.found() {
		a.rcode, a.alias, a.referral = dns.RcodeSuccess, "", false
	}
	if !a.answered && (a.refused || a.localError != "" || a.icmp != nil) {
		// Routers send few errors (RFC 1812, 4.3.2.8): what one of them says
		// of one question holds for the other, which it kept silent about.
		a.timedOut = false
	}
	for i := range replies {
		// A question is proof that EDNS arrives if its answer is one with EDNS.
		a.ednsDropped = a.ednsDropped && (replies[i].msg == nil || !replies[i].edns)
	}
	a.addresses = sorted(a.addresses)
	return a
}

// add takes in the reply of one type.
func (a *dnsAnswer) add(reply *dnsReply, name string, qtype uint16) {
	a.mismatched = a.mismatched || reply.mismatched
	a.answeredFrom = cmp.Or(a.answeredFrom, reply.answeredFrom)
	a.cut = a.cut || reply.cut
	if reply.msg == nil {
		a.unanswered = append(a.unanswered, dns.TypeToString[qtype])
		a.refused = a.refused || reply.refused
		a.localError = cmp.Or(a.localError, reply.localError)
		a.icmp = cmp.Or(a.icmp, reply.icmp)
		a.timedOut = a.timedOut || reply.silent()
		if a.err == nil {
			a.err = reply.err
		}
		return
	}
	a.rcode = jointCode(a, reply.msg.Rcode)
	a.answered = true
	a.rtt = max(a.rtt, reply.rtt)
	a.lost += reply.lost
	a.ednsDropped = a.ednsDropped || reply.ednsDropped
	a.truncated = a.truncated || reply.truncated
	a.tcpError = cmp.Or(a.tcpError, reply.tcpError)
	a.explained = cmp.Or(a.explained, extendedErrorIn(reply.msg))
	if reply.tcpError != "" {
		return // part of an answer is none
	}
	addresses, canonical, ttl := addressesIn(reply.msg, name, qtype)
	canonical = strings.ToLower(strings.TrimSuffix(canonical, "."))
	if len(addresses) == 0 || reply.msg.Rcode != dns.RcodeSuccess {
		a.referral = a.referral || isReferral(reply.msg)
		if hasAlias(reply.msg, name) {
			a.alias = cmp.Or(a.alias, canonical)
			if hasAlias(reply.msg, canonical+".") {
				a.alias = strings.ToLower(strings.TrimSuffix(name, ".")) // in a circle
			}
		}
		return
	}
	if !a.found() || ttl < a.ttl {
		a.ttl = ttl
	}
	a.canonical = cmp.Or(a.canonical, canonical)
	a.addresses = append(a.addresses, addresses...)
}

// jointCode is the code for a name of which one type is answered with code.
// Where the types differ, a failure counts more than the news that there is
// nothing of the other; and a name that has nothing of one type exists.
func jointCode(a *dnsAnswer, code int) int {
	fails := func(code int) bool { return code != dns.RcodeSuccess && code != dns.RcodeNameError }
	switch {
	case !a.answered, !fails(a.rcode) && fails(code):
		return code
	case fails(a.rcode):
		return a.rcode
	}
	return min(a.rcode, code) // NOERROR before NXDOMAIN
}
