//go:build linux

package checks_test

import "github.com/linecheck/linecheck/checks.d/internal/lab"

// linkLocalRouter gives the first router a link-local address that is easily said,
// and makes it the gateway computer's.
var linkLocalRouter = all(on("r1", "ip addr add fe80::1/64 dev eth0 nodad"), on("gw", "ip -6 route replace default via fe80::1 dev eth0"))

// Habits of this computer, its subnet and its gateway that are no faults.
var healthyNear = []trial{{
	name:  besides,
	ipv6:  true,
	do:    beside,
	proof: "ip -$FAMILY route show default | grep wan0; " + mailWorks,
	say:   passes,
}, {
	name: "an_unused_adapter",
	ipv6: true,
	do: on("gw", `
ip link add aaa0 type veth peer name aaa0 netns ${NS}sw
ip link add zzz0 type veth peer name zzz0 netns ${NS}sw; ip link set zzz0 up`),
	proof: "ip link show zzz0 | grep NO-CARRIER; " + mailWorks,
	say:   passes,
}, {
	name:  "adapter_is_named",
	ipv6:  true,
	vars:  map[string]string{"adapter": "eth0"},
	do:    beside,
	proof: mailWorks,
	say:   passes,
}, {
	name:  "adapter_is_a_macvlan",
	ipv6:  true,
	do:    macvlan,
	proof: "ip route get $MAIL | grep 'dev mv0'; " + mailWorks,
	say:   passes,
}, {
	name:  "bridge_of_containers",
	ipv6:  true,
	do:    on("gw", "ip link add docker0 type bridge; ip link set docker0 up; ip addr add 172.31.255.1/24 dev docker0; ip addr add 2001:db8:c::1/64 dev docker0 nodad"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "ipv6_ignores_pings",
	ipv6:  true,
	do:    on("gw", "sysctl -qw net.ipv6.icmp.echo_ignore_all=1"),
	proof: "dead ::1; " + mailWorks,
	say:   passes,
}, {
	name:  "second_address_on_the_subnet",
	ipv6:  true,
	do:    on("gw", "ip addr add $SPARE/$BITS dev eth0 $NODAD"),
	proof: mailWorks,
	say:   passes,
}, {
	// Either adapter answers for either address (arp_ignore): that is nobody else.
	name: "second_adapter_on_the_subnet",
	do: on("gw", `
ip link add eth1 type veth peer name gwtwo netns ${NS}sw
ip -n ${NS}sw link set gwtwo master gwlan up; ip link set eth1 up
ip addr add $SPARE/$BITS dev eth1`),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "router_answers_for_others",
	do:    on("r1", "sysctl -qw net.ipv4.conf.eth0.proxy_arp=1"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "host_route_to_the_neighbour",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route add $PEER dev eth0"),
	proof: "! ip route get $PEER | grep via; " + mailWorks,
	say:   passes,
}, {
	name:  "host_route_to_the_gateway",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route add $ROUTER dev eth0"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "gateway_is_the_subnet_host",
	ipv6:  true,
	vars:  map[string]string{"subnet_host": "$ROUTER"},
	proof: mailWorks,
	say:   passes,
}, {
	name: "address_on_loopback_and_no_subnet",
	vars: map[string]string{"subnet_host": "", "default_gateway": ""},
	do: all(on("r1", "ip addr add fe80::1/64 dev eth0 nodad; ip route add $GW/32 dev eth0"),
		on("gw", "ip addr flush dev eth0 scope global; ip addr add $GW/32 dev lo; ip -4 route replace default via inet6 fe80::1 dev eth0 src $GW")),
	proof: "ip addr show dev lo | grep $GW; " + mailWorks,
	say:   passes.skips("local_subnet"),
}, {
	name:  "another_router_for_ipv6_than_in_the_plan",
	shape: lab.Shape{Routers: 3, IPv4: true, IPv6: true},
	vars:  map[string]string{"remote_host": "$MAIL6"},
	do: all(on("r1", "sysctl -qw net.ipv4.conf.all.arp_ignore=1; ip link add link eth0 name six0 type macvlan mode bridge; ip addr add fe80::1/64 dev six0 nodad; ip link set six0 up"),
		on("gw", "ip -6 route replace default via fe80::1 dev eth0")),
	proof: "ip -6 route show default | grep fe80::1; alive $MAIL6; " + mailWorks,
	say:   passes,
}, {
	name:  "cloud_address_without_a_subnet",
	ipv6:  true,
	vars:  map[string]string{"subnet_host": ""},
	do:    readdress("$GW"),
	proof: "! ip route get $ROUTER | grep -v onlink | grep 'scope link'; " + mailWorks,
	say:   passes.skips("local_subnet"),
}, {
	name:  "cloud_address_and_an_unused_adapter",
	ipv6:  true,
	vars:  map[string]string{"subnet_host": ""},
	do:    all(readdress("$GW"), on("gw", "ip link add aaa0 type veth peer name aaa0 netns ${NS}sw")),
	proof: mailWorks,
	say:   passes.skips("local_subnet"),
}, {
	name:  "cloud_address_with_a_route_to_the_gateway",
	ipv6:  true,
	vars:  map[string]string{"subnet_host": ""},
	do:    on("gw", "ip addr flush dev eth0 scope global; ip addr add $GW dev eth0 $NODAD; ip -$FAMILY route replace $ROUTER dev eth0; ip -$FAMILY route replace default via $ROUTER"),
	proof: mailWorks,
	say:   passes.skips("local_subnet"),
}, {
	name:  "point_to_point_address",
	vars:  map[string]string{"subnet_host": ""},
	do:    on("gw", "ip addr flush dev eth0 scope global; ip addr add $GW peer $ROUTER dev eth0; ip route replace default via $ROUTER"),
	proof: mailWorks,
	say:   passes.skips("local_subnet"),
}, {
	name:  "no_gateway_at_all",
	vars:  map[string]string{"subnet_host": "", "default_gateway": ""},
	do:    all(on("r1", "sysctl -qw net.ipv4.conf.eth0.proxy_arp=1"), on("gw", "ip addr flush dev eth0 scope global; ip addr add $GW/32 dev eth0; ip route replace default dev eth0")),
	proof: "ip route show default | grep -v via; " + mailWorks,
	say:   passes.skips("local_subnet", "default_gateway"),
}, {
	name:  "routers_global_address_in_the_plan",
	shape: lab.Shape{Routers: 3, IPv6: true},
	do:    linkLocalRouter,
	proof: "ip -6 route show default | grep fe80::1; " + mailWorks,
	say:   passes,
}, {
	name:  "link_local_router_in_the_plan",
	shape: lab.Shape{Routers: 3, IPv6: true},
	vars:  map[string]string{"default_gateway": "fe80::1%eth0"},
	do:    linkLocalRouter,
	proof: mailWorks,
	say:   passes,
}, {
	name:  "link_local_router_in_the_plan_without_its_adapter",
	shape: lab.Shape{Routers: 3, IPv6: true},
	vars:  map[string]string{"default_gateway": "FE80::0:1"},
	do:    linkLocalRouter,
	proof: mailWorks,
	say:   passes,
}, {
	name:  "link_local_router_in_the_plan_and_its_global_address_in_the_route",
	shape: lab.Shape{Routers: 3, IPv6: true},
	vars:  map[string]string{"default_gateway": "fe80::1"},
	do:    on("r1", "ip addr add fe80::1/64 dev eth0 nodad"),
	proof: "ip -6 route show default | grep $ROUTER; " + mailWorks,
	say:   passes,
}, {
	name:  "link_local_router_and_no_plan",
	shape: lab.Shape{Routers: 3, IPv6: true},
	vars:  map[string]string{"default_gateway": ""},
	do:    linkLocalRouter,
	proof: mailWorks,
	say:   passes,
}, {
	name:  "link_local_neighbour",
	shape: lab.Shape{Routers: 3, IPv6: true},
	vars:  map[string]string{"subnet_host": "fe80::20"},
	do:    on("peer", "ip addr add fe80::20/64 dev eth0 nodad"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "ipv4_by_a_router_of_ipv6",
	do:    all(on("r1", "ip addr add fe80::1/64 dev eth0 nodad"), on("gw", "ip -4 route replace default via inet6 fe80::1 dev eth0")),
	proof: "ip route show default | grep inet6; " + mailWorks,
	say:   passes,
}, {
	name:  "two_addresses_of_one_router",
	ipv6:  true,
	do:    all(on("r1", "ip addr add $SPARE/$BITS dev eth0 $NODAD"), on("gw", "ip -$FAMILY route del default; ip -$FAMILY route add default nexthop via $ROUTER nexthop via $SPARE")),
	proof: "ip -$FAMILY route show default | grep nexthop; " + mailWorks,
	say:   passes,
}, {
	// Which of them packets go through depends on the addresses.
	name: "two_routers_share_the_load",
	ipv6: true,
	do: all(on("peer", "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0; ip -$FAMILY route replace default via $ROUTER"),
		filter("peer", "output", "icmpv6 type nd-redirect drop"),
		on("gw", "ip -$FAMILY route del default; ip -$FAMILY route add default nexthop via $ROUTER nexthop via $PEER")),
	proof: "ip -$FAMILY route show default | grep nexthop; " + mailWorks,
	say:   passes,
}, {
	// The route tells no next hops, only the number of their group.
	name: "two_routers_share_the_load_by_objects",
	ipv6: true,
	do: all(on("peer", "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0; ip -$FAMILY route replace default via $ROUTER"),
		filter("peer", "output", "icmpv6 type nd-redirect drop"),
		on("gw", `
sysctl -qw net.ipv4.nexthop_compat_mode=0; ip -$FAMILY route del default
ip nexthop add id 1 via $ROUTER dev eth0; ip nexthop add id 2 via $PEER dev eth0; ip nexthop add id 3 group 1/2
ip -$FAMILY route add default nhid 3`)),
	proof: "ip -$FAMILY route show default | grep 'nhid 3'; " + mailWorks,
	say:   passes,
}, {
	name:  "two_default_routes",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route del default; ip -$FAMILY route add default via $ROUTER metric 100; ip -$FAMILY route add default via $PEER metric 200"),
	proof: mailWorks,
	say:   passes,
}, {
	name: "gateway_is_virtual",
	do: on("r1", `
ip link add link eth0 name vrrp0 address 00:00:5e:00:01:07 type macvlan mode bridge
ip addr del $ROUTER/$BITS dev eth0; ip addr add $SPARE/$BITS dev eth0
ip link set vrrp0 up; ip addr add $ROUTER/32 dev vrrp0`),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "gateway_limits_pings",
	ipv6:  true,
	do:    filter("r1", "input", pings+"limit rate over 2/second burst 1 packets drop"),
	proof: "! ping -n -c10 -i0.1 $ROUTER | grep ' 0% packet loss'; " + mailWorks,
	say:   passes,
}, {
	name:  "privacy_and_deprecated_addresses",
	shape: lab.Shape{Routers: 3, IPv6: true},
	do:    on("gw", "ip addr add $SPARE/$BITS dev eth0 nodad preferred_lft 0"),
	proof: "ip -6 addr show dev eth0 | grep deprecated; " + mailWorks,
	say:   passes,
}}
