package resolver

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"

	"github.com/linecheck/linecheck/engine"
)

// Lookup returns the addresses of a name or, for an address, that address, in
// the order in which the system wants them tried (RFC 6724). network is "ip",
// "ip4" or "ip6". What the dns probe found in the same run is not looked up
// again.
func Lookup(ctx context.Context, w *engine.World, network, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr.Unmap()}, nil
	}
	if addresses := remembered(ctx, network, host); addresses != nil {
		return addresses, nil
	}
	addresses, err := LookupNow(ctx, w, network, host)
	if errors.Is(err, ErrUnknown) {
		// Where to connect to is better known from DNS than not at all.
		addresses, err = lookupDefault(ctx, network, host)
	}
	return addresses, err
}

// LookupNow asks the system, whatever was found before.
func LookupNow(ctx context.Context, w *engine.World, network, host string) ([]netip.Addr, error) {
	find := w.Lookup
	if find == nil {
		find = func(ctx context.Context, network, host string) ([]netip.Addr, error) {
			return lookupSwitched(ctx, w, network, host)
		}
	}
	return unmapped(host)(find(ctx, network, host))
}

// lookupDefault is Go's own choice between the C library's resolver and one
// that reads the same files. Each look-up has a Resolver of its own, since one
// would let look-ups of a name that run side by side share an answer.
func lookupDefault(ctx context.Context, network, host string) ([]netip.Addr, error) {
	return unmapped(host)(new(net.Resolver).LookupNetIP(ctx, network, host))
}

// unmapped brings the answer of a resolver into our form: IPv4 addresses as
// such, and an error where there is no address.
func unmapped(host string) func([]netip.Addr, error) ([]netip.Addr, error) {
	return func(addresses []netip.Addr, err error) ([]netip.Addr, error) {
		for i, addr := range addresses {
			addresses[i] = addr.Unmap()
		}
		if err == nil && len(addresses) == 0 {
			err = &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
		}
		return addresses, err
	}
}

// Problem is why a look-up found nothing, in few words.
func Problem(err error) string {
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
