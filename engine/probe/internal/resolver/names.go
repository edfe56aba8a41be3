package resolver

import (
	"context"
	"net"
	"net/netip"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/panics"
)

// Names are the names that the DNS has for the host beside the target: the
// canonical one of the target (CNAME) and those of the address (PTR). A World with
// a Lookup of its own has none.
func Names(ctx context.Context, w *engine.World, target string, address netip.Addr) []string {
	if w.Lookup != nil {
		return nil
	}
	var canonical string
	var names []string
	var all panics.Group
	if _, err := netip.ParseAddr(target); err != nil {
		all.Go(func() { canonical, _ = net.DefaultResolver.LookupCNAME(ctx, target) })
	}
	// Without an answer there is one name less to compare with.
	all.Go(func() { names, _ = net.DefaultResolver.LookupAddr(ctx, address.String()) })
	all.Wait()
	if canonical != "" {
		names = append(names, canonical)
	}
	return names
}
