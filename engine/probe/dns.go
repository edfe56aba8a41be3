package probe

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/miekg/dns"
	"github.com/zclconf/go-cty/cty"
)

var dnsKind = &rules.Kind{
	Name: "dns",
	Doc: "Asks each DNS server for the addresses of a name (RFC 1035), side by side and separately, and beside them the system's own resolver, hosts file included. " +
		"A server is waited for 2 s an attempt.",
	ByHand:    "dig {target}; getent ahosts {target}",
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
		{Name: "rcode", Type: cty.String, Words: rcodeWords,
			Doc: `Response code of the first server, in the order of the list, that answered: "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED" … (RFC 6895, 2.3). Null when none answered or none was asked.`},
		{Name: "addresses", Type: cty.List(cty.String), NeverNull: true,
			Doc: "Addresses in that same answer: canonical spelling, sorted, without duplicates. For an IP address as target, that address. Other servers' answers stand in servers."},
		{Name: "servers", List: true, Doc: "What each server said, in the order of the list; empty when none is configured or none needs to be asked.", Attrs: []rules.Attribute{
			{Name: "server", Type: cty.String, NeverNull: true,
				Doc: "The server's address, with its port where that is not 53."},
			{Name: "answered", Type: cty.Bool, NeverNull: true,
				Doc: "Whether it answered, with whatever response code."},
			{Name: "rcode", Type: cty.String, Words: rcodeWords,
				Doc: "Response code of its answer; null without one. NOERROR without addresses: the name exists and has none."},
			{Name: "addresses", Type: cty.List(cty.String), NeverNull: true,
				Doc: "Addresses in its answer: canonical spelling, sorted, without duplicates."},
			{Name: "canonical_name", Type: cty.String,
				Doc: "The name that the addresses belong to, at the end of the aliases (CNAME), in lower case and without the final dot; null without addresses."},
			{Name: "ttl_s", Type: cty.Number, Least: cty.Zero,
				Doc: "Seconds for which the answer may be kept: the least TTL of the records that lead to the addresses; null without addresses."},
			{Name: "truncated", Type: cty.Bool, NeverNull: true,
				Doc: "Whether an answer did not fit into UDP and was asked for again over TCP."},
			{Name: "refused", Type: cty.Bool, NeverNull: true,
				Doc: "Whether the port was refused (ICMP port unreachable, TCP reset): no DNS service runs there. A server that refuses the question answers with rcode REFUSED instead."},
			{Name: "timed_out", Type: cty.Bool, NeverNull: true,
				Doc: "Whether a question to it stayed without any answer. With answered true, it answered for one record type only; if that has no address, addresses are unknown."},
			{Name: "rtt_ms", Type: cty.Number, Least: cty.Zero,
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
	if addr, err := netip.ParseAddr(q.Target); err == nil {
		return ownAnswer(addr.Unmap()), nil
	}
	question, err := newDNSQuestion(w, q)
	if err != nil {
		return cty.NilVal, err
	}

	looking, stop := context.WithTimeout(ctx, systemPatience)
	defer stop()
	system := make(chan systemAnswer, 1)
	go func() { system <- lookupSystem(looking, w, question) }()

	r := newResult(dnsKind)
	if question.known {
		began := time.Now()
		answers := question.askServers(ctx)
		if question.systems && !slices.ContainsFunc(answers, func(a dnsAnswer) bool { return a.answered }) {
			// The system asks the same servers, and has had as long.
			giveUp := time.AfterFunc(question.client.patience()-time.Since(began), stop)
			defer giveUp.Stop()
		}
		if err := question.setAnswers(r, answers); err != nil {
			stop()
			<-system
			return cty.NilVal, err
		}
	}
	(<-system).set(ctx, r)
	return r.value(), nil
}

// ownAnswer is the result for an address as target, which needs no server.
func ownAnswer(addr netip.Addr) cty.Value {
	r := newResult(dnsKind)
	addresses := []string{addr.String()}
	r.set("rcode", nil)
	r.set("addresses", addresses)
	r.set("servers", []fields{})
	r.set("system", fields{"addresses": addresses, "found": true, "problem": nil})
	r.set("hosts_file", false)
	r.set("search_domain", nil)
	return r.value()
}

// A dnsQuestion is what the servers are asked.
type dnsQuestion struct {
	client  dnsClient
	name    string
	types   []uint16
	network string // "ip", "ip4" or "ip6": the same for net.Resolver
	servers []netip.AddrPort
	systems bool // the servers are those of the system
	known   bool // false: there may be servers, but nobody says which
	conf    resolvConf
}

func newDNSQuestion(w *engine.World, q engine.Query) (*dnsQuestion, error) {
	if _, ok := dns.IsDomainName(q.Target); !ok {
		return nil, fmt.Errorf("%q is not a domain name", q.Target)
	}
	if strings.ContainsFunc(q.Target, func(r rune) bool { return r > unicode.MaxASCII }) {
		return nil, fmt.Errorf("%q is not written in ASCII; write an international name in its xn-- form", q.Target)
	}
	question := &dnsQuestion{
		client: dnsClient{world: w, attempts: intArg(q.Args["attempts"])},
		name:   q.Target,
	}
	switch stringArg(q.Args["type"]) {
	case "A":
		question.types, question.network = []uint16{dns.TypeA}, "ip4"
	case "AAAA":
		question.types, question.network = []uint16{dns.TypeAAAA}, "ip6"
	default:
		question.types, question.network = []uint16{dns.TypeA, dns.TypeAAAA}, "ip"
	}
	var err error
	if question.conf, question.known, err = readResolvConf(w); err != nil {
		return nil, err
	}
	if servers := q.Args["servers"]; !servers.IsNull() {
		question.known = true
		for _, v := range servers.AsValueSlice() {
			server, err := parseDNSServer(v.AsString())
			if err != nil {
				return nil, err
			}
			question.servers = append(question.servers, server)
		}
		return question, nil
	}
	question.systems = true
	for _, addr := range question.conf.servers {
		question.servers = append(question.servers, netip.AddrPortFrom(addr, dnsPort))
	}
	return question, nil
}

// askServers asks all servers side by side; the answers stand in their order.
func (q *dnsQuestion) askServers(ctx context.Context) []dnsAnswer {
	answers := make([]dnsAnswer, len(q.servers))
	var asking sync.WaitGroup
	for i, server := range q.servers {
		asking.Go(func() { answers[i] = q.client.walk(ctx, server, q.name, q.types, q.conf) })
	}
	asking.Wait()
	return answers
}

var unknownAddresses = cty.UnknownVal(cty.List(cty.String)).RefineNotNull()

// setAnswers states what the servers said. An error means that no question
// could be put to any of them.
func (q *dnsQuestion) setAnswers(r *result, answers []dnsAnswer) error {
	rows := make([]fields, len(answers))
	decided, asked := false, len(answers) == 0
	r.set("rcode", nil)
	r.set("addresses", []string{})
	r.set("search_domain", nil)
	for i := range answers {
		a := &answers[i]
		rows[i] = a.fields(q.servers[i], q.client.seesICMP())
		asked = asked || a.err == nil
		switch {
		case decided:
		case a.answered:
			r.set("rcode", rcodeName(a.rcode))
			r.set("addresses", spelled(a.addresses))
			if a.halfKnown() {
				r.set("addresses", unknownAddresses)
				r.set("search_domain", cty.UnknownVal(cty.String))
			}
			if a.found() && a.search != "" {
				r.set("search_domain", a.search)
			}
			decided = true
		case a.unknown():
			// Whether it would have been the first to answer is not known.
			r.set("rcode", cty.UnknownVal(cty.String))
			r.set("addresses", unknownAddresses)
			r.set("search_domain", cty.UnknownVal(cty.String))
			decided = true
		}
	}
	r.set("servers", rows)
	if !asked {
		return answers[0].err
	}
	return nil
}
