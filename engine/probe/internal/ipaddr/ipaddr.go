// Package ipaddr tells IP addresses apart: zones, this computer's own, and order.
package ipaddr

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
)

// WithZone is addr with the name of the adapter with that index as its zone,
// where it needs one.
func WithZone(addr netip.Addr, index uint32) netip.Addr {
	if index == 0 || !addr.Is6() || !addr.IsLinkLocalUnicast() {
		return addr
	}
	if link, err := net.InterfaceByIndex(int(index)); err == nil {
		return addr.WithZone(link.Name)
	}
	return addr.WithZone(strconv.FormatUint(uint64(index), 10))
}

// SameHost reports whether a reply came from the address that was asked; one
// that is good on a link only need not say on which.
func SameHost(from, asked netip.Addr) bool {
	if from.Zone() == "" || asked.Zone() == "" {
		from, asked = from.WithZone(""), asked.WithZone("")
	}
	return from == asked
}

// Own are the addresses of this computer's adapters.
func Own() []netip.Addr {
	addrs, _ := net.InterfaceAddrs() // without them, an error of our own kernel's is taken for a hop's
	own := make([]netip.Addr, 0, len(addrs))
	for _, addr := range addrs {
		if prefix, err := netip.ParsePrefix(addr.String()); err == nil {
			own = append(own, prefix.Addr())
		}
	}
	return own
}

// IsOwn reports whether packets to an address stay on this computer.
func IsOwn(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	return address.IsLoopback() || slices.Contains(Own(), address)
}

// Sorted brings addresses into canonical order, without duplicates.
func Sorted(addresses []netip.Addr) []netip.Addr {
	slices.SortFunc(addresses, netip.Addr.Compare)
	return slices.Compact(addresses)
}
