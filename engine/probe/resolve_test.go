package probe

import (
	"net/netip"
	"testing"
)

func TestResolveAddress(t *testing.T) {
	for _, test := range []struct {
		target, network string
		want            string // "" is an error
	}{
		{"192.0.2.1", "ip", "192.0.2.1"},
		{"192.0.2.1", "ip4", "192.0.2.1"},
		{"192.0.2.1", "ip6", ""},
		{"::ffff:192.0.2.1", "ip4", "192.0.2.1"},
		{"2001:DB8::1", "ip6", "2001:db8::1"},
		{"2001:db8::1", "ip4", ""},
		{"fe80::1%eth0", "ip", "fe80::1%eth0"},
		{"localhost", "ip4", "127.0.0.1"},
		{"no..name", "ip", ""}, // not a name: nobody is asked
	} {
		got, err := resolve(t.Context(), test.target, test.network)
		if test.want == "" {
			if err == nil {
				t.Errorf("resolve(%q, %q) = %v, want an error", test.target, test.network, got)
			}
			continue
		}
		if err != nil || got != netip.MustParseAddr(test.want) {
			t.Errorf("resolve(%q, %q) = %v, %v, want %s", test.target, test.network, got, err, test.want)
		}
	}
}
