package probe

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/dnsclient"
	"github.com/linecheck/linecheck/engine/probe/internal/resolver"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/miekg/dns"
	"github.com/zclconf/go-cty/cty"
)

// ownAnswer is the result for an address as target, which needs no server.
func ownAnswer(addr netip.Addr) cty.Value {
	r := newResult(dnsKind)
	addresses := []string{addr.String()}
	r.set("rcode", nil)
	r.set("addresses", addresses)
	r.set("answered_by", nil)
	r.set("servers", []fields{})
	r.set("servers_in_turn", false)
	r.set("config_problems", []string{})
	r.set("servers_disagree", false)
	r.set("system", fields{"addresses": addresses, "found": true, "problem": nil})
	r.set("system_timed_out", false)
	r.set("hosts_file", false)
	r.set("search_domain", nil)
	return r.value()
}

// A dnsQuestion is what the servers are asked.
type dnsQuestion struct {
	client  dnsclient.Client
	name    string
	types   []uint16
	network string // "ip", "ip4" or "ip6": the same for net.Resolver
	servers []netip.AddrPort
	systems bool // the servers are those of the system
	known   bool // false: there may be servers, but nobody says which
	implied bool // no server is configured
	conf    resolver.Config
}

// impliedServer is whom the system asks where no server is configured
// (resolv.conf(5)).
var impliedServer = netip.AddrFrom4([4]byte{127, 0, 0, 1})

func newDNSQuestion(w *engine.World, q engine.Query) (*dnsQuestion, error) {
	if _, ok := dns.IsDomainName(q.Target); !ok {
		return nil, fmt.Errorf("%q is not a domain name", q.Target)
	}
	if strings.ContainsFunc(q.Target, func(r rune) bool { return r > unicode.MaxASCII }) {
		return nil, fmt.Errorf("%q is not written in ASCII; write an international name in its xn-- form", q.Target)
	}
	question := &dnsQuestion{
		client: dnsclient.Client{World: w, Attempts: intArg(q.Args["attempts"])},
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
	if question.conf, question.known, err = resolver.ReadConfig(w); err != nil {
		return nil, err
	}
	if servers := q.Args["servers"]; !servers.IsNull() {
		question.known = true
		for _, v := range servers.AsValueSlice() {
			server, err := dnsclient.ParseServer(v.AsString())
			if err != nil {
				return nil, err
			}
			question.servers = append(question.servers, server)
		}
		return question, nil
	}
	question.systems = true
	question.client.Stream = question.conf.UseTCP
	if question.implied = question.known && len(question.conf.Servers) == 0; question.implied {
		question.conf.Servers = []netip.Addr{impliedServer}
	}
	for _, addr := range question.conf.Servers {
		question.servers = append(question.servers, netip.AddrPortFrom(addr, dnsclient.Port))
	}
	return question, nil
}

// askServers asks all servers side by side; the answers stand in their order.
func (q *dnsQuestion) askServers(ctx context.Context) []dnsclient.Answer {
	answers := make([]dnsclient.Answer, len(q.servers))
	var asking panics.Group
	for i, server := range q.servers {
		asking.Go(func() { answers[i] = q.client.Walk(ctx, server, q.name, q.types, q.conf) })
	}
	asking.Wait()
	if q.implied && !answers[0].Answered {
		q.servers, answers = nil, nil // nobody has set it up
	}
	q.implied = false
	return answers
}

var unknownAddresses = cty.UnknownVal(cty.List(cty.String)).RefineNotNull()

// setAnswers states what the servers said. An error means that no question
// could be put to any of them.
func (q *dnsQuestion) setAnswers(r *result, answers []dnsclient.Answer) error {
	rows := make([]fields, len(answers))
	decided, asked := false, len(answers) == 0
	r.set("rcode", nil)
	r.set("answered_by", nil)
	r.set("addresses", []string{})
	r.set("search_domain", nil)
	local := q.ownAddresses()
	for i := range answers {
		a := &answers[i]
		rows[i] = serverFields(a, q.servers[i], q.client.SeesICMP())
		rows[i]["on_this_computer"] = q.servers[i].Addr().IsLoopback() || q.servers[i].Addr().IsUnspecified() || slices.Contains(local, q.servers[i].Addr().WithZone(""))
		asked = asked || a.Err == nil
		switch {
		case decided:
		case a.Answered:
			r.set("answered_by", dnsclient.ServerName(q.servers[i]))
			r.set("rcode", rcodeValue(a))
			r.set("addresses", spelled(a.Addresses))
			if a.HalfKnown() {
				r.set("addresses", unknownAddresses)
				r.set("search_domain", cty.UnknownVal(cty.String))
			}
			if a.Found() && a.Search != "" {
				r.set("search_domain", a.Search)
			}
			decided = true
		case a.Unknown():
			// Whether it would have been the first to answer is not known.
			r.set("answered_by", cty.UnknownVal(cty.String))
			r.set("rcode", cty.UnknownVal(cty.String))
			r.set("addresses", unknownAddresses)
			r.set("search_domain", cty.UnknownVal(cty.String))
			decided = true
		}
	}
	r.set("servers", rows)
	r.set("servers_in_turn", q.systems && q.conf.InTurn && len(rows) > 1)
	r.set("config_problems", append([]string{}, q.conf.Problems...))
	if !asked {
		return answers[0].Err
	}
	return nil
}

// ownAddresses are those of this computer's adapters.
func (q *dnsQuestion) ownAddresses() []netip.Addr {
	if q.client.World.Dial != nil {
		return nil // the servers are that func's
	}
	var own []netip.Addr
	addresses, _ := net.InterfaceAddrs()
	for _, address := range addresses {
		if prefix, err := netip.ParsePrefix(address.String()); err == nil {
			own = append(own, prefix.Addr().Unmap())
		}
	}
	return own
}

// setExchangers asks the server that decided for mail hosts, where it says that
// the name exists and has no address.
func (q *dnsQuestion) setExchangers(ctx context.Context, r *result, answers []dnsclient.Answer) {
	for i := range answers {
		a := &answers[i]
		switch {
		case a.Answered && a.Rcode == dns.RcodeSuccess && !a.Found() && !a.HalfKnown() && !a.Referral && a.Alias == "":
			if hosts, known := q.client.MailExchangers(ctx, q.servers[i], q.name); known {
				r.set("mail_exchangers", hosts)
			}
			return
		case a.Answered, a.Unknown():
			return
		}
	}
}
