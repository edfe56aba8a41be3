package probe

import (
	"net"
	"net/netip"
	"slices"
)

// ownAddresses are the addresses of this computer's adapters.
func ownAddresses() []netip.Addr {
	addrs, _ := net.InterfaceAddrs() // without them, an error of our own kernel's is taken for a hop's
	own := make([]netip.Addr, 0, len(addrs))
	for _, addr := range addrs {
		if prefix, err := netip.ParsePrefix(addr.String()); err == nil {
			own = append(own, prefix.Addr())
		}
	}
	return own
}

// isOwnAddress reports whether packets to an address stay on this computer.
func isOwnAddress(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	return address.IsLoopback() || slices.Contains(ownAddresses(), address)
}
