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
	p, f := netnstest.NewPath(t), netnstest.Families[0]
	target := netip.AddrPortFrom(f.There, 25)
	check := func(what string, want bool) {
		t.Helper()
		p.Here.Do(func() {
			netnstest.Unprivileged(t, func() {
				if got := refusedHere(t.Context(), target); got != want {
					t.Errorf("%s: %v, want %v", what, got, want)
				}
			})
		})
	}
	check("refused by the host", false)
	p.Here.Sysctl("net.ipv4.ip_forward", "1") // and what loops back could go on
	check("refused by the host, on a router", false)
	netnstest.NFT(t, p.First, "forward", "tcp dport 25 reject with tcp reset")
	check("reset by the router", false)
	netnstest.NFT(t, p.Here, "output", "tcp dport 25 reject with tcp reset")
	check("reset by the own firewall", true)
}
