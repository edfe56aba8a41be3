package probe

import (
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/linecheck/linecheck/engine/probe/internal/rtnetlink"
	"github.com/linecheck/linecheck/engine/probe/internal/truth"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// listAdapters lists the network adapters of this computer.
func listAdapters() ([]adapter, error) {
	links, err := rtnetlink.List(netlink.LinkList)
	if err != nil {
		return nil, fmt.Errorf("list adapters: %w", err)
	}
	addrs, err := rtnetlink.List(func() ([]netlink.Addr, error) { return netlink.AddrList(nil, netlink.FAMILY_ALL) })
	if err != nil {
		return nil, fmt.Errorf("list own addresses: %w", err)
	}
	// IPv4 first, as most people look for that; else in the system's order.
	slices.SortStableFunc(addrs, func(a, b netlink.Addr) int { return len(a.Mask) - len(b.Mask) })

	devices := backedByDevice(links)
	adapters := make([]adapter, len(links))
	for i, link := range links {
		adapters[i] = adapterOf(link)
		a := &adapters[i]
		a.device = devices[a.index]
		a.leads, a.lends = standsOn(link, links, devices)
		a.below, a.knowsBelow = brokenBelow(link, links), true
		for _, addr := range addrs {
			switch {
			case addr.LinkIndex != a.index:
			case addr.Flags&unix.IFA_F_DADFAILED != 0:
				// An address of two hosts (RFC 4862, 5.4.5) is used by neither.
				a.duplicates = append(a.duplicates, rtnetlink.AddrOf(addr.IP))
			default:
				a.addrs = append(a.addrs, adapterAddrOf(addr))
			}
		}
	}
	return adapters, nil
}

// lower is the adapter that a link is a VLAN, macvlan or ipvlan of; nil for none,
// and for one in another network namespace.
func lower(link netlink.Link, links []netlink.Link) netlink.Link {
	attrs := link.Attrs()
	if !slices.Contains([]string{"vlan", "macvlan", "macvtap", "ipvlan"}, link.Type()) || attrs.NetNsID >= 0 {
		return nil
	}
	if i := slices.IndexFunc(links, func(l netlink.Link) bool { return l.Attrs().Index == attrs.ParentIndex }); i >= 0 {
		return links[i]
	}
	return nil
}

// standsOn reports whether a link leads out by a device, its own or that which it
// is a VLAN of, and whether it lends itself to such a VLAN.
func standsOn(link netlink.Link, links []netlink.Link, devices map[int]bool) (leads, lends bool) {
	at := link
	for range links {
		if leads = leads || devices[at.Attrs().Index]; at == nil {
			break
		}
		below := lower(at, links)
		if below == nil {
			break
		}
		at = below
	}
	lends = slices.ContainsFunc(links, func(other netlink.Link) bool {
		below := lower(other, links)
		return below != nil && below.Attrs().Index == link.Attrs().Index
	})
	return leads, lends
}

// brokenBelow is the name of an adapter that a link needs and that is off or sees
// no link; "" for none.
func brokenBelow(link netlink.Link, links []netlink.Link) string {
	works := func(l netlink.Link) bool {
		return l.Attrs().RawFlags&(unix.IFF_UP|unix.IFF_LOWER_UP) == unix.IFF_UP|unix.IFF_LOWER_UP
	}
	if below := lower(link, links); below != nil {
		if name := brokenBelow(below, links); name != "" || works(below) {
			return name
		}
		return below.Attrs().Name
	}
	broken := ""
	for _, port := range links {
		if port.Attrs().MasterIndex != link.Attrs().Index || link.Type() == "vrf" {
			continue
		}
		if works(port) {
			return ""
		}
		if broken == "" {
			broken = port.Attrs().Name
		}
	}
	return broken
}

func adapterOf(link netlink.Link) adapter {
	attrs := link.Attrs()
	a := adapter{
		index:    attrs.Index,
		name:     attrs.Name,
		altNames: attrs.AltNames,
		up:       attrs.Flags&net.FlagUp != 0,
		toOne:    attrs.Flags&net.FlagPointToPoint != 0,
		mtu:      attrs.MTU,
		mac:      attrs.HardwareAddr,
		tunnel:   attrs.RawFlags&(unix.IFF_POINTOPOINT|unix.IFF_NOARP) != 0,
	}
	if a.up {
		// Switched off, it is not looking.
		a.carrier = truth.Of(attrs.RawFlags&unix.IFF_LOWER_UP != 0)
	}
	if s := attrs.Statistics; s != nil {
		a.rxErrors, a.txErrors = &s.RxErrors, &s.TxErrors
	}
	return a
}

func adapterAddrOf(addr netlink.Addr) adapterAddr {
	own := adapterAddr{addr: rtnetlink.AddrOf(addr.IP)}
	own.bits, _ = addr.Mask.Size()
	own.subnet = netip.PrefixFrom(own.addr, own.bits)
	if addr.Peer != nil {
		bits, _ := addr.Peer.Mask.Size()
		own.subnet = netip.PrefixFrom(rtnetlink.AddrOf(addr.Peer.IP), bits)
	}
	return own
}

// backedByDevice tells by index which adapters lead out of this computer:
// those of hardware, which have a parent device or at least no kind that a
// driver for virtual ones gave them (IFLA_PARENT_DEV_NAME, IFLA_INFO_KIND);
// where there are none, in a container, those whose other end is in another
// network namespace (IFLA_LINK_NETNSID). For one that is a port of a bridge or
// bond, that is meant: it has the addresses.
func backedByDevice(links []netlink.Link) map[int]bool {
	byIndex := make(map[int]netlink.Link, len(links))
	hardware, cables := map[int]bool{}, map[int]bool{}
	for _, link := range links {
		byIndex[link.Attrs().Index] = link
	}
	for _, link := range links {
		attrs := link.Attrs()
		top := topmost(link, byIndex).Attrs().Index
		switch {
		case attrs.Flags&net.FlagLoopback != 0:
		case link.Type() == "device" || attrs.ParentDev != "":
			hardware[top] = true
		case attrs.NetNsID >= 0:
			cables[top] = true
		}
	}
	if len(hardware) > 0 {
		return hardware
	}
	return cables
}

// topmost is the bridge or bond that link is a port of, or link itself. A VRF
// is not meant: it only separates, and its members keep their addresses.
func topmost(link netlink.Link, byIndex map[int]netlink.Link) netlink.Link {
	for range byIndex { // the kernel knows no circles, but the list may be of two moments
		master, ok := byIndex[link.Attrs().MasterIndex]
		if !ok || master.Type() == "vrf" {
			break
		}
		link = master
	}
	return link
}
