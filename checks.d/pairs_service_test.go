//go:build linux

package checks_test

import "github.com/linecheck/linecheck/checks.d/internal/lab"

// greetsAt takes the place of a computer's Postfix, at one address or of one
// family only.
func greetsAt(host, network, address string, port int) func(n *lab.Network) {
	return func(n *lab.Network) {
		n.Host(host).StopMail()
		n.Host(host).ServeAt(network, address, port, lab.Says("220 "+host+" ESMTP\r\n"))
	}
}

// ofItsOwnName gives a name of its own an address, which is the gateway's name in the
// host's profile.
func ofItsOwnName(address string) func(n *lab.Network) {
	return records("host-record=$NAME,$MAIL\nhost-record=named.$DOMAIN," + address)
}

var byName = lab.PairVars{"host": {"mail_host": "named.$DOMAIN"}}

// Services that run, and are refused.
var servicePairs = []pairing{
	{name: "a filter resets the host's connections", do: filter("r2", "forward", "ip daddr $GW tcp dport 25 reject with tcp reset"),
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_refused_on_the_way"}, exitCode: 1,
		gwProof: "takes $GW", mailProof: "refused $GW"},
	{name: "the gateway's own firewall resets", do: filter("gw", "input", "iifname eth0 tcp dport 25 reject with tcp reset"),
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_refused_on_the_way"}, exitCode: 1,
		gwProof: "takes $GW", mailProof: "refused $GW"},
	{name: "the gateway's own firewall refuses by ICMP", do: filter("gw", "input", "iifname eth0 tcp dport 25 reject with icmp type port-unreachable"),
		gateway: works, host: refusedSMTP, conclusions: []string{"only_mail_blocked"}, exitCode: 1,
		gwProof: "takes $GW", mailProof: "refused $GW"},
	{name: "the gateway listens on loopback only", do: func(n *lab.Network) { n.Host("gw").StartMail(lab.Mail{Settings: "inet_interfaces = loopback-only"}) },
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_listens_elsewhere"}, exitCode: 1,
		gwProof: "takes 127.0.0.1; refused $GW", mailProof: "refused $GW"},
	{name: "the gateway listens on another port", do: greetsAt("gw", "tcp", "", 2525),
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_listens_elsewhere"}, exitCode: 1,
		gwProof: "takes $GW 2525; refused $GW", mailProof: "takes $GW 2525; refused $GW"},
	{name: "the gateway listens on another port, and the host knows", do: greetsAt("gw", "tcp", "", 2525), twin: "the gateway listens on another port, and the host knows",
		vars: lab.PairVars{"host": {"smtp_port": "2525"}}, gateway: works, host: works},
	{name: "the gateway stopped, on a port of its own", do: func(n *lab.Network) { n.Host("gw").Stop("mail") }, twin: "the gateway listens on another port, and the host knows",
		vars: lab.PairVars{"host": {"smtp_port": "2525"}}, gateway: works, host: refusedSMTP, conclusions: []string{"gateway_not_running"}, exitCode: 1,
		mailProof: "refused $GW 2525"},
	{name: "the gateway listens at another address", do: all(on("gw", "ip addr add 198.18.0.9/32 dev lo"), greetsAt("gw", "tcp4", "198.18.0.9", 25)),
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_listens_elsewhere"}, exitCode: 1,
		gwProof: "takes 198.18.0.9; refused $GW", mailProof: "refused $GW"},
	{name: "the gateway listens on IPv6 only", do: greetsAt("gw", "tcp6", "::", 25),
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_listens_elsewhere"}, exitCode: 1,
		gwProof: "takes ::1; refused $GW", mailProof: "refused $GW"},
	{name: "the gateway listens on IPv4 only", shape: lab.Shape{Routers: 3, IPv6: true}, do: greetsAt("gw", "tcp4", "0.0.0.0", 25),
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_listens_elsewhere"}, exitCode: 1,
		gwProof: "takes 127.0.0.1; refused $GW", mailProof: "refused $GW"},
	{name: "the gateway's mail service stopped, IPv6", shape: lab.Shape{Routers: 3, IPv6: true}, do: func(n *lab.Network) { n.Host("gw").Stop("mail") },
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_not_running"}, exitCode: 1, mailProof: "refused $GW"},
	{name: "the gateway's name is right", do: ofItsOwnName("$GW"), vars: byName, twin: "the gateway's name is right", gateway: works, host: works},
	{name: "the gateway's name leads to another computer", do: ofItsOwnName("$PEER"), vars: byName, twin: "the gateway's name is right",
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_refused_elsewhere"}, exitCode: 1,
		mailProof: "refused $PEER; takes $GW"},
	{name: "the router in front does not pass the port on", do: ofItsOwnName("$R1B"), vars: byName, twin: "the router in front passes the port on",
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_refused_elsewhere"}, exitCode: 1,
		mailProof: "refused $R1B; takes $GW"},
	{name: "the router in front passes the port on", vars: byName, twin: "the router in front passes the port on",
		do:      all(ofItsOwnName("$R1B"), on("r1", "nft 'add table ip nat; add chain ip nat pre { type nat hook prerouting priority -100; }; add rule ip nat pre ip daddr '$R1B' tcp dport 25 dnat to '$GW")),
		gateway: works, host: works},
	{name: "the gateway's service is in a container", twin: "the gateway's service is in a container",
		do:      all(greetsAt("gw", "tcp", "", 2525), on("gw", "nft 'add table ip nat; add chain ip nat pre { type nat hook prerouting priority -100; }; add chain ip nat out { type nat hook output priority -100; }; add rule ip nat pre tcp dport 25 fib daddr type local redirect to :2525; add rule ip nat out tcp dport 25 fib daddr type local redirect to :2525'")),
		gateway: works, host: works},
	{name: "a filter resets before a container", twin: "the gateway's service is in a container",
		do: all(greetsAt("gw", "tcp", "", 2525), on("gw", "nft 'add table ip nat; add chain ip nat pre { type nat hook prerouting priority -100; }; add chain ip nat out { type nat hook output priority -100; }; add rule ip nat pre tcp dport 25 fib daddr type local redirect to :2525; add rule ip nat out tcp dport 25 fib daddr type local redirect to :2525'"),
			filter("r2", "forward", "ip daddr $GW tcp dport 25 reject with tcp reset")),
		gateway: works, host: refusedSMTP, conclusions: []string{"gateway_refused_on_the_way"}, exitCode: 1, gwProof: "takes $GW", mailProof: "refused $GW"},

	// The mail host's.
	{name: "the host listens on loopback only", do: func(n *lab.Network) { n.Host("mail").StartMail(lab.Mail{Settings: "inet_interfaces = loopback-only"}) },
		gateway: refusedSMTP, host: works, conclusions: []string{"host_listens_elsewhere"}, exitCode: 1,
		mailProof: "takes 127.0.0.1; refused $MAIL", gwProof: "refused $MAIL"},
	{name: "a filter resets the gateway's connections", do: filter("r2", "forward", "ip daddr $MAIL tcp dport 25 reject with tcp reset"),
		gateway: refusedSMTP, host: works, conclusions: []string{"host_refused_on_the_way"}, exitCode: 1,
		mailProof: "takes $MAIL", gwProof: "refused $MAIL"},
	{name: "both services stopped", do: func(n *lab.Network) { n.Host("gw").Stop("mail"); n.Host("mail").Stop("mail") },
		gateway: refusedSMTP, host: refusedSMTP, conclusions: []string{"gateway_not_running"}, exitCode: 1,
		mailProof: "refused $GW", gwProof: "refused $MAIL"},
	{name: "mail dropped in both directions", do: mailFilter("tcp dport 25 drop"),
		gateway: side{"fail", "check.smtp", "smtp_filtered", nil}, host: side{"fail", "check.smtp", "smtp_filtered", nil},
		conclusions: []string{"only_mail_blocked"}, exitCode: 1},
}
