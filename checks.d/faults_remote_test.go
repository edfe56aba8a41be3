//go:build linux

package checks_test

import "github.com/linecheck/linecheck/checks.d/internal/lab"

var remoteFaults = []trial{{
	name:  "mask_too_wide",
	ipv6:  true,
	do:    readdress("$GW/$WIDE"),
	proof: "alive $ROUTER; dead $MAIL; ! ip route get $MAIL | grep via",
	say:   fails("remote_subnet", "subnet_mask_too_wide", "$MAIL"),
}, {
	name:  "mask_too_wide_hidden_by_proxy_arp",
	do:    all(readdress("$GW/$WIDE"), on("r1", "sysctl -qw net.ipv4.conf.eth0.proxy_arp=1")),
	proof: "alive $ROUTER; alive $MAIL; ! ip route get $MAIL | grep via",
	say:   warns("remote_subnet", "subnet_mask_too_wide", "$MAIL"),
}, {
	name:  "remote_host_is_this_computer",
	vars:  map[string]string{"remote_host": "$GW"},
	proof: "alive $GW",
	say:   fails("remote_subnet", "remote_host_is_this_computer", "$GW"),
}, {
	name:  "gateway_does_not_forward",
	ipv6:  true,
	do:    on("r1", "sysctl -qw $FORWARDING=0"),
	proof: "alive $ROUTER; dead $MAIL",
	say:   fails("remote_subnet", "gateway_not_forwarding"),
}, {
	name:  "gateway_drops_what_it_should_forward",
	do:    filter("r1", "forward", "drop"),
	proof: "alive $ROUTER; dead $MAIL",
	say:   fails("remote_subnet", "path_broken", "$ROUTER"),
}, {
	name:  "local_output_filter",
	ipv6:  true,
	do:    filter("gw", "output", "$IP daddr $MAIL drop"),
	proof: "dead $MAIL; alive $ROUTER",
	say:   fails("remote_subnet", "local_filter", "$MAIL"),
}, {
	name:  "local_blackhole_route",
	ipv6:  true,
	do:    on("gw", "ip route add blackhole $MAILLAN"),
	proof: "dead $MAIL; alive $ROUTER",
	say:   fails("remote_subnet", "local_route_blocks", "blackhole", "$MAILLAN"),
}, {
	name:  "local_prohibit_route",
	ipv6:  true,
	do:    on("gw", "ip route add prohibit $MAILLAN"),
	proof: "dead $MAIL; alive $ROUTER",
	say:   fails("remote_subnet", "local_route_blocks", "prohibit", "$MAILLAN"),
}, {
	name:  "local_unreachable_route",
	ipv6:  true,
	do:    on("gw", "ip route add unreachable $MAILLAN"),
	proof: "dead $MAIL; alive $ROUTER",
	say:   fails("remote_subnet", "local_route_blocks", "unreachable", "$MAILLAN"),
}, {
	name:  "router_without_the_route",
	ipv6:  true,
	do:    on("r2", "ip route del $MAILLAN"),
	proof: "icmp $MAIL \"From $R2.*\\(net.*unreachable\\|no route\\)\"",
	say:   fails("remote_subnet", "no_route_to_remote", "$R2"),
}, {
	name:  "gateway_without_the_route",
	do:    on("r1", "ip route del $MAILLAN"),
	proof: "icmp $MAIL \"From $ROUTER.*net.*unreachable\"",
	say:   fails("remote_subnet", "no_route_to_remote", "$ROUTER"),
}, {
	name:  "router_with_a_blackhole",
	ipv6:  true,
	do:    on("r2", "ip route replace blackhole $MAILLAN"),
	proof: "dead $MAIL; alive $R2",
	say:   fails("remote_subnet", "path_broken", "$ROUTER"),
}, {
	name:  "router_prohibits",
	ipv6:  true,
	do:    on("r2", "ip route replace prohibit $MAILLAN"),
	proof: "icmp $MAIL \"From $R2.*\\(filtered\\|prohibited\\)\"",
	say:   fails("remote_subnet", "path_prohibited", "$R2"),
}, {
	name:  "router_rejects_by_firewall",
	ipv6:  true,
	do:    filter("r2", "forward", "$IP daddr $MAILLAN reject with $ICMP type admin-prohibited"),
	proof: "icmp $MAIL \"From $R2.*\\(filtered\\|prohibited\\)\"",
	say:   fails("remote_subnet", "path_prohibited", "$R2"),
}, {
	name:  "routing_loop",
	ipv6:  true,
	do:    on("r2", "ip route replace $MAILLAN via $R1B"),
	proof: "icmp $MAIL 'Time to live exceeded\\|Time exceeded'",
	say:   fails("remote_subnet", "routing_loop"),
}, {
	name:  "long_routing_loop",
	shape: lab.Shape{Routers: 4, IPv4: true},
	do:    on("r4", "ip addr del $R4B/$MAILBITS dev eth1; ip route replace $MAILLAN via $R3B; ip -n ${NS}r3 route replace $MAILLAN via $R2B"),
	proof: "icmp $MAIL 'Time to live exceeded'",
	say:   fails("remote_subnet", "routing_loop"),
}, {
	// The router before a dead link and the one before a dead host say the
	// same: nobody answers for the next address.
	name:  "dead_transit_link",
	ipv6:  true,
	do:    on("r3", "ip link set eth0 down"),
	proof: "icmp $MAIL \"From $R2.*\\(host\\|address\\) unreachable\"",
	say:   fails("remote_subnet", "remote_host_down", "$R2"),
}, {
	name:  "transit_adapter_switched_off",
	do:    on("r2", "ip link set eth1 down"),
	proof: "icmp $MAIL \"From $R2.*net.*unreachable\"",
	say:   fails("remote_subnet", "no_route_to_remote", "$R2"),
}, {
	name:  "transit_link_swallows_everything",
	ipv6:  true,
	do:    filter("r3", "prerouting", nothingButND),
	proof: "dead $MAIL; alive $R2",
	say:   fails("remote_subnet", "path_broken", "$R2"),
}, {
	name:  "no_way_back_from_a_router",
	ipv6:  true,
	do:    on("r2", "ip route del $GWLAN"),
	proof: "dead $MAIL; alive $ROUTER",
	say:   fails("remote_subnet", "path_broken", "$ROUTER"),
}, {
	name:  "no_way_back_from_the_mail_host",
	ipv6:  true,
	do:    on("mail", "ip -$FAMILY route del default"),
	proof: "dead $MAIL; alive $DNS",
	say:   fails("remote_subnet", "path_broken", "$R3"),
}, {
	name:  "remote_host_off",
	ipv6:  true,
	do:    off("mail"),
	proof: "dead $MAIL; alive $DNS; icmp $MAIL \"From $R3.*\\(host\\|address\\) unreachable\"",
	say:   fails("remote_subnet", "remote_host_down", "$MAIL", "$R3"),
}, {
	name:  "remote_host_filters_ping",
	ipv6:  true,
	do:    filter("mail", "input", pings+"drop"),
	proof: "dead $MAIL; hears '^220 '",
	say:   warns("remote_subnet", "path_filters_ping", "$MAIL").skips("path_mtu"),
}, {
	name:  "router_filters_ping",
	do:    filter("r2", "forward", pings+"drop"),
	proof: "dead $MAIL; hears '^220 '",
	say:   warns("remote_subnet", "path_filters_ping", "$MAIL").skips("path_mtu"),
}, {
	// Counted, not drawn, and of TCP so little that mail still gets through. The
	// DNS is spared: whether two tries are enough would be drawn.
	name: "half_of_the_pings_and_a_fifth_of_tcp_are_lost",
	do: all(
		filter("r2", "forward", pings+"numgen inc mod 2 == 0 drop"),
		on("r2", `nft "add rule inet lab forward meta l4proto tcp numgen inc mod 5 == 3 drop"`),
	),
	proof: "ping -n -c4 -i0.2 $MAIL | grep '50% packet loss'",
	say:   warns("remote_subnet", "packet_loss", "$MAIL"),
}, {
	// The refusal is about pings, and must not be taken for one of everything.
	name:  "remote_host_rejects_ping",
	do:    filter("mail", "input", pings+"reject with $ICMP type admin-prohibited"),
	proof: "icmp $MAIL 'filtered\\|prohibited'; hears '^220 '",
	say:   warns("remote_subnet", "path_filters_ping", "$MAIL").skips("path_mtu"),
}, {
	name:  "router_rejects_ping",
	ipv6:  true,
	do:    filter("r2", "forward", pings+"reject with $ICMP type admin-prohibited"),
	proof: "icmp $MAIL 'filtered\\|prohibited'; hears '^220 '",
	say:   warns("remote_subnet", "path_filters_ping", "$MAIL").skips("path_mtu"),
}, {
	name:  "remote_host_drops_everything",
	do:    filter("mail", "input", "iif eth0 drop"),
	proof: "dead $MAIL; mute",
	say:   fails("remote_subnet", "path_broken", "$R3"),
}, {
	name: "remote_host_off_behind_routers_that_send_no_time_exceeded",
	do: all(off("mail"), filter("r1", "output", "$ICMP type time-exceeded drop"),
		filter("r2", "output", "$ICMP type time-exceeded drop"), filter("r3", "output", "$ICMP type time-exceeded drop")),
	proof: `icmp $MAIL "From $R3.*host unreachable"`,
	say:   fails("remote_subnet", "remote_host_down", "$MAIL", "$R3"),
}, {
	// Usual in large networks, and no reason to call anything down.
	name:  "pings_are_filtered_by_every_router",
	ipv6:  true,
	do:    all(filter("r1", "input", pings+"drop"), filter("r1", "forward", pings+"drop")),
	proof: "dead $ROUTER; dead $MAIL; alive $PEER; hears '^220 '",
	say: warns("remote_subnet", "path_filters_ping", "$MAIL").skips("path_mtu").
		after(warns("default_gateway", "gateway_filters_ping", "$ROUTER")),
}, {
	name:  "half_of_the_pings_are_lost",
	ipv6:  true,
	do:    filter("r2", "forward", pings+"numgen inc mod 2 == 0 drop"),
	proof: "ping -n -c4 -i0.2 $MAIL | grep '50% packet loss'",
	say:   warns("remote_subnet", "packet_loss", "$MAIL"),
}}

var mtuFaults = []trial{{
	name: "mtu_black_hole",
	ipv6: true,
	do: all(
		on("r2", "ip link set eth1 mtu 1400"), on("r3", "ip link set eth0 mtu 1400"),
		filter("r2", "output", "$TOOBIG drop"),
	),
	proof: "dead \"-s 1400 -M do $MAIL\"; alive $MAIL",
	say:   fails("path_mtu", "mtu_black_hole", "$MAIL", "1400"),
}}
