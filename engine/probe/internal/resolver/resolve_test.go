package resolver

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"github.com/linecheck/linecheck/engine"
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
		got, err := Resolve(t.Context(), &engine.World{}, test.target, test.network)
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

func TestResolveName(t *testing.T) {
	w := &engine.World{Lookup: func(_ context.Context, _, name string) ([]netip.Addr, error) {
		if name != "mail.corp.example" {
			return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
		}
		return []netip.Addr{netip.MustParseAddr("::ffff:192.0.2.25"), netip.MustParseAddr("192.0.2.26")}, nil
	}}
	got, err := Resolve(t.Context(), w, "mail.corp.example", "ip4")
	if err != nil || got.String() != "192.0.2.25" {
		t.Errorf("resolve: %v, %v, want the first address", got, err)
	}
	if got, err := Resolve(t.Context(), w, "other.corp.example", "ip"); err == nil {
		t.Errorf("a name that nobody knows is %v", got)
	}
}
