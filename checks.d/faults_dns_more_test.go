//go:build linux

package checks_test

import (
	"net"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
	"github.com/miekg/dns"
)

// dnsServes makes a DNS server of a computer that knows records as lab.Zone has
// them, changed by what is named.
func dnsServes(host string, change func(dns.HandlerFunc) dns.HandlerFunc, lines ...string) func(*lab.Network) {
	return func(n *lab.Network) {
		handler := n.Zone(lines...)
		if change != nil {
			handler = change(handler)
		}
		n.Host(host).ServeDNS(handler)
	}
}

// dnsChanged is a change of answers for dnsServes.
func dnsChanged(change func(query, reply *dns.Msg) *dns.Msg) func(dns.HandlerFunc) dns.HandlerFunc {
	return func(next dns.HandlerFunc) dns.HandlerFunc { return lab.Change(next, change) }
}

// dnsMuted leaves questions for a type unanswered.
func dnsMuted(qtype uint16) func(dns.HandlerFunc) dns.HandlerFunc {
	return func(next dns.HandlerFunc) dns.HandlerFunc { return lab.Mute(qtype, next) }
}

// nsswitch replaces the gateway computer's order of services.
func nsswitch(text string) func(*lab.Network) {
	return func(n *lab.Network) { n.Host("gw").Etc("nsswitch.conf", text) }
}

// mailRecord is the right one.
const mailRecord = "$NAME. 60 IN $RR $MAIL"

// twoServers has mailpeer asked beside the network's own DNS server.
const twoServers = "search $DOMAIN\nnameserver $DNS\nnameserver $MAILPEER\n"

// dnsTruncated is for answers that have room over TCP only.
func dnsTruncated(next dns.HandlerFunc) dns.HandlerFunc {
	return func(w dns.ResponseWriter, query *dns.Msg) {
		if _, overUDP := w.RemoteAddr().(*net.UDPAddr); !overUDP {
			next(w, query)
			return
		}
		reply := new(dns.Msg).SetReply(query)
		reply.Truncated, reply.RecursionAvailable = true, true
		w.WriteMsg(reply)
	}
}

var dnsAnswerFaults = []trial{{
	name:  "dns_servers_disagree",
	ipv6:  true,
	do:    all(resolv(twoServers), dnsServes("mailpeer", nil, "$NAME. 60 IN $RR $MAILPEER")),
	twin:  "two_dns_servers_agree",
	proof: "dig @$DNS +short $NAME $RR | grep $MAIL; dig @$MAILPEER +short $NAME $RR | grep $MAILPEER",
	say:   fails("dns", "dns_servers_disagree", "$DNS", "$MAIL", "$MAILPEER"),
}, {
	name:  "second_dns_server_is_out_of_date",
	vars:  map[string]string{"mail_address": "$MAIL"},
	do:    all(resolv(twoServers), dnsServes("mailpeer", nil, "$NAME. 60 IN $RR $MAILPEER")),
	twin:  "two_dns_servers_agree",
	proof: "dig @$MAILPEER +short $NAME $RR | grep $MAILPEER",
	say:   fails("dns", "dns_servers_disagree", "plan says $MAIL"),
}, {
	name:  "first_dns_server_is_out_of_date",
	vars:  map[string]string{"mail_address": "$MAIL"},
	do:    all(resolv("nameserver $MAILPEER\nnameserver $DNS\n"), dnsServes("mailpeer", nil, "$NAME. 60 IN $RR $MAILPEER")),
	twin:  "two_dns_servers_agree",
	proof: "resolves $MAILPEER",
	say:   fails("dns", "dns_servers_disagree", "$MAILPEER", "$MAIL"),
}, {
	name:  "dns_servers_disagree_and_one_is_dead",
	do:    all(resolv("nameserver $MAILSPARE\nnameserver $DNS\nnameserver $MAILPEER\n"), dnsServes("mailpeer", nil, "$NAME. 60 IN $RR $MAILPEER")),
	twin:  "two_dns_servers_agree",
	proof: "silent @$MAILSPARE $NAME; dig @$MAILPEER +short $NAME $RR | grep $MAILPEER",
	say:   fails("dns", "dns_servers_disagree", "$DNS", "$MAILPEER"),
}, {
	name:  "second_dns_server_has_no_address",
	do:    all(resolv(twoServers), dnsServes("mailpeer", nil, "$NAME. 60 IN TXT nothing")),
	twin:  "two_dns_servers_agree",
	proof: "dig @$MAILPEER $NAME $RR | grep 'ANSWER: 0'",
	say:   warns("dns", "dns_server_unhelpful", "$MAILPEER says that it has no address"),
}, {
	name:  "dns_extra_address",
	ipv6:  true,
	vars:  map[string]string{"mail_address": "$MAIL"},
	do:    dnsServes("dns", nil, mailRecord, "$NAME. 60 IN $RR $MAILPEER"),
	twin:  "address_as_planned",
	proof: "dig +short $NAME $RR | grep $MAILPEER; dig +short $NAME $RR | grep $MAIL",
	say:   fails("dns", "dns_extra_address", "$MAIL", "$MAILPEER"),
}, {
	name:  "second_dns_server_has_an_old_address_as_well",
	vars:  map[string]string{"mail_address": "$MAIL"},
	do:    all(resolv(twoServers), dnsServes("mailpeer", nil, mailRecord, "$NAME. 60 IN $RR $SPARE")),
	twin:  "two_dns_servers_agree",
	proof: "dig @$MAILPEER +short $NAME $RR | grep $SPARE",
	say:   fails("dns", "dns_extra_address", "$SPARE"),
}, {
	name:  "search_domain_makes_another_host_of_the_name",
	ipv6:  true,
	vars:  map[string]string{"mail_host": "mx.elsewhere.example"},
	do:    dnsServes("dns", nil, "*.$DOMAIN. 60 IN $RR $MAIL"),
	twin:  "wildcard_zone",
	proof: "dig mx.elsewhere.example $RR | grep NXDOMAIN; getent ahosts mx.elsewhere.example | grep $MAIL",
	say:   fails("dns", "dns_search_domain", "mx.elsewhere.example.$DOMAIN"),
}, {
	name:  "ndots_makes_another_host_of_the_name",
	do:    all(resolv("search $DOMAIN\nnameserver $DNS\noptions ndots:5\n"), dnsServes("dns", nil, "*.$DOMAIN. 60 IN $RR $MAILPEER", mailRecord)),
	twin:  "ndots_and_no_such_name_below",
	proof: "getent ahosts $NAME | grep $MAILPEER",
	say:   fails("dns", "dns_search_domain", "$NAME.$DOMAIN"),
}, {
	name:  "search_domain_leads_to_the_planned_address",
	vars:  map[string]string{"mail_host": "mx.elsewhere.example", "mail_address": "$MAIL"},
	do:    dnsServes("dns", nil, "*.$DOMAIN. 60 IN $RR $MAIL"),
	twin:  "wildcard_zone",
	proof: "getent ahosts mx.elsewhere.example | grep $MAIL",
	say:   warns("dns", "dns_search_domain", "$DOMAIN"),
}, {
	name:  "alias_leads_to_a_missing_name",
	ipv6:  true,
	do:    dnsServes("dns", nil, "$NAME. 60 IN CNAME gone.$DOMAIN."),
	twin:  "name_is_an_alias",
	proof: "rcode NXDOMAIN; dig $NAME $RR | grep CNAME",
	say:   fails("dns", "dns_alias_broken", "gone.$DOMAIN", "does not exist"),
}, {
	name:  "alias_leads_to_a_name_without_address",
	do:    dnsServes("dns", nil, "$NAME. 60 IN CNAME two.$DOMAIN.", "two.$DOMAIN. 60 IN CNAME text.$DOMAIN.", "text.$DOMAIN. 60 IN TXT nothing"),
	twin:  "chain_of_aliases",
	proof: "rcode NOERROR; dig $NAME $RR | grep CNAME",
	say:   fails("dns", "dns_alias_broken", "text.$DOMAIN", "has no address"),
}, {
	name:  "aliases_lead_in_a_circle",
	do:    dnsServes("dns", nil, "$NAME. 60 IN CNAME two.$DOMAIN.", "two.$DOMAIN. 60 IN CNAME $NAME."),
	twin:  "chain_of_aliases",
	proof: "dig $NAME $RR | grep CNAME; ! getent ahosts $NAME",
	say:   fails("dns", "dns_alias_broken", "circle"),
}, {
	name:  "mail_domain_in_place_of_a_host",
	ipv6:  true,
	vars:  map[string]string{"mail_host": "$DOMAIN"},
	do:    dnsServes("dns", nil, "$DOMAIN. 60 IN MX 20 second.$DOMAIN.", "$DOMAIN. 60 IN MX 10 $NAME.", mailRecord),
	twin:  "domain_with_an_address_and_mx",
	proof: "dig $DOMAIN MX | grep \"MX.10 $NAME\"; dig $DOMAIN $RR | grep 'ANSWER: 0'",
	say:   fails("dns", "dns_only_mx", "$NAME, second.$DOMAIN"),
}, {
	name:  "domain_that_takes_no_mail",
	vars:  map[string]string{"mail_host": "$DOMAIN"},
	do:    dnsServes("dns", nil, "$DOMAIN. 60 IN MX 0 ."),
	twin:  "domain_with_an_address_and_mx",
	proof: "dig $DOMAIN MX | grep 'MX.0 .'",
	say:   fails("dns", "dns_no_address", "$DOMAIN"),
}, {
	name:  "name_missing_and_an_address_beside",
	do:    dnsServes("dns", dnsChanged(func(_, reply *dns.Msg) *dns.Msg { reply.Rcode = dns.RcodeNameError; return reply }), mailRecord),
	proof: "rcode NXDOMAIN; dig +short $NAME $RR | grep $MAIL",
	say:   fails("dns", "dns_name_missing", "$NAME"),
}, {
	name: "dns_answers_badvers",
	do: dnsServes("dns", dnsChanged(func(query, reply *dns.Msg) *dns.Msg {
		reply.Rcode, reply.Answer = dns.RcodeBadVers, nil
		reply.SetEdns0(1232, false)
		return reply
	}), mailRecord),
	proof: "rcode BADVERS",
	say:   fails("dns", "dns_server_failing", "BADVERS"),
}, {
	name: "dns_says_why_it_fails",
	do: dnsServes("dns", dnsChanged(func(query, reply *dns.Msg) *dns.Msg {
		reply.Rcode, reply.Answer = dns.RcodeServerFailure, nil
		reply.SetEdns0(1232, false).IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_EDE{InfoCode: dns.ExtendedErrorCodeSignatureExpired, ExtraText: "signed last year"}}
		return reply
	}), mailRecord),
	proof: "rcode SERVFAIL; dig $NAME $RR | grep EDE",
	say:   fails("dns", "dns_server_failing", "SERVFAIL", "Signature Expired: signed last year"),
}, {
	name: "dns_only_refers_to_others",
	do: dnsServes("dns", dnsChanged(func(_, reply *dns.Msg) *dns.Msg {
		reply.Answer, reply.RecursionAvailable, reply.Rcode = nil, false, dns.RcodeSuccess
		ns, _ := dns.NewRR("example. 60 IN NS ns.example.")
		reply.Ns = []dns.RR{ns}
		return reply
	}), mailRecord),
	proof: "rcode NOERROR; dig $NAME $RR | grep 'ANSWER: 0, AUTHORITY: 1'",
	say:   fails("dns", "dns_server_failing", "names of other servers"),
}, {
	name: "records_of_another_class",
	do: dnsServes("dns", dnsChanged(func(_, reply *dns.Msg) *dns.Msg {
		for _, record := range reply.Answer {
			record.Header().Class = dns.ClassCHAOS
		}
		return reply
	}), mailRecord),
	proof: "! dig $NAME $RR | grep -w \"IN.*$RR.*$MAIL\"",
	say:   fails("dns", "dns_no_address", "$NAME"),
}, {
	name: "dns_answers_another_question",
	do: dnsServes("dns", dnsChanged(func(_, reply *dns.Msg) *dns.Msg {
		reply.Question[0].Name = "other." + reply.Question[0].Name
		return reply
	}), mailRecord),
	proof: "dig +tries=1 +timeout=1 $NAME $RR | grep -i 'mismatch\\|timed out'",
	say:   fails("dns", "dns_server_failing", "not to the question"),
}, {
	name:  "type_a_unanswered_and_the_name_said_missing",
	do:    dnsServes("dns", func(next dns.HandlerFunc) dns.HandlerFunc { return lab.Mute(dns.TypeA, lab.Rcode(dns.RcodeNameError)) }, mailRecord),
	twin:  "no_such_name_for_the_other_family",
	proof: "silent $NAME A; dig $NAME AAAA | grep NXDOMAIN",
	say:   fails("dns", "dns_slow_family", "A records"),
}, {
	name:  "type_a_unanswered",
	do:    dnsServes("dns", dnsMuted(dns.TypeA), mailRecord),
	proof: "silent $NAME A; dig $NAME AAAA | grep NOERROR",
	say:   fails("dns", "dns_slow_family", "A records", "not known"),
}, {
	name:  "type_aaaa_unanswered",
	do:    dnsServes("dns", dnsMuted(dns.TypeAAAA), mailRecord),
	proof: "silent $NAME AAAA; resolves $MAIL",
	say:   warns("dns", "dns_slow_family", "AAAA records", "$DNS"),
}}

var dnsWayFaults = []trial{{
	name:  "long_answer_and_tcp_refused",
	ipv6:  true,
	do:    all(dnsServes("dns", dnsTruncated, mailRecord), filter("dns", "input", "tcp dport 53 reject with tcp reset")),
	twin:  "dns_answers_over_tcp",
	proof: "dig +ignore $NAME $RR | grep 'flags.* tc'; ! dig +tries=1 +tcp $NAME $RR | grep NOERROR",
	say:   fails("dns", "dns_answer_truncated", "$DNS (refused)"),
}, {
	name:  "long_answer_and_tcp_filtered",
	do:    all(dnsServes("dns", dnsTruncated, mailRecord), filter("r2", "forward", "tcp dport 53 drop")),
	twin:  "dns_answers_over_tcp",
	proof: "dig +ignore $NAME $RR | grep 'flags.* tc'; silent +tcp $NAME",
	say:   fails("dns", "dns_answer_truncated", "$DNS (timed out)"),
}, {
	name: "long_answer_and_tcp_hangs",
	do: dnsServes("dns", func(next dns.HandlerFunc) dns.HandlerFunc {
		return func(w dns.ResponseWriter, query *dns.Msg) {
			if _, overUDP := w.RemoteAddr().(*net.UDPAddr); overUDP {
				dnsTruncated(next)(w, query)
			}
		}
	}, mailRecord),
	twin:  "dns_answers_over_tcp",
	proof: "silent +tcp $NAME",
	say:   fails("dns", "dns_answer_truncated", "$DNS (timed out)"),
}, {
	name: "long_answer_and_tcp_closes",
	do: dnsServes("dns", func(next dns.HandlerFunc) dns.HandlerFunc {
		return func(w dns.ResponseWriter, query *dns.Msg) {
			if _, overUDP := w.RemoteAddr().(*net.UDPAddr); overUDP {
				dnsTruncated(next)(w, query)
				return
			}
			w.Close()
		}
	}, mailRecord),
	twin:  "dns_answers_over_tcp",
	proof: "dig +ignore $NAME $RR | grep 'flags.* tc'; ! dig +tries=1 +tcp $NAME $RR | grep NOERROR",
	say:   fails("dns", "dns_answer_truncated", "$DNS (closed)"),
}, {
	name:  "long_answer_and_tcp_filtered_with_a_hosts_file",
	do:    all(hosts("$MAIL $NAME"), dnsServes("dns", dnsTruncated, mailRecord), filter("r2", "forward", "tcp dport 53 drop")),
	twin:  "dns_answers_over_tcp",
	proof: "silent +tcp $NAME; getent ahosts $NAME | grep $MAIL",
	say:   warns("dns", "dns_answer_truncated", "$DNS"),
}, {
	name: "dns_server_drops_edns",
	do: dnsServes("dns", func(next dns.HandlerFunc) dns.HandlerFunc {
		return func(w dns.ResponseWriter, query *dns.Msg) {
			if query.IsEdns0() == nil {
				next(w, query)
			}
		}
	}, mailRecord),
	twin:  "dns_server_denies_edns",
	proof: "silent $NAME; dig +noedns $NAME $RR | grep NOERROR",
	say:   warns("dns", "dns_edns_dropped", "$DNS"),
}, {
	// ARCOUNT, the last field of the header (RFC 1035, 4.1.1).
	name:  "filter_drops_edns",
	ipv6:  true,
	do:    filter("r2", "forward", "udp dport 53 @th,144,16 != 0 drop"),
	proof: "silent $NAME; dig +noedns +noadflag $NAME $RR | grep NOERROR",
	say:   warns("dns", "dns_edns_dropped", "$DNS"),
}, {
	name:  "dns_answers_from_elsewhere",
	ipv6:  true,
	do:    dnsElsewhere,
	proof: "silent $NAME",
	say:   fails("dns", "dns_answers_from_elsewhere", "$DNS", "$MAILSPARE"),
}, {
	name:  "dns_answers_from_another_port",
	do:    filter("r2", "forward", "udp sport 53 udp sport set 5353"),
	proof: "silent $NAME",
	say:   fails("dns", "dns_answers_from_elsewhere", "$DNS:5353"),
}, {
	name:  "local_stub_stopped",
	do:    resolv("search $DOMAIN\nnameserver 127.0.0.53\noptions edns0 trust-ad\n"),
	twin:  "local_stub",
	proof: "dig +tries=1 $NAME | grep refused; dig @$DNS $NAME $RR | grep NOERROR",
	say:   fails("dns", "dns_local_stub_down", "127.0.0.53"),
}, {
	name:  "local_stub_stopped_ipv6_loopback",
	do:    resolv("search $DOMAIN\nnameserver ::1\n"),
	twin:  "local_stub",
	proof: "! dig +tries=1 $NAME $RR | grep NOERROR",
	say:   fails("dns", "dns_local_stub_down", "::1"),
}, {
	name: "local_forwarder_hangs",
	do: func(n *lab.Network) {
		n.Host("gw").StartDNS(lab.DNS{})
		n.Host("gw").PauseDNS()
		n.Host("gw").Etc("resolv.conf", "search $DOMAIN\nnameserver 127.0.0.1\n")
	},
	twin:  "local_forwarder",
	proof: "silent $NAME",
	say:   fails("dns", "dns_local_stub_down", "127.0.0.1"),
}, {
	name:  "own_address_as_dns_server",
	do:    resolv("search $DOMAIN\nnameserver $GW\n"),
	twin:  "local_forwarder",
	proof: "dig +tries=1 $NAME | grep refused",
	say:   fails("dns", "dns_local_stub_down", "$GW"),
}, {
	name:  "local_stub_stopped_and_another_server",
	do:    resolv("search $DOMAIN\nnameserver 127.0.0.53\nnameserver $DNS\n"),
	twin:  "local_stub",
	proof: "getent ahosts $NAME | grep $MAIL",
	say:   warns("dns", "dns_local_stub_down", "127.0.0.53"),
}, {
	name:  "look_up_ends_at_the_hosts_file",
	do:    nsswitch("hosts: files [NOTFOUND=return] dns\n"),
	twin:  "look_up_goes_on_behind_the_hosts_file",
	proof: "rcode NOERROR; ! getent hosts $NAME",
	say:   fails("dns", "system_resolver_failing", "nsswitch.conf"),
}, {
	name:  "look_up_ends_at_the_hosts_file_oddly_written",
	do:    nsswitch("passwd:files\nhosts:files[notfound=RETURN]dns # DNS\n"),
	twin:  "look_up_goes_on_behind_the_hosts_file",
	proof: "rcode NOERROR; ! getent hosts $NAME",
	say:   fails("dns", "system_resolver_failing", "nsswitch.conf"),
}, {
	name:  "look_up_ends_at_all_but_success",
	do:    nsswitch("hosts: files [!SUCCESS=return] dns\n"),
	twin:  "look_up_goes_on_behind_the_hosts_file",
	proof: "rcode NOERROR; ! getent hosts $NAME",
	say:   fails("dns", "system_resolver_failing", "$NAME"),
}, {
	name:  "system_asks_mdns_but_no_dns",
	do:    nsswitch("hosts: files mdns4_minimal [NOTFOUND=return]\n"),
	twin:  "mdns_before_dns",
	proof: "rcode NOERROR; ! getent hosts $NAME",
	say:   fails("dns", "system_resolver_failing", "$NAME"),
}, {
	name:  "system_asks_a_service_that_is_not_there",
	do:    nsswitch("hosts: files hesiod\n"),
	twin:  "services_that_are_not_there_before_dns",
	proof: "rcode NOERROR; ! getent hosts $NAME",
	say:   fails("dns", "system_resolver_failing", "$NAME"),
}, {
	name:  "hosts_file_overrides_dns_by_an_alias",
	do:    hosts("$SPARE\told.$DOMAIN\t$NAME # moved"),
	twin:  "hosts_file_agrees",
	proof: "resolves $MAIL; getent ahosts $NAME | grep $SPARE",
	say:   fails("dns", "hosts_file_override", "$SPARE", "$MAIL"),
}, {
	name:  "hosts_file_has_the_other_family",
	do:    hosts("2001:db8::99 $NAME"),
	twin:  "hosts_file_agrees",
	proof: "resolves $MAIL; getent ahosts $NAME | grep 2001:db8::99",
	say:   fails("dns", "hosts_file_override", "2001:db8::99", "$MAIL"),
}}

// dnsElsewhere has the DNS server's answers sent from another address, without a
// state that would turn it back.
func dnsElsewhere(n *lab.Network) {
	n.Host("dns").Sh(`nft "add table inet lab; add chain inet lab output { type filter hook output priority 0; }; add rule inet lab output udp sport 53 $IP saddr set $MAILSPARE"`)
}
