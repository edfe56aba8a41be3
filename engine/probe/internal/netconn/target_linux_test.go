package netconn

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
)

// What this computer lacks explains no failure of a World's own Dial.
func TestCorrectLocalErrorOfAWorld(t *testing.T) {
	here, there := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "wan", there, "lan")
	here.Sysctl("net.ipv6.conf.all.disable_ipv6", "1") // takes the addresses away
	here.Run("ip", "addr", "flush", "dev", "lo")
	own := &engine.World{Dial: func(context.Context, string, string) (net.Conn, error) { return nil, nil }}
	for want, w := range map[string]*engine.World{"no_route": {}, "address_unavailable": own} {
		here.Do(func() {
			got := correctLocalError(w, "address_unavailable", netip.MustParseAddr("2001:db8::1"), netip.Addr{})
			if got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}
