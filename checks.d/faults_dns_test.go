//go:build linux

package checks_test

import (
	"slices"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
	"github.com/miekg/dns"
)

var dnsFaults = slices.Concat(dnsServerFaults, dnsAnswerFaults, dnsWayFaults, dnsConfigFaults)

var dnsServerFaults = []trial{{
	name:  "no_dns_server_configured",
	ipv6:  true,
	do:    resolv("search $DOMAIN\n"),
	proof: "! getent hosts $NAME; dig @$DNS $NAME $RR | grep NOERROR",
	say:   fails("dns", "dns_not_configured"),
}, {
	name:  "dns_server_off",
	ipv6:  true,
	do:    off("dns"),
	proof: "dead $DNS; silent $NAME",
	say:   fails("dns", "dns_server_down", "$DNS"),
}, {
	name:  "dns_daemon_stopped",
	ipv6:  true,
	do:    func(n *lab.Network) { n.Host("dns").StopDNS() },
	proof: "alive $DNS; dig +tries=1 $NAME | grep refused",
	say:   fails("dns", "dns_service_down", "$DNS"),
}, {
	name:  "dns_daemon_hangs",
	do:    func(n *lab.Network) { n.Host("dns").PauseDNS() },
	proof: "alive $DNS; silent $NAME",
	say:   fails("dns", "dns_service_down", "$DNS"),
}, {
	name:  "dns_port_filtered",
	do:    filter("dns", "input", "meta l4proto { tcp, udp } th dport 53 drop"),
	proof: "alive $DNS; silent $NAME; silent +tcp $NAME",
	say:   fails("dns", "dns_service_down", "$DNS"),
}, {
	name:  "our_own_firewall_drops_what_comes_by_udp",
	do:    filter("gw", "input", "iif eth0 meta l4proto udp drop"),
	proof: "dig +tcp $NAME | grep NOERROR; ! dig +tries=1 +timeout=1 $NAME",
	say:   fails("dns", "dns_udp_filtered", "$DNS", "this computer's own firewall"),
}, {
	name:  "dns_udp_filtered",
	ipv6:  true,
	do:    filter("r2", "forward", "udp dport 53 drop"),
	proof: "alive $DNS; silent $NAME; dig +tcp $NAME $RR | grep NOERROR",
	say:   fails("dns", "dns_udp_filtered", "$DNS"),
}, {
	name:  "dns_name_missing",
	ipv6:  true,
	do:    records("host-record=other.$DOMAIN,$MAIL"),
	proof: "rcode NXDOMAIN",
	say:   fails("dns", "dns_name_missing", "$NAME"),
}, {
	name:  "dns_no_address_record",
	ipv6:  true,
	do:    records("txt-record=$NAME,nothing to see"),
	proof: "rcode NOERROR; resolves ''",
	say:   fails("dns", "dns_no_address", "$NAME"),
}, {
	name:  "dns_refused",
	ipv6:  true,
	do:    answers("dns", dns.RcodeRefused),
	proof: "rcode REFUSED",
	say:   fails("dns", "dns_refused", "$NAME"),
}, {
	name:  "dns_refuses_a_foreign_name",
	vars:  map[string]string{"mail_host": "mx.elsewhere.example"},
	proof: "dig mx.elsewhere.example | grep REFUSED",
	say:   fails("dns", "dns_refused", "mx.elsewhere.example"),
}, {
	name:  "dns_server_failing",
	ipv6:  true,
	do:    answers("dns", dns.RcodeServerFailure),
	proof: "rcode SERVFAIL",
	say:   fails("dns", "dns_server_failing", "SERVFAIL", "$NAME"),
}, {
	name:  "dns_not_implemented",
	do:    answers("dns", dns.RcodeNotImplemented),
	proof: "rcode NOTIMP",
	say:   fails("dns", "dns_server_failing", "NOTIMP", "$NAME"),
}, {
	name:  "dns_wrong_address",
	ipv6:  true,
	vars:  map[string]string{"mail_address": "$MAIL"},
	do:    records("host-record=$NAME,$MAILPEER"),
	proof: "resolves $MAILPEER",
	say:   fails("dns", "dns_wrong_address", "$MAILPEER", "$MAIL"),
}, {
	name:  "hosts_file_overrides_dns",
	ipv6:  true,
	do:    hosts("$SPARE $NAME"),
	proof: "resolves $MAIL; getent ahosts $NAME | grep $SPARE",
	say:   fails("dns", "hosts_file_override", "$SPARE", "$MAIL"),
}, {
	name:  "hosts_file_hides_a_missing_name",
	do:    all(hosts("$SPARE $NAME"), records("host-record=other.$DOMAIN,$MAIL")),
	proof: "rcode NXDOMAIN; getent ahosts $NAME | grep $SPARE",
	say:   fails("dns", "hosts_file_override", "$SPARE"),
}, {
	name:  "first_dns_server_dead",
	ipv6:  true,
	do:    resolv("search $DOMAIN\nnameserver $MAILSPARE\nnameserver $DNS\n"),
	proof: "silent @$MAILSPARE $NAME; dig @$DNS $NAME $RR | grep NOERROR",
	say:   warns("dns", "dns_slow_server", "$MAILSPARE"),
}, {
	name:  "first_dns_server_dead_on_this_subnet",
	do:    resolv("search $DOMAIN\nnameserver $SPARE\nnameserver $DNS\n"),
	proof: "silent @$SPARE $NAME; dig @$DNS $NAME $RR | grep NOERROR",
	say:   warns("dns", "dns_slow_server", "$SPARE"),
}, {
	// The system believes the first that answers so.
	name:  "first_dns_server_does_not_know_the_name",
	do:    all(resolv("search $DOMAIN\nnameserver $MAILPEER\nnameserver $DNS\n"), answers("mailpeer", dns.RcodeNameError)),
	proof: "rcode NXDOMAIN; dig @$DNS $NAME $RR | grep NOERROR",
	say:   fails("dns", "dns_name_missing", "$NAME"),
}, {
	name:  "first_dns_server_refuses",
	ipv6:  true,
	do:    all(resolv("search $DOMAIN\nnameserver $MAILPEER\nnameserver $DNS\n"), answers("mailpeer", dns.RcodeRefused)),
	proof: "rcode REFUSED; getent ahosts $NAME | grep $MAIL",
	say:   warns("dns", "dns_server_unhelpful", "$MAILPEER", "REFUSED"),
}, {
	name:  "first_dns_server_fails",
	do:    all(resolv("search $DOMAIN\nnameserver $MAILPEER\nnameserver $DNS\n"), answers("mailpeer", dns.RcodeServerFailure)),
	proof: "getent ahosts $NAME | grep $MAIL",
	say:   warns("dns", "dns_server_unhelpful", "$MAILPEER", "SERVFAIL"),
}, {
	name:  "two_dns_servers_dead",
	do:    resolv("search $DOMAIN\nnameserver $MAILSPARE\nnameserver $SPARE\nnameserver $DNS\n"),
	proof: "dig @$DNS $NAME $RR | grep NOERROR",
	say:   warns("dns", "dns_slow_server", "$MAILSPARE", "$SPARE"),
}, {
	name:  "dns_prohibited_on_the_way",
	ipv6:  true,
	do:    filter("r2", "forward", "udp dport 53 reject with $ICMP type admin-prohibited"),
	proof: "! dig +tries=1 +timeout=1 $NAME $RR; dig +tcp $NAME $RR | grep NOERROR",
	say:   fails("dns", "dns_prohibited", "$R2", "$DNS"),
}, {
	name:  "dns_rejected_on_the_way_as_if_closed",
	do:    filter("r2", "forward", "meta l4proto { tcp, udp } th dport 53 reject with $ICMP type port-unreachable"),
	proof: "dig +tries=1 +timeout=1 $NAME $RR | grep refused",
	say:   fails("dns", "dns_prohibited", "$R2", "$DNS"),
}, {
	name:  "dns_dropped_by_our_own_firewall",
	ipv6:  true,
	do:    filter("gw", "output", "udp dport 53 drop"),
	proof: "silent $NAME",
	say:   fails("dns", "local_filter"),
}, {
	name:  "system_does_not_ask_the_dns",
	do:    func(n *lab.Network) { n.Host("gw").Etc("nsswitch.conf", "hosts: files\n") },
	proof: "rcode NOERROR; ! getent hosts $NAME",
	say:   fails("dns", "system_resolver_failing", "$NAME"),
}, {
	name:  "second_dns_server_dead",
	do:    resolv("search $DOMAIN\nnameserver $DNS\nnameserver $MAILSPARE\n"),
	proof: "silent @$MAILSPARE $NAME; dig @$DNS $NAME $RR | grep NOERROR",
	say:   warns("dns", "dns_slow_server", "$MAILSPARE"),
}}
