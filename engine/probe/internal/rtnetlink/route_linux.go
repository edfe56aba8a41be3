package rtnetlink

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// A Route is what the kernel does with packets for one destination. The
// zero is what it does without an entry: it refuses them.
type Route struct {
	Kind string // word of the attribute kind, "" without an entry
	Via  NextHop
	// hops are all next hops of the entry, via among them; empty where the entry
	// does not tell.
	Hops   []NextHop
	Source netip.Addr
	// prefix and table are the zero where a policy rule itself refuses;
	// ambiguous says that several entries could be the one that refuses.
	Prefix       netip.Prefix
	Table        int
	Ambiguous    bool
	RedirectedTo netip.Addr
}

// Found reports whether an entry applies, one that refuses among them.
func (e *Route) Found() bool { return e.Kind != "" }

// OnLink reports whether packets go to the destination without a gateway.
func (e *Route) OnLink() bool { return e.Via.Link != 0 && !e.Via.Gateway.IsValid() }

// kindWords are the words for the types of rtm_type (rtnetlink(7)) that the
// kernel answers with.
var kindWords = map[int]string{
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

// LookupRoute asks the kernel twice: for the entry (RTM_F_FIB_MATCH), which
// lists all next hops, and for what it would do now, which tells the next hop
// that it chose, the source, and a redirect.
func LookupRoute(target, source netip.Addr) (Route, error) {
	options := netlink.RouteGetOptions{SrcAddr: source.AsSlice()}
	switch {
	case target.IsUnspecified():
		return Route{}, fmt.Errorf("%s is not the address of any host", target)
	case target.Zone() != "":
		link, err := netlink.LinkByName(target.Zone())
		if err != nil {
			return Route{}, fmt.Errorf("adapter of %s: %w", target, err)
		}
		options.OifIndex = link.Attrs().Index
	case target.IsLinkLocalUnicast() && target.Is6():
		return Route{}, fmt.Errorf("a link-local address needs its adapter, as in %s%%eth0", target)
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
		return Route{}, fmt.Errorf("the kernel has %d routes and %d entries for %s, not one of each", len(now), len(entry), target)
	}

	e := entryOf(&entry[0])
	e.Source = source
	if !source.IsValid() {
		e.Source = ipaddr.WithZone(AddrOf(now[0].Src), uint32(now[0].LinkIndex))
	}
	if e.Kind != "unicast" {
		// An own address goes by loopback; its entry names the adapter.
		return e, nil
	}
	if len(e.Hops) == 0 {
		if e.Hops, err = hiddenHops(target, source, options.OifIndex); err != nil {
			return Route{}, err
		}
	}
	taken, hops := hopOf(&now[0]), e.Hops
	if slices.Contains(hops, taken) || len(hops) == 0 {
		e.Via = taken
		return e, nil
	}
	if i := slices.IndexFunc(hops, func(h NextHop) bool { return h.Link == taken.Link }); i >= 0 {
		e.Via = hops[i]
	}
	e.RedirectedTo = taken.Gateway
	if !taken.Gateway.IsValid() {
		e.RedirectedTo = ipaddr.WithZone(target, uint32(taken.Link))
	}
	return e, nil
}

// refusedRoute is the entry behind an error of RTM_GETROUTE, which does not
// tell it: the most specific one of that type for target. Tables don't say
// which of them the policy rules led to; with candidates in several it stays
// open.
func refusedRoute(target netip.Addr, refusal error) (Route, error) {
	if errors.Is(refusal, unix.ENETUNREACH) {
		return Route{}, nil
	}
	var errno unix.Errno
	if !errors.As(refusal, &errno) || refusals[errno] == 0 {
		return Route{}, fmt.Errorf("ask for the route to %s: %w", target, refusal)
	}
	typ := refusals[errno]
	routes, err := listRoutes(target, &netlink.Route{Type: typ}, netlink.RT_FILTER_TYPE|netlink.RT_FILTER_TABLE)
	if err != nil {
		return Route{}, err
	}
	refused := Route{Kind: kindWords[typ]}
	for i := range routes {
		e := entryOf(&routes[i])
		if !e.Prefix.Contains(target.WithZone("")) {
			continue
		}
		refused.Ambiguous = refused.Ambiguous || refused.Prefix.IsValid() && refused.Table != e.Table
		if !refused.Prefix.IsValid() || e.Prefix.Bits() > refused.Prefix.Bits() {
			refused.Prefix, refused.Table = e.Prefix, e.Table
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

// DefaultRoute is the way to any host that nothing more specific is known of,
// of IPv4 if there is one, else of IPv6.
func DefaultRoute(source netip.Addr) (Route, error) {
	for _, far := range farAway {
		if source.IsValid() && source.Is4() != far.addr.Is4() {
			continue
		}
		e, err := LookupRoute(far.addr, source)
		if err != nil {
			return Route{}, err
		}
		if e.Prefix.IsValid() && e.Prefix.Bits() > far.widest {
			if e, err = mainDefault(far.addr); err != nil {
				return Route{}, err
			}
		}
		if e.Found() {
			return e, nil
		}
	}
	return Route{}, nil
}

// mainDefault is the default route of target's family that the main table
// prefers.
func mainDefault(target netip.Addr) (Route, error) {
	routes, err := listRoutes(target, &netlink.Route{}, netlink.RT_FILTER_DST)
	if err != nil || len(routes) == 0 {
		return Route{}, err
	}
	best := slices.MinFunc(routes, func(a, b netlink.Route) int { return a.Priority - b.Priority })
	e := entryOf(&best)
	e.Source = ipaddr.WithZone(AddrOf(best.Src), uint32(e.Via.Link))
	if !e.Source.IsValid() && e.Via.Gateway.IsValid() {
		toGateway, err := LookupRoute(e.Via.Gateway, netip.Addr{})
		if err != nil {
			return Route{}, err
		}
		e.Source = toGateway.Source
	}
	return e, nil
}

// listRoutes lists the entries of target's family; see RouteListFiltered.
func listRoutes(target netip.Addr, filter *netlink.Route, mask uint64) ([]netlink.Route, error) {
	family := netlink.FAMILY_V6
	if target.Is4() {
		family = netlink.FAMILY_V4
	}
	routes, err := List(func() ([]netlink.Route, error) { return netlink.RouteListFiltered(family, filter, mask) })
	if err != nil {
		return nil, fmt.Errorf("list routes: %w", err)
	}
	return routes, nil
}

// entryOf is the part of a route that does not depend on the next hop chosen.
func entryOf(r *netlink.Route) Route {
	e := Route{Kind: kindWords[r.Type], Table: r.Table}
	if e.Kind == "" {
		e.Kind = fmt.Sprintf("type %d", r.Type)
	}
	if e.Hops = hopsOf(r); len(e.Hops) > 0 {
		e.Via = e.Hops[0]
	}
	if e.Kind == "local" || e.Kind == "broadcast" {
		// Until the first policy rule is set, the kernel keeps the local table
		// in the main one and answers with the number of that (fib_unmerge).
		e.Table = unix.RT_TABLE_LOCAL
	}
	if r.Dst != nil {
		bits, _ := r.Dst.Mask.Size()
		e.Prefix = netip.PrefixFrom(AddrOf(r.Dst.IP), bits)
	}
	return e
}

// hopsOf are the next hops of an entry, several where it is a multipath one;
// none where it refuses. The kernel chooses none that it has as dead, an adapter
// that is off say, unless all are.
func hopsOf(r *netlink.Route) []NextHop {
	if len(r.MultiPath) == 0 {
		if refuses(r.Type) {
			return nil
		}
		if hop := hopOf(r); hop.Link != 0 {
			return []NextHop{hop}
		}
		return nil
	}
	var hops, dead []NextHop
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

func hopOf(r *netlink.Route) NextHop { return hopTo(r.LinkIndex, r.Gw, r.Via) }

// hopTo is the next hop with a gateway of the same family (RTA_GATEWAY) or, of
// an IPv4 route, one with an IPv6 address (RTA_VIA).
func hopTo(link int, gateway net.IP, via netlink.Destination) NextHop {
	if v, ok := via.(*netlink.Via); ok {
		gateway = v.Addr
	}
	return NextHop{Gateway: ipaddr.WithZone(AddrOf(gateway), uint32(link)), Link: link}
}
