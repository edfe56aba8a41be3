//go:build linux

package checks_test

import (
	"slices"
	"time"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// mailWorks is what ordinary tools say of every healthy network.
const mailWorks = "resolves $MAIL; hears ^220; "

// The table of networks in which nothing is wrong: not one warning is allowed.
var healthy = slices.Concat(shapes, habits, greetings, healthyNear, healthyRemote, healthyDNS, healthySMTP)

// Networks of other shapes and addresses.
var shapes = []trial{{
	name:  "standard",
	ipv6:  true,
	proof: "alive $PEER; alive $ROUTER; alive $MAIL; " + mailWorks,
	say:   passes,
}, {
	name:  "no_router_between",
	ipv6:  true,
	shape: lab.Shape{Routers: 0, IPv4: true},
	proof: "alive $PEER; alive $MAIL; " + mailWorks,
	say:   passes.skips("default_gateway", "remote_subnet", "path_mtu"),
}, {
	name:  "one_router_between",
	ipv6:  true,
	shape: lab.Shape{Routers: 1, IPv4: true},
	proof: mailWorks,
	say:   passes,
}, {
	name:  "four_routers_between",
	ipv6:  true,
	shape: lab.Shape{Routers: 4, IPv4: true},
	proof: mailWorks,
	say:   passes,
}, {
	name:  "both_families",
	shape: lab.Shape{Routers: 3, IPv4: true, IPv6: true},
	proof: "alive $MAIL; alive $MAIL6; " + mailWorks,
	say:   passes,
}, {
	name:  "dns_on_the_same_subnet",
	ipv6:  true,
	shape: lab.Shape{Routers: 2, IPv4: true, DNSBeside: true},
	proof: "! ip route get $DNS | grep via; " + mailWorks,
	say:   passes,
}, {
	name: "several_adapters",
	vars: map[string]string{"subnet_host": "", "default_gateway": ""},
	do: on("gw", `
ip link add aaa0 type veth peer name aaa0 netns ${NS}sw   # up, without carrier
ip addr add $ELSEWHERE dev aaa0; ip link set aaa0 up
ip link add zzz0 type veth peer name zzz0 netns ${NS}sw   # off
ip link add mgmt0 type veth peer name mgmt0 netns ${NS}sw # a subnet of its own
ip addr add 203.0.113.5/28 dev mgmt0; ip link set mgmt0 up; ip -n ${NS}sw link set mgmt0 up`),
	proof: "ip link show aaa0 | grep NO-CARRIER; " + mailWorks,
	say:   passes.skips("local_subnet"),
}, {
	name:  "adapter_is_a_bridge",
	do:    on("gw", "ip link add br0 type bridge; ip link set br0 up; ip link set eth0 master br0; ip addr flush dev eth0 scope global; ip addr add $GW/$BITS dev br0; ip route add default via $ROUTER"),
	proof: "ip route get $MAIL | grep 'dev br0'; " + mailWorks,
	say:   passes,
}, {
	name:  "second_address_on_the_adapter",
	ipv6:  true,
	do:    on("gw", "ip addr add $ELSEWHERE dev eth0 $NODAD"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "small_mtu_on_the_way",
	ipv6:  true,
	do:    all(on("r2", "ip link set eth1 mtu 1400"), on("r3", "ip link set eth0 mtu 1400")),
	proof: `dead "-s 1400 -M do $MAIL"; icmp "-s 1400 -M do $MAIL" 'mtu.*1400'; ` + mailWorks,
	say:   passes,
}, {
	name:  "the_way_down",
	ipv6:  true,
	from:  "mail",
	do:    func(n *lab.Network) { n.Host("gw").StartMail(lab.Mail{}) },
	proof: mailWorks,
	say:   passes,
}, {
	name:    "values_from_a_site_profile",
	profile: true,
	vars:    map[string]string{"dns_servers": `["$DNS"]`, "max_rtt_ms": "500"},
	proof:   mailWorks,
	say:     passes,
}, {
	name:    "the_way_down_from_a_site_profile",
	profile: true,
	from:    "mail",
	do:      func(n *lab.Network) { n.Host("gw").StartMail(lab.Mail{}) },
	proof:   mailWorks,
	say:     passes,
}}

// Habits of networks that are no faults.
var habits = []trial{{
	name:  "gateway_is_discovered",
	vars:  map[string]string{"default_gateway": ""},
	proof: mailWorks,
	say:   passes,
}, {
	name:  "only_the_mail_host_is_known",
	ipv6:  true,
	vars:  map[string]string{"default_gateway": "", "subnet_host": "", "remote_host": ""},
	proof: mailWorks,
	say:   passes.skips("local_subnet", "remote_subnet", "path_mtu"),
}, {
	name: "routers_limit_their_errors",
	ipv6: true,
	do: func(n *lab.Network) {
		for _, r := range []string{"r1", "r2", "r3"} {
			n.Host(r).Sh("sysctl -qw net.ipv4.icmp_ratelimit=60000 net.ipv6.icmp.ratelimit=60000")
		}
	},
	proof: mailWorks,
	say:   passes,
}, {
	name:  "routers_send_no_errors",
	do:    all(filter("r1", "output", "$ICMP type time-exceeded drop"), filter("r2", "output", "$ICMP type time-exceeded drop"), filter("r3", "output", "$ICMP type time-exceeded drop")),
	proof: "! ping -c1 -W1 -t2 $MAIL | grep exceeded; " + mailWorks,
	say:   passes,
}, {
	name:  "a_single_loss",
	do:    filter("r2", "forward", pings+"numgen inc mod 100 == 1 drop"),
	proof: mailWorks,
	say:   passes,
}, {
	name: "firewalls_that_let_mail_through",
	do: func(n *lab.Network) {
		for _, host := range []string{"gw", "mail", "dns", "peer"} {
			n.Host(host).Sh(`nft "add table inet lab; add chain inet lab input { type filter hook input priority 0; policy drop; };
add rule inet lab input ct state established,related accept; add rule inet lab input iif lo accept;
add rule inet lab input meta l4proto { icmp, icmpv6 } accept; add rule inet lab input tcp dport { 25, 53 } accept; add rule inet lab input udp dport 53 accept"`)
		}
	},
	proof: "alive $MAIL; " + mailWorks,
	say:   passes,
}, {
	name:  "right_static_arp_entry",
	ipv6:  true,
	do:    on("gw", rightEntry),
	proof: "ip neigh show $ROUTER | grep PERMANENT; " + mailWorks,
	say:   passes,
}, {
	name:  "policy_route_through_the_gateway",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route add default via $ROUTER table 100; ip -$FAMILY rule add to $MAILLAN lookup 100; ip -$FAMILY route del default"),
	proof: "ip route get $MAIL | grep 'table 100'; " + mailWorks,
	say:   passes,
}, {
	name:  "own_route_instead_of_a_default_route",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route add $MAILLAN via $ROUTER; ip -$FAMILY route del default"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "name_is_an_alias",
	ipv6:  true,
	do:    records("host-record=real.$DOMAIN,$MAIL\ncname=$NAME,real.$DOMAIN"),
	proof: "dig $NAME $RR | grep CNAME; hears ^220",
	say:   passes,
}, {
	name:  "short_name_and_search_domain",
	vars:  map[string]string{"mail_host": "$SHORT"},
	proof: "getent ahosts $SHORT | grep $MAIL; " + mailWorks,
	say:   passes,
}, {
	name:  "hosts_file_agrees",
	ipv6:  true,
	do:    hosts("$MAIL $NAME"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "address_as_planned",
	ipv6:  true,
	vars:  map[string]string{"mail_address": "$MAIL"},
	proof: mailWorks,
	say:   passes,
}, {
	name:  "dns_servers_are_named",
	vars:  map[string]string{"dns_servers": `["$DNS"]`},
	proof: mailWorks,
	say:   passes,
}, {
	name:  "dns_answers_over_tcp",
	ipv6:  true,
	do:    func(n *lab.Network) { n.Host("dns").ServeDNS(n.Truncating()) },
	proof: "dig $NAME $RR | grep Truncated; hears ^220",
	say:   passes,
}, {
	name:  "greeting_without_a_name_is_logged",
	vars:  map[string]string{"smtp_log": "$DIR/smtp.log"},
	do:    on("gw", "echo 'Nov 24 06:00:01 gw smtp: < 220-ready for ESMTP' >$DIR/smtp.log"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "greeting_is_logged",
	vars:  map[string]string{"smtp_log": "$DIR/smtp.log"},
	do:    on("gw", "echo \"Nov 24 06:00:01 gw smtp: < 220 $NAME ESMTP Postfix\" >$DIR/smtp.log"),
	proof: mailWorks,
	say:   passes,
}}

// Greetings that are odd and right.
var greetings = []trial{{
	name:  "greeting_after_three_seconds",
	ipv6:  true,
	do:    port25(lab.Late(3*time.Second, lab.Says("220 slow ESMTP\r\n"))),
	proof: "mute",
	say:   passes,
}, {
	name:  "greeting_in_pieces",
	ipv6:  true,
	do:    port25(lab.Dribbles("220 pieces ESMTP\r\n", 20*time.Millisecond)),
	proof: "hears '^220 pieces'",
	say:   passes,
}, {
	name:  "greeting_in_several_lines",
	do:    port25(lab.Says("220-mx.example ESMTP\r\n220-No unsolicited mail\r\n220 ready\r\n")),
	proof: "hears '^220 ready'",
	say:   passes,
}, {
	name:  "greeting_in_several_lines_in_pieces",
	do:    port25(lab.Dribbles("220-mx.example ESMTP\r\n220 ready\r\n", 20*time.Millisecond)),
	proof: "hears '^220 ready'",
	say:   passes,
}, {
	name:  "greeting_ends_in_a_bare_line_feed",
	do:    port25(lab.Says("220 bare ESMTP\n")),
	proof: "hears '^220 bare'",
	say:   passes,
}, {
	name:  "greeting_without_a_word",
	do:    port25(lab.Says("220\r\n")),
	proof: "hears '^220'",
	say:   passes,
}, {
	name:  "another_smtp_port",
	vars:  map[string]string{"smtp_port": "2525"},
	do:    func(n *lab.Network) { n.Host("mail").Serve(2525, lab.Says("220 other ESMTP\r\n")) },
	proof: "hears ^220",
	say:   passes,
}}
