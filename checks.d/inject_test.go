//go:build linux

package checks_test

import "github.com/linecheck/linecheck/checks.d/internal/lab"

// on runs shell commands on a computer. The network's addresses are in the
// environment, see lab.Host.Sh.
func on(host, commands string) func(*lab.Network) {
	return func(n *lab.Network) { n.Host(host).Sh(commands) }
}

// all does one thing after the other.
func all(steps ...func(*lab.Network)) func(*lab.Network) {
	return func(n *lab.Network) {
		for _, do := range steps {
			do(n)
		}
	}
}

// filter adds a firewall rule on a computer: hook is prerouting, input, forward
// or output.
func filter(host, hook, rule string) func(*lab.Network) {
	return on(host, `nft "add table inet lab; add chain inet lab `+hook+` { type filter hook `+hook+` priority 0; }; add rule inet lab `+hook+` `+rule+`"`)
}

func off(host string) func(*lab.Network) {
	return func(n *lab.Network) { n.Host(host).Off() }
}

// resolv replaces the gateway computer's resolver configuration.
func resolv(text string) func(*lab.Network) {
	return func(n *lab.Network) { n.Host("gw").Etc("resolv.conf", text) }
}

// hosts adds a line to the gateway computer's hosts file.
func hosts(line string) func(*lab.Network) {
	return func(n *lab.Network) { n.Host("gw").Hosts(line) }
}

// records replaces what the DNS says about the mail host.
func records(lines string) func(*lab.Network) {
	return func(n *lab.Network) { n.Host("dns").StartDNS(lab.DNS{Records: lines}) }
}

// answers makes a DNS server of a computer that says one thing to everything.
func answers(host string, rcode int) func(*lab.Network) {
	return func(n *lab.Network) { n.Host(host).ServeDNS(lab.Rcode(rcode)) }
}

// port25 replaces the mail host's Postfix.
func port25(h lab.Handler) func(*lab.Network) {
	return func(n *lab.Network) { n.Host("mail").Serve(25, h) }
}

// readdress gives the gateway computer another address or mask and the router
// as its default gateway.
func readdress(address string) func(*lab.Network) {
	return on("gw", "ip addr flush dev eth0 scope global; ip addr add "+address+" dev eth0 $NODAD; ip -$FAMILY route replace default via $ROUTER dev eth0 onlink")
}

// nothingButND drops in prerouting what comes in on eth0, but for neighbour
// discovery: IPv6 has no ARP beside it.
const nothingButND = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; add rule inet lab prerouting iif eth0 drop"

const pings = "$ICMP type echo-request "
