package probe

import (
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/zclconf/go-cty/cty"
)

// Policy rules may send a port another way than everything else.
func TestRouteOfAPort(t *testing.T) {
	here, lan := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", lan, "eth0")
	here.IP(`
		addr add 10.1.0.10/24 dev eth0
		addr add 2001:db8:1::10/64 dev eth0 nodad
		route add default via 10.1.0.1
		-6 route add default via 2001:db8:1::1
		route add default via 10.1.0.2 table 25
		-6 route add default via 2001:db8:1::2 table 25
		rule add ipproto tcp dport 25 lookup 25
		-6 rule add ipproto tcp dport 25 lookup 25
		rule add ipproto tcp dport 26 prohibit
		-6 rule add ipproto tcp dport 26 prohibit
		rule add ipproto tcp dport 27 blackhole
	`)
	for _, test := range []struct {
		target string
		port   int
		want   want
	}{
		{"192.0.2.1", 24, want{"found": true, "kind": "unicast", "on_link": false, "gateway": "10.1.0.1", "interface": "eth0", "source": "10.1.0.10", "prefix": nil}},
		{"192.0.2.1", 25, want{"found": true, "kind": "unicast", "on_link": false, "gateway": "10.1.0.2", "interface": "eth0", "source": "10.1.0.10"}},
		{"192.0.2.1", 26, want{"found": true, "kind": "prohibit", "on_link": false, "gateway": nil}},
		{"192.0.2.1", 27, want{"found": true, "kind": "blackhole", "on_link": false, "gateway": nil}},
		{"10.1.0.77", 24, want{"found": true, "kind": "unicast", "on_link": true, "gateway": nil}},
		{"10.1.0.10", 24, want{"found": true, "kind": "local"}},
		{"2001:db8:9::1", 24, want{"found": true, "kind": "unicast", "gateway": "2001:db8:1::1", "source": "2001:db8:1::10"}},
		{"2001:db8:9::1", 25, want{"found": true, "kind": "unicast", "gateway": "2001:db8:1::2"}},
		{"2001:db8:9::1", 26, want{"found": true, "kind": "prohibit"}},
	} {
		here.Do(func() {
			result, err := observe(t.Context(), t, "route", test.target, map[string]cty.Value{"port": number(test.port)})
			if err != nil {
				t.Errorf("%s port %d: %v", test.target, test.port, err)
				return
			}
			test.want.check(t, test.target, result)
		})
	}
	here.IP("route del default\n-6 route del default")
	here.Do(func() {
		result, err := observe(t.Context(), t, "route", "192.0.2.1", map[string]cty.Value{"port": number(24)})
		if err != nil {
			t.Fatal(err)
		}
		want{"found": false, "kind": nil}.check(t, "without a default route", result)
		if _, err := observe(t.Context(), t, "route", "", map[string]cty.Value{"port": number(25)}); err == nil {
			t.Error("a port without a target was taken")
		}
	})
}
