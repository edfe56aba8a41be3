package dnsclient

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/linecheck/linecheck/engine/probe/internal/resolver"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/miekg/dns"
)

// An Answer is what one server makes of a name.
type Answer struct {
	Answered    bool
	Rcode       int // of the answer
	RTT         time.Duration
	Truncated   bool
	TCPError    string // word of tcp_error
	EDNSDropped bool
	Lost        int
	Referral    bool
	Explained   ExtendedError
	Unanswered  []string // types whose question got no answer
	Silent      []string // search domains with which it got none, before the name was found

	Addresses []netip.Addr
	Canonical string // with addresses only, as the two below
	TTL       uint32 // seconds
	Search    string // domain that completed the name, "" for none
	Alias     string // where the aliases lead, "" for none

	Refused      bool
	TimedOut     bool
	Mismatched   bool
	AnsweredFrom netip.AddrPort
	LocalError   string
	ICMP         *icmp.Error
	cut          bool  // the context ended before silence meant anything
	Err          error // a question could not be asked

	Rotates bool // asked again, it gave others
}

// Found reports whether the answer holds an address.
func (a *Answer) Found() bool { return len(a.Addresses) > 0 }

// HalfKnown reports whether nobody knows if the name has addresses: one type's
// question stayed unanswered, or its answer could not be had whole, and there
// are none of the other.
func (a *Answer) HalfKnown() bool {
	return a.Answered && !a.Found() && (a.TCPError != "" || len(a.Unanswered) > 0 && (a.Rcode == dns.RcodeSuccess || a.HalfCoded()))
}

// HalfCoded reports whether the code is that of the question for AAAA alone,
// while the one for A got no answer. It does not speak for the name: servers
// that know of no IPv6 call names missing that have an IPv4 address (RFC 4074,
// 4.2). Every server knows of A, and what is missing there is missing (RFC 8020).
func (a *Answer) HalfCoded() bool {
	return a.Rcode != dns.RcodeSuccess && slices.Contains(a.Unanswered, "A")
}

// Unknown reports whether it can't be told if the server answers.
func (a *Answer) Unknown() bool { return !a.Answered && (a.cut || a.Err != nil) }

// Walk asks a server for a name, candidate by candidate of the search list,
// until one has an address, as res_search(3) does. Without any, a name that
// exists counts more than a failure on the way, and that more than a name
// which is missing.
func (c Client) Walk(ctx context.Context, server netip.AddrPort, name string, types []uint16, conf resolver.Config) Answer {
	var all Answer
	ended := false
	for candidate, domain := range conf.Candidates(name) {
		if _, ok := dns.IsDomainName(candidate); !ok {
			continue // the search domain makes it too long
		}
		if ended && domain != "" {
			continue
		}
		next := c.askName(ctx, server, candidate, types)
		next.Search = domain
		final := next.final()
		next.follow(&all, final)
		all = next
		if next.hopeless() {
			break
		}
		// What ends the search leaves the name as it stands to be tried.
		if ended = ended || final; next.TimedOut {
			c.Attempts = 1
		}
	}
	return all
}

// hopeless reports whether no other name would be answered better.
func (a *Answer) hopeless() bool {
	return a.Found() || a.Refused || a.LocalError != "" || a.ICMP != nil || a.cut || a.Err != nil || a.TCPError != ""
}

// follow takes in what was heard of the candidates before.
func (a *Answer) follow(before *Answer, final bool) {
	if before.Answered && !a.Found() && (!a.Answered || !final && searchRank(before.Rcode) > searchRank(a.Rcode)) {
		a.Rcode, a.Explained, a.Alias, a.Referral = before.Rcode, before.Explained, before.Alias, before.Referral
	}
	if a.Rcode == before.Rcode && !a.Found() {
		a.Alias = cmp.Or(before.Alias, a.Alias)
	}
	a.Answered = a.Answered || before.Answered
	a.Truncated = a.Truncated || before.Truncated
	a.EDNSDropped = a.EDNSDropped || before.EDNSDropped
	a.Mismatched = a.Mismatched || before.Mismatched
	a.Lost += before.Lost
	a.RTT = max(a.RTT, before.RTT)
	a.AnsweredFrom = cmp.Or(a.AnsweredFrom, before.AnsweredFrom)
	a.Silent = before.Silent
	if a.Found() {
		if len(before.Unanswered) > 0 {
			a.Silent = append(a.Silent, before.Search)
		}
		return
	}
	a.TimedOut = a.TimedOut || before.TimedOut
	for _, t := range before.Unanswered {
		if !slices.Contains(a.Unanswered, t) {
			a.Unanswered = append(a.Unanswered, t)
		}
	}
}

// final reports whether no further candidate is asked for. That a name is
// missing is true of all types, even if one of the questions got no answer
// (RFC 8020).
func (a *Answer) final() bool {
	if a.Answered && a.Rcode == dns.RcodeNameError && !a.HalfCoded() {
		return a.cut
	}
	return a.hopeless() || a.TimedOut || searchRank(a.Rcode) == 0
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
func (c Client) askName(ctx context.Context, server netip.AddrPort, name string, types []uint16) Answer {
	replies := make([]serverReply, len(types))
	var asking panics.Group
	for i, qtype := range types {
		asking.Go(func() { replies[i] = c.ask(ctx, server, name, qtype) })
	}
	asking.Wait()

	var a Answer
	for i := range replies {
		a.add(&replies[i], name, types[i])
	}
	if a.Found() {
		a.Rcode, a.Alias, a.Referral = dns.RcodeSuccess, "", false
	}
	if !a.Answered && (a.Refused || a.LocalError != "" || a.ICMP != nil) {
		// Routers send few errors (RFC 1812, 4.3.2.8): what one of them says
		// of one question holds for the other, which it kept silent about.
		a.TimedOut = false
	}
	for i := range replies {
		// A question is proof that EDNS arrives if its answer is one with EDNS.
		a.EDNSDropped = a.EDNSDropped && (replies[i].msg == nil || !replies[i].edns)
	}
	a.Addresses = ipaddr.Sorted(a.Addresses)
	return a
}

// add takes in the reply of one type.
func (a *Answer) add(reply *serverReply, name string, qtype uint16) {
	a.Mismatched = a.Mismatched || reply.mismatched
	a.AnsweredFrom = cmp.Or(a.AnsweredFrom, reply.answeredFrom)
	a.cut = a.cut || reply.cut
	if reply.msg == nil {
		a.Unanswered = append(a.Unanswered, dns.TypeToString[qtype])
		a.Refused = a.Refused || reply.refused
		a.LocalError = cmp.Or(a.LocalError, reply.localError)
		a.ICMP = cmp.Or(a.ICMP, reply.icmp)
		a.TimedOut = a.TimedOut || reply.silent()
		if a.Err == nil {
			a.Err = reply.err
		}
		return
	}
	a.Rcode = jointCode(a, reply.msg.Rcode)
	a.Answered = true
	a.RTT = max(a.RTT, reply.rtt)
	a.Lost += reply.lost
	a.EDNSDropped = a.EDNSDropped || reply.ednsDropped
	a.Truncated = a.Truncated || reply.truncated
	a.TCPError = cmp.Or(a.TCPError, reply.tcpError)
	a.Explained = cmp.Or(a.Explained, extendedErrorIn(reply.msg))
	if reply.tcpError != "" {
		return // part of an answer is none
	}
	addresses, canonical, ttl := addressesIn(reply.msg, name, qtype)
	canonical = strings.ToLower(strings.TrimSuffix(canonical, "."))
	if len(addresses) == 0 || reply.msg.Rcode != dns.RcodeSuccess {
		a.Referral = a.Referral || isReferral(reply.msg)
		if hasAlias(reply.msg, name) {
			a.Alias = cmp.Or(a.Alias, canonical)
			if hasAlias(reply.msg, canonical+".") {
				a.Alias = strings.ToLower(strings.TrimSuffix(name, ".")) // in a circle
			}
		}
		return
	}
	if !a.Found() || ttl < a.TTL {
		a.TTL = ttl
	}
	a.Canonical = cmp.Or(a.Canonical, canonical)
	a.Addresses = append(a.Addresses, addresses...)
}

// jointCode is the code for a name of which one type is answered with code.
// Where the types differ, a failure counts more than the news that there is
// nothing of the other; and a name that has nothing of one type exists.
func jointCode(a *Answer, code int) int {
	fails := func(code int) bool { return code != dns.RcodeSuccess && code != dns.RcodeNameError }
	switch {
	case !a.Answered, !fails(a.Rcode) && fails(code):
		return code
	case fails(a.Rcode):
		return a.Rcode
	}
	return min(a.Rcode, code) // NOERROR before NXDOMAIN
}
