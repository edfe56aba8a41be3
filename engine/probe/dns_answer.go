package probe

import (
	"net/netip"

	"github.com/linecheck/linecheck/engine/probe/internal/dnsclient"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// rcodeValue is an answer's code as an attribute.
func rcodeValue(a *dnsclient.Answer) any {
	if a.HalfCoded() {
		return cty.UnknownVal(cty.String)
	}
	return dnsclient.RcodeName(a.Rcode)
}

// serverFields are an answer as an element of servers.
func serverFields(a *dnsclient.Answer, server netip.AddrPort, seesICMP bool) fields {
	f := fields{"server": dnsclient.ServerName(server), "address": server.Addr()}
	if a.Unknown() {
		return f
	}
	f["answered"] = a.Answered
	f["rcode"], f["rtt_ms"] = nil, nil
	if a.Answered {
		f["rcode"], f["rtt_ms"] = rcodeValue(a), milliseconds(a.RTT)
	}
	f["extended_error"] = nullIfEmpty(extendedErrorText(a.Explained))
	f["addresses_known"] = !a.HalfKnown()
	if !a.HalfKnown() {
		f["addresses"] = spelled(a.Addresses)
		f["canonical_name"], f["ttl_s"] = nil, nil
	}
	if a.Found() {
		f["canonical_name"], f["ttl_s"] = a.Canonical, a.TTL
	}
	f["rotates"] = a.Rotates
	f["alias"] = nullIfEmpty(a.Alias)
	f["referral"] = a.Referral
	f["truncated"] = a.Truncated
	f["tcp_error"] = nullIfEmpty(a.TCPError)
	f["edns_dropped"] = a.EDNSDropped
	f["refused"] = a.Refused
	f["timed_out"] = a.TimedOut
	f["unanswered"] = append([]string{}, a.Unanswered...)
	f["search_unanswered"] = append([]string{}, a.Silent...)
	f["lost"] = a.Lost
	f["answered_from"] = nil
	if a.AnsweredFrom.IsValid() {
		f["answered_from"] = dnsclient.ServerName(a.AnsweredFrom)
	}
	f["mismatched"] = a.Mismatched
	f["local_error"] = nullIfEmpty(a.LocalError)
	if seesICMP {
		f["icmp"] = icmpFields(a.ICMP)
	}
	return f
}

// maxExplained bounds what is quoted of a server's own words, in characters.
const maxExplained = 120

// extendedErrorText is such an addition on one line; "" for none.
func extendedErrorText(e dnsclient.ExtendedError) string {
	words := []rune(terminal.Spell(e.Words, ""))
	switch {
	case len(words) > maxExplained:
		return e.Meaning + ": " + string(words[:maxExplained]) + "…"
	case len(words) > 0:
		return e.Meaning + ": " + string(words)
	}
	return e.Meaning
}
