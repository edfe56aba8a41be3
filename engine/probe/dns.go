package probe

import (
	"context"
	"errors"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var dnsKind = &rules.Kind{
	Name: "dns",
	Doc: "Asks each DNS server for the addresses of a name (RFC 1035), side by side and separately, and beside them the system's own resolver, hosts file included. " +
		"A server is waited for 2 s an attempt.",
	TargetDoc: "Name to look up. A name without a final dot is completed with the search domains as resolv.conf(5) has it (search, ndots). For an IP address no server is asked: the address is its own answer.",
	Args: []rules.Attribute{
		{Name: "type", Type: cty.String, Check: oneOf("A", "AAAA"),
			Doc: `Type of the records: "A" or "AAAA". Left out, both are asked for.`},
		{Name: "servers", Type: cty.List(cty.String), Check: dnsServers,
			Doc: `Servers to ask: addresses, with a port where it is not 53 ("10.2.0.53", "10.2.0.53:5353", "[fe80::1%eth0]:53"). Left out, they are the system's.`},
		{Name: "attempts", Type: cty.Number, Check: wholeNumber(1, 10), Default: cty.NumberIntVal(2),
			Doc: "How often a question is sent to a server that stays silent, from 1 to 10."},
	},
	Result: []rules.Attribute{
		{Name: "rcode", Type: cty.String,
			Doc: `Response code of the first server, in the order of the list, that answered: "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED" … (RFC 6895, 2.3). Null when none answered or none was asked.`},
		{Name: "addresses", Type: cty.List(cty.String), NeverNull: true,
			Doc: "Addresses in that same answer: canonical spelling, sorted, without duplicates. For an IP address as target, that address. Other servers' answers stand in servers."},
		{Name: "servers", List: true, Doc: "What each server said, in the order of the list; empty when none is configured or none needs to be asked.", Attrs: []rules.Attribute{
			{Name: "server", Type: cty.String, NeverNull: true,
				Doc: "The server's address, with its port where that is not 53."},
			{Name: "answered", Type: cty.Bool, NeverNull: true,
				Doc: "Whether it answered, with whatever response code."},
			{Name: "rcode", Type: cty.String,
				Doc: "Response code of its answer; null without one. NOERROR without addresses: the name exists and has none."},
			{Name: "addresses", Type: cty.List(cty.String), NeverNull: true,
				Doc: "Addresses in its answer: canonical spelling, sorted, without duplicates."},
			{Name: "canonical_name", Type: cty.String,
				Doc: "The name that the addresses belong to, at the end of the aliases (CNAME), without the final dot; null without addresses."},
			{Name: "ttl_s", Type: cty.Number,
				Doc: "Seconds for which the answer may be kept: the least TTL of the records that lead to the addresses; null without addresses."},
			{Name: "truncated", Type: cty.Bool, NeverNull: true,
				Doc: "Whether an answer did not fit into UDP and was asked for again over TCP."},
			{Name: "refused", Type: cty.Bool, NeverNull: true,
				Doc: "Whether the port was refused (ICMP port unreachable, TCP reset): no DNS service runs there. A server that refuses the question answers with rcode REFUSED instead."},
			{Name: "timed_out", Type: cty.Bool, NeverNull: true,
				Doc: "Whether a question to it stayed without any answer. With answered true, it answered for one record type only."},
			{Name: "rtt_ms", Type: cty.Number,
				Doc: "Milliseconds from the question to its answer, lost attempts not counted, the slowest where there were several questions; null without an answer."},
			localErrorAttribute,
			icmpAttribute,
		}},
		{Name: "system", Doc: "What programs on this computer are told: the hosts file, the servers and whatever else the system consults.", Attrs: []rules.Attribute{
			{Name: "addresses", Type: cty.List(cty.String), NeverNull: true,
				Doc: "Addresses of the name: canonical spelling, sorted, without duplicates."},
			{Name: "found", Type: cty.Bool, NeverNull: true,
				Doc: "Whether there are any."},
			{Name: "problem", Type: cty.String,
				Doc: "Why there are none, in the resolver's words; null when found."},
		}},
		{Name: "hosts_file", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the system's answer came from the hosts file, which overrules the servers."},
		{Name: "search_domain", Type: cty.String,
			Doc: "The search domain with which the server behind rcode found the name; null when the name was found as it stands, or not at all."},
	},
}

func observeDNS(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	return dnsKind.UnknownResult(), errors.New("dns: not observed")
}
