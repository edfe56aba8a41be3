package probe

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/dnsclient"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/miekg/dns"
	"github.com/zclconf/go-cty/cty"
)

var dnsKind = &language.Kind{
	Name: "dns",
	Doc: "Asks each DNS server for the addresses of a name (RFC 1035), side by side and separately, and beside them the system's own resolver, hosts file included. " +
		"A server is waited for 2 s an attempt, in which a question is sent three times, some of them without EDNS. " +
		"Where servers that know the name have no address in common, or none with the system, they are asked a few times more.",
	ByHand:     "dig {target}; getent ahosts {target}",
	TargetDoc:  "Name to look up. A name without a final dot is completed with the search domains as resolv.conf(5) has it (search, ndots). For an IP address no server is asked: the address is its own answer.",
	TargetHost: true,
	Args: []language.Attribute{
		{Name: "type", Type: cty.String, Domain: language.OneOf("A", "AAAA"),
			Doc: `Type of the records: "A" or "AAAA". Left out, both are asked for.`},
		{Name: "servers", Type: cty.List(cty.String), Hosts: true, Domain: language.Judged(dnsServers),
			Doc: `Servers to ask: addresses, with a port where it is not 53 ("10.2.0.53", "10.2.0.53:5353", "[fe80::1%eth0]:53"). Left out, they are the system's.`},
		{Name: "attempts", Type: cty.Number, Domain: language.WholeBetween(1, 10), Default: cty.NumberIntVal(2),
			Doc: "How often a server that stays silent is given 2 s, from 1 to 10."},
	},
	Result: []language.Attribute{
		{Name: "rcode", Type: cty.String, Domain: anRcode,
			Doc: `Response code of the first server, in the order of the list, that answered: "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED" … (RFC 6895, 2.3). Null when none answered or none was asked. Unknown when the question for A stayed unanswered and only that for AAAA got a code: that does not speak for the name.`},
		{Name: "addresses", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(anAddress),
			Doc: "Addresses in that same answer: canonical spelling, sorted, without duplicates. For an IP address as target, that address. Other servers' answers stand in servers."},
		{Name: "answered_by", Type: cty.String, Domain: aServer,
			Doc: "The server that rcode and addresses are of, as in servers; null when none answered."},
		{Name: "servers", List: true, Doc: "What each server said, in the order of the list; empty when none is configured or none needs to be asked.", Attrs: []language.Attribute{
			{Name: "server", Type: cty.String, NeverNull: true, Domain: aServer,
				Doc: "The server's address, with its port where that is not 53."},
			{Name: "address", Type: cty.String, NeverNull: true, Domain: anAddress,
				Doc: "The server's address alone."},
			{Name: "on_this_computer", Type: cty.Bool, NeverNull: true,
				Doc: "Whether that is an address of this computer, of loopback for instance."},
			{Name: "answered", Type: cty.Bool, NeverNull: true,
				Doc: "Whether it answered, with whatever response code."},
			{Name: "rcode", Type: cty.String, Domain: anRcode,
				Doc: "Response code of its answer; null without one. NOERROR without addresses: the name exists and has none."},
			{Name: "extended_error", Type: cty.String,
				Doc: "What it adds to its code (RFC 8914), such as \"DNSSEC Bogus\", with its own words behind a colon; null for nothing."},
			{Name: "addresses", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(anAddress),
				Doc: "Addresses in its answer, in all of its answers where it was asked a few times more: canonical spelling, sorted, without duplicates."},
			{Name: "addresses_known", Type: cty.Bool, NeverNull: true,
				Doc: "Whether it is known which addresses the server gives: not where it found none and a question for one type stayed unanswered, or an answer did not come whole."},
			{Name: "rotates", Type: cty.Bool, NeverNull: true,
				Doc: "Whether it gave other addresses when it was asked a few times more, as one does that hands out the addresses of a pool in turn."},
			{Name: "canonical_name", Type: cty.String,
				Doc: "The name that the addresses belong to, at the end of the aliases (CNAME), in lower case and without the final dot; null without addresses."},
			{Name: "alias", Type: cty.String,
				Doc: "Where the name's aliases (CNAME) lead, if no address is there, in lower case and without the final dot; the name itself if they go in a circle; null for a name that is no alias, or has addresses."},
			{Name: "referral", Type: cty.Bool, NeverNull: true,
				Doc: "Whether its answer holds nothing but the names of other servers (RFC 1034, 4.3.2): it does not ask them for this computer."},
			{Name: "ttl_s", Type: cty.Number, Domain: language.WholeBetween(0, math.MaxUint32),
				Doc: "Seconds for which the answer may be kept: the least TTL of the records that lead to the addresses; null without addresses."},
			{Name: "truncated", Type: cty.Bool, NeverNull: true,
				Doc: "Whether an answer did not fit into UDP and was asked for again over TCP."},
			{Name: "tcp_error", Type: cty.String, Domain: language.OneOf(dnsclient.TCPErrors...),
				Doc: `Why an answer that did not fit into UDP could not be had over TCP: "refused", "timed_out", "closed" (before the answer was whole), "turned_away" (an ICMP error) or "not_sent"; null where it could, or was not needed.`},
			{Name: "edns_dropped", Type: cty.Bool, NeverNull: true,
				Doc: "Whether only questions without EDNS (RFC 6891) were answered, and at least five with it were not."},
			{Name: "refused", Type: cty.Bool, NeverNull: true,
				Doc: "Whether the port was refused (ICMP port unreachable, TCP reset): no DNS service runs there. A server that refuses the question answers with rcode REFUSED instead."},
			{Name: "timed_out", Type: cty.Bool, NeverNull: true,
				Doc: "Whether a question to it stayed without any answer. With answered true, it answered for one record type only; if that has no address, addresses are unknown."},
			{Name: "unanswered", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(language.OneOf("A", "AAAA")),
				Doc: `The types, "A" and "AAAA", that it gave no answer for.`},
			{Name: "search_unanswered", Type: cty.List(cty.String), NeverNull: true,
				Doc: "Search domains (resolv.conf(5)) with which a question got no answer, before the name was found without."},
			{Name: "lost", Type: cty.Number, NeverNull: true, Domain: language.WholeFrom(0),
				Doc: "How often a question that it answered in the end had been sent before without an answer."},
			{Name: "answered_from", Type: cty.String, Domain: aServer,
				Doc: "Another address, or port, that an answer came from, of a server that stayed silent itself: programs do not take it (RFC 5452, 9.1). Null for none."},
			{Name: "mismatched", Type: cty.Bool, NeverNull: true,
				Doc: "Whether something came from it that is no answer to the question: about another name, without a question, no DNS at all."},
			{Name: "rtt_ms", Type: cty.Number, Domain: language.NumberFrom(0),
				Doc: "Milliseconds from the question to its answer, lost attempts not counted, the slowest where there were several questions; null without an answer. A server that took more than a second is asked once more, since it may have had to ask others first, and the shorter time counts, if it answers everything again."},
			localErrorAttribute,
			icmpAttribute,
		}, Never: []language.Contradiction{
			excludes(isFalse("answered"), there("rcode"), there("rtt_ms"), there("extended_error"), filled("addresses"), isTrue("rotates"),
				there("canonical_name"), there("alias"), isTrue("referral"), there("ttl_s"), isTrue("truncated"), there("tcp_error"),
				isTrue("edns_dropped"), positive("lost")),
			excludes(isTrue("answered"), none("rcode"), none("rtt_ms")),
			excludes(filled("addresses"), isOther("rcode", "NOERROR"), none("canonical_name"), none("ttl_s"), there("alias"), isTrue("referral")),
			excludes(empty("addresses"), there("canonical_name"), there("ttl_s"), isTrue("rotates")),
			excludes(isFalse("truncated"), there("tcp_error")),
		}},
		{Name: "servers_in_turn", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the system begins with another of its servers at each look-up (resolv.conf(5), rotate)."},
		{Name: "config_problems", Type: cty.List(cty.String), NeverNull: true,
			Doc: "What the C library does not take of resolv.conf: lines that were meant to name a server, quoted (indented, with a port, ended by a carriage return), or why the file can't be read."},
		{Name: "servers_disagree", Type: cty.Bool, NeverNull: true,
			Doc: "Whether two servers gave addresses of one family and have none in common, even when asked a few times more, while neither of them rotates."},
		{Name: "mail_exchangers", Type: cty.List(cty.String), NeverNull: true,
			Doc: "The hosts that take the mail of the name as a domain (MX), the preferred first, as answered_by says. Looked for only where the name exists there and has no address; else unknown."},
		{Name: "system", Doc: "What programs on this computer are told: the hosts file, the servers and whatever else the system consults.", Attrs: []language.Attribute{
			{Name: "addresses", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(anAddress),
				Doc: "Addresses of the name: canonical spelling, sorted, without duplicates."},
			{Name: "found", Type: cty.Bool, NeverNull: true,
				Doc: "Whether there are any."},
			{Name: "problem", Type: cty.String,
				Doc: "Why there are none, in the resolver's words; null when found."},
		}, Never: []language.Contradiction{
			excludes(isTrue("found"), empty("addresses"), there("problem")),
			excludes(isFalse("found"), filled("addresses"), none("problem")),
		}},
		{Name: "system_timed_out", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the system found none because nobody answered it in time."},
		{Name: "hosts_file", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the system's answer came from the hosts file, which overrules the servers."},
		{Name: "search_domain", Type: cty.String,
			Doc: "The search domain with which the server behind rcode found the name; null when the name was found as it stands, or not at all."},
	},
	Never: []language.Contradiction{
		excludes(none("answered_by"), there("rcode"), there("search_domain"), filled("mail_exchangers")),
		excludes(there("answered_by"), none("rcode")),
		excludes(isOther("rcode", "NOERROR"), filled("addresses"), there("search_domain"), filled("mail_exchangers")),
		excludes(filled("addresses"), filled("mail_exchangers")),
		excludes(empty("addresses"), there("search_domain")),
		excludes(there("rcode"), about("servers", nobodyAnswered)),
		excludes(isTrue("servers_disagree"), about("servers", atMostOne)),
		excludes(isTrue("servers_in_turn"), about("servers", atMostOne)),
		excludes(isTrue("system.found"), isTrue("system_timed_out")),
		excludes(isFalse("system.found"), isTrue("hosts_file")),
	},
}

// nobodyAnswered reports whether no server is known to have answered, nor unknown
// to.
func nobodyAnswered(servers cty.Value) bool {
	return !slices.ContainsFunc(servers.AsValueSlice(), func(server cty.Value) bool {
		answered := server.GetAttr("answered")
		return !answered.IsKnown() || answered.True()
	})
}

func atMostOne(servers cty.Value) bool { return servers.LengthInt() <= 1 }

func observeDNS(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	if addr, err := netip.ParseAddr(q.Target); err == nil {
		return ownAnswer(addr.Unmap()), nil
	}
	question, err := newDNSQuestion(w, q)
	if err != nil {
		return cty.NilVal, err
	}

	looking, stop := context.WithTimeout(ctx, systemPatience)
	defer stop()
	answering := make(chan struct{}) // closed once a server has answered
	system := panics.Start(func() systemAnswer { return lookupSystem(looking, w, question, answering) })

	r := newResult(dnsKind)
	if !question.known {
		(<-system)().set(ctx, r)
		return r.value(), nil
	}
	began := time.Now()
	answers := question.askServers(ctx)
	switch answered := slices.ContainsFunc(answers, func(a dnsclient.Answer) bool { return a.Answered }); {
	case answered:
		close(answering)
	case question.systems:
		// The system asks the same servers, and has had as long.
		giveUp := time.AfterFunc(question.client.Patience()-time.Since(began), stop)
		defer giveUp.Stop()
	}
	found := (<-system)()
	question.askSlow(ctx, answers)
	disagree := question.compare(ctx, answers, found)
	if err := question.setAnswers(r, answers); err != nil {
		return cty.NilVal, err
	}
	r.set("servers_disagree", disagree)
	question.setExchangers(ctx, r, answers)
	found.set(ctx, r)
	return r.value(), nil
}

func summariseDNS(result cty.Value) string {
	o := observed{result}
	addresses := o.first("addresses")
	if addresses == "" {
		addresses = o.first("system", "addresses")
	}
	rcode := o.text("rcode")
	switch {
	case o.is("hosts_file"):
		return phrases(addresses, "from the hosts file")
	case rcode == "NOERROR" && addresses == "":
		return "no address"
	case rcode == "NOERROR":
		return addresses
	}
	return phrases(rcode, addresses)
}

// rcodeWords are the names of all response codes up to the last that IANA has
// assigned, those without a mnemonic among them.
var rcodeWords = func() []string {
	var words []string
	for rcode := range dns.RcodeBadCookie + 1 {
		words = append(words, dnsclient.RcodeName(rcode))
	}
	return words
}()

// dnsServers is an argument check: a list of addresses, some with a port.
func dnsServers(v cty.Value) error {
	for _, server := range v.AsValueSlice() {
		if server.IsNull() {
			return fmt.Errorf("must not hold a null")
		}
		if _, err := dnsclient.ParseServer(server.AsString()); err != nil {
			return fmt.Errorf("must hold IP addresses, some perhaps with a port (10.2.0.53:5353), not %q", server.AsString())
		}
	}
	return nil
}
