package probe

import (
	"net/netip"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
)

// newHost is a computer behind whose router there are thousands of hosts, all
// played by the router: those of awake answer, at once, those of silent never.
func newHost(t testing.TB) (here, router *netnstest.Namespace) {
	t.Helper()
	here, router = netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", router, "eth0")
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
	for _, first := range []string{awake.first, awake6.first} {
		here.Run("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do ping -n -q -c1 -W1 "+first+" && exit; done; exit 1")
	}
	return here, router
}

// A hostRange is hosts of newHost, from the first on.
type hostRange struct{ first string }

var (
	awake  = hostRange{"10.64.0.1"}
	silent = hostRange{"10.65.0.1"}
	awake6 = hostRange{"fd64::1"}
)

// some are so many of them.
func (r hostRange) some(n int) []string {
	addr, targets := netip.MustParseAddr(r.first), make([]string, n)
	for i := range targets {
		targets[i], addr = addr.String(), addr.Next()
	}
	return targets
}
