//go:build linux

package checks_test

import "github.com/linecheck/linecheck/checks.d/internal/lab"

// Habits of the way to the remote subnet and its packet sizes that are no faults.
var healthyRemote = []trial{{
	name:  "remote_host_on_the_own_subnet",
	ipv6:  true,
	shape: lab.Shape{Routers: 0, IPv4: true},
	vars:  map[string]string{"remote_host": "$MAIL"},
	proof: "alive $MAIL; ! ip route get $MAIL | grep via; " + mailWorks,
	say:   passes.skips("default_gateway"),
}, {
	name:  "second_address_that_is_preferred",
	do:    on("gw", "ip addr add $SPARE/$BITS dev eth0; ip route replace default via $ROUTER src $SPARE"),
	proof: "ip route get $MAIL | grep \"src $SPARE\"; " + mailWorks,
	say:   passes,
}, {
	name:  "answers_come_by_another_adapter",
	do:    sideway,
	proof: mailWorks,
	say:   passes,
}, {
	name:  "answers_come_by_another_adapter_and_are_let_in",
	do:    all(sideway, on("gw", "sysctl -qw net.ipv4.conf.all.rp_filter=2")),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "container_bridge",
	ipv6:  true,
	do:    on("gw", "ip link add docker0 type bridge; ip link set docker0 up; ip addr add 203.0.113.1/24 dev docker0; ip addr add 2001:db8:c::1/64 dev docker0 nodad"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "through_a_tunnel",
	ipv6:  true,
	do:    tunnel(false),
	proof: "ip route get $MAIL | grep tun0; " + mailWorks,
	say:   passes,
}, {
	name:  "behind_an_address_translator",
	ipv6:  true,
	do:    on("r1", `nft "add table inet lab; add chain inet lab postrouting { type nat hook postrouting priority 100; }; add rule inet lab postrouting oif eth1 masquerade"`),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "routers_that_hide_their_distance",
	do:    filter("r2", "prerouting", "ip ttl set 64"),
	proof: "ping -n -c1 -W2 -t2 $MAIL; " + mailWorks,
	say:   passes,
}, {
	name:  "way_back_by_another_router",
	do:    on("r3", "ip link add back type veth peer name back netns ${NS}r1; ip addr add 203.0.113.1/30 dev back; ip link set back up; ip -n ${NS}r1 addr add 203.0.113.2/30 dev back; ip -n ${NS}r1 link set back up; ip route replace $GWLAN via 203.0.113.2"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "two_ways_of_equal_cost",
	do:    on("r1", "ip link add two type veth peer name two netns ${NS}r3; ip addr add 203.0.113.1/30 dev two; ip link set two up; ip -n ${NS}r3 addr add 203.0.113.2/30 dev two; ip -n ${NS}r3 link set two up; ip route replace $MAILLAN nexthop via 203.0.113.2 nexthop via $R2"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "dsl_line_that_says_so",
	ipv6:  true,
	do:    narrow("1492"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "narrow_link_with_a_clamp",
	ipv6:  true,
	do:    all(blackHole("1400"), filter("r2", "forward", "tcp flags syn tcp option maxseg size set 1300")),
	proof: "dead \"-s 1400 -M do $MAIL\"; alive $MAIL; " + mailWorks,
	say:   passes,
}, {
	name:  "mail_host_drops_large_pings",
	ipv6:  true,
	do:    filter("mail", "input", pings+"meta length > 1000 drop"),
	proof: "dead \"-s 1200 $MAIL\"; alive $MAIL; " + mailWorks,
	say:   passes,
}, {
	name:  "small_segments_from_the_start",
	do:    all(narrow("1400"), filter("r2", "output", "$TOOBIG drop"), on("gw", "sysctl -qw net.ipv4.tcp_mtu_probing=2")),
	proof: "dead \"-s 1400 -M do $MAIL\"; alive $MAIL; " + mailWorks,
	say:   passes,
}, {
	name:  "large_frames_on_this_subnet_alone",
	ipv6:  true,
	do:    on("sw", "for port in gw r1 peer; do ip link set $port mtu 9000; done; for host in gw r1 peer; do ip -n ${NS}$host link set eth0 mtu 9000; done; ip link set gwlan mtu 9000"),
	proof: mailWorks,
	say:   passes,
}, {
	// The mail host agrees on less, so that the switch never meets one.
	name:  "large_frames_that_the_switch_does_not_carry",
	do:    on("gw", "ip link set eth0 mtu 9000"),
	proof: mailWorks,
	say:   passes,
}}
