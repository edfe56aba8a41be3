package probe

import (
	"net"
	"net/netip"
	"strconv"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
)

// A connection that the own firewall turns round ends at a socket of this
// computer, whatever its address says.
func TestOtherEndIsHere(t *testing.T) {
	t.Parallel()
	netnstest.BothFamilies(t, func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
		there := netnstest.Listen(t, p.There, f)
		here := netnstest.Listen(t, p.Here, f)
		ask := func(what string, target netip.AddrPort, want bool) {
			t.Helper()
			p.Here.Do(func() {
				netnstest.Unprivileged(t, func() {
					conn, err := net.Dial("tcp", target.String())
					if err != nil {
						t.Error(err)
						return
					}
					defer conn.Close()
					if got := otherEndIsHere(conn); got != want {
						t.Errorf("%s: %v, want %v", what, got, want)
					}
				})
			})
		}
		ask("the other computer", netip.AddrPortFrom(f.There, there), false)
		ask("an own address", netip.AddrPortFrom(f.Source, here), true)
		p.Here.Run("nft", "add table inet redirected; add chain inet redirected output { type nat hook output priority -100; }; add rule inet redirected output tcp dport 25 redirect to :"+strconv.Itoa(int(here)))
		ask("a redirect", netip.AddrPortFrom(f.There, 25), true)
	})
}

func TestTableEndpoint(t *testing.T) {
	for _, test := range []struct {
		endpoint, want string // as a little-endian processor has it
	}{
		{"127.0.0.1:25", "0100007F:0019"},
		{"[::1]:2525", "00000000000000000000000001000000:09DD"},
		{"[::ffff:192.0.2.1]:1", "0000000000000000FFFF0000010200C0:0001"},
	} {
		e := netip.MustParseAddrPort(test.endpoint)
		if got := tableEndpoint(e.Addr(), e.Port()); got != test.want {
			t.Errorf("%s is %s, want %s", test.endpoint, got, test.want)
		}
	}
}
