//go:build linux

package checks_test

import (
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// dnsLate answers after a delay, the first question alone or each.
func dnsLate(delay time.Duration, each bool) func(dns.HandlerFunc) dns.HandlerFunc {
	return func(next dns.HandlerFunc) dns.HandlerFunc {
		begun := sync.OnceValue(time.Now)
		return func(w dns.ResponseWriter, query *dns.Msg) {
			since := begun()
			if each {
				since = time.Now()
			}
			time.Sleep(time.Until(since.Add(delay)))
			next(w, query)
		}
	}
}

// dnsOf treats questions for one type otherwise.
func dnsOf(qtype uint16, change func(dns.HandlerFunc) dns.HandlerFunc) func(dns.HandlerFunc) dns.HandlerFunc {
	return func(next dns.HandlerFunc) dns.HandlerFunc {
		changed := change(next)
		return func(w dns.ResponseWriter, query *dns.Msg) {
			if query.Question[0].Qtype == qtype {
				changed(w, query)
				return
			}
			next(w, query)
		}
	}
}

// dnsBelow treats questions for names in a domain otherwise.
func dnsBelow(domain string, change func(reply *dns.Msg) *dns.Msg) func(dns.HandlerFunc) dns.HandlerFunc {
	return dnsChanged(func(query, reply *dns.Msg) *dns.Msg {
		if strings.HasSuffix(query.Question[0].Name, domain+".") {
			return change(reply)
		}
		return reply
	})
}

func dnsSilent(*dns.Msg) *dns.Msg { return nil }

func dnsRefusing(reply *dns.Msg) *dns.Msg {
	reply.Rcode = dns.RcodeRefused
	return reply
}

const (
	searchFirst = "search old.example\nnameserver $DNS\noptions ndots:5\n"
	inTurn      = "search $DOMAIN\nnameserver $DNS\nnameserver $MAILPEER\noptions rotate\n"
)

// Faults of how this computer is set up to ask, and of when servers answer.
var dnsConfigFaults = []trial{{
	name:  "line_of_the_dns_server_indented",
	do:    resolv("search $DOMAIN\n  nameserver $DNS\n"),
	twin:  "line_of_the_dns_server_with_a_remark",
	proof: "! getent ahosts $NAME",
	say:   fails("dns", "dns_not_configured", "  nameserver $DNS"),
}, {
	name:  "line_of_the_dns_server_ends_in_a_carriage_return",
	do:    resolv("search $DOMAIN\r\nnameserver $DNS\r\n"),
	twin:  "line_of_the_dns_server_with_a_remark",
	proof: "! getent ahosts $NAME",
	say:   fails("dns", "dns_not_configured", `nameserver $DNS\r`),
}, {
	name:  "line_of_the_dns_server_with_a_port",
	do:    resolv("search $DOMAIN\nnameserver $DNS:53\n"),
	twin:  "line_of_the_dns_server_with_a_remark",
	proof: "! getent ahosts $NAME",
	say:   fails("dns", "dns_not_configured", "nameserver $DNS:53"),
}, {
	name:  "hosts_file_and_no_dns",
	ipv6:  true,
	do:    all(resolv("# none\n"), hosts("$MAIL $NAME")),
	twin:  "hosts_file_agrees",
	proof: "getent hosts $NAME | grep $MAIL; hears '^220 '",
	say:   warns("dns", "dns_not_configured", "$MAIL"),
}, {
	name:  "hosts_file_against_the_plan_and_no_dns",
	vars:  map[string]string{"mail_address": "$MAIL"},
	do:    all(resolv("# none\n"), hosts("$MAILSPARE $NAME")),
	twin:  "hosts_file_agrees_with_dns",
	proof: "getent hosts $NAME | grep $MAILSPARE",
	say:   fails("dns", "dns_not_configured", "$MAILSPARE", "$MAIL"),
}, {
	name:  "dns_server_of_a_family_without_a_route",
	do:    resolv("nameserver 2001:db8::53\n"),
	proof: "! getent ahosts $NAME",
	say:   fails("dns", "no_route_to_dns_server", "2001:db8::53"),
}, {
	name:  "unspecified_address_as_dns_server_and_no_service",
	do:    resolv("nameserver 0.0.0.0\n"),
	proof: "! getent ahosts $NAME",
	say:   fails("dns", "dns_local_stub_down", "0.0.0.0"),
}, {
	name:  "dns_server_answers_late",
	do:    dnsServes("dns", dnsLate(1500*time.Millisecond, true), mailRecord),
	twin:  "first_answer_of_the_dns_server_late",
	proof: "dig $NAME $RR | grep -E 'Query time: 1[0-9]{3}'",
	say:   warns("dns", "dns_slow_server", "$DNS takes 1"),
}, {
	// Later than a question that is asked again is waited for.
	name:  "type_aaaa_answered_late",
	do:    dnsServes("dns", dnsOf(dns.TypeAAAA, dnsLate(3*time.Second, true)), mailRecord),
	twin:  "first_answer_for_aaaa_late",
	proof: "dig +timeout=5 +tries=1 $NAME AAAA | grep -E 'Query time: 3[0-9]{3}'; resolves $MAIL",
	say:   warns("dns", "dns_slow_server", "$DNS takes 3"),
}, {
	name:  "servers_asked_in_turn_and_one_does_not_know_the_name",
	do:    all(resolv(inTurn), answers("mailpeer", dns.RcodeNameError)),
	twin:  "servers_asked_in_turn_agree",
	proof: "rcode NOERROR; dig @$MAILPEER $NAME | grep NXDOMAIN",
	say:   fails("dns", "dns_servers_disagree", "$MAILPEER says that there is no such name", "rotate"),
}, {
	name:  "search_domain_is_silent",
	do:    all(resolv(searchFirst), dnsServes("dns", dnsBelow("old.example", dnsSilent), mailRecord)),
	twin:  "search_domain_is_refused",
	proof: "silent $NAME.old.example; getent ahosts $NAME | grep $MAIL",
	say:   warns("dns", "dns_search_domain_silent", "old.example"),
}, {
	name:  "dns_gives_an_address_that_no_computer_has",
	do:    dnsServes("dns", nil, "$NAME. 60 IN A 0.0.0.0"),
	proof: "getent ahosts $NAME | grep 0.0.0.0",
	say:   fails("dns", "dns_wrong_address", "no other computer can have"),
}, {
	name:  "hosts_file_as_planned_and_dns_wrong",
	vars:  map[string]string{"mail_address": "$MAIL"},
	do:    all(hosts("$MAIL $NAME"), records("host-record=$NAME,$MAILSPARE")),
	twin:  "hosts_file_agrees_with_dns",
	proof: "getent ahosts $NAME | grep $MAIL; resolves $MAILSPARE",
	say:   fails("dns", "dns_wrong_address", "$MAILSPARE", "plan says $MAIL"),
}}

var healthyDNSConfig = []trial{{
	name:  "line_of_the_dns_server_with_a_remark",
	do:    resolv("search $DOMAIN\nnameserver\t$DNS # the site's own\n"),
	proof: "getent ahosts $NAME | grep $MAIL",
	say:   passes,
}, {
	name:  "first_answer_of_the_dns_server_late",
	do:    dnsServes("dns", dnsLate(1500*time.Millisecond, false), mailRecord),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "first_answer_for_aaaa_late",
	do:    dnsServes("dns", dnsOf(dns.TypeAAAA, dnsLate(3*time.Second, false)), mailRecord),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "servers_asked_in_turn_agree",
	do:    all(resolv(inTurn), dnsServes("mailpeer", nil, mailRecord)),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "search_domain_is_refused",
	do:    all(resolv(searchFirst), dnsServes("dns", dnsBelow("old.example", dnsRefusing), mailRecord)),
	proof: "dig $NAME.old.example | grep REFUSED; getent ahosts $NAME | grep $MAIL",
	say:   passes,
}, {
	name:  "hosts_file_agrees_with_dns",
	vars:  map[string]string{"mail_address": "$MAIL"},
	do:    hosts("$MAIL $NAME"),
	proof: mailWorks,
	say:   passes,
}}
