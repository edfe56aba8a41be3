package probe

import (
	"net/netip"
)

// ways are the adapters, by index, that routes lead to; 0 for none.
type ways struct {
	near     int     // through an address of near, or straight to it
	toward   nextHop // to the host that the hints name
	standard int     // the default route's
}

func waysOut(hints adapterHints) (ways, error) {
	var w ways
	standard, err := defaultRoute(netip.Addr{})
	if err != nil {
		return w, err
	}
	w.standard = standard.via.link
	if toward, err := netip.ParseAddr(hints.toward); err == nil {
		if way, err := lookupRoute(toward.Unmap(), netip.Addr{}); err == nil && way.kind == "unicast" {
			w.toward = way.via
		}
	}
	for _, near := range hints.near {
		for _, hop := range []nextHop{standard.via, w.toward} {
			if hop.gateway.IsValid() && sameHost(hop.gateway, near) && w.near == 0 {
				w.near = hop.link
			}
		}
		// A link-local address without its adapter has no route: an error, which
		// tells nothing.
		if way, err := lookupRoute(near, netip.Addr{}); err == nil && way.kind == "unicast" && way.onLink() && w.near == 0 {
			w.near = way.via.link
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
	if value, err := sysctl(parameter); err == nil {
		r.set("ignores_ping", value != "0")
	}
}
