package netnstest

import (
	"net/netip"
	"testing"
)

// NewHosts is a computer behind whose router there are thousands of hosts, all
// played by the router: those of awake answer, at once, those of silent never.
func NewHosts(t testing.TB) (here, router *Namespace) {
	t.Helper()
	here, router = New(t), New(t)
	Connect(here, "eth0", router, "eth0")
	here.IP(`
		addr add 10.1.0.10/24 dev eth0
		addr add fd00:1::10/64 dev eth0
		route add default via 10.1.0.1
		route add default via fd00:1::1`)
	router.IP(`
		addr add 10.1.0.1/24 dev eth0
		addr add fd00:1::1/64 dev eth0
		route add local 10.64.0.0/16 dev lo
		route add blackhole 10.65.0.0/16
		route add local fd64::/64 dev lo
		route add blackhole fd65::/64`)
	here.Sysctl("net.ipv4.ping_group_range", "0 65534")
	// Links take a moment to be ready.
	for _, first := range []string{Awake.First, Awake6.First} {
		here.Run("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do ping -n -q -c1 -W1 "+first+" && exit; done; exit 1")
	}
	return here, router
}

// Hosts are some behind the router of NewHosts, from the first on.
type Hosts struct{ First string }

// Hosts behind the router of NewHosts: those that answer, of either family, and
// those that don't.
var (
	Awake  = Hosts{"10.64.0.1"}
	Silent = Hosts{"10.65.0.1"}
	Awake6 = Hosts{"fd64::1"}
)

// Some are so many of them.
func (r Hosts) Some(n int) []string {
	addr, targets := netip.MustParseAddr(r.First), make([]string, n)
	for i := range targets {
		targets[i], addr = addr.String(), addr.Next()
	}
	return targets
}
