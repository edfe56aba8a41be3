package probe

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// What this computer listens on is told by address, and a socket for both
// families under both wildcards.
func TestListener(t *testing.T) {
	only := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 1)
		})
	}}
	for name, tc := range map[string]struct {
		network, address string
		config           net.ListenConfig
		want             []string
	}{
		"one address": {network: "tcp4", address: "127.0.0.1:0", want: []string{"127.0.0.1"}},
		"all of IPv4": {network: "tcp4", address: "0.0.0.0:0", want: []string{"0.0.0.0"}},
		"all of IPv6": {network: "tcp6", address: "[::]:0", config: only, want: []string{"::"}},
		"all of both": {network: "tcp", address: ":0", want: []string{"0.0.0.0", "::"}},
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := tc.config.Listen(t.Context(), tc.network, tc.address)
			if err != nil {
				t.Skipf("this computer can't listen there: %v", err)
			}
			port := listener.Addr().(*net.TCPAddr).Port
			if got := listenedOn(t, port); !slices.Equal(got, tc.want) {
				t.Errorf("port %d is listened on at %q, want %q", port, got, tc.want)
			}
			listener.Close()
			if got := listenedOn(t, port); len(got) > 0 {
				t.Errorf("closed, port %d is listened on at %q", port, got)
			}
		})
	}
}

// listenedOn are the addresses that a port is listened on at.
func listenedOn(t *testing.T, port int) []string {
	t.Helper()
	v, err := observeListener(context.Background(), nil, engine.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var addresses []string
	for _, l := range v.GetAttr("listeners").AsValueSlice() {
		if n, _ := l.GetAttr("port").AsBigFloat().Int64(); int(n) == port {
			addresses = append(addresses, l.GetAttr("address").AsString())
		}
	}
	if !slices.ContainsFunc(v.GetAttr("own_addresses").AsValueSlice(), func(a cty.Value) bool {
		return netip.MustParseAddr(a.AsString()).IsLoopback()
	}) {
		t.Error("the loopback address is none of this computer's")
	}
	return addresses
}
