//go:build linux

package checks_test

import (
	"slices"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// The table of faults, in the order of the ladder.
var faults = slices.Concat(loopbackFaults, adapterFaults, subnetFaults, gatewayFaults, nearFaults, remoteFaults, mtuFaults, dnsFaults, smtpFaults, logFaults)

var loopbackFaults = []trial{{
	name:  "loopback_down",
	do:    on("gw", "ip link set lo down"),
	proof: "dead 127.0.0.1; alive $ROUTER",
	say:   fails("loopback", "loopback_down", "127.0.0.1"),
}, {
	name:  "loopback_without_its_address",
	do:    on("gw", "ip addr del 127.0.0.1/8 dev lo"),
	proof: "dead 127.0.0.1; alive $ROUTER",
	say:   fails("loopback", "loopback_down", "127.0.0.1"),
}, {
	name:  "loopback_filtered",
	do:    filter("gw", "input", "iif lo "+pings+"drop"),
	proof: "dead 127.0.0.1; alive $ROUTER",
	say:   fails("loopback", "loopback_filtered", "127.0.0.1"),
}, {
	name:  "loopback_filtered_on_the_way_out",
	do:    filter("gw", "output", "oif lo "+pings+"drop"),
	proof: "dead 127.0.0.1; alive $ROUTER",
	say:   fails("loopback", "loopback_filtered"),
}, {
	name:  "loopback_ignores_pings",
	do:    on("gw", "sysctl -qw net.ipv4.icmp_echo_ignore_all=1"),
	proof: "dead 127.0.0.1; alive $ROUTER; " + mailWorks,
	say:   warns("loopback", "loopback_ignores_ping", "127.0.0.1"),
	twin:  "standard",
}, {
	name:  "loopback_ignores_pings_of_both_families",
	shape: lab.Shape{Routers: 3, IPv4: true, IPv6: true},
	do:    on("gw", "sysctl -qw net.ipv4.icmp_echo_ignore_all=1 net.ipv6.icmp.echo_ignore_all=1"),
	proof: "dead 127.0.0.1; dead ::1; " + mailWorks,
	say:   warns("loopback", "loopback_ignores_ping", "127.0.0.1"),
	twin:  "both_families",
}, {
	name:  "loopback_ignores_pings_and_drops_the_rest",
	do:    all(on("gw", "sysctl -qw net.ipv4.icmp_echo_ignore_all=1"), filter("gw", "input", "iif lo drop")),
	proof: "dead 127.0.0.1; alive $ROUTER",
	say:   fails("loopback", "loopback_filtered", "127.0.0.1"),
	twin:  "standard",
}, {
	name:  "loopback_ignores_pings_and_rejects_the_rest",
	do:    all(on("gw", "sysctl -qw net.ipv4.icmp_echo_ignore_all=1"), filter("gw", "input", "iif lo reject")),
	proof: "dead 127.0.0.1; alive $ROUTER",
	say:   fails("loopback", "loopback_filtered", "127.0.0.1"),
	twin:  "standard",
}}

var adapterFaults = []trial{{
	name:  "adapter_switched_off",
	ipv6:  true,
	do:    on("gw", "ip link set eth0 down"),
	proof: "dead $ROUTER; alive 127.0.0.1",
	say:   fails("adapter", "adapter_down", "eth0"),
}, {
	name:  "no_carrier",
	ipv6:  true,
	do:    on("sw", "ip link set gw down"),
	proof: "ip link show eth0 | grep NO-CARRIER; dead $ROUTER",
	say:   fails("adapter", "link_down", "eth0"),
}, {
	name:  "no_address",
	ipv6:  true,
	do:    on("gw", "ip addr flush dev eth0 scope global"),
	proof: "! ip addr show dev eth0 scope global | grep inet; ip link show eth0 | grep LOWER_UP; dead $MAIL",
	say:   fails("adapter", "no_address", "eth0"),
}}

var subnetFaults = []trial{{
	name:  "address_of_another_subnet",
	ipv6:  true,
	do:    on("gw", "ip addr flush dev eth0 scope global; ip -$FAMILY route flush exact default; ip addr add $ELSEWHERE dev eth0 $NODAD"),
	proof: "dead $PEER; dead $ROUTER",
	say:   fails("local_subnet", "subnet_mask_wrong", "$PEER"),
}, {
	name:  "address_of_another_subnet_with_the_right_gateway",
	ipv6:  true,
	do:    readdress("$ELSEWHERE"),
	proof: "ip route get $PEER | grep via",
	say:   fails("local_subnet", "subnet_mask_wrong", "$PEER"),
}, {
	name:  "mask_too_narrow_hidden_by_redirect",
	ipv6:  true,
	do:    readdress("$GW/$NARROW"),
	proof: "alive $PEER; alive $ROUTER; ip -$FAMILY route show to match $PEER | grep via",
	say:   fails("local_subnet", "subnet_mask_wrong", "$PEER"),
}, {
	name:  "mask_too_narrow_without_redirect",
	do:    all(readdress("$GW/$NARROW"), on("r1", "sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0")),
	proof: "alive $PEER; alive $ROUTER; ip route get $PEER | grep via",
	say:   fails("local_subnet", "subnet_mask_wrong", "$PEER"),
}, {
	name:  "mask_of_one_address",
	ipv6:  true,
	do:    on("gw", "ip addr flush dev eth0 scope global; ip -$FAMILY route flush exact default; ip addr add $GW dev eth0 $NODAD"),
	proof: "dead $PEER; dead $ROUTER",
	say:   fails("local_subnet", "subnet_mask_wrong", "$PEER"),
}, {
	name:  "subnet_host_off",
	ipv6:  true,
	do:    off("peer"),
	proof: "dead $PEER; alive $ROUTER",
	say:   fails("local_subnet", "subnet_host_down", "$PEER"),
}, {
	name:  "subnet_port_isolated",
	ipv6:  true,
	do:    on("sw", "bridge link set dev gw isolated on; bridge link set dev peer isolated on"),
	proof: "dead $PEER; alive $ROUTER",
	say:   fails("local_subnet", "subnet_host_down", "$PEER"),
}, {
	name:  "port_in_the_wrong_vlan",
	ipv6:  true,
	do:    on("sw", "ip link set gw nomaster"),
	proof: "dead $PEER; dead $ROUTER; ip link show eth0 | grep LOWER_UP",
	say:   fails("local_subnet", "subnet_isolated", "$PEER"),
}, {
	name:  "subnet_host_and_gateway_off",
	do:    all(off("peer"), off("r1")),
	proof: "dead $PEER; dead $ROUTER",
	say:   fails("local_subnet", "subnet_isolated", "$PEER"),
}, {
	name:  "subnet_host_filters_ping",
	ipv6:  true,
	do:    filter("peer", "input", pings+"drop"),
	proof: "dead $PEER; ip neigh show $PEER | grep lladdr",
	say:   warns("local_subnet", "subnet_host_filters_ping", "$PEER"),
}, {
	name:  "subnet_host_with_a_wrong_mask",
	do:    on("peer", "ip addr flush dev eth0; ip addr add $PEER dev eth0"),
	proof: "dead $PEER; ip neigh show $PEER | grep lladdr",
	say:   warns("local_subnet", "subnet_host_filters_ping", "$PEER", "mask"),
}, {
	name:  "wrong_static_arp_entry_for_the_subnet_host",
	ipv6:  true,
	do:    on("gw", "ip neigh replace $PEER lladdr "+elsewhere+" dev eth0 nud permanent"),
	proof: "dead $PEER; alive $ROUTER",
	say:   fails("local_subnet", "subnet_neighbour_wrong", "$PEER", elsewhere),
}, {
	name:  "subnet_host_is_this_computer",
	vars:  map[string]string{"subnet_host": "$GW"},
	proof: "alive $GW",
	say:   fails("local_subnet", "subnet_host_is_this_computer", "$GW"),
}, {
	name:  "subnet_host_loses_half",
	do:    filter("peer", "input", pings+"numgen inc mod 2 == 0 drop"),
	proof: "ping -n -c4 -i0.2 $PEER | grep '50% packet loss'",
	say:   warns("local_subnet", "packet_loss", "$PEER"),
}, {
	name:  "local_filter_towards_subnet_host",
	do:    filter("gw", "output", "$IP daddr $PEER drop"),
	proof: "dead $PEER; alive $ROUTER",
	say:   fails("local_subnet", "local_filter", "$PEER"),
}, {
	name:  "blackhole_for_subnet_host",
	do:    on("gw", "ip route add blackhole $PEER"),
	proof: "dead $PEER; alive $ROUTER",
	say:   fails("local_subnet", "local_route_blocks", "$PEER"),
}}

// elsewhere is a hardware address that nobody has.
const elsewhere = "02:00:5e:00:00:01"

// twoRouters shares connections out among the router and nobody.
const twoRouters = "ip -$FAMILY route del default; ip -$FAMILY route add default nexthop via $ROUTER nexthop via $SPARE"

// rightEntry sets the gateway's hardware address by hand, as it is.
const rightEntry = "ip neigh replace $ROUTER lladdr $(ip netns exec ${NS}r1 cat /sys/class/net/eth0/address) dev eth0 nud permanent"

var gatewayFaults = []trial{{
	name:  "gateway_off",
	ipv6:  true,
	do:    off("r1"),
	proof: "dead $ROUTER; alive $PEER",
	say:   fails("default_gateway", "gateway_down", "$ROUTER"),
}, {
	name:  "gateway_off_and_no_plan",
	vars:  map[string]string{"default_gateway": ""},
	do:    off("r1"),
	proof: "dead $ROUTER; alive $PEER",
	say:   fails("default_gateway", "gateway_down", "$ROUTER"),
}, {
	name:  "gateway_ignores_ping",
	ipv6:  true,
	do:    filter("r1", "input", pings+"drop"),
	proof: "dead $ROUTER; alive $MAIL",
	say:   warns("default_gateway", "gateway_filters_ping", "$ROUTER"),
}, {
	name:  "gateway_with_a_wrong_mask",
	do:    on("r1", "ip addr flush dev eth0; ip addr add $R1 dev eth0"),
	proof: "dead $ROUTER; ip neigh show $ROUTER | grep lladdr",
	say:   fails("default_gateway", "gateway_silent", "$ROUTER"),
}, {
	name:  "gateway_drops_everything",
	ipv6:  true,
	do:    filter("r1", "prerouting", nothingButND),
	proof: "dead $ROUTER; alive $PEER; ip neigh show $ROUTER | grep lladdr",
	say:   fails("default_gateway", "gateway_silent", "$ROUTER"),
}, {
	// IPv6 needs neighbour discovery, which such a rule would drop as well.
	name:  "our_own_firewall_lets_nothing_in",
	do:    filter("gw", "input", "iif eth0 drop"),
	proof: "dead $ROUTER; dead $PEER; ip neigh show $ROUTER | grep lladdr",
	say:   fails("default_gateway", "gateway_silent", "$ROUTER", "this computer's own firewall").after(warns("local_subnet", "subnet_host_filters_ping", "$PEER")),
}, {
	name:  "the_switch_keeps_the_gateway_apart",
	do:    on("sw", "bridge link set dev gw isolated on; bridge link set dev r1 isolated on"),
	proof: "alive $PEER; dead $ROUTER; ! ip neigh show $ROUTER | grep lladdr",
	say:   fails("default_gateway", "gateway_down", "$ROUTER", "isolated ports"),
}, {
	// Our own firewall takes every reply for an intrusion; mail gets through.
	name:  "replies_dropped_by_our_own_firewall",
	ipv6:  true,
	do:    filter("gw", "input", "iif eth0 $ICMP type echo-reply drop"),
	proof: "dead $PEER; dead $ROUTER; dead $MAIL; hears '^220 '",
	say: warns("remote_subnet", "path_filters_ping", "$MAIL").
		after(warns("local_subnet", "subnet_host_filters_ping", "$PEER"), warns("default_gateway", "gateway_filters_ping", "$ROUTER")),
}, {
	name:  "better_default_route_elsewhere",
	do:    on("gw", "ip route del default; ip route add default via $ROUTER metric 100; ip route add default via $PEER metric 50"),
	proof: "alive $ROUTER; dead $MAIL",
	say:   fails("default_gateway", "gateway_address_wrong", "$PEER", "$ROUTER"),
}, {
	// The entry is right, which an ordinary user can't ask: what lies behind answers.
	name:  "static_arp_entry_of_a_gateway_that_ignores_ping",
	ipv6:  true,
	do:    all(on("gw", rightEntry), filter("r1", "input", pings+"drop")),
	proof: "dead $ROUTER; ip neigh show $ROUTER | grep PERMANENT; " + mailWorks,
	say:   warns("default_gateway", "gateway_filters_ping", "$ROUTER"),
	twin:  "right_static_arp_entry",
}, {
	// As in a network of containers: the gateway is nobody's address.
	name: "static_arp_entry_of_a_gateway_outside_of_every_subnet",
	vars: map[string]string{"default_gateway": "", "subnet_host": ""},
	do: on("gw", `
ip addr flush dev eth0 scope global; ip addr add $GW/32 dev eth0; ip route add 169.254.1.1 dev eth0 scope link
ip neigh replace 169.254.1.1 lladdr $(ip netns exec ${NS}r1 cat /sys/class/net/eth0/address) dev eth0 nud permanent
ip route add default via 169.254.1.1`),
	proof: "dead 169.254.1.1; " + mailWorks,
	say:   warns("default_gateway", "gateway_filters_ping", "169.254.1.1").skips("local_subnet"),
	twin:  "cloud_address_without_a_subnet",
}, {
	name:  "wrong_static_arp_entry",
	ipv6:  true,
	do:    on("gw", "ip neigh replace $ROUTER lladdr "+elsewhere+" dev eth0 nud permanent"),
	proof: "dead $ROUTER; alive $PEER",
	say:   fails("default_gateway", "gateway_neighbour_wrong", "$ROUTER", elsewhere),
}, {
	name:  "wrong_gateway_in_the_routing_table",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route replace default via $PEER"),
	proof: "alive $ROUTER; dead $MAIL",
	say:   fails("default_gateway", "gateway_address_wrong", "$PEER", "$ROUTER"),
}, {
	name:  "nobody_at_the_gateway_address_in_the_routing_table",
	do:    on("gw", "ip -$FAMILY route replace default via $SPARE"),
	proof: "alive $ROUTER; dead $MAIL",
	say:   fails("default_gateway", "gateway_address_wrong", "$SPARE", "$ROUTER"),
}, {
	name:  "nobody_at_the_gateway_address_and_no_plan",
	vars:  map[string]string{"default_gateway": ""},
	do:    on("gw", "ip -$FAMILY route replace default via $SPARE"),
	proof: "dead $SPARE; dead $MAIL",
	say:   fails("default_gateway", "gateway_down", "$SPARE"),
}, {
	name:  "one_of_two_routers_is_off",
	do:    on("gw", twoRouters),
	proof: "dead $SPARE; alive $ROUTER; ip route show default | grep nexthop",
	say:   fails("default_gateway", "gateway_one_of_several_down", "$SPARE"),
	twin:  "two_routers_share_the_load",
}, {
	name:  "one_of_two_routers_is_off_and_the_plan_names_it",
	vars:  map[string]string{"default_gateway": "$SPARE"},
	do:    on("gw", twoRouters),
	proof: "dead $SPARE; alive $ROUTER; ip route show default | grep nexthop",
	say:   fails("default_gateway", "gateway_one_of_several_down", "$SPARE"),
	twin:  "two_routers_share_the_load",
}, {
	name:  "one_of_two_routers_is_off_and_no_plan",
	vars:  map[string]string{"default_gateway": ""},
	do:    on("gw", twoRouters),
	proof: "dead $SPARE; alive $ROUTER; ip route show default | grep nexthop",
	say:   fails("default_gateway", "gateway_one_of_several_down", "$SPARE"),
	twin:  "two_routers_share_the_load",
}, {
	name:  "one_of_two_routers_is_off_and_passed_over",
	do:    on("gw", "sysctl -qw net.ipv4.fib_multipath_use_neigh=1; "+twoRouters),
	proof: "dead $SPARE; alive $ROUTER",
	say:   warns("default_gateway", "gateway_one_of_several_down", "$SPARE"),
	twin:  "two_routers_share_the_load",
}, {
	// The kernel passes over it while this computer is no router.
	name:  "one_of_two_routers_of_ipv6_is_off",
	shape: lab.Shape{Routers: 3, IPv6: true},
	do:    on("gw", twoRouters),
	proof: "dead $SPARE; alive $ROUTER",
	say:   warns("default_gateway", "gateway_one_of_several_down", "$SPARE"),
	twin:  "two_routers_share_the_load",
}, {
	name:  "one_of_two_routers_of_ipv6_is_off_and_this_is_one",
	shape: lab.Shape{Routers: 3, IPv6: true},
	do:    on("gw", "sysctl -qw net.ipv6.conf.all.forwarding=1; "+twoRouters),
	proof: "dead $SPARE; alive $ROUTER",
	say:   fails("default_gateway", "gateway_one_of_several_down", "$SPARE"),
	twin:  "two_routers_share_the_load",
}, {
	name:  "no_default_route",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route del default"),
	proof: "alive $ROUTER; dead $MAIL; ! ip route get $MAIL",
	say:   fails("default_gateway", "no_default_route"),
}, {
	name:  "no_default_route_and_no_plan",
	vars:  map[string]string{"default_gateway": ""},
	do:    on("gw", "ip -$FAMILY route del default"),
	proof: "alive $ROUTER; dead $MAIL",
	say:   fails("remote_subnet", "no_default_route", "$MAIL").skips("default_gateway"),
}, {
	name:  "policy_route_elsewhere",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route add default via $PEER table 100; ip -$FAMILY rule add to $MAILLAN lookup 100"),
	proof: "alive $ROUTER; dead $MAIL; ip route get $MAIL | grep \"via $PEER\"",
	say:   fails("default_gateway", "gateway_address_wrong", "$PEER", "$ROUTER", "100"),
}, {
	name:  "local_filter_towards_gateway",
	do:    filter("gw", "output", "$IP daddr $ROUTER "+pings+"drop"),
	proof: "dead $ROUTER; alive $MAIL",
	say:   fails("default_gateway", "local_filter", "$ROUTER"),
}}
