package resolver

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/linecheck/linecheck/engine"
)

// Resolve is the one address that a probe asks about: the target itself, or
// the first that lookup finds for the name. network is "ip", "ip4" or "ip6".
// Without an address there is nothing to ask about, hence an error.
func Resolve(ctx context.Context, w *engine.World, target, network string) (netip.Addr, error) {
	addrs, err := Lookup(ctx, w, network, target)
	if err != nil {
		return netip.Addr{}, fmt.Errorf("resolve %s: %w", target, err)
	}
	addr := addrs[0]
	if network == "ip4" && !addr.Is4() || network == "ip6" && !addr.Is6() {
		return netip.Addr{}, fmt.Errorf("%s is an address of the other family", target)
	}
	return addr, nil
}

// NetworkOf is the network, for resolve, of source's family; "ip" without one.
func NetworkOf(source netip.Addr) string {
	switch {
	case source.Is4():
		return "ip4"
	case source.Is6():
		return "ip6"
	}
	return "ip"
}
