//go:build linux

package checks_test

import (
	"slices"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

var remoteFaults = slices.Concat(wayFaults, wordFaults, ownFaults, lossFaults)

var wayFaults = []trial{{
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
	name:  "our_own_firewall_drops_what_comes_from_there",
	ipv6:  true,
	do:    filter("gw", "input", "$IP saddr $MAILLAN drop"),
	proof: "alive $ROUTER; dead $MAIL",
	say:   fails("remote_subnet", "path_broken", "perhaps this computer's own"),
}, {
	name:  "ipsec_without_a_key",
	do:    on("gw", "ip xfrm policy add dst $MAILLAN dir out tmpl src $GW dst $R3 proto esp mode tunnel"),
	proof: "alive $ROUTER; dead $MAIL; ip xfrm policy | grep esp",
	say:   fails("remote_subnet", "gateway_not_forwarding", "an IPsec policy"),
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
	name:  "policy_rule_prohibits_the_remote_subnet",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY rule add to $MAILLAN prohibit"),
	proof: "dead $MAIL; alive $ROUTER",
	say:   fails("remote_subnet", "local_route_blocks", "prohibit", "policy rule"),
}, {
	name:  "another_address_answers_for_the_remote_host",
	ipv6:  true,
	do:    replies("mail", "$IP saddr set $MAILSPARE"),
	proof: "ping -n -c1 -W1 $MAIL | grep $MAILSPARE; " + mailWorks,
	say:   warns("remote_subnet", "answered_by_another", "$MAIL", "$MAILSPARE"),
}, {
	name:  "remote_host_answers_twice",
	do:    on("mail", `nft "add table ip twice; add chain ip twice output { type filter hook output priority 0; }; add rule ip twice output icmp type echo-reply dup to $MAILROUTER"`),
	proof: "ping -n -c2 -i0.2 $MAIL | grep DUP; " + mailWorks,
	say:   warns("remote_subnet", "duplicate_replies", "$MAIL"),
}, {
	name:  "gateway_redirects_to_a_computer_that_is_no_router",
	do:    on("r1", "ip route replace $MAILLAN via $PEER; sysctl -qw net.ipv4.conf.all.send_redirects=1 net.ipv4.conf.eth0.send_redirects=1"),
	proof: "dead $MAIL; alive $ROUTER; ip route get $MAIL | grep \"via $PEER\"",
	say:   fails("remote_subnet", "gateway_redirects", "$ROUTER", "$PEER"),
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
	say:   warns("remote_subnet", "path_filters_ping", "$MAIL"),
}, {
	name:  "router_filters_ping",
	do:    filter("r2", "forward", pings+"drop"),
	proof: "dead $MAIL; hears '^220 '",
	say:   warns("remote_subnet", "path_filters_ping", "$MAIL"),
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
	say:   warns("remote_subnet", "path_filters_ping", "$MAIL"),
}, {
	name:  "router_rejects_ping",
	ipv6:  true,
	do:    filter("r2", "forward", pings+"reject with $ICMP type admin-prohibited"),
	proof: "icmp $MAIL 'filtered\\|prohibited'; hears '^220 '",
	say:   warns("remote_subnet", "path_filters_ping", "$MAIL"),
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
	say: warns("remote_subnet", "path_filters_ping", "$MAIL").
		after(warns("default_gateway", "gateway_filters_ping", "$ROUTER")),
}, {
	name:  "half_of_the_pings_are_lost",
	ipv6:  true,
	do:    filter("r2", "forward", pings+"numgen inc mod 2 == 0 drop"),
	proof: "ping -n -c4 -i0.2 $MAIL | grep '50% packet loss'",
	say:   warns("remote_subnet", "packet_loss", "$MAIL"),
}}

// Faults that an ICMP error tells of, or keeps silent about.
var wordFaults = []trial{{
	name:  "router_rejects_with_port_unreachable",
	ipv6:  true,
	do:    filter("r2", "forward", "$IP daddr $MAILLAN meta l4proto { icmp, icmpv6, tcp } reject"),
	proof: "icmp $MAIL \"From $R2.*port.*unreachable\"",
	say:   fails("remote_subnet", "path_prohibited", "$R2", "port_unreachable"),
}, {
	name:  "router_rejects_with_host_prohibited",
	do:    filter("r2", "forward", "$IP daddr $MAILLAN reject with icmp type host-prohibited"),
	proof: "icmp $MAIL \"From $R2.*prohibited\"",
	say:   fails("remote_subnet", "path_prohibited", "$R2"),
}, {
	name:  "router_rejects_with_net_prohibited",
	do:    filter("r2", "forward", "$IP daddr $MAILLAN reject with icmp type net-prohibited"),
	proof: "icmp $MAIL \"From $R2.*prohibited\"",
	say:   fails("remote_subnet", "path_prohibited", "$R2"),
}, {
	name:  "router_rejects_with_protocol_unreachable",
	do:    filter("r2", "forward", "$IP daddr $MAILLAN reject with icmp type prot-unreachable"),
	proof: "icmp $MAIL \"From $R2.*rotocol.*unreachable\"",
	say:   fails("remote_subnet", "path_prohibited", "$R2"),
}, {
	// A router that has looked for the host takes 3 s to say so.
	name:  "router_rejects_with_host_unreachable",
	do:    filter("r2", "forward", "$IP daddr $MAILLAN reject with icmp type host-unreachable"),
	proof: "icmp $MAIL \"From $R2.*host.*unreachable\"",
	say:   fails("remote_subnet", "remote_host_down", "$R2", "firewall"),
}, {
	name:  "router_rejects_with_address_unreachable",
	shape: lab.Shape{Routers: 3, IPv6: true},
	do:    filter("r2", "forward", "$IP daddr $MAILLAN reject with icmpv6 type addr-unreachable"),
	proof: "icmp $MAIL \"From $R2.*ddress unreachable\"",
	say:   fails("remote_subnet", "remote_host_down", "$R2", "firewall"),
}, {
	name:  "router_rejects_with_net_unreachable",
	do:    filter("r2", "forward", "$IP daddr $MAILLAN reject with icmp type net-unreachable"),
	proof: "icmp $MAIL \"From $R2.*net.*unreachable\"",
	say:   fails("remote_subnet", "no_route_to_remote", "$R2", "filter"),
}, {
	name:  "router_has_a_reject_route",
	shape: lab.Shape{Routers: 3, IPv6: true},
	do:    filter("r2", "forward", "$IP daddr $MAILLAN reject with icmpv6 type reject-route"),
	proof: "icmp $MAIL \"From $R2\"",
	say:   fails("remote_subnet", "path_prohibited", "$R2"),
}, {
	name:  "router_does_not_take_our_source",
	shape: lab.Shape{Routers: 3, IPv6: true},
	do:    filter("r2", "forward", "$IP daddr $MAILLAN reject with icmpv6 type policy-fail"),
	proof: "icmp $MAIL \"From $R2\"",
	say:   fails("remote_subnet", "source_address_wrong", "$GW", "router"),
}, {
	// It is up, whatever its own firewall says.
	name:  "remote_host_rejects_everything",
	ipv6:  true,
	do:    filter("mail", "input", "meta l4proto { icmp, tcp } iif eth0 reject with $ICMP type admin-prohibited; add rule inet lab input icmpv6 type echo-request reject with icmpv6 type admin-prohibited"),
	proof: "icmp $MAIL \"From $MAIL.*\\(filtered\\|prohibited\\)\"",
	say:   fails("remote_subnet", "path_prohibited", "$MAIL", "the host itself"),
}, {
	name:  "remote_host_says_that_it_is_unreachable",
	do:    filter("mail", "input", "iif eth0 reject with icmp type host-unreachable"),
	proof: "icmp $MAIL \"From $MAIL.*unreachable\"",
	say:   fails("remote_subnet", "path_prohibited", "$MAIL", "the host itself"),
}, {
	name:  "remote_host_off_while_the_last_router_remembers_it",
	do:    all(on("gw", "ping -c1 $MAIL"), off("mail")),
	proof: "dead $MAIL; alive $DNS",
	say:   fails("remote_subnet", "path_broken", "$R3", "$MAIL itself is off"),
}, {
	name:  "first_router_sends_no_errors_and_the_second_loses_everything",
	do:    all(filter("r1", "output", "$ICMP type time-exceeded drop"), on("r2", "ip route replace blackhole $MAILLAN")),
	proof: "dead $MAIL; alive $ROUTER; alive $R2",
	say:   fails("remote_subnet", "gateway_not_forwarding", "$ROUTER", "nor any router behind it"),
}, {
	name:  "remote_host_off_and_no_router_between",
	ipv6:  true,
	shape: lab.Shape{Routers: 0, IPv4: true},
	vars:  map[string]string{"remote_host": "$MAIL"},
	do:    off("mail"),
	twin:  "remote_host_on_the_own_subnet",
	proof: "dead $MAIL; alive $PEER",
	say:   fails("remote_subnet", "remote_host_down", "$MAIL", "neighbour").skips("default_gateway"),
}, {
	name:  "remote_host_on_the_own_subnet_drops_everything",
	shape: lab.Shape{Routers: 0, IPv4: true},
	vars:  map[string]string{"remote_host": "$MAIL"},
	do:    filter("mail", "input", "iif eth0 drop"),
	twin:  "remote_host_on_the_own_subnet",
	proof: "dead $MAIL; ip neigh show $MAIL | grep lladdr",
	say:   fails("remote_subnet", "path_broken", "$MAIL", "firewall").skips("default_gateway"),
}, {
	name:  "remote_host_is_up_and_answers_nothing_but_refusals",
	ipv6:  true,
	vars:  map[string]string{"remote_host": "$DNS"},
	do:    filter("dns", "input", pings+"drop"),
	proof: "dead $DNS; timeout 2 bash -c 'exec 3<>/dev/tcp/$DNS/25' 2>&1 | grep refused; hears '^220 '",
	say:   warns("remote_subnet", "path_filters_ping", "$DNS", "refuses").skips("path_mtu"),
}}

// Faults of this computer's own tables.
var ownFaults = []trial{{
	name:  "source_address_without_a_way_back",
	ipv6:  true,
	do:    on("gw", "ip addr add $ELSEWHERE dev eth0 $NODAD; e=$ELSEWHERE; ip -$FAMILY route replace default via $ROUTER src ${e%/*}"),
	twin:  "second_address_on_the_adapter",
	proof: "dead $MAIL; alive $ROUTER; ping -n -c1 -W2 -I $GW $MAIL",
	say:   fails("remote_subnet", "source_address_wrong", "$MAIL"),
}, {
	name:  "source_address_that_a_router_drops",
	do:    all(on("gw", "ip addr add $SPARE/$BITS dev eth0; ip route replace default via $ROUTER src $SPARE"), filter("r2", "forward", "$IP saddr $SPARE drop")),
	twin:  "second_address_that_is_preferred",
	proof: "dead $MAIL; alive $ROUTER; ping -n -c1 -W2 -I $GW $MAIL",
	say:   fails("remote_subnet", "source_address_wrong", "$SPARE"),
}, {
	name:  "answers_by_another_adapter_are_dropped",
	do:    all(sideway, on("gw", "sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.side.rp_filter=1")),
	twin:  "answers_come_by_another_adapter",
	proof: "dead $MAIL; alive $ROUTER; test $(nstat -asz TcpExtIPReversePathFilter | awk '/Reverse/ {print $2}') -gt 5",
	say:   fails("remote_subnet", "local_reverse_path_filter", "eth0"),
}, {
	name:  "container_bridge_hides_the_remote_subnet",
	ipv6:  true,
	do:    on("gw", "ip link add docker0 type bridge; ip link set docker0 up; ip addr add $MAILSPARE/$MAILBITS dev docker0 $NODAD"),
	twin:  "container_bridge",
	proof: "dead $MAIL; alive $ROUTER; ip route get $MAIL | grep docker0",
	say:   fails("remote_subnet", "local_route_shadows", "docker0", "$MAILLAN"),
}, {
	name:  "container_bridge_with_a_container_hides_the_remote_subnet",
	do:    on("gw", "ip link add docker0 type bridge; ip link set docker0 up; ip addr add $MAILSPARE/$MAILBITS dev docker0; ip link add c0 type veth peer name c1; ip link set c0 master docker0 up; ip link set c1 up"),
	twin:  "container_bridge",
	proof: "dead $MAIL; alive $ROUTER; ip route get $MAIL | grep docker0",
	say:   fails("remote_subnet", "local_route_shadows", "docker0", "$MAILLAN"),
}, {
	name:  "route_to_the_remote_subnet_without_its_gateway",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route add $MAILLAN dev eth0"),
	twin:  "own_route_instead_of_a_default_route",
	proof: "dead $MAIL; alive $ROUTER; ! ip route get $MAIL | grep via",
	say:   fails("remote_subnet", "local_route_shadows", "eth0", "$MAILLAN"),
}, {
	name:  "tunnel_whose_other_end_is_silent",
	ipv6:  true,
	do:    tunnel(true),
	twin:  "through_a_tunnel",
	proof: "dead $MAIL; alive $ROUTER; ip route get $MAIL | grep tun0",
	say:   fails("remote_subnet", "tunnel_down", "tun0", "$MAILLAN"),
}, {
	name:  "tunnel_without_its_program",
	do:    on("gw", "ip tuntap add tun0 mode tun; ip link set tun0 up; ip route add $MAILLAN dev tun0 src $GW"),
	twin:  "through_a_tunnel",
	proof: "dead $MAIL; alive $ROUTER; ip link show tun0 | grep NO-CARRIER",
	say:   fails("remote_subnet", "tunnel_down", "tun0", "$MAILLAN"),
}}

// sideway lets answers come in by a second adapter.
var sideway = on("gw", `
ip link add side type veth peer name side netns ${NS}r2
ip addr add 203.0.113.1/30 dev side; ip link set side up
ip -n ${NS}r2 addr add 203.0.113.2/30 dev side; ip -n ${NS}r2 link set side up
ip -n ${NS}r2 route add $GW/32 via 203.0.113.1`)

// tunnel lays one to the last router, and the way to the mail host through it.
func tunnel(silent bool) func(*lab.Network) {
	return func(n *lab.Network) {
		n.Tunnel("tun0", n.Host("gw"), n.Host("r3"), silent)
		n.Host("gw").Sh("ip -$FAMILY route add $MAILLAN dev tun0 src $GW")
		n.Host("r3").Sh("ip -$FAMILY route add $GW dev tun0")
	}
}
