package probe

import (
	"net/netip"

	"github.com/linecheck/linecheck/engine/probe/internal/hostfs"
	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/linecheck/linecheck/engine/probe/internal/rtnetlink"
)

func waysOut(hints adapterHints) (ways, error) {
	var w ways
	standard, err := rtnetlink.DefaultRoute(netip.Addr{})
	if err != nil {
		return w, err
	}
	w.standard = standard.Via.Link
	if toward, err := netip.ParseAddr(hints.toward); err == nil {
		if way, err := rtnetlink.LookupRoute(toward.Unmap(), netip.Addr{}); err == nil && way.Kind == "unicast" {
			w.toward = way.Via
		}
	}
	for _, near := range hints.near {
		for _, hop := range []rtnetlink.NextHop{standard.Via, w.toward} {
			if hop.Gateway.IsValid() && ipaddr.SameHost(hop.Gateway, near) && w.near == 0 {
				w.near = hop.Link
			}
		}
		// A link-local address without its adapter has no route: an error, which
		// tells nothing.
		if way, err := rtnetlink.LookupRoute(near, netip.Addr{}); err == nil && way.Kind == "unicast" && way.OnLink() && w.near == 0 {
			w.near = way.Via.Link
		}
	}
	return w, nil
}

func setIdle(r *result, adapters []adapter, chosen *adapter) {
	r.set("idle", idleNames(adapters, chosen))
}

// setIgnoresPing reads the kernel parameters that make a host silent
// (Documentation/networking/ip-sysctl.rst).
func setIgnoresPing(r *result, target string) {
	parameter := "ipv4/icmp_echo_ignore_all"
	if addr, err := netip.ParseAddr(target); err == nil && addr.Unmap().Is6() {
		parameter = "ipv6/icmp/echo_ignore_all"
	}
	if value, err := hostfs.Sysctl(parameter); err == nil {
		r.set("ignores_ping", value != "0")
	}
}
