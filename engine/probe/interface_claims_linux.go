package probe

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/neighbour"
	"github.com/linecheck/linecheck/engine/probe/internal/truth"
	"github.com/vishvananda/netlink"
)

// mostClaims bounds the own addresses that are asked for.
const mostClaims = 4

// askClaims asks on the link who else has the adapter's first addresses.
func (a *adapter) askClaims(ctx context.Context, patience time.Duration) error {
	link, err := netlink.LinkByIndex(a.index)
	if err != nil {
		return fmt.Errorf("adapter %s: %w", a.name, err)
	}
	if !a.up || a.carrier != truth.Yes {
		return nil
	}
	own := slices.DeleteFunc(slices.Clone(a.addrs), func(own adapterAddr) bool { return own.addr.IsLinkLocalUnicast() })
	own = own[:min(len(own), mostClaims)]
	from := a.linkLocal()
	var neighbours []neighbour.Host
	for _, own := range own {
		neighbours = append(neighbours, neighbour.Host{Addr: own.addr, Link: link, From: from, Claims: true})
	}
	claims, err := neighbour.AskAll(ctx, patience, neighbours...)
	if err != nil {
		return err
	}
	for i, macs := range claims {
		if len(macs) == 0 {
			continue
		}
		if a.claimedBy == nil && len(a.duplicates) == 0 {
			a.claimedBy = macs[0]
		}
		a.duplicates = append(a.duplicates, own[i].addr)
	}
	return nil
}

// linkLocal is the adapter's own link-local address of IPv6, the zero for none: a
// question from the very address that two hosts have is answered to either.
func (a *adapter) linkLocal() netip.Addr {
	for _, own := range a.addrs {
		if own.addr.Is6() && own.addr.IsLinkLocalUnicast() {
			return own.addr
		}
	}
	return netip.Addr{}
}
