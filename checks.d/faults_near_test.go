//go:build linux

package checks_test

import (
	"slices"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// Faults of this computer, its subnet and its gateway that are easily taken for
// others, or for none.
var nearFaults = slices.Concat(secondAdapterFaults, duplicateFaults, routeFaults, replyFaults, nearLossFaults)

// beside gives the gateway computer a second adapter, wan0, that works and has the
// default route; eth0 keeps a route to the mail host's subnet.
func beside(n *lab.Network) {
	n.Host("gw").Sh(`
ip link add wan0 type veth peer name wan0 netns ${NS}sw
ip -n ${NS}sw link set wan0 up; ip link set wan0 up
if [ $FAMILY = 4 ]; then ours=203.0.113.5/28 theirs=203.0.113.1/28; else ours=2001:db8:5::5/64 theirs=2001:db8:5::1/64; fi
ip -n ${NS}sw addr add $theirs dev wan0 $NODAD; ip addr add $ours dev wan0 $NODAD
ip -$FAMILY route replace default via ${theirs%/*} dev wan0
ip -$FAMILY route add $MAILLAN via $ROUTER`)
}

// macvlan moves the gateway computer's address to an adapter on top of eth0.
var macvlan = on("gw", "ip link add link eth0 name mv0 type macvlan mode bridge; ip addr flush dev eth0 scope global; ip link set mv0 up; ip addr add $GW/$BITS dev mv0 $NODAD; ip -$FAMILY route replace default via $ROUTER")

// bridged moves it to a bridge that has eth0 as its port.
var bridged = on("gw", "ip link add br0 type bridge; ip link set br0 up; ip link set eth0 master br0; ip addr flush dev eth0 scope global; ip addr add $GW/$BITS dev br0 $NODAD; ip -$FAMILY route replace default via $ROUTER")

const besides = "the_default_route_is_another_adapters"

// The mail side's adapter is the one near subnet_host, not the default route's.
var secondAdapterFaults = []trial{{
	name:  "mail_side_switched_off_beside_the_default_route",
	ipv6:  true,
	do:    all(beside, on("gw", "ip link set eth0 down")),
	proof: "ip -$FAMILY route show default | grep wan0; dead $PEER",
	say:   fails("adapter", "adapter_down", "eth0"),
	twin:  besides,
}, {
	name:  "mail_side_unplugged_beside_the_default_route",
	ipv6:  true,
	do:    all(beside, on("sw", "ip link set gw down")),
	proof: "ip link show eth0 | grep NO-CARRIER; ip -$FAMILY route show default | grep wan0",
	say:   fails("adapter", "link_down", "eth0"),
	twin:  besides,
}, {
	name:  "mail_side_without_address_beside_the_default_route",
	ipv6:  true,
	do:    all(beside, on("gw", "ip addr flush dev eth0 scope global")),
	proof: "ip -$FAMILY route show default | grep wan0; dead $PEER",
	say:   fails("adapter", "no_address", "eth0"),
	twin:  besides,
}, {
	name:  "mail_side_address_of_another_subnet_beside_the_default_route",
	do:    all(beside, on("gw", "ip addr flush dev eth0 scope global; ip addr add $ELSEWHERE dev eth0 $NODAD")),
	proof: "ip -$FAMILY route show default | grep wan0; dead $PEER",
	say:   fails("local_subnet", "subnet_mask_wrong", "$PEER"),
	twin:  besides,
}, {
	name:  "named_adapter_switched_off",
	ipv6:  true,
	vars:  map[string]string{"adapter": "eth0", "subnet_host": "", "default_gateway": ""},
	do:    all(beside, on("gw", "ip link set eth0 down")),
	proof: "dead $PEER",
	say:   fails("adapter", "adapter_down", "eth0"),
	twin:  "adapter_is_named",
}, {
	name:  "named_adapter_is_missing",
	vars:  map[string]string{"adapter": "eth9"},
	proof: "! ip link show eth9; " + mailWorks,
	say:   fails("adapter", "", "eth9"),
	twin:  "adapter_is_named",
}, {
	name:  "macvlan_on_an_adapter_that_is_off",
	ipv6:  true,
	do:    all(macvlan, on("gw", "ip link set eth0 down")),
	proof: "dead $PEER",
	say:   fails("adapter", "adapter_below_down", "mv0", "eth0"),
	twin:  "adapter_is_a_macvlan",
}, {
	name:  "port_of_the_bridge_unplugged",
	do:    all(bridged, on("sw", "ip link set gw down")),
	proof: "dead $PEER; ip link show eth0 | grep NO-CARRIER",
	say:   fails("adapter", "adapter_below_down", "br0", "eth0"),
	twin:  "adapter_is_a_bridge",
}, {
	name:  "port_of_the_bridge_switched_off",
	do:    all(bridged, on("gw", "ip link set eth0 down")),
	proof: "dead $PEER",
	say:   fails("adapter", "adapter_below_down", "br0", "eth0"),
	twin:  "adapter_is_a_bridge",
}}

// Who else has an address can be asked by root only; mail may work all the same.
var duplicateFaults = []trial{{
	name:     "another_computer_has_this_address",
	ipv6:     true,
	do:       on("sw", "ip addr add $GW/$BITS dev gwlan $NODAD"),
	proof:    "ip netns exec ${NS}sw ip addr show dev gwlan | grep $GW",
	say:      fails("adapter", "duplicate_address", "$GW"),
	ordinary: &passes,
	twin:     "standard",
}, {
	name:     "another_computer_has_this_address_and_no_subnet",
	do:       on("sw", "ip addr add $GW/32 dev gwlan"),
	proof:    "ip netns exec ${NS}sw ip addr show dev gwlan | grep $GW",
	say:      fails("adapter", "duplicate_address", "$GW"),
	ordinary: &passes,
	twin:     "standard",
}, {
	name:     "another_computer_has_this_computers_second_address",
	do:       all(on("gw", "ip addr add $SPARE/$BITS dev eth0"), on("sw", "ip addr add $SPARE/$BITS dev gwlan")),
	proof:    "ip netns exec ${NS}sw ip addr show dev gwlan | grep $SPARE",
	say:      fails("adapter", "duplicate_address", "$SPARE"),
	ordinary: &passes,
	twin:     "second_address_on_the_subnet",
}, {
	// The kernel's own detection tells everybody.
	name:  "ipv6_address_was_found_with_another_computer",
	shape: lab.Shape{Routers: 3, IPv6: true},
	do: all(on("sw", "ip addr add $GW/$BITS dev gwlan nodad"), on("gw", `
sysctl -qw net.ipv6.conf.all.accept_dad=1 net.ipv6.conf.eth0.accept_dad=1
ip addr flush dev eth0 scope global; ip addr add $GW/$BITS dev eth0
until ip -6 addr show dev eth0 dadfailed | grep -q inet6; do sleep 0.1; done`)),
	proof: "ip -6 addr show dev eth0 | grep dadfailed; dead $MAIL",
	say:   fails("adapter", "duplicate_address", "$GW"),
	twin:  "standard",
}, {
	name: "another_computer_has_the_gateways_address",
	ipv6: true,
	// Which one answers first is chance: this computer knows the router already.
	do: all(on("gw", "ip neigh replace $ROUTER lladdr $(ip netns exec ${NS}r1 cat /sys/class/net/eth0/address) dev eth0 nud reachable"),
		on("sw", "ip addr add $ROUTER/$BITS dev gwlan $NODAD")),
	proof:    "ip netns exec ${NS}sw ip addr show dev gwlan | grep $ROUTER",
	say:      fails("default_gateway", "gateway_duplicate_address", "$ROUTER"),
	ordinary: &passes,
	twin:     "standard",
}}

// Routes that lead somewhere else than addresses and masks say.
var routeFaults = []trial{{
	name:  "host_route_to_the_neighbour_by_the_router",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route add $PEER via $ROUTER"),
	proof: "ip route get $PEER | grep via",
	say:   fails("local_subnet", "local_route_shadows", "$PEER", "$ROUTER"),
	twin:  "host_route_to_the_neighbour",
}, {
	name:  "policy_route_to_the_neighbour_by_the_router",
	do:    on("gw", "ip -$FAMILY route add default via $ROUTER table 100; ip -$FAMILY rule add to $PEER lookup 100"),
	proof: "ip route get $PEER | grep via",
	say:   fails("local_subnet", "local_route_shadows", "$PEER", "$ROUTER", "100"),
	twin:  "policy_route_through_the_gateway",
}, {
	name:  "bridge_of_containers_hides_the_neighbour",
	ipv6:  true,
	do:    on("gw", "ip link add docker0 type bridge; ip link set docker0 up; ip -$FAMILY route add $PEER dev docker0"),
	proof: "ip route get $PEER | grep docker0; dead $PEER",
	say:   fails("local_subnet", "local_route_shadows", "$PEER", "docker0"),
	twin:  "bridge_of_containers",
}, {
	name:  "policy_rule_prohibits_the_neighbour",
	do:    on("gw", "ip rule add to $PEER prohibit"),
	proof: "dead $PEER; alive $ROUTER",
	say:   fails("local_subnet", "local_route_blocks", "$PEER", "prohibit"),
}, {
	name:  "blackhole_for_the_gateways_own_address",
	ipv6:  true,
	do:    on("gw", "ip route add blackhole $ROUTER"),
	proof: "dead $ROUTER; alive $PEER",
	say:   fails("default_gateway", "local_route_blocks", "$ROUTER", "blackhole"),
	twin:  "host_route_to_the_gateway",
}, {
	name:  "policy_rule_prohibits_the_gateways_own_address",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY rule add to $ROUTER prohibit"),
	proof: "dead $ROUTER; alive $PEER",
	say:   fails("default_gateway", "local_route_blocks", "$ROUTER", "prohibit"),
}, {
	name:  "adapter_does_not_ask_for_hardware_addresses",
	do:    on("gw", "ip link set eth0 arp off"),
	proof: "dead $PEER; dead $ROUTER; ip link show eth0 | grep NOARP",
	say:   fails("local_subnet", "adapter_without_arp", "eth0"),
}, {
	name:  "gateway_is_the_subnet_host_and_off",
	vars:  map[string]string{"subnet_host": "$ROUTER"},
	do:    off("r1"),
	proof: "dead $ROUTER; alive $PEER",
	say:   fails("local_subnet", "subnet_host_down", "$ROUTER"),
	twin:  "gateway_is_the_subnet_host",
}, {
	name:  "no_ipv4_address_beside_ipv6",
	shape: lab.Shape{Routers: 3, IPv4: true, IPv6: true},
	do:    on("gw", "ip -4 addr flush dev eth0"),
	proof: "dead $PEER; alive $PEER6",
	say:   fails("adapter", "no_address", "eth0", "IPv4"),
	twin:  "both_families",
}, {
	name:  "cloud_address_without_a_subnet_and_a_subnet_host",
	ipv6:  true,
	do:    readdress("$GW"),
	proof: "alive $PEER; " + mailWorks,
	say:   warns("local_subnet", "subnet_host_behind_gateway", "$PEER"),
	twin:  "cloud_address_without_a_subnet",
}, {
	name:  "cloud_gateway_ignores_ping",
	ipv6:  true,
	vars:  map[string]string{"subnet_host": ""},
	do:    all(readdress("$GW"), filter("r1", "input", pings+"drop")),
	proof: "dead $ROUTER; " + mailWorks,
	say:   warns("default_gateway", "gateway_filters_ping", "$ROUTER").skips("local_subnet"),
	twin:  "cloud_address_without_a_subnet",
}, {
	name:  "cloud_gateway_off",
	ipv6:  true,
	vars:  map[string]string{"subnet_host": ""},
	do:    all(readdress("$GW"), off("r1")),
	proof: "dead $ROUTER; dead $MAIL",
	say:   fails("default_gateway", "gateway_down", "$ROUTER").skips("local_subnet"),
	twin:  "cloud_address_without_a_subnet",
}, {
	name:  "gateway_ignores_ping_and_no_host_behind_is_named",
	ipv6:  true,
	vars:  map[string]string{"remote_host": ""},
	do:    filter("r1", "input", pings+"drop"),
	proof: "dead $ROUTER; " + mailWorks,
	say:   warns("default_gateway", "gateway_filters_ping", "$ROUTER").skips("remote_subnet", "path_mtu"),
	twin:  "only_the_mail_host_is_known",
}, {
	name:  "route_to_another_link_local_router",
	shape: lab.Shape{Routers: 3, IPv6: true},
	do:    all(on("r1", "ip addr add fe80::1/64 dev eth0 nodad"), on("peer", "ip addr add fe80::2/64 dev eth0 nodad"), on("gw", "ip -6 route replace default via fe80::2 dev eth0")),
	proof: "alive $ROUTER; dead $MAIL",
	say:   fails("default_gateway", "gateway_address_wrong", "fe80::2", "$ROUTER"),
	twin:  "routers_global_address_in_the_plan",
}, {
	name:  "no_default_route_and_nothing_behind_is_named",
	vars:  map[string]string{"remote_host": ""},
	do:    on("gw", "ip -$FAMILY route del default"),
	proof: "alive $ROUTER; dead $MAIL",
	say:   fails("default_gateway", "no_default_route").skips("remote_subnet", "path_mtu"),
}}

// replies changes a computer's echo replies on their way out.
func replies(host, change string) func(*lab.Network) {
	return filter(host, "output", "$ICMP type echo-reply "+change)
}

// twice has a computer's echo replies leave twice.
func twice(host string) func(*lab.Network) {
	return on(host, `nft "add table ip twice; add chain ip twice output { type filter hook output priority 0; }; add rule ip twice output icmp type echo-reply dup to $GW"`)
}

// deaf shows that an ordinary user's ping has no answer: root's ping(8) believes
// damaged ones.
const deaf = "sysctl -qw net.ipv4.ping_group_range='0 2147483647'; ! setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all ping -n -c1 -W1 "

// Replies that are none of the target's.
var replyFaults = []trial{{
	name:  "another_address_answers_for_the_subnet_host",
	ipv6:  true,
	do:    replies("peer", "$IP saddr set $SPARE"),
	proof: "ping -n -c1 -W1 $PEER | grep $SPARE; alive $ROUTER",
	say:   warns("local_subnet", "answered_by_another", "$PEER", "$SPARE"),
}, {
	name:  "another_address_answers_for_the_gateway",
	ipv6:  true,
	do:    replies("r1", "$IP saddr set $SPARE"),
	proof: "ping -n -c1 -W1 $ROUTER | grep $SPARE; alive $MAIL",
	say:   warns("default_gateway", "answered_by_another", "$ROUTER", "$SPARE"),
}, {
	name:  "replies_of_the_subnet_host_are_damaged",
	do:    replies("peer", "icmp checksum set 0x1234"),
	proof: deaf + "$PEER; ip neigh show $PEER | grep lladdr",
	say:   warns("local_subnet", "subnet_host_filters_ping", "$PEER"),
}, {
	name:  "replies_of_the_gateway_are_damaged",
	do:    replies("r1", "icmp checksum set 0x1234"),
	proof: deaf + "$ROUTER; alive $MAIL",
	say:   warns("default_gateway", "gateway_filters_ping", "$ROUTER"),
}, {
	name:  "subnet_host_answers_twice",
	do:    twice("peer"),
	proof: "ping -n -c2 -i0.2 $PEER | grep DUP",
	say:   warns("local_subnet", "duplicate_replies", "$PEER"),
}, {
	name:  "gateway_answers_twice",
	do:    twice("r1"),
	proof: "ping -n -c2 -i0.2 $ROUTER | grep DUP",
	say:   warns("default_gateway", "duplicate_replies", "$ROUTER"),
}}

// Losses, of which the first three pings may all be some.
var nearLossFaults = []trial{{
	name:  "subnet_host_loses_the_first_three",
	ipv6:  true,
	do:    filter("peer", "input", pings+"numgen inc mod 4 < 3 drop"),
	proof: "ping -n -c8 -i0.2 $PEER | grep ' 75% packet loss'",
	say:   warns("local_subnet", "packet_loss", "$PEER"),
	twin:  "standard",
}, {
	name:  "subnet_host_loses_seventy_percent",
	ipv6:  true,
	do:    filter("peer", "input", pings+"numgen inc mod 10 < 7 drop"),
	proof: "ping -n -c20 -i0.1 $PEER | grep -E '[1-9][0-9]?% packet loss'",
	say:   warns("local_subnet", "packet_loss", "$PEER"),
	twin:  "standard",
}, {
	name:  "gateway_loses_the_first_three",
	ipv6:  true,
	do:    filter("r1", "input", pings+"numgen inc mod 4 < 3 drop"),
	proof: "! ping -n -c8 -i0.2 $ROUTER | grep ' 0% packet loss'",
	say:   warns("default_gateway", "packet_loss", "$ROUTER"),
	twin:  "standard",
}}
