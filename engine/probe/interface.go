package probe

import (
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var interfaceKind = &rules.Kind{
	Name: "interface",
	Doc:  "Reads the state of a network adapter (rtnetlink(7), RTM_GETLINK and RTM_GETADDR). Nothing is sent. On systems other than Linux carrier and the error counters are unknown.",
	TargetDoc: "Name of an adapter, or an address that it holds. Left out: the adapter of the default route; else the one whose prefix holds an address of near, the longest prefix first; " +
		"else the only one backed by a device, which is hardware or, in a container, the end of a cable to outside (a bridge or bond counts for its ports).",
	TargetOptional: true,
	Args: []rules.Attribute{
		{Name: "near", Type: cty.List(cty.String),
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
			Doc: "Whether it sees a link: the cable is in, the other end is up. False while it is switched off."},
		{Name: "addresses", Type: cty.List(cty.String), NeverNull: true,
			Doc: "Its IP addresses, IPv4 first, in the system's order. Those that only work on the link itself (169.254.0.0/16, fe80::/10) stand in link_local; one that another host holds already (RFC 4862, 5.4.5) is left out. Empty when no adapter is found."},
		{Name: "prefix_lengths", Type: cty.List(cty.Number), NeverNull: true,
			Doc: "Bits of the network part of each of addresses, in the same order."},
		{Name: "link_local", Type: cty.List(cty.String), NeverNull: true,
			Doc: "Its addresses that work on the link alone, which every adapter with IPv6 has."},
		{Name: "mtu", Type: cty.Number,
			Doc: "Bytes of the largest packet it carries."},
		{Name: "mac", Type: cty.String,
			Doc: "Its link-layer address; null where it has none."},
		{Name: "rx_errors", Type: cty.Number,
			Doc: "Received frames that were damaged, since the system started."},
		{Name: "tx_errors", Type: cty.Number,
			Doc: "Frames that could not be sent, since the system started."},
	},
}
