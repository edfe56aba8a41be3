package probe

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var interfaceKind = &rules.Kind{
	Name:       "interface",
	Doc:        "Reads the state of a network adapter (rtnetlink(7), RTM_GETLINK and RTM_GETADDR). Nothing is sent. On systems other than Linux carrier and the error counters are unknown.",
	ByHand:     "ip -statistics link; ip address",
	ByHandBare: "ip -statistics link; ip address",
	TargetDoc: "Name of an adapter, or an address that it holds. Left out: the adapter of the default route; else the one whose prefix holds an address of near, the longest prefix first; " +
		"else the only one backed by a device, which is hardware or, in a container, the end of a cable to outside (a bridge or bond counts for its ports).",
	TargetOptional: true,
	Args: []rules.Attribute{
		{Name: "near", Type: cty.List(cty.String), Check: ipAddresses,
			Doc: "IP addresses that the adapter without a target should be next to: the hosts of its subnet. Nulls count for nothing."},
	},
	Result: []rules.Attribute{
		{Name: "name", Type: cty.String,
			Doc: "Name of the adapter; null when none is found."},
		{Name: "found", Type: cty.Bool, NeverNull: true,
			Doc: "Whether there is such an adapter."},
		{Name: "admin_up", Type: cty.Bool,
			Doc: "Whether the adapter is switched on (ip link set … up)."},
		{Name: "carrier", Type: cty.Bool,
			Doc: "Whether it sees a link: the cable is in, the other end is up. Unknown while it is switched off."},
		{Name: "addresses", Type: cty.List(cty.String), NeverNull: true,
			Doc: "Its IP addresses, IPv4 first, in the system's order. Those that only work on the link itself (169.254.0.0/16, fe80::/10) stand in link_local; one that another host holds already (RFC 4862, 5.4.5) is left out. Empty when no adapter is found."},
		{Name: "prefix_lengths", Type: cty.List(cty.Number), NeverNull: true,
			Doc: "Bits of the network part of each of addresses, in the same order."},
		{Name: "link_local", Type: cty.List(cty.String), NeverNull: true,
			Doc: "Its addresses that work on the link alone, which every adapter with IPv6 has."},
		{Name: "mtu", Type: cty.Number, Least: cty.Zero,
			Doc: "Bytes of the largest packet it carries."},
		{Name: "mac", Type: cty.String,
			Doc: "Its link-layer address; null where it has none."},
		{Name: "point_to_point", Type: cty.Bool,
			Doc: "Whether there is one other end and nobody to ask for by address: a tunnel or a serial line (IFF_POINTOPOINT of netdevice(7)). Null when no adapter is found."},
		{Name: "rx_errors", Type: cty.Number, Least: cty.Zero,
			Doc: "Received frames that were damaged, since the system started."},
		{Name: "tx_errors", Type: cty.Number, Least: cty.Zero,
			Doc: "Frames that could not be sent, since the system started."},
	},
}

// ipAddresses is an argument check: a list of IP addresses, nulls among them.
func ipAddresses(v cty.Value) error {
	for _, item := range v.AsValueSlice() {
		if item.IsNull() {
			continue
		}
		if _, err := netip.ParseAddr(item.AsString()); err != nil {
			return fmt.Errorf("must hold IP addresses, not %q", item.AsString())
		}
	}
	return nil
}

// ipAddressesArg is an argument that ipAddresses has checked, without nulls.
func ipAddressesArg(v cty.Value) []netip.Addr {
	if v.IsNull() {
		return nil
	}
	var addrs []netip.Addr
	for _, item := range v.AsValueSlice() {
		if addr, err := netip.ParseAddr(stringArg(item)); err == nil {
			addrs = append(addrs, addr.Unmap())
		}
	}
	return addrs
}

func observeInterface(_ context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
	adapters, err := listAdapters()
	if err != nil {
		return cty.NilVal, err
	}
	var found *adapter
	if q.Target != "" {
		found = adapterNamed(adapters, q.Target)
	} else {
		index, err := defaultAdapter()
		if err != nil {
			return cty.NilVal, err
		}
		found = chooseAdapter(adapters, index, ipAddressesArg(q.Args["near"]))
	}
	return found.result(), nil
}

// An adapter is a network adapter as the system lists it.
type adapter struct {
	index    int
	name     string
	altNames []string
	up       bool
	carrier  truth
	toOne    bool // a link to one other end (IFF_POINTOPOINT)
	device   bool // backed by a device, see Kind.TargetDoc
	addrs    []adapterAddr
	mtu      int
	mac      net.HardwareAddr
	// Counters are nil where the system shows none.
	rxErrors, txErrors *uint64
}

// An adapterAddr is an own address.
type adapterAddr struct {
	addr netip.Addr
	bits int // of its network part
	// subnet is what counts as near; on a point-to-point link the other end.
	subnet netip.Prefix
}

// adapterNamed is the adapter with a name, or the one that holds an address;
// nil for none.
func adapterNamed(adapters []adapter, target string) *adapter {
	addr, err := netip.ParseAddr(target)
	addr = addr.Unmap()
	for i := range adapters {
		a := &adapters[i]
		if a.name == target || slices.Contains(a.altNames, target) {
			return a
		}
		if err != nil || addr.Zone() != "" && addr.Zone() != a.name {
			continue
		}
		if slices.ContainsFunc(a.addrs, func(own adapterAddr) bool { return own.addr == addr.WithZone("") }) {
			return a
		}
	}
	return nil
}

// chooseAdapter is the adapter that a runbook means when it names none; nil
// for none. defaultIndex is 0 where no default route leads out.
func chooseAdapter(adapters []adapter, defaultIndex int, near []netip.Addr) *adapter {
	if i := slices.IndexFunc(adapters, func(a adapter) bool { return a.index == defaultIndex }); i >= 0 {
		return &adapters[i]
	}
	var nearest, only *adapter
	longest, devices := -1, 0
	for i := range adapters {
		a := &adapters[i]
		if a.device {
			only = a
			devices++
		}
		for _, own := range a.addrs {
			holds := slices.ContainsFunc(near, func(addr netip.Addr) bool { return own.subnet.Contains(addr.WithZone("")) })
			if holds && own.subnet.Bits() > longest {
				nearest, longest = a, own.subnet.Bits()
			}
		}
	}
	switch {
	case nearest != nil:
		return nearest
	case devices == 1:
		return only
	}
	return nil
}

// result is what the adapter is observed to be; nil is none.
func (a *adapter) result() cty.Value {
	r := newResult(interfaceKind)
	r.set("found", a != nil)
	if a == nil {
		a = &adapter{}
		for _, name := range []string{"name", "admin_up", "carrier", "mtu", "mac", "point_to_point", "rx_errors", "tx_errors"} {
			r.set(name, nil)
		}
	} else {
		r.set("name", a.name)
		r.set("admin_up", a.up)
		a.carrier.set(r, "carrier")
		r.set("mtu", a.mtu)
		r.set("point_to_point", a.toOne)
		r.set("mac", nullIfEmpty(a.mac.String()))
		if a.rxErrors != nil && a.txErrors != nil {
			r.set("rx_errors", *a.rxErrors)
			r.set("tx_errors", *a.txErrors)
		}
	}
	addresses, linkLocal, bits := []string{}, []string{}, []int{}
	for _, own := range a.addrs {
		if own.addr.IsLinkLocalUnicast() {
			linkLocal = append(linkLocal, own.addr.String())
			continue
		}
		addresses = append(addresses, own.addr.String())
		bits = append(bits, own.bits)
	}
	r.set("addresses", addresses)
	r.set("prefix_lengths", bits)
	r.set("link_local", linkLocal)
	return r.value()
}
