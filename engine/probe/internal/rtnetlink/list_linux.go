package rtnetlink

import (
	"errors"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
)

// maxListings bounds how often a list is asked for that changes while the
// kernel writes it.
const maxListings = 10

// List asks again for a list that changed while the kernel wrote it
// (NLM_F_DUMP_INTR), and may lack something therefore.
func List[T any](get func() ([]T, error)) ([]T, error) {
	var all []T
	var err error
	for range maxListings {
		if all, err = get(); !errors.Is(err, netlink.ErrDumpInterrupted) {
			break
		}
	}
	return all, err
}

// AddrOf is ip as an Addr, the zero for nil.
func AddrOf(ip net.IP) netip.Addr {
	addr, _ := netip.AddrFromSlice(ip)
	return addr.Unmap()
}

// LinkName is the name of the adapter with an index; "" for none, and for one
// that was taken away meanwhile.
func LinkName(index int) string {
	if index == 0 {
		return ""
	}
	link, err := netlink.LinkByIndex(index)
	if err != nil {
		return ""
	}
	return link.Attrs().Name
}
