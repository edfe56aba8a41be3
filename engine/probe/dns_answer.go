package probe

import (
	"net/netip"

	"github.com/zclconf/go-cty/cty"
)

// rcodeValue is an answer's code as an attribute.
func rcodeValue(a *dnsAnswer) any {
	if a.halfCoded() {
		return cty.UnknownVal(cty.String)
	}
	return rcodeName(a.rcode)
}

// serverFields are an answer as an element of servers.
func serverFields(a *dnsAnswer, server netip.AddrPort, seesICMP bool) fields {
	f := fields{"server": dnsServerName(server), "address": server.Addr()}
	if a.unknown() {
		return f
	}
	f["answered"] = a.answered
	f["rcode"], f["rtt_ms"] = nil, nil
	if a.answered {
		f["rcode"], f["rtt_ms"] = rcodeValue(a), milliseconds(a.rtt)
	}
	f["extended_error"] = nullIfEmpty(extendedErrorText(a.explained))
	f["addresses_known"] = !a.halfKnown()
	if !a.halfKnown() {
		f["addresses"] = spelled(a.addresses)
		f["canonical_name"], f["ttl_s"] = nil, nil
	}
	if a.found() {
		f["canonical_name"], f["ttl_s"] = a.canonical, a.ttl
	}
	f["rotates"] = a.rotates
	f["alias"] = nullIfEmpty(a.alias)
	f["referral"] = a.referral
	f["truncated"] = a.truncated
	f["tcp_error"] = nullIfEmpty(a.tcpError)
	f["edns_dropped"] = a.ednsDropped
	f["refused"] = a.refused
	f["timed_out"] = a.timedOut
	f["unanswered"] = append([]string{}, a.unanswered...)
	f["search_unanswered"] = append([]string{}, a.silent...)
	f["lost"] = a.lost
	f["answered_from"] = nil
	if a.answeredFrom.IsValid() {
		f["answered_from"] = dnsServerName(a.answeredFrom)
	}
	f["mismatched"] = a.mismatched
	f["local_error"] = nullIfEmpty(a.localError)
	if seesICMP {
		f["icmp"] = icmpFields(a.icmp)
	}
	return f
}

// maxExplained bounds what is quoted of a server's own words, in characters.
const maxExplained = 120

// extendedErrorText is such an addition on one line; "" for none.
func extendedErrorText(e extendedError) string {
	words := []rune(printable([]byte(e.words), ""))
	switch {
	case len(words) > maxExplained:
		return e.meaning + ": " + string(words[:maxExplained]) + "…"
	case len(words) > 0:
		return e.meaning + ": " + string(words)
	}
	return e.meaning
}
