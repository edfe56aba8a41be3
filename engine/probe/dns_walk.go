package probe

import (
	"cmp"
	"context"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// A dnsAnswer is what one server makes of a name.
type dnsAnswer struct {
	answered  bool
	rcode     int // of the answer
	rtt       time.Duration
	truncated bool

	addresses []netip.Addr
	canonical string // with addresses only, as the two below
	ttl       uint32 // seconds
	search    string // domain that completed the name, "" for none

	refused    bool
	timedOut   bool
	localError string
	icmp       *icmpError
	cut        bool  // the context ended before silence meant anything
	err        error // a question could not be asked
}

// found reports whether the answer holds an address.
func (a *dnsAnswer) found() bool { return len(a.addresses) > 0 }

// halfKnown reports whether the name exists, has no address of one type, and
// nobody knows about the other type, since that question stayed unanswered.
func (a *dnsAnswer) halfKnown() bool {
	return a.answered && !a.found() && a.timedOut && a.rcode == dns.RcodeSuccess
}

// unknown reports whether it can't be told if the server answers.
func (a *dnsAnswer) unknown() bool { return !a.answered && (a.cut || a.err != nil) }

// fields are the answer as an element of servers.
func (a *dnsAnswer) fields(server netip.AddrPort, seesICMP bool) fields {
	f := fields{"server": dnsServerName(server)}
	if a.unknown() {
		return f
	}
	f["answered"] = a.answered
	f["rcode"], f["rtt_ms"] = nil, nil
	if a.answered {
		f["rcode"], f["rtt_ms"] = rcodeName(a.rcode), milliseconds(a.rtt)
	}
	if !a.halfKnown() {
		f["addresses"] = spelled(a.addresses)
		f["canonical_name"], f["ttl_s"] = nil, nil
	}
	if a.found() {
		f["canonical_name"], f["ttl_s"] = a.canonical, a.ttl
	}
	f["truncated"] = a.truncated
	f["refused"] = a.refused
	f["timed_out"] = a.timedOut
	f["local_error"] = localErrorValue(a.localError)
	if seesICMP {
		f["icmp"] = a.icmp.fields()
	}
	return f
}

// walk asks a server for a name, candidate by candidate of the search list,
// until one has an address, as res_search(3) does. Without any, a name that
// exists counts more than a failure on the way, and that more than a name
// which is missing.
func (c dnsClient) walk(ctx context.Context, server netip.AddrPort, name string, types []uint16, conf resolvConf) dnsAnswer {
	var all dnsAnswer
	for candidate, domain := range conf.candidates(name) {
		if _, ok := dns.IsDomainName(candidate); !ok {
			continue // the search domain makes it too long
		}
		next := c.askName(ctx, server, candidate, types)
		next.search = domain
		final := next.final()
		if all.answered && !next.found() && (!next.answered || !final && searchRank(all.rcode) > searchRank(next.rcode)) {
			next.rcode = all.rcode
		}
		next.answered = next.answered || all.answered
		next.truncated = next.truncated || all.truncated
		next.timedOut = next.timedOut || all.timedOut
		next.rtt = max(next.rtt, all.rtt)
		all = next
		if final {
			break
		}
	}
	return all
}

// final reports whether no further candidate is asked for. That a name is
// missing is true of all types, even if one of the questions got no answer
// (RFC 8020).
func (a *dnsAnswer) final() bool {
	if a.answered && a.rcode == dns.RcodeNameError {
		return a.cut
	}
	return a.found() || a.refused || a.timedOut || a.localError != "" || a.icmp != nil || a.cut || a.err != nil ||
		searchRank(a.rcode) == 0
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
	var asking sync.WaitGroup
	for i, qtype := range types {
		asking.Go(func() { replies[i] = c.ask(ctx, server, name, qtype) })
	}
	asking.Wait()

	var a dnsAnswer
	for i := range replies {
		a.add(&replies[i], name, types[i])
	}
	if a.found() {
		a.rcode = dns.RcodeSuccess
	}
	if !a.answered && (a.refused || a.localError != "" || a.icmp != nil) {
		// Routers send few errors (RFC 1812, 4.3.2.8): what one of them says
		// of one question holds for the other, which it kept silent about.
		a.timedOut = false
	}
	a.addresses = sorted(a.addresses)
	return a
}

// add takes in the reply of one type. Where the types differ, a failure
// counts more than the news that there is nothing of the other.
func (a *dnsAnswer) add(reply *dnsReply, name string, qtype uint16) {
	if reply.msg == nil {
		a.refused = a.refused || reply.refused
		a.localError = cmp.Or(a.localError, reply.localError)
		a.icmp = cmp.Or(a.icmp, reply.icmp)
		a.cut = a.cut || reply.cut
		a.timedOut = a.timedOut || reply.silent()
		if a.err == nil {
			a.err = reply.err
		}
		return
	}
	a.answered = true
	a.rcode = cmp.Or(a.rcode, reply.msg.Rcode)
	a.rtt = max(a.rtt, reply.rtt)
	a.truncated = a.truncated || reply.truncated

	addresses, canonical, ttl := addressesIn(reply.msg, name, qtype)
	if len(addresses) == 0 {
		return
	}
	if !a.found() || ttl < a.ttl {
		a.ttl = ttl
	}
	a.canonical = cmp.Or(a.canonical, strings.ToLower(strings.TrimSuffix(canonical, ".")))
	a.addresses = append(a.addresses, addresses...)
}

// addressesIn follows the aliases of an answer (RFC 1034, 3.6.2) from name to
// the addresses: records that do not lead there are nobody's. ttl is the least
// on the way.
func addressesIn(m *dns.Msg, name string, qtype uint16) (addresses []netip.Addr, canonical string, ttl uint32) {
	ttl = ^uint32(0)
	for range m.Answer { // a chain can't be longer, a loop could
		alias := ""
		for _, record := range m.Answer {
			if c, ok := record.(*dns.CNAME); ok && strings.EqualFold(c.Hdr.Name, name) {
				alias, ttl = c.Target, min(ttl, c.Hdr.Ttl)
				break
			}
		}
		if alias == "" {
			break
		}
		name = alias
	}
	for _, record := range m.Answer {
		if header := record.Header(); header.Rrtype != qtype || !strings.EqualFold(header.Name, name) {
			continue
		}
		var addr netip.Addr
		switch r := record.(type) {
		case *dns.A:
			addr, _ = netip.AddrFromSlice(r.A)
		case *dns.AAAA:
			addr, _ = netip.AddrFromSlice(r.AAAA)
		}
		if addr.IsValid() {
			addresses = append(addresses, addr.Unmap())
			ttl = min(ttl, record.Header().Ttl)
		}
	}
	return addresses, name, ttl
}

// rcodeWords are the names of all response codes up to the last that IANA has
// assigned, those without a mnemonic among them.
var rcodeWords = func() []string {
	var words []string
	for rcode := range dns.RcodeBadCookie + 1 {
		words = append(words, rcodeName(rcode))
	}
	return words
}()

// rcodeName is the mnemonic of a response code (RFC 6895, 2.3); one without
// is RCODEn.
func rcodeName(rcode int) string {
	if rcode == dns.RcodeBadVers { // shares its number with TSIG's BADSIG
		return "BADVERS"
	}
	if name, ok := dns.RcodeToString[rcode]; ok {
		return name
	}
	return "RCODE" + strconv.Itoa(rcode)
}
