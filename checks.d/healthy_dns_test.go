//go:build linux

package checks_test

import (
	"slices"
	"strings"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
	"github.com/miekg/dns"
)

// Habits of DNS and the system's look-ups that are no faults.
var healthyDNS = slices.Concat(healthyServers, healthyLookups, healthyDNSConfig, writtenMailHosts)

var healthyServers = []trial{{
	name:  "two_dns_servers_agree",
	ipv6:  true,
	do:    all(resolv(twoServers), dnsServes("mailpeer", nil, mailRecord)),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "two_dns_servers_of_two_families",
	shape: lab.Shape{Routers: 2, IPv4: true, IPv6: true},
	do:    resolv("nameserver $DNS6\nnameserver $DNS\n"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "servers_give_part_of_a_pool",
	do:    all(resolv(twoServers), dnsServes("dns", nil, mailRecord, "$NAME. 60 IN $RR $DNS"), dnsServes("mailpeer", nil, "$NAME. 60 IN $RR $MAILPEER", mailRecord), mailEverywhere),
	proof: "hears ^220",
	say:   passes,
}, {
	name:  "server_hands_out_a_pool_in_turn",
	do:    all(dnsServes("dns", lab.InTurn, mailRecord, "$NAME. 0 IN $RR $MAILPEER", "$NAME. 0 IN $RR $DNS"), mailEverywhere),
	proof: "dig +short $NAME $RR; hears ^220",
	say:   passes,
}, {
	name:  "two_servers_hand_out_a_pool_in_turn",
	do:    all(resolv(twoServers), dnsServes("dns", lab.InTurn, mailRecord, "$NAME. 0 IN $RR $MAILPEER"), dnsServes("mailpeer", lab.InTurn, "$NAME. 0 IN $RR $DNS", "$NAME. 0 IN $RR $MAILPEER"), mailEverywhere),
	proof: "hears ^220",
	say:   passes,
}, {
	name:  "chain_of_aliases",
	ipv6:  true,
	do:    dnsServes("dns", nil, "$NAME. 5 IN CNAME two.$DOMAIN.", "two.$DOMAIN. 5 IN CNAME cdn.elsewhere.example.", "cdn.elsewhere.example. 1 IN $RR $MAIL"),
	proof: "dig +short $NAME $RR | grep $MAIL; hears ^220",
	say:   passes,
}, {
	name:  "wildcard_zone",
	ipv6:  true,
	do:    dnsServes("dns", nil, "*.$DOMAIN. 60 IN $RR $MAIL"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "domain_with_an_address_and_mx",
	ipv6:  true,
	vars:  map[string]string{"mail_host": "$DOMAIN"},
	do:    dnsServes("dns", nil, "$DOMAIN. 60 IN MX 10 $NAME.", "$DOMAIN. 60 IN $RR $MAIL", mailRecord),
	proof: "getent ahosts $DOMAIN | grep $MAIL; hears ^220",
	say:   passes,
}, {
	name: "no_such_name_for_the_other_family",
	do: dnsServes("dns", dnsChanged(func(query, reply *dns.Msg) *dns.Msg {
		if query.Question[0].Qtype == dns.TypeAAAA {
			reply.Rcode = dns.RcodeNameError
		}
		return reply
	}), mailRecord),
	proof: "dig $NAME AAAA | grep NXDOMAIN; " + mailWorks,
	say:   passes,
}, {
	name: "dns_server_denies_edns",
	do: dnsServes("dns", func(next dns.HandlerFunc) dns.HandlerFunc {
		return func(w dns.ResponseWriter, query *dns.Msg) {
			if query.IsEdns0() != nil {
				w.WriteMsg(new(dns.Msg).SetRcode(query, dns.RcodeRefused))
				return
			}
			next(w, query)
		}
	}, mailRecord),
	proof: "dig +edns $NAME $RR | grep REFUSED; hears ^220",
	say:   passes,
}, {
	name: "dns_server_does_not_know_edns",
	do: dnsServes("dns", func(next dns.HandlerFunc) dns.HandlerFunc {
		return func(w dns.ResponseWriter, query *dns.Msg) {
			if query.IsEdns0() != nil {
				w.WriteMsg(new(dns.Msg).SetRcodeFormatError(query))
				return
			}
			next(w, query)
		}
	}, mailRecord),
	proof: "hears ^220",
	say:   passes,
}, {
	name:  "ipv6_address_beside_the_planned_one",
	vars:  map[string]string{"mail_address": "$MAIL"},
	do:    dnsServes("dns", nil, mailRecord, "$NAME. 60 IN AAAA 2001:db8::25"),
	proof: "dig +short $NAME AAAA | grep 2001:db8::25; " + mailWorks,
	say:   passes,
}, {
	name:  "dns64",
	do:    dnsServes("dns", nil, mailRecord, "$NAME. 60 IN AAAA 64:ff9b::c000:219"),
	proof: mailWorks,
	say:   passes,
}, {
	name: "a_third_of_the_dns_answers_is_lost",
	do:   filter("r2", "forward", "udp sport 53 numgen random mod 10 < 3 drop"),
	say:  passes,
}, {
	name: "a_third_of_the_dns_questions_is_lost",
	do:   filter("r2", "forward", "udp dport 53 numgen random mod 10 < 3 drop"),
	say:  passes,
}}

// mailEverywhere has the other hosts of a pool take mail as well.
func mailEverywhere(n *lab.Network) {
	for _, host := range []string{"mailpeer", "dns"} {
		n.Host(host).Serve(25, lab.Says("220 pool ESMTP\r\n"))
	}
}

var healthyLookups = []trial{{
	name:  "local_stub",
	do:    all(resolv("search $DOMAIN\nnameserver 127.0.0.53\noptions edns0 trust-ad\n"), dnsServes("gw", nil, mailRecord)),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "local_forwarder",
	do:    all(resolv("search $DOMAIN\nnameserver 127.0.0.1\n"), func(n *lab.Network) { n.Host("gw").StartDNS(lab.DNS{}) }),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "local_forwarder_and_no_server_in_the_file",
	do:    all(resolv("# nothing\n"), func(n *lab.Network) { n.Host("gw").StartDNS(lab.DNS{}) }),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "ndots_and_no_such_name_below",
	do:    resolv("search $DOMAIN\nnameserver $DNS\noptions ndots:5\n"),
	proof: "getent ahosts $NAME | grep $MAIL; hears ^220",
	say:   passes,
}, {
	name:  "resolver_options",
	ipv6:  true,
	do:    resolv("; comment\ndomain other.example\nsearch other.example $DOMAIN\nnameserver $DNS # the one\nnameserver nonsense\noptions timeout:1 attempts:3 rotate single-request single-request-reopen inet6\n"),
	proof: "getent ahosts $NAME | grep $MAIL; hears ^220",
	say:   passes,
}, {
	name:  "four_servers_of_which_the_last_is_never_asked",
	do:    all(resolv("nameserver $DNS\nnameserver $MAILPEER\nnameserver $DNS\nnameserver $SPARE\n"), dnsServes("mailpeer", nil, mailRecord)),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "dns_over_tcp_only",
	do:    all(resolv("search $DOMAIN\nnameserver $DNS\noptions use-vc\n"), filter("r2", "forward", "udp dport 53 drop")),
	proof: "silent $NAME; getent ahosts $NAME | grep $MAIL; hears ^220",
	say:   passes,
}, {
	name:  "look_up_goes_on_behind_the_hosts_file",
	do:    nsswitch("hosts: files [UNAVAIL=return] dns [SUCCESS=return]\n"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "dns_before_the_hosts_file",
	do:    all(nsswitch("hosts: dns files\n"), hosts("$SPARE $NAME")),
	proof: "getent ahosts $NAME | grep $MAIL; hears ^220",
	say:   passes,
}, {
	name:  "dns_before_the_hosts_file_with_a_criterion",
	do:    all(nsswitch("hosts: dns [!UNAVAIL=return] files\n"), hosts("$SPARE $NAME")),
	proof: "getent ahosts $NAME | grep $MAIL; hears ^220",
	say:   passes,
}, {
	name:  "mdns_before_dns",
	do:    nsswitch("hosts: files mdns4_minimal [NOTFOUND=return] dns myhostname\n"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "services_that_are_not_there_before_dns",
	do:    nsswitch("hosts: mymachines files resolve [!UNAVAIL=return] winbind dns\n"),
	proof: "getent ahosts $NAME | grep $MAIL; " + mailWorks,
	say:   passes,
}, {
	name:  "no_line_for_hosts",
	do:    nsswitch("passwd: files\nHOSTS: files\n"),
	proof: "getent ahosts $NAME | grep $MAIL; " + mailWorks,
	say:   passes,
}}

// What people write into mail_host.
var writtenMailHosts = writtenForms(map[string]string{
	"in_brackets":            "[$NAME]",
	"in_brackets_with_port":  "[$NAME]:25",
	"with_port":              "$NAME:25",
	"with_final_dot":         "$NAME.",
	"with_blanks":            "  $NAME ",
	"as_a_transport":         "smtp:[$NAME]:25",
	"as_a_url":               "smtp://$NAME/",
	"short_name_in_brackets": "[$SHORT]",
})

func writtenForms(forms map[string]string) []trial {
	var trials []trial
	for name, form := range forms {
		trials = append(trials, trial{name: "mail_host_" + name, vars: map[string]string{"mail_host": form}, proof: mailWorks, say: passes})
	}
	for name, form := range map[string]string{"address_in_brackets": "[$MAIL]", "address_with_port": "$MAIL:25", "address_literal": "[IPv6:$MAIL]"} {
		t := trial{name: "mail_host_" + name, vars: map[string]string{"mail_host": form}, proof: "hears ^220", say: passes.skips("dns")}
		if name == "address_literal" {
			t.shape = lab.Shape{Routers: 3, IPv6: true}
		}
		trials = append(trials, t)
	}
	slices.SortFunc(trials, func(a, b trial) int { return strings.Compare(a.name, b.name) })
	return trials
}
