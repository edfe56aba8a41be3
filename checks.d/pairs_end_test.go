//go:build linux

package checks_test

import "github.com/linecheck/linecheck/checks.d/internal/lab"

// toRemote are rules of an end's own firewall against the other end.
const (
	pingsToMail = "ip daddr $MAIL icmp type echo-request drop"
	pingsToGW   = "ip daddr $GW icmp type echo-request drop"
)

// ownFilter is a failure of an end whose own firewall keeps pings in.
var ownFilter = side{"fail", "check.remote_subnet", "local_filter", nil}

// Faults of the ends themselves, and of one direction of the line.
var endPairs = []pairing{
	{name: "the gateway's firewall keeps its pings in", do: filter("gw", "output", pingsToMail),
		gateway: ownFilter, host: works, exitCode: 1, gwProof: "dead $MAIL; takes $MAIL", mailProof: "alive $GW; takes $GW"},
	{name: "the host's firewall keeps its pings in", do: filter("mail", "output", pingsToGW),
		gateway: works, host: ownFilter, exitCode: 1, mailProof: "dead $GW; takes $GW", gwProof: "alive $MAIL; takes $MAIL"},
	{name: "the gateway's firewall keeps all its pings and answers in", do: filter("gw", "output", "ip daddr $MAIL icmp type { echo-request, echo-reply } drop"),
		gateway: ownFilter, host: side{"warn", "check.remote_subnet", "path_filters_ping", nil}, exitCode: 1, gwProof: "dead $MAIL; takes $MAIL", mailProof: "takes $GW"},
	{name: "both firewalls keep pings in", do: all(filter("gw", "output", pingsToMail), filter("mail", "output", pingsToGW)),
		gateway: ownFilter, host: ownFilter, conclusions: []string{"two_faults"}, exitCode: 1, gwProof: "dead $MAIL; takes $MAIL", mailProof: "dead $GW; takes $GW"},
	{name: "neither end has a default route", do: all(on("gw", "ip route del default"), on("mail", "ip route del default")),
		gateway: side{"fail", "check.default_gateway", "no_default_route", nil}, host: side{"fail", "check.default_gateway", "no_default_route", nil},
		conclusions: []string{"two_faults"}, exitCode: 1},
	{name: "routes of both ends refuse", do: all(on("gw", "ip route add prohibit $MAIL"), on("mail", "ip route add blackhole $GW")),
		gateway: side{"fail", "check.remote_subnet", "local_route_blocks", nil}, host: side{"fail", "check.remote_subnet", "local_route_blocks", nil},
		conclusions: []string{"two_faults"}, exitCode: 1},
	{name: "routes of both ends refuse, IPv6", shape: lab.Shape{Routers: 3, IPv6: true}, do: all(on("gw", "ip -6 route add prohibit $MAIL"), on("mail", "ip -6 route add unreachable $GW")),
		gateway: side{"fail", "check.remote_subnet", "local_route_blocks", nil}, host: side{"fail", "check.remote_subnet", "local_route_blocks", nil},
		conclusions: []string{"two_faults"}, exitCode: 1},
	{name: "the gateway has no default route, the host refuses", do: all(on("gw", "ip route del default"), on("mail", "ip route add prohibit $GW")),
		gateway: side{"fail", "check.default_gateway", "no_default_route", nil}, host: side{"fail", "check.remote_subnet", "local_route_blocks", nil},
		conclusions: []string{"two_faults"}, exitCode: 1},
	{name: "a route of the gateway refuses", do: on("gw", "ip route add prohibit $MAIL"),
		gateway: side{"fail", "check.remote_subnet", "local_route_blocks", nil}, host: side{"fail", "check.remote_subnet", "path_broken", nil},
		conclusions: []string{"one_way_out"}, exitCode: 1, gwProof: "dead $MAIL", mailProof: "dead $GW"},
	{name: "a route of the host refuses", do: on("mail", "ip route add prohibit $GW"),
		gateway: side{"fail", "check.remote_subnet", "path_broken", nil}, host: side{"fail", "check.remote_subnet", "local_route_blocks", nil},
		conclusions: []string{"one_way_back"}, exitCode: 1, gwProof: "dead $MAIL", mailProof: "dead $GW"},
	{name: "a router prohibits the way out", do: filter("r2", "forward", "ip daddr $MAIL reject with icmp type admin-prohibited"),
		gateway: side{"fail", "check.remote_subnet", "path_prohibited", nil}, host: side{"fail", "check.remote_subnet", "", nil},
		conclusions: []string{"one_way_out"}, or: "line_broken_between", exitCode: 1},
	{name: "a router prohibits the way back", do: filter("r2", "forward", "ip daddr $GW reject with icmp type admin-prohibited"),
		gateway: side{"fail", "check.remote_subnet", "", nil}, host: side{"fail", "check.remote_subnet", "path_prohibited", nil},
		conclusions: []string{"one_way_back"}, or: "line_broken_between", exitCode: 1},
	{name: "the way out is narrow", do: filter("r2", "forward", "iifname eth0 meta length > 1300 drop"),
		gateway: anything, host: anything, conclusions: []string{"mtu_narrow_between"}, exitCode: anyCode,
		gwProof: "alive $MAIL; ! ping -n -c1 -W1 -s 1400 $MAIL", mailProof: "alive $GW; ! ping -n -c1 -W1 -s 1400 $GW"},
	{name: "the way back is narrow", do: filter("r2", "forward", "iifname eth1 meta length > 1300 drop"),
		gateway: anything, host: anything, conclusions: []string{"mtu_narrow_between"}, exitCode: anyCode,
		gwProof: "alive $MAIL; ! ping -n -c1 -W1 -s 1400 $MAIL"},
	{name: "a third of the way out is lost", do: filter("r2", "forward", "iifname eth0 numgen random mod 100 < 30 drop"), gateway: anything, host: anything, exitCode: anyCode},
	{name: "a third of the way back is lost", do: filter("r2", "forward", "iifname eth1 numgen random mod 100 < 30 drop"), gateway: anything, host: anything, exitCode: anyCode},
}

// Names that lead to the wrong computer, on which all is well.
var namePairs = []pairing{
	{name: "the names are swapped", vars: lab.PairVars{"gateway": {"mail_host": "$GWNAME"}, "host": {"mail_host": "$NAME"}},
		gateway: anything, host: anything, conclusions: []string{"dns_swapped"}, exitCode: anyCode},
	{name: "the names are swapped, IPv6", shape: lab.Shape{Routers: 3, IPv6: true}, vars: lab.PairVars{"gateway": {"mail_host": "$GWNAME"}, "host": {"mail_host": "$NAME"}},
		gateway: anything, host: anything, conclusions: []string{"dns_swapped"}, exitCode: anyCode},
	{name: "the gateway asks itself", vars: lab.PairVars{"gateway": {"mail_host": "$GWNAME"}},
		gateway: anything, host: works, conclusions: []string{"gateway_asks_itself"}, exitCode: anyCode},
	{name: "the host asks itself", vars: lab.PairVars{"host": {"mail_host": "$NAME"}},
		gateway: works, host: anything, conclusions: []string{"host_asks_itself"}, exitCode: anyCode},
	{name: "the host asks itself, and takes no mail", vars: lab.PairVars{"host": {"mail_host": "$NAME"}}, do: func(n *lab.Network) { n.Host("mail").Stop("mail") },
		gateway: refusedSMTP, host: anything, conclusions: []string{"host_asks_itself"}, exitCode: 1},
	{name: "both ask a third server", vars: lab.PairVars{"gateway": {"mail_host": "named.$DOMAIN"}, "host": {"mail_host": "named.$DOMAIN"}},
		do:      all(ofItsOwnName("$MAILPEER"), greetsAt("mailpeer", "tcp", "", 25)),
		gateway: anything, host: anything, conclusions: []string{"both_ask_one_server"}, exitCode: anyCode},
	{name: "both ends greet alike", do: func(n *lab.Network) {
		for _, end := range []string{"gw", "mail"} {
			n.Host(end).Serve(25, lab.Says("220 ESMTP\r\n"))
		}
	}, twin: "both ends greet alike", gateway: anything, host: anything, exitCode: anyCode},
	{name: "via leads to the gateway itself", via: func(n *lab.Network) []string { return []string{"ip", "netns", "exec", n.Getenv("NS") + "gw"} },
		gateway: works, host: anything, conclusions: []string{"same_computer"}, exitCode: anyCode},
}
