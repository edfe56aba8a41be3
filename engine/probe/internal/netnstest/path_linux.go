package netnstest

import (
	"net"
	"net/netip"
	"os/exec"
	"testing"

	"github.com/linecheck/linecheck/rules/rulestest"
)

// A Path is a computer, two routers and a host behind them, with both families:
//
//	here 10.1.0.10 — 10.1.0.1 first 10.9.0.1 — 10.9.0.2 second 10.2.0.1 — 10.2.0.25 there
//
// IPv6 has fd00:1::10 and so on. Links are called lan (towards here) and wan.
type Path struct {
	Here, First, Second, There *Namespace
}

// NewPath builds one and waits until its links are ready.
func NewPath(t testing.TB) *Path {
	t.Helper()
	p := &Path{New(t), New(t), New(t), New(t)}
	Connect(p.Here, "wan", p.First, "lan")
	Connect(p.First, "wan", p.Second, "lan")
	Connect(p.Second, "wan", p.There, "lan")
	for _, router := range []*Namespace{p.First, p.Second} {
		router.Sysctl("net.ipv4.ip_forward", "1")
		router.Sysctl("net.ipv6.conf.all.forwarding", "1")
	}
	p.Here.IP(`
		addr add 10.1.0.10/24 dev wan
		addr add fd00:1::10/64 dev wan
		route add default via 10.1.0.1
		route add default via fd00:1::1`)
	p.First.IP(`
		addr add 10.1.0.1/24 dev lan
		addr add fd00:1::1/64 dev lan
		addr add 10.9.0.1/24 dev wan
		addr add fd00:9::1/64 dev wan
		route add 10.2.0.0/24 via 10.9.0.2
		route add fd00:2::/64 via fd00:9::2`)
	p.Second.IP(`
		addr add 10.9.0.2/24 dev lan
		addr add fd00:9::2/64 dev lan
		addr add 10.2.0.1/24 dev wan
		addr add fd00:2::1/64 dev wan
		route add 10.1.0.0/24 via 10.9.0.1
		route add fd00:1::/64 via fd00:9::1`)
	p.There.IP(`
		addr add 10.2.0.25/24 dev lan
		addr add fd00:2::25/64 dev lan
		route add default via 10.2.0.1
		route add default via fd00:2::1`)
	// Links take a moment to be ready.
	for _, f := range Families {
		p.Here.Run("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do ping -n -q -c1 -W1 "+f.There.String()+" && exit; done; exit 1")
	}
	return p
}

// NFT gives a computer a rule in a chain of its own: hook is input, forward or
// output, rule what nft(8) calls a statement with its matches.
func NFT(t testing.TB, n *Namespace, hook, rule string) {
	t.Helper()
	if _, err := exec.LookPath("nft"); err != nil {
		rulestest.Missing(t, "the nft command (nftables) is not installed")
	}
	n.Run("nft", "add table inet test; add chain inet test "+hook+
		" { type filter hook "+hook+" priority 0; }; add rule inet test "+hook+" "+rule)
}

// Addresses of a path, by family.
type Family struct {
	Name                            string
	Source, First, FirstFar, Second netip.Addr
	There, Nobody                   netip.Addr // a host, and one that is not on
	Nowhere                         netip.Addr // to which no router has a route
}

// Families are the addresses of a Path, of IPv4 and of IPv6.
var Families = []Family{
	{
		Name: "IPv4", Source: netip.MustParseAddr("10.1.0.10"),
		First: netip.MustParseAddr("10.1.0.1"), FirstFar: netip.MustParseAddr("10.9.0.1"), Second: netip.MustParseAddr("10.9.0.2"),
		There: netip.MustParseAddr("10.2.0.25"), Nobody: netip.MustParseAddr("10.2.0.99"), Nowhere: netip.MustParseAddr("10.77.0.1"),
	},
	{
		Name: "IPv6", Source: netip.MustParseAddr("fd00:1::10"),
		First: netip.MustParseAddr("fd00:1::1"), FirstFar: netip.MustParseAddr("fd00:9::1"), Second: netip.MustParseAddr("fd00:9::2"),
		There: netip.MustParseAddr("fd00:2::25"), Nobody: netip.MustParseAddr("fd00:2::99"), Nowhere: netip.MustParseAddr("fd00:77::1"),
	},
}

// BothFamilies runs a test for IPv4 and for IPv6, each on a path of its own; with
// -short for one of them.
func BothFamilies(t *testing.T, test func(t *testing.T, p *Path, f Family)) {
	t.Helper()
	for i, f := range Families {
		if i > 0 && testing.Short() {
			break
		}
		t.Run(f.Name, func(t *testing.T) { test(t, NewPath(t), f) })
	}
}

// IPFlag is ip(8)'s word for the family.
func (f Family) IPFlag() string {
	if f.There.Is4() {
		return "-4"
	}
	return "-6"
}

// EchoRequest matches pings in a rule of nft(8).
func (f Family) EchoRequest() string {
	if f.There.Is4() {
		return "icmp type echo-request "
	}
	return "icmpv6 type echo-request "
}

// Prefix is the subnet behind the routers.
func (f Family) Prefix() string {
	if f.There.Is4() {
		return "10.2.0.0/24"
	}
	return "fd00:2::/64"
}

// HereNet is the subnet before the routers.
func (f Family) HereNet() string {
	if f.There.Is4() {
		return "10.1.0.0/24"
	}
	return "fd00:1::/64"
}

// AnyAddr is the family's unspecified address.
func (f Family) AnyAddr() netip.Addr {
	if f.There.Is4() {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}

// Listen accepts on every address of a computer, on a port of the system's
// choice.
func Listen(t testing.TB, n *Namespace, f Family) uint16 {
	t.Helper()
	var listener net.Listener
	n.Do(func() {
		var err error
		if listener, err = net.Listen("tcp", netip.AddrPortFrom(f.AnyAddr(), 0).String()); err != nil {
			t.Fatal(err)
		}
	})
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().(*net.TCPAddr).AddrPort().Port()
}
