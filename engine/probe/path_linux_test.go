package probe

import (
	"net"
	"net/netip"
	"os/exec"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// A path is a computer, two routers and a host behind them, with both families:
//
//	here 10.1.0.10 — 10.1.0.1 first 10.9.0.1 — 10.9.0.2 second 10.2.0.1 — 10.2.0.25 there
//
// IPv6 has fd00:1::10 and so on. Links are called lan (towards here) and wan.
type path struct {
	here, first, second, there *netnstest.Namespace
}

func newPath(t testing.TB) *path {
	t.Helper()
	p := &path{netnstest.New(t), netnstest.New(t), netnstest.New(t), netnstest.New(t)}
	netnstest.Connect(p.here, "wan", p.first, "lan")
	netnstest.Connect(p.first, "wan", p.second, "lan")
	netnstest.Connect(p.second, "wan", p.there, "lan")
	for _, router := range []*netnstest.Namespace{p.first, p.second} {
		router.Sysctl("net.ipv4.ip_forward", "1")
		router.Sysctl("net.ipv6.conf.all.forwarding", "1")
	}
	p.here.IP(`
		addr add 10.1.0.10/24 dev wan
		addr add fd00:1::10/64 dev wan
		route add default via 10.1.0.1
		route add default via fd00:1::1`)
	p.first.IP(`
		addr add 10.1.0.1/24 dev lan
		addr add fd00:1::1/64 dev lan
		addr add 10.9.0.1/24 dev wan
		addr add fd00:9::1/64 dev wan
		route add 10.2.0.0/24 via 10.9.0.2
		route add fd00:2::/64 via fd00:9::2`)
	p.second.IP(`
		addr add 10.9.0.2/24 dev lan
		addr add fd00:9::2/64 dev lan
		addr add 10.2.0.1/24 dev wan
		addr add fd00:2::1/64 dev wan
		route add 10.1.0.0/24 via 10.9.0.1
		route add fd00:1::/64 via fd00:9::1`)
	p.there.IP(`
		addr add 10.2.0.25/24 dev lan
		addr add fd00:2::25/64 dev lan
		route add default via 10.2.0.1
		route add default via fd00:2::1`)
	// Links take a moment to be ready.
	for _, f := range families {
		p.here.Run("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do ping -n -q -c1 -W1 "+f.there.String()+" && exit; done; exit 1")
	}
	return p
}

// nft gives a computer a rule in a chain of its own: hook is input, forward or
// output, rule what nft(8) calls a statement with its matches.
func nft(t testing.TB, n *netnstest.Namespace, hook, rule string) {
	t.Helper()
	if _, err := exec.LookPath("nft"); err != nil {
		rulestest.Missing(t, "the nft command (nftables) is not installed")
	}
	n.Run("nft", "add table inet test; add chain inet test "+hook+
		" { type filter hook "+hook+" priority 0; }; add rule inet test "+hook+" "+rule)
}

// Addresses of a path, by family.
type family struct {
	name                            string
	source, first, firstFar, second netip.Addr
	there, nobody                   netip.Addr // a host, and one that is not on
	nowhere                         netip.Addr // to which no router has a route
}

var families = []family{
	{
		name: "IPv4", source: netip.MustParseAddr("10.1.0.10"),
		first: netip.MustParseAddr("10.1.0.1"), firstFar: netip.MustParseAddr("10.9.0.1"), second: netip.MustParseAddr("10.9.0.2"),
		there: netip.MustParseAddr("10.2.0.25"), nobody: netip.MustParseAddr("10.2.0.99"), nowhere: netip.MustParseAddr("10.77.0.1"),
	},
	{
		name: "IPv6", source: netip.MustParseAddr("fd00:1::10"),
		first: netip.MustParseAddr("fd00:1::1"), firstFar: netip.MustParseAddr("fd00:9::1"), second: netip.MustParseAddr("fd00:9::2"),
		there: netip.MustParseAddr("fd00:2::25"), nobody: netip.MustParseAddr("fd00:2::99"), nowhere: netip.MustParseAddr("fd00:77::1"),
	},
}

// bothFamilies runs a test for IPv4 and for IPv6, each on a path of its own; with
// -short for one of them.
func bothFamilies(t *testing.T, test func(t *testing.T, p *path, f family)) {
	t.Helper()
	for i, f := range families {
		if i > 0 && testing.Short() {
			break
		}
		t.Run(f.name, func(t *testing.T) { test(t, newPath(t), f) })
	}
}

// ipFlag is ip(8)'s word for the family.
func (f family) ipFlag() string {
	if f.there.Is4() {
		return "-4"
	}
	return "-6"
}

// echoRequest matches pings in a rule of nft(8).
func (f family) echoRequest() string {
	if f.there.Is4() {
		return "icmp type echo-request "
	}
	return "icmpv6 type echo-request "
}

// prefix is the subnet behind the routers.
func (f family) prefix() string {
	if f.there.Is4() {
		return "10.2.0.0/24"
	}
	return "fd00:2::/64"
}

// hereNet is the subnet before the routers.
func (f family) hereNet() string {
	if f.there.Is4() {
		return "10.1.0.0/24"
	}
	return "fd00:1::/64"
}

// anyAddr is the family's unspecified address.
func (f family) anyAddr() netip.Addr {
	if f.there.Is4() {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}

// listen accepts on every address of a computer, on a port of the system's
// choice.
func listen(t testing.TB, n *netnstest.Namespace, f family) uint16 {
	t.Helper()
	var listener net.Listener
	n.Do(func() {
		var err error
		if listener, err = net.Listen("tcp", netip.AddrPortFrom(f.anyAddr(), 0).String()); err != nil {
			t.Fatal(err)
		}
	})
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().(*net.TCPAddr).AddrPort().Port()
}
