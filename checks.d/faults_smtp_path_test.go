//go:build linux

package checks_test

import (
	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// unrouted is an address that no router of the lab has a route to (RFC 5737).
const unrouted = "198.51.100.7"

// The name leads to an address; the proof is what the kernel says of that.
func named(address string) func(*lab.Network) {
	return records("host-record=$NAME," + address)
}

// deadWay sends mail by a neighbour that forwards nothing.
const deadWay = "ip -$FAMILY route add default via $PEER dev eth0 table 25; "

// marked makes the firewall mark mail, and a rule look for that mark.
const marked = `ip rule add fwmark 25 lookup 25; nft "add table inet labmark; add chain inet labmark output { type route hook output priority -150; }; add rule inet labmark output tcp dport 25 meta mark set 25"`

// handedOn has the last router send mail to another computer than the host.
func handedOn(to string) func(*lab.Network) {
	return on("r3", `nft "add table inet labnat; add chain inet labnat prerouting { type nat hook prerouting priority -100; }; add rule inet labnat prerouting $IP daddr $MAIL tcp dport 25 dnat $IP to `+to+`"`)
}

// timeToLive has the own firewall set that of mail.
func timeToLive(hops string) func(*lab.Network) {
	return on("gw", `nft "add table ip labttl; add chain ip labttl postrouting { type filter hook postrouting priority -150; }; add rule ip labttl postrouting tcp dport 25 ip ttl set `+hops+`"`)
}

// Faults between this computer and the mail service.
var smtpPathFaults = []trial{{
	name:  "mail_is_handed_on_to_a_computer_that_is_off",
	ipv6:  true,
	do:    handedOn("$MAILSPARE"),
	twin:  "mail_is_handed_on_by_a_router",
	proof: "alive $MAIL; timeout 5 bash -c 'exec 3<>/dev/tcp/$MAIL/25' 2>&1 | grep 'No route to host'",
	say:   fails("smtp", "mail_host_down", "$NAME", "hands the port on"),
}, {
	name:  "a_router_has_no_way_to_the_mail_host_and_says_that_it_is_off",
	vars:  map[string]string{"remote_host": "$MAILPEER"},
	do:    on("r2", "ip route add unreachable $MAIL"),
	twin:  "mail_host_is_another_computer",
	proof: "alive $MAILPEER; icmp $MAIL 'Host Unreachable'",
	say:   fails("smtp", "mail_host_down", "$NAME", "at once"),
}, {
	name:  "mail_has_too_short_a_time_to_live",
	do:    timeToLive("2"),
	twin:  "mail_has_a_time_to_live_of_its_own",
	proof: "alive $MAIL; hears 'No route to host'",
	say:   fails("smtp", "smtp_unreachable", "ttl_exceeded", "TTL"),
}, {
	name:  "answers_of_the_mail_host_dropped_by_our_own_firewall",
	ipv6:  true,
	do:    filter("gw", "input", "tcp sport 25 drop"),
	proof: "alive $MAIL; mute",
	say:   fails("smtp", "smtp_filtered", "$NAME", "on this computer"),
}, {
	name:  "smtp_rejected_by_our_own_firewall",
	ipv6:  true,
	do:    filter("gw", "output", "tcp dport 25 reject with $ICMP type port-unreachable"),
	proof: "alive $MAIL; hears refused",
	say:   fails("smtp", "local_filter", "$NAME", "25"),
}, {
	name:  "smtp_rejected_by_our_own_firewall_as_if_the_host_were_off",
	do:    filter("gw", "output", "tcp dport 25 reject with icmp type host-unreachable"),
	proof: "alive $MAIL; hears 'No route to host'",
	say:   fails("smtp", "local_filter", "$NAME", "25"),
}, {
	name:  "smtp_reset_by_our_own_firewall",
	do:    filter("gw", "output", "tcp dport 25 reject with tcp reset"),
	proof: "alive $MAIL; hears refused",
	say:   fails("smtp", "local_filter", "$NAME", "25"),
}, {
	// A rule for one adapter can't be told from the gateway's; of IPv6, no rule can.
	name:  "smtp_reset_by_our_own_firewall_on_one_adapter",
	ipv6:  true,
	do:    filter("gw", "output", "oif eth0 tcp dport 25 reject with tcp reset"),
	proof: "alive $MAIL; hears refused",
	say:   fails("smtp", "smtp_reset_on_the_way", "this computer's own firewall", "gateway"),
}, {
	name:  "this_computer_redirects_mail_to_a_port_that_is_closed",
	do:    func(n *lab.Network) { n.Host("gw").Redirect("output", 25, 2525) },
	proof: "alive $MAIL; hears refused",
	say:   fails("smtp", "smtp_reset_on_the_way", "this computer's own firewall", "redirect"),
}, {
	name:  "smtp_reset_on_the_way",
	ipv6:  true,
	do:    filter("r2", "forward", "tcp dport 25 reject with tcp reset"),
	proof: "alive $MAIL; hears refused",
	say:   fails("smtp", "smtp_reset_on_the_way", "$MAIL", "25"),
}, {
	name:  "smtp_reset_by_the_gateway",
	do:    filter("r1", "forward", "tcp dport 25 reject with tcp reset"),
	proof: "alive $MAIL; hears refused",
	say:   fails("smtp", "smtp_reset_on_the_way", "hop 2"),
}, {
	name:  "smtp_reset_on_the_way_to_a_host_that_filters_pings",
	do:    all(filter("r1", "forward", "tcp dport 25 reject with tcp reset"), filter("mail", "input", pings+"drop"), func(n *lab.Network) { n.Host("mailpeer").Serve(25, lab.Says("220 peer\r\n")) }),
	vars:  map[string]string{"remote_host": "$MAILPEER"},
	proof: "dead $MAIL; hears refused",
	say:   fails("smtp", "smtp_reset_on_the_way", "hop 2"),
}, {
	// The last router's reset comes from where the host's own would.
	name:  "smtp_reset_right_before_the_host",
	do:    filter("r3", "forward", "tcp dport 25 reject with tcp reset"),
	proof: "alive $MAIL; hears refused",
	say:   fails("smtp", "smtp_refused", "right before it"),
}, {
	name:  "smtp_rejected_on_the_way_as_if_the_host_were_off",
	ipv6:  true,
	do:    filter("r2", "forward", "tcp dport 25 reject with icmpx type host-unreachable"),
	proof: "alive $MAIL; hears 'No route to host\\|refused\\|Permission'",
	say:   fails("smtp", "smtp_prohibited", "$R2", "25"),
}, {
	name:  "smtp_rejected_by_the_host_as_if_closed",
	do:    filter("mail", "input", "tcp dport 25 reject with icmp type port-unreachable"),
	proof: "alive $MAIL; hears refused",
	say:   fails("smtp", "smtp_prohibited", "$MAIL", "the mail host's own firewall"),
}, {
	name:  "mail_host_is_another_computer_and_off",
	ipv6:  true,
	vars:  map[string]string{"remote_host": "$MAILPEER"},
	do:    off("mail"),
	twin:  "mail_host_is_another_computer",
	proof: "alive $MAILPEER; dead $MAIL",
	say:   fails("smtp", "mail_host_down", "$NAME", "$MAIL", "$R3"),
}, {
	name:  "mail_host_is_another_computer_off_and_nobody_says_so",
	vars:  map[string]string{"remote_host": "$MAILPEER"},
	do:    all(off("mail"), filter("r3", "output", "icmp type destination-unreachable drop")),
	twin:  "mail_host_is_another_computer",
	proof: "alive $MAILPEER; dead $MAIL",
	say:   fails("smtp", "mail_host_down", "$NAME", "neither pings nor connections"),
}, {
	name:  "mail_host_on_this_subnet_is_off",
	ipv6:  true,
	shape: lab.Shape{Routers: 0, IPv4: true},
	do:    off("mail"),
	twin:  "no_router_between",
	proof: "alive $PEER; dead $MAIL",
	say:   fails("smtp", "mail_host_down", "$MAIL", "its own cable").skips("default_gateway", "remote_subnet", "path_mtu"),
}, {
	name:  "no_router_knows_the_mail_host",
	do:    named(unrouted),
	proof: "alive $MAIL; icmp " + unrouted + " 'Net Unreachable'",
	say:   fails("smtp", "no_route_to_mail_host", unrouted, "$ROUTER"),
}, {
	name:  "this_computer_has_no_route_to_the_mail_host",
	do:    all(named(unrouted), on("gw", "ip route add $MAILLAN via $ROUTER; ip route del default")),
	vars:  map[string]string{"default_gateway": ""},
	proof: "alive $MAIL; ! ip route get " + unrouted,
	say:   fails("smtp", "no_route_to_mail_host", unrouted, "own routing table"),
}, {
	name:  "this_computer_prohibits_the_way_to_the_mail_host",
	do:    all(named(unrouted), on("gw", "ip route add prohibit "+unrouted)),
	proof: "alive $MAIL; ip route get " + unrouted + " 2>&1 | grep denied",
	say:   fails("smtp", "no_route_to_mail_host", unrouted, "forbids"),
}, {
	name:  "mail_goes_round_in_a_circle",
	do:    all(named(unrouted), on("r1", "ip route add 198.51.100.0/24 via $R2"), on("r2", "ip route add 198.51.100.0/24 via $R1B")),
	proof: "alive $MAIL; icmp " + unrouted + " 'Time to live exceeded'",
	say:   fails("smtp", "routing_loop", unrouted),
}, {
	name:  "mail_is_routed_to_a_computer_that_forwards_nothing",
	ipv6:  true,
	do:    on("gw", deadWay+"ip -$FAMILY rule add ipproto tcp dport 25 lookup 25"),
	twin:  "mail_is_routed_by_its_port",
	proof: "alive $MAIL; mute",
	say:   fails("smtp", "smtp_route_differs", "25"),
}, {
	name:  "mail_is_marked_and_routed_to_a_computer_that_forwards_nothing",
	do:    on("gw", deadWay+marked),
	twin:  "mail_is_marked_and_routed_by_that",
	proof: "alive $MAIL; mute",
	say:   fails("smtp", "smtp_filtered", "25", "another way"), // as if the gateway dropped it
}, {
	name:  "mail_is_marked_and_routed_to_a_router_that_drops_it",
	do:    all(on("gw", deadWay+marked), on("peer", "sysctl -qw $FORWARDING=1"), filter("peer", "forward", "drop")),
	twin:  "mail_is_marked_and_routed_by_that",
	proof: "alive $MAIL; mute",
	say:   fails("smtp", "smtp_route_differs", "25"),
}, {
	name:  "mail_is_routed_to_nobody",
	do:    on("gw", "ip route add default via $SPARE dev eth0 table 25; ip rule add ipproto tcp dport 25 lookup 25"),
	twin:  "mail_is_routed_by_its_port",
	proof: "alive $MAIL; ! hear | grep ^220",
	say:   fails("smtp", "smtp_route_differs", "25"),
}, {
	name:  "a_rule_prohibits_mail",
	do:    on("gw", "ip rule add ipproto tcp dport 25 prohibit"),
	twin:  "mail_is_routed_by_its_port",
	proof: "alive $MAIL; hears 'Permission denied'",
	say:   fails("smtp", "smtp_route_differs", "25"),
}, {
	name: "no_local_port_is_left",
	do: func(n *lab.Network) {
		n.Host("mail").Serve(25, lab.Silent)
		n.Host("gw").Exhaust(n.Host("mail"), 25)
		n.Host("mail").Serve(26, lab.Silent)
	},
	proof: "hears 'Cannot assign requested address'; timeout 2 bash -c 'exec 3<>/dev/tcp/$MAIL/26'",
	say:   fails("smtp", "local_ports_exhausted", "$NAME", "25"),
}, {
	name:  "one_of_two_addresses_is_dead",
	ipv6:  true,
	do:    records("host-record=$NAME,$MAIL\nhost-record=$NAME,$MAILSPARE"),
	twin:  "two_addresses",
	proof: "dead $MAILSPARE; hears ^220; dig +short $NAME $RR | grep $MAILSPARE",
	say:   fails("smtp", "smtp_some_addresses_dead", "$MAILSPARE", "$MAIL"),
}, {
	name:  "one_of_two_addresses_refuses",
	do:    records("host-record=$NAME,$MAIL\nhost-record=$NAME,$MAILPEER"),
	twin:  "two_addresses",
	proof: "alive $MAILPEER; hears ^220",
	say:   fails("smtp", "smtp_some_addresses_dead", "$MAILPEER", "$MAIL"),
}, {
	name:  "one_of_two_addresses_is_silent",
	do:    all(records("host-record=$NAME,$MAIL\nhost-record=$NAME,$MAILPEER"), filter("mailpeer", "input", "tcp dport 25 drop")),
	twin:  "two_addresses",
	proof: "alive $MAILPEER; hears ^220",
	say:   fails("smtp", "smtp_some_addresses_dead", "$MAILPEER", "$MAIL"),
}, {
	name:  "ipv6_is_not_routed_beyond_the_gateway",
	shape: lab.Shape{Routers: 3, IPv4: true, IPv6: true},
	do:    all(on("r1", "for to in $(ip -6 route show | grep via | cut -d' ' -f1); do ip -6 route del $to; done"), resolv("nameserver $DNS\n")),
	twin:  "both_families",
	proof: "alive $MAIL; dead $MAIL6; hears ^220",
	say:   warns("smtp", "smtp_some_addresses_dead", "$MAIL6"),
}, {
	// Each connection's first two packets are dropped, as by a limit.
	name: "connections_begin_late",
	do: on("r3", `nft -f - <<EOF
table inet lab {
  set begun { type inet_service; flags dynamic; timeout 1m; }
  chain forward {
    type filter hook forward priority 0;
    tcp dport 25 tcp flags & (syn | ack) == syn update @begun { tcp sport limit rate over 2/hour burst 2 packets } accept
    tcp dport 25 tcp flags & (syn | ack) == syn drop
  }
}
EOF`),
	proof: "mute; alive $MAIL",
	say:   warns("smtp", "smtp_slow_connect", "$NAME"),
}, {
	name:  "mail_over_ipv6_is_filtered",
	shape: lab.Shape{Routers: 3, IPv4: true, IPv6: true},
	do:    filter("r2", "forward", "ip6 nexthdr tcp tcp dport 25 drop"),
	twin:  "both_families",
	proof: "alive $MAIL6; hears ^220",
	say:   fails("smtp", "smtp_some_addresses_dead", "$MAIL6", "$MAIL"),
}}
