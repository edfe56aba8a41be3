package probe

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/truth"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var interfaceKind = &language.Kind{
	Name:       "interface",
	Doc:        "Reads the state of a network adapter (rtnetlink(7), RTM_GETLINK and RTM_GETADDR). Nothing is sent, unless claims asks for it. On systems other than Linux carrier, below, idle and the error counters are unknown.",
	ByHand:     "ip -statistics link; ip address",
	ByHandBare: "ip -statistics link; ip address",
	TargetDoc: "Name of an adapter, or an address that it holds. Left out: the one whose prefix holds an address of near, one that leads out of this computer before a bridge of containers, then the longest prefix first; " +
		"else the one whose route leads through an address of near or straight to it; else, where near has an address, the only one that is backed by a device and idle (see there); " +
		"else the one that packets for toward leave by through a gateway or a tunnel; else that of the default route; " +
		"else the only one backed by a device, which is hardware or, in a container, the end of a cable to outside (a bridge or bond counts for its ports).",
	TargetOptional: true,
	Args: []language.Attribute{
		{Name: "near", Type: cty.List(cty.String), Domain: language.Judged(ipAddresses),
			Doc: "IP addresses that the adapter without a target should be next to: the hosts of its subnet. Nulls count for nothing."},
		{Name: "toward", Type: cty.String, Domain: language.Judged(ipAddress),
			Doc: "IP address of a host behind the adapter without a target."},
		{Name: "claims", Type: cty.Bool, Default: cty.False,
			Doc: "Whether to ask on the link whether another host has its addresses: one ARP probe (RFC 5227, 2.1.1) or neighbour solicitation (RFC 4861, 4.3) for each of the first four, whose answers are waited for 150 ms. Needs CAP_NET_RAW and Linux; without them nothing is sent."},
	},
	Result: []language.Attribute{
		{Name: "name", Type: cty.String,
			Doc: "Name of the adapter; null when none is found."},
		{Name: "found", Type: cty.Bool, NeverNull: true,
			Doc: "Whether there is such an adapter."},
		{Name: "admin_up", Type: cty.Bool,
			Doc: "Whether the adapter is switched on (ip link set … up)."},
		{Name: "carrier", Type: cty.Bool,
			Doc: "Whether it sees a link: the cable is in, the other end is up. Unknown while it is switched off."},
		{Name: "addresses", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(anAddress),
			Doc: "Its IP addresses, IPv4 first, in the system's order. Those that only work on the link itself (169.254.0.0/16, fe80::/10) stand in link_local; one of IPv6 that another host holds already (RFC 4862, 5.4.5) is left out. Empty when no adapter is found."},
		{Name: "prefix_lengths", Type: cty.List(cty.Number), NeverNull: true, Domain: language.ListOf(language.WholeBetween(0, 128)),
			Doc: "Bits of the network part of each of addresses, in the same order."},
		{Name: "link_local", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(anAddress),
			Doc: "Its addresses that work on the link alone, which every adapter with IPv6 has."},
		{Name: "mtu", Type: cty.Number, Domain: language.WholeBetween(0, math.MaxUint32),
			Doc: "Bytes of the largest packet it carries; null where it has no limit (loopback on Windows)."},
		{Name: "mac", Type: cty.String, Domain: aMAC,
			Doc: "Its link-layer address; null where it has none."},
		{Name: "point_to_point", Type: cty.Bool,
			Doc: "Whether there is one other end and nobody to ask for by address: a tunnel or a serial line (IFF_POINTOPOINT of netdevice(7)). Null when no adapter is found."},
		{Name: "rx_errors", Type: cty.Number, Domain: language.WholeFrom(0),
			Doc: "Received frames that were damaged, since the system started."},
		{Name: "tx_errors", Type: cty.Number, Domain: language.WholeFrom(0),
			Doc: "Frames that could not be sent, since the system started."},
		{Name: "chosen_by", Type: cty.String, Domain: language.OneOf("target", "near", "route", "idle", "toward", "default_route", "only"),
			Doc: "What tells that this adapter is meant, in the order of the target's description; null when none is found."},
		{Name: "below", Type: cty.String,
			Doc: "Name of an adapter that this one needs and that is switched off or sees no link: the one that it is a VLAN or a macvlan of, or the first port where no port of a bridge or bond has a link. Null for none."},
		{Name: "idle", Type: cty.List(cty.String), NeverNull: true,
			Doc: "Names of the other adapters backed by a device that are switched off, see no link or have no address beyond the link."},
		{Name: "duplicates", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(anAddress),
			Doc: "Those of its addresses that another host is known to have: of IPv6 by the kernel's own detection (RFC 4862, 5.4.5), of either family by an answer where claims asks."},
		{Name: "claimed_by", Type: cty.String, Domain: aMAC,
			Doc: "Link-layer address of the host that answered for the first of duplicates; null for none, and where only the kernel knows of it."},
		{Name: "ignores_ping", Type: cty.Bool, NeverNull: true,
			Doc: "Whether this computer's kernel is told to leave echo requests unanswered: those of IPv6 where the target is an address of that, else those of IPv4 (net.ipv6.icmp.echo_ignore_all, net.ipv4.icmp_echo_ignore_all). Unknown on other systems than Linux."},
	},
	Never: []language.Contradiction{
		excludes(isFalse("found"), there("name"), there("admin_up"), there("carrier"), filled("addresses"), filled("prefix_lengths"),
			filled("link_local"), there("mtu"), there("mac"), there("point_to_point"), there("rx_errors"), there("tx_errors"),
			there("chosen_by"), there("below"), filled("duplicates"), there("claimed_by")),
		excludes(isTrue("found"), none("name"), none("admin_up"), none("chosen_by")),
		excludes(isFalse("admin_up"), isTrue("carrier")),
		excludes(empty("duplicates"), there("claimed_by")),
		excludes(language.Claim{Of: []string{"addresses", "prefix_lengths"}, Holds: unlikePrefixes,
			Which: "must be as many of each, and no longer than the address of the same place"}),
	},
}

// unlikePrefixes reports whether lengths are not the prefix lengths of addresses,
// in their order.
func unlikePrefixes(of []*language.Item) bool {
	if of[0].IsNull() || of[1].IsNull() {
		return false
	}
	addresses, lengths := of[0].AsValueSlice(), of[1].AsValueSlice()
	if len(addresses) != len(lengths) {
		return true
	}
	for i := range addresses {
		if !addresses[i].IsKnown() || !lengths[i].IsKnown() {
			continue
		}
		if addr, err := netip.ParseAddr(addresses[i].AsString()); err == nil && intArg(lengths[i]) > addr.BitLen() {
			return true
		}
	}
	return false
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

// claimPatience is how long an answer of another host with our address is waited
// for: hosts answer at once, and every run waits.
const claimPatience = 150 * time.Millisecond

func observeInterface(ctx context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
	adapters, err := listAdapters()
	if err != nil {
		return cty.NilVal, err
	}
	var found choice
	if q.Target != "" {
		found = choice{adapterNamed(adapters, q.Target), "target"}
	} else if found, err = chooseAdapter(adapters, adapterHints{
		near: ipAddressesArg(q.Args["near"]), toward: stringArg(q.Args["toward"]),
	}); err != nil {
		return cty.NilVal, err
	}
	r := newResult(interfaceKind)
	found.set(r)
	if found.adapter != nil && q.Args["claims"].True() {
		if err := found.adapter.askClaims(ctx, claimPatience); err != nil {
			return cty.NilVal, err
		}
	}
	found.adapter.set(r)
	setIdle(r, adapters, found.adapter)
	setIgnoresPing(r, q.Target)
	return r.value(), nil
}

// An adapter is a network adapter as the system lists it.
type adapter struct {
	index    int
	name     string
	altNames []string
	up       bool
	carrier  truth.Value
	toOne    bool // a link to one other end (IFF_POINTOPOINT)
	device   bool // backed by a device, see Kind.TargetDoc
	// leads: it, or the one that it is a VLAN of, is backed by a device; lends: it
	// is the one below such a VLAN, and needs no address itself.
	leads, lends bool
	tunnel       bool // a point-to-point link, or one without neighbours
	below        string
	knowsBelow   bool
	addrs        []adapterAddr
	// duplicates are own addresses that other hosts have, the first of them
	// claimedBy, which is nil where the kernel does not say.
	duplicates []netip.Addr
	claimedBy  net.HardwareAddr
	mtu        int // negative: no limit
	mac        net.HardwareAddr
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

// set states what the adapter is observed to be; nil is none.
func (a *adapter) set(r *result) {
	r.set("found", a != nil)
	if a == nil {
		a = &adapter{}
		for _, name := range []string{"name", "admin_up", "carrier", "mtu", "mac", "point_to_point", "rx_errors", "tx_errors", "below"} {
			r.set(name, nil)
		}
	} else {
		r.set("name", a.name)
		r.set("admin_up", a.up)
		setTruth(r, "carrier", a.carrier)
		r.set("mtu", nil)
		if a.mtu >= 0 {
			r.set("mtu", a.mtu)
		}
		r.set("point_to_point", a.toOne)
		r.set("mac", nullIfEmpty(a.mac.String()))
		if a.rxErrors != nil && a.txErrors != nil {
			r.set("rx_errors", *a.rxErrors)
			r.set("tx_errors", *a.txErrors)
		}
		if a.knowsBelow {
			r.set("below", nullIfEmpty(a.below))
		}
	}
	duplicates := []string{}
	for _, addr := range a.duplicates {
		duplicates = append(duplicates, addr.String())
	}
	r.set("duplicates", duplicates)
	r.set("claimed_by", nullIfEmpty(a.claimedBy.String()))
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
}

func summariseInterface(result cty.Value) string {
	o := observed{result}
	if found, seen := o.at("found"); seen && found.False() {
		return "not found"
	}
	state := ""
	up, upSeen := o.at("admin_up")
	carrier, carrierSeen := o.at("carrier")
	switch {
	case upSeen && up.False():
		state = "switched off"
	case carrierSeen && carrier.False():
		state = "no carrier"
	case upSeen && carrierSeen:
		state = "up"
	}
	return phrases(strings.TrimSpace(o.text("name")+" "+state), o.first("addresses"))
}
