package probe

import (
	"net/netip"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
)

// A reset of the own firewall comes before anything leaves; one of the router's
// or the host's is none of it.
func TestRefusedHere(t *testing.T) {
	t.Parallel()
	p, f := newPath(t), families[0]
	target := netip.AddrPortFrom(f.there, 25)
	check := func(what string, want bool) {
		t.Helper()
		p.here.Do(func() {
			netnstest.Unprivileged(t, func() {
				if got := refusedHere(t.Context(), target); got != want {
					t.Errorf("%s: %v, want %v", what, got, want)
				}
			})
		})
	}
	check("refused by the host", false)
	p.here.Sysctl("net.ipv4.ip_forward", "1") // and what loops back could go on
	check("refused by the host, on a router", false)
	nft(t, p.first, "forward", "tcp dport 25 reject with tcp reset")
	check("reset by the router", false)
	nft(t, p.here, "output", "tcp dport 25 reject with tcp reset")
	check("reset by the own firewall", true)
}
