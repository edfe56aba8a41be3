package probe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/hostfs"
	"github.com/linecheck/linecheck/engine/probe/internal/resolver"
	"github.com/linecheck/linecheck/engine/probe/internal/rtnetlink"
	"github.com/linecheck/linecheck/engine/probe/internal/truth"
	"github.com/vishvananda/netlink"
	"github.com/zclconf/go-cty/cty"
)

func observeRoute(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	source, err := sourceArg(q.Args["source"])
	if err != nil {
		return cty.NilVal, err
	}
	var e rtnetlink.Route
	if port := q.Args["port"]; !port.IsNull() {
		if q.Target == "" || source.IsValid() {
			return cty.NilVal, errors.New("a port needs a target, and takes no source beside it")
		}
		var target netip.Addr
		if target, err = resolver.Resolve(ctx, w, q.Target, "ip"); err == nil {
			e, err = rtnetlink.LookupPortRoute(target, uint16(intArg(port)))
		}
	} else if q.Target == "" {
		e, err = rtnetlink.DefaultRoute(source)
	} else {
		var target netip.Addr
		if target, err = resolver.Resolve(ctx, w, q.Target, resolver.NetworkOf(source)); err == nil {
			e, err = rtnetlink.LookupRoute(target, source)
		}
	}
	if err != nil {
		return cty.NilVal, err
	}
	return routeResult(&e), nil
}

// sourceArg is an argument that ipAddress has checked, the zero where it was
// left out. The kernel takes an address that is not ours in one family and
// refuses it in the other, with the same error as for a missing route: ask
// only about our own.
func sourceArg(v cty.Value) (netip.Addr, error) {
	s := stringArg(v)
	if s == "" {
		return netip.Addr{}, nil
	}
	source, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}, err
	}
	source = source.Unmap()
	own, err := rtnetlink.List(func() ([]netlink.Addr, error) { return netlink.AddrList(nil, netlink.FAMILY_ALL) })
	if err != nil {
		return netip.Addr{}, fmt.Errorf("list own addresses: %w", err)
	}
	for i := range own {
		if rtnetlink.AddrOf(own[i].IP) == source.WithZone("") {
			return source, nil
		}
	}
	return netip.Addr{}, fmt.Errorf("source %s is not an address of this computer", source)
}

// gatewaysOf are the routers of all next hops, in the order of their addresses:
// that of the kernel's answer begins with the chosen one in IPv6.
func gatewaysOf(e *rtnetlink.Route) []string {
	hops := e.Hops
	if len(hops) == 0 {
		hops = []rtnetlink.NextHop{e.Via}
	}
	var routers []netip.Addr
	for _, h := range hops {
		if h.Gateway.IsValid() {
			routers = append(routers, h.Gateway)
		}
	}
	slices.SortFunc(routers, netip.Addr.Compare)
	texts := []string{}
	for _, router := range slices.Compact(routers) {
		texts = append(texts, router.String())
	}
	return texts
}

// avoidsSilent says whether the kernel takes another next hop than one whose
// neighbour entry failed: fib_select_multipath in net/ipv4/fib_semantics.c, and
// ip6_pol_route with rt6_score_route in net/ipv6/route.c.
func avoidsSilent(e *rtnetlink.Route) truth.Value {
	parameter, avoids := "ipv4/fib_multipath_use_neigh", "1"
	if e.Prefix.Addr().Is6() {
		parameter, avoids = "ipv6/conf/all/forwarding", "0"
	}
	value, err := hostfs.Sysctl(parameter)
	if err != nil {
		return truth.Unknown
	}
	return truth.Of(value == avoids)
}

// routeResult is the result of an entry.
func routeResult(e *rtnetlink.Route) cty.Value {
	r := newResult(routeKind)
	r.set("found", e.Found())
	r.set("kind", nullIfEmpty(e.Kind))
	r.set("on_link", e.OnLink())
	r.set("gateway", e.Via.Gateway)
	gateways := gatewaysOf(e)
	r.set("gateways", gateways)
	if len(gateways) > 1 {
		setTruth(r, "avoids_silent", avoidsSilent(e))
	} else {
		r.set("avoids_silent", nil)
	}
	r.set("interface", nullIfEmpty(rtnetlink.LinkName(e.Via.Link)))
	r.set("source", e.Source)
	r.set("redirected_to", e.RedirectedTo)
	r.set("prefix", nil)
	r.set("table", nil)
	if e.Prefix.IsValid() && !e.Ambiguous {
		r.set("prefix", e.Prefix.String())
		r.set("table", e.Table)
	}
	return r.value()
}
