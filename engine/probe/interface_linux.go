package probe

import (
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// listAdapters lists the network adapters of this computer.
func listAdapters() ([]adapter, error) {
	links, err := list(netlink.LinkList)
	if err != nil {
		return nil, fmt.Errorf("list adapters: %w", err)
	}
	addrs, err := list(func() ([]netlink.Addr, error) { return netlink.AddrList(nil, netlink.FAMILY_ALL) })
	if err != nil {
		return nil, fmt.Errorf("list own addresses: %w", err)
	}
	// IPv4 first, as most people look for that; else in the system's order.
	slices.SortStableFunc(addrs, func(a, b netlink.Addr) int { return len(a.Mask) - len(b.Mask) })

	devices := backedByDevice(links)
	adapters := make([]adapter, len(links))
	for i, link := range links {
		adapters[i] = adapterOf(link)
		adapters[i].device = devices[adapters[i].index]
		for _, addr := range addrs {
			// An address of two hosts (RFC 4862, 5.4.5) is used by neither.
			if addr.LinkIndex == adapters[i].index && addr.Flags&unix.IFA_F_DADFAILED == 0 {
				adapters[i].addrs = append(adapters[i].addrs, adapterAddrOf(addr))
			}
		}
	}
	return adapters, nil
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
	}
	if a.up {
		// Switched off, it is not looking.
		a.carrier = truthOf(attrs.RawFlags&unix.IFF_LOWER_UP != 0)
	}
	if s := attrs.Statistics; s != nil {
		a.rxErrors, a.txErrors = &s.RxErrors, &s.TxErrors
	}
	return a
}

func adapterAddrOf(addr netlink.Addr) adapterAddr {
	own := adapterAddr{addr: addrOf(addr.IP)}
	own.bits, _ = addr.Mask.Size()
	own.subnet = netip.PrefixFrom(own.addr, own.bits)
	if addr.Peer != nil {
		bits, _ := addr.Peer.Mask.Size()
		own.subnet = netip.PrefixFrom(addrOf(addr.Peer.IP), bits)
	}
	return own
}

// defaultAdapter is the index of the adapter that the default route leads out
// by, 0 for none.
func defaultAdapter() (int, error) {
	way, err := defaultRoute(netip.Addr{})
	return way.via.link, err
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
