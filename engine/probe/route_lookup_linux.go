package probe

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// A routeEntry is what the kernel does with packets for one destination. The
// zero is what it does without an entry: it refuses them.
type routeEntry struct {
	kind string // word of the attribute kind, "" without an entry
	via  nextHop
	// hops are all next hops of the entry, via among them; empty where the entry
	// does not tell.
	hops   []nextHop
	source netip.Addr
	// prefix and table are the zero where a policy rule itself refuses;
	// ambiguous says that several entries could be the one that refuses.
	prefix       netip.Prefix
	table        int
	ambiguous    bool
	redirectedTo netip.Addr
}

// A nextHop is where packets are handed to.
type nextHop struct {
	gateway netip.Addr // zero: to the destination itself
	link    int        // index of the adapter, 0 for none
}

func (e *routeEntry) found() bool { return e.kind != "" }

// onLink reports whether packets go to the destination without a gateway.
func (e *routeEntry) onLink() bool { return e.via.link != 0 && !e.via.gateway.IsValid() }

// routeKinds are the words for the types of rtm_type (rtnetlink(7)) that the
// kernel answers with.
var routeKinds = map[int]string{
	unix.RTN_UNICAST:   "unicast",
	unix.RTN_LOCAL:     "local",
	unix.RTN_BROADCAST: "broadcast",
	unix.RTN_ANYCAST:   "anycast",
	unix.RTN_MULTICAST: "multicast",

	unix.RTN_BLACKHOLE:   "blackhole",
	unix.RTN_PROHIBIT:    "prohibit",
	unix.RTN_UNREACHABLE: "unreachable",
}

// refusals are the errors that the kernel answers with where an entry, or a
// policy rule, refuses: fib_props in net/ipv4/fib_semantics.c and, the same,
// ip6_rt_type_to_error in net/ipv6/route.c. Where nothing applies, or a rule
// of type unreachable, it is ENETUNREACH.
var refusals = map[unix.Errno]int{
	unix.EINVAL:       unix.RTN_BLACKHOLE,
	unix.EACCES:       unix.RTN_PROHIBIT,
	unix.EHOSTUNREACH: unix.RTN_UNREACHABLE,
}

// lookupRoute asks the kernel twice: for the entry (RTM_F_FIB_MATCH), which
// lists all next hops, and for what it would do now, which tells the next hop
// that it chose, the source, and a redirect.
func lookupRoute(target, source netip.Addr) (routeEntry, error) {
	options := netlink.RouteGetOptions{SrcAddr: source.AsSlice()}
	switch {
	case target.IsUnspecified():
		return routeEntry{}, fmt.Errorf("%s is not the address of any host", target)
	case target.Zone() != "":
		link, err := netlink.LinkByName(target.Zone())
		if err != nil {
			return routeEntry{}, fmt.Errorf("adapter of %s: %w", target, err)
		}
		options.OifIndex = link.Attrs().Index
	case target.IsLinkLocalUnicast() && target.Is6():
		return routeEntry{}, fmt.Errorf("a link-local address needs its adapter, as in %s%%eth0", target)
	}
	now, err := netlink.RouteGetWithOptions(target.AsSlice(), &options)
	if err != nil {
		return refusedRoute(target, err)
	}
	options.FIBMatch = true
	entry, err := netlink.RouteGetWithOptions(target.AsSlice(), &options)
	if err != nil {
		return refusedRoute(target, err)
	}
	if len(now) != 1 || len(entry) != 1 {
		return routeEntry{}, fmt.Errorf("the kernel has %d routes and %d entries for %s, not one of each", len(now), len(entry), target)
	}

	e := entryOf(&entry[0])
	e.source = source
	if !source.IsValid() {
		e.source = withZone(addrOf(now[0].Src), uint32(now[0].LinkIndex))
	}
	if e.kind != "unicast" {
		// An own address goes by loopback; its entry names the adapter.
		return e, nil
	}
	if len(e.hops) == 0 {
		if e.hops, err = hiddenHops(target, source, options.OifIndex); err != nil {
			return routeEntry{}, err
		}
	}
	taken, hops := hopOf(&now[0]), e.hops
	if slices.Contains(hops, taken) || len(hops) == 0 {
		e.via = taken
		return e, nil
	}
	if i := slices.IndexFunc(hops, func(h nextHop) bool { return h.link == taken.link }); i >= 0 {
		e.via = hops[i]
	}
	e.redirectedTo = taken.gateway
	if !taken.gateway.IsValid() {
		e.redirectedTo = withZone(target, uint32(taken.link))
	}
	return e, nil
}

// refusedRoute is the entry behind an error of RTM_GETROUTE, which does not
// tell it: the most specific one of that type for target. Tables don't say
// which of them the policy rules led to; with candidates in several it stays
// open.
func refusedRoute(target netip.Addr, refusal error) (routeEntry, error) {
	if errors.Is(refusal, unix.ENETUNREACH) {
		return routeEntry{}, nil
	}
	var errno unix.Errno
	if !errors.As(refusal, &errno) || refusals[errno] == 0 {
		return routeEntry{}, fmt.Errorf("ask for the route to %s: %w", target, refusal)
	}
	typ := refusals[errno]
	routes, err := listRoutes(target, &netlink.Route{Type: typ}, netlink.RT_FILTER_TYPE|netlink.RT_FILTER_TABLE)
	if err != nil {
		return routeEntry{}, err
	}
	refused := routeEntry{kind: routeKinds[typ]}
	for i := range routes {
		e := entryOf(&routes[i])
		if !e.prefix.Contains(target.WithZone("")) {
			continue
		}
		refused.ambiguous = refused.ambiguous || refused.prefix.IsValid() && refused.table != e.table
		if !refused.prefix.IsValid() || e.prefix.Bits() > refused.prefix.Bits() {
			refused.prefix, refused.table = e.prefix, e.table
		}
	}
	return refused, nil
}

// farAway are addresses that no subnet holds: one of class E (RFC 1112, 4) and
// one for documentation (RFC 9637). Asking for the way to them honours policy
// rules, which a look at the main table does not.
//
// widest is the longest prefix that still counts as a default route: VPNs lay
// two halves of the address space over one, and 2000::/3 is all of the IPv6
// Internet. A longer one is about such reserved addresses in particular.
var farAway = []struct {
	addr   netip.Addr
	widest int
}{
	{netip.MustParseAddr("240.0.0.1"), 1},
	{netip.MustParseAddr("3fff::1"), 3},
}

// defaultRoute is the way to any host that nothing more specific is known of,
// of IPv4 if there is one, else of IPv6.
func defaultRoute(source netip.Addr) (routeEntry, error) {
	for _, far := range farAway {
		if source.IsValid() && source.Is4() != far.addr.Is4() {
			continue
		}
		e, err := lookupRoute(far.addr, source)
		if err != nil {
			return routeEntry{}, err
		}
		if e.prefix.IsValid() && e.prefix.Bits() > far.widest {
			if e, err = mainDefault(far.addr); err != nil {
				return routeEntry{}, err
			}
		}
		if e.found() {
			return e, nil
		}
	}
	return routeEntry{}, nil
}

// mainDefault is the default route of target's family that the main table
// prefers.
func mainDefault(target netip.Addr) (routeEntry, error) {
	routes, err := listRoutes(target, &netlink.Route{}, netlink.RT_FILTER_DST)
	if err != nil || len(routes) == 0 {
		return routeEntry{}, err
	}
	best := slices.MinFunc(routes, func(a, b netlink.Route) int { return a.Priority - b.Priority })
	e := entryOf(&best)
	e.source = withZone(addrOf(best.Src), uint32(e.via.link))
	if !e.source.IsValid() && e.via.gateway.IsValid() {
		toGateway, err := lookupRoute(e.via.gateway, netip.Addr{})
		if err != nil {
			return routeEntry{}, err
		}
		e.source = toGateway.source
	}
	return e, nil
}

// listRoutes lists the entries of target's family; see RouteListFiltered.
func listRoutes(target netip.Addr, filter *netlink.Route, mask uint64) ([]netlink.Route, error) {
	family := netlink.FAMILY_V6
	if target.Is4() {
		family = netlink.FAMILY_V4
	}
	routes, err := list(func() ([]netlink.Route, error) { return netlink.RouteListFiltered(family, filter, mask) })
	if err != nil {
		return nil, fmt.Errorf("list routes: %w", err)
	}
	return routes, nil
}

// entryOf is the part of a route that does not depend on the next hop chosen.
func entryOf(r *netlink.Route) routeEntry {
	e := routeEntry{kind: routeKinds[r.Type], table: r.Table}
	if e.kind == "" {
		e.kind = fmt.Sprintf("type %d", r.Type)
	}
	if e.hops = hopsOf(r); len(e.hops) > 0 {
		e.via = e.hops[0]
	}
	if e.kind == "local" || e.kind == "broadcast" {
		// Until the first policy rule is set, the kernel keeps the local table
		// in the main one and answers with the number of that (fib_unmerge).
		e.table = unix.RT_TABLE_LOCAL
	}
	if r.Dst != nil {
		bits, _ := r.Dst.Mask.Size()
		e.prefix = netip.PrefixFrom(addrOf(r.Dst.IP), bits)
	}
	return e
}

// hopsOf are the next hops of an entry, several where it is a multipath one;
// none where it refuses. The kernel chooses none that it has as dead, an adapter
// that is off say, unless all are.
func hopsOf(r *netlink.Route) []nextHop {
	if len(r.MultiPath) == 0 {
		if refuses(r.Type) {
			return nil
		}
		if hop := hopOf(r); hop.link != 0 {
			return []nextHop{hop}
		}
		return nil
	}
	var hops, dead []nextHop
	for _, h := range r.MultiPath {
		if hop := hopTo(h.LinkIndex, h.Gw, h.Via); h.Flags&unix.RTNH_F_DEAD != 0 {
			dead = append(dead, hop)
		} else {
			hops = append(hops, hop)
		}
	}
	if len(hops) == 0 {
		return dead
	}
	return hops
}

// refuses reports whether a route of the type hands packets to nobody; those
// of IPv6 name the loopback adapter nevertheless.
func refuses(typ int) bool {
	return typ == unix.RTN_BLACKHOLE || typ == unix.RTN_PROHIBIT || typ == unix.RTN_UNREACHABLE
}

func hopOf(r *netlink.Route) nextHop { return hopTo(r.LinkIndex, r.Gw, r.Via) }

// hopTo is the next hop with a gateway of the same family (RTA_GATEWAY) or, of
// an IPv4 route, one with an IPv6 address (RTA_VIA).
func hopTo(link int, gateway net.IP, via netlink.Destination) nextHop {
	if v, ok := via.(*netlink.Via); ok {
		gateway = v.Addr
	}
	return nextHop{gateway: withZone(addrOf(gateway), uint32(link)), link: link}
}
