package probe

import (
	"net/netip"

	"github.com/zclconf/go-cty/cty"
)

// code is rcode as an attribute.
func (a *dnsAnswer) code() any {
	if a.halfCoded() {
		return cty.UnknownVal(cty.String)
	}
	return rcodeName(a.rcode)
}

// fields are the answer as an element of servers.
func (a *dnsAnswer) fields(server netip.AddrPort, seesICMP bool) fields {
	f := fields{"server": dnsServerName(server), "address": server.Addr()}
	if a.unknown() {
		return f
	}
	f["answered"] = a.answered
	f["rcode"], f["rtt_ms"] = nil, nil
	if a.answered {
		f["rcode"], f["rtt_ms"] = a.code(), milliseconds(a.rtt)
	}
	f["extended_error"] = nullIfEmpty(a.explained)
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
	f["local_error"] = localErrorValue(a.localError)
	if seesICMP {
		f["icmp"] = a.icmp.fields()
	}
	return f
}
