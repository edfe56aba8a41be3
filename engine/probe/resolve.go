package probe

import (
	"context"
	"fmt"
	"net"
	"net/netip"
)

// resolve is the address of a probe's target: the target itself, or the one
// that the system's resolver prefers for the name (RFC 6724). network is "ip",
// "ip4" or "ip6", as net.Resolver has it. Without an address there is nothing
// to ask about, hence an error.
func resolve(ctx context.Context, target, network string) (netip.Addr, error) {
	if addr, err := netip.ParseAddr(target); err == nil {
		addr = addr.Unmap()
		if network == "ip4" && !addr.Is4() || network == "ip6" && !addr.Is6() {
			return netip.Addr{}, fmt.Errorf("%s is an address of the other family", target)
		}
		return addr, nil
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, network, target)
	if err != nil {
		return netip.Addr{}, fmt.Errorf("resolve %s: %w", target, err)
	}
	return addrs[0].Unmap(), nil
}

// networkOf is the network, for resolve, of source's family; "ip" without one.
func networkOf(source netip.Addr) string {
	switch {
	case source.Is4():
		return "ip4"
	case source.Is6():
		return "ip6"
	}
	return "ip"
}
