package probe

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"

	"github.com/linecheck/linecheck/engine"
)

// lookup returns the addresses of a name or, for an address, that address, in
// the order in which the system wants them tried (RFC 6724). network is "ip",
// "ip4" or "ip6".
func lookup(ctx context.Context, w *engine.World, network, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr.Unmap()}, nil
	}
	find := w.Lookup
	if find == nil {
		// The C library's where the system is set up for more than files and
		// DNS and the program is linked with it, else Go's own, which reads
		// the same files.
		find = net.DefaultResolver.LookupNetIP
	}
	addresses, err := find(ctx, network, host)
	for i, addr := range addresses {
		addresses[i] = addr.Unmap()
	}
	if err == nil && len(addresses) == 0 {
		err = &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return addresses, err
}

// sorted brings addresses into canonical order, without duplicates.
func sorted(addresses []netip.Addr) []netip.Addr {
	slices.SortFunc(addresses, netip.Addr.Compare)
	return slices.Compact(addresses)
}

// lookupProblem is why a look-up found nothing, in few words.
func lookupProblem(err error) string {
	var dnsErr *net.DNSError
	if !errors.As(err, &dnsErr) {
		return err.Error()
	}
	problem := dnsErr.Err
	if dnsErr.Server != "" {
		problem += " (" + dnsErr.Server + ")"
	}
	return cmp.Or(problem, err.Error())
}
