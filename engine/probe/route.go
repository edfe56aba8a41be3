package probe

import (
	"math"

	"github.com/linecheck/linecheck/engine/probe/internal/rtnetlink"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var routeKind = &language.Kind{
	Name: "route",
	Doc: "Asks the kernel which way packets for the target would take, policy rules included (rtnetlink(7), RTM_GETROUTE). Nothing is sent. " +
		"What is observed is the routing table's entry, never what a redirect or a smaller path MTU made of it for one destination. Linux only; unknown elsewhere.",
	ByHand:         "ip route get {target}",
	ByHandBare:     "ip route show default",
	TargetDoc:      "Address of the destination (fe80::1%eth0 names the adapter as well), or a name, of which the first address counts. Left out: the default route, of IPv4 if there is one, else of IPv6.",
	TargetHost:     true,
	TargetOptional: true,
	Args: []language.Attribute{
		{Name: "source", Type: cty.String, Domain: language.Judged(ipAddress),
			Doc: "Own IP address that the packets would be sent from: policy rules may depend on it. Left out, the kernel chooses."},
		{Name: "port", Type: cty.Number, Domain: language.WholeBetween(1, 65535),
			Doc: "TCP port, from 1 to 65535: policy rules may depend on it. The result is then what the kernel would do now, redirects included, without prefix and table. Needs a target, and takes no source beside it."},
	},
	Result: []language.Attribute{
		{Name: "found", Type: cty.Bool, NeverNull: true,
			Doc: "Whether any entry of the routing tables applies, one that refuses among them."},
		{Name: "kind", Type: cty.String,
			Domain: language.OneOf(rtnetlink.Kinds...).OrWritten(`"type" and the number of another (rtnetlink(7))`, otherRouteKind.MatchString),
			Doc:    `"unicast", "local" (an address of this computer), "broadcast", "multicast" or "anycast"; "blackhole", "prohibit" or "unreachable" where the entry, or a policy rule, refuses. Null when none is found.`},
		{Name: "on_link", Type: cty.Bool, NeverNull: true,
			Doc: "Whether packets go to the target itself without a gateway: it counts as a host of this subnet. True for this computer's own addresses, too; false when none is found or the entry refuses."},
		{Name: "gateway", Type: cty.String, Domain: anAddress,
			Doc: "Address of the router that packets are handed to; a link-local one with its adapter, as in fe80::1%eth0. Null without one."},
		{Name: "gateways", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(anAddress),
			Doc: "The routers of all next hops of the entry, spelled as gateway and in the order of their addresses, those left out that the kernel has as dead. Several with ECMP: connections are shared out among them. Empty without one; with a port the chosen one alone."},
		{Name: "avoids_silent", Type: cty.Bool,
			Doc: "Of several gateways: whether the kernel passes over one once nobody answers for its hardware address. It does in IPv6 while this computer is no router, and in IPv4 with net.ipv4.fib_multipath_use_neigh. Null where there are not several."},
		{Name: "interface", Type: cty.String,
			Doc: "Name of the adapter that packets leave by. Of several next hops (ECMP) this, as gateway, is the kernel's choice."},
		{Name: "source", Type: cty.String, Domain: anAddress,
			Doc: "Own address that packets would be sent from, unless a program chooses another."},
		{Name: "prefix", Type: cty.String, Domain: aPrefix,
			Doc: "The entry's destination: 10.2.0.0/24, 0.0.0.0/0 or ::/0 for a default route. Null where a policy rule itself refuses, and where entries of several tables could be the one that does."},
		{Name: "table", Type: cty.Number, Domain: language.WholeBetween(0, math.MaxUint32),
			Doc: "Number of the routing table that holds the entry: 254 is main, 255 local."},
		{Name: "redirected_to", Type: cty.String, Domain: anAddress,
			Doc: "Where packets for this target go instead, since a router sent a redirect (RFC 1122, 3.2.2.2; RFC 4861, 8): the better gateway's address or the target's own. Null when they go the entry's way."},
	},
	Never: []language.Contradiction{
		excludes(isFalse("found"), there("kind"), isTrue("on_link"), there("gateway"), filled("gateways"), there("avoids_silent"),
			there("interface"), there("source"), there("prefix"), there("table"), there("redirected_to")),
		excludes(isTrue("found"), none("kind")),
		excludes(isTrue("on_link"), there("gateway")),
		excludes(is("kind", "blackhole", "prohibit", "unreachable"), isTrue("on_link"), there("gateway"), filled("gateways"), there("redirected_to")),
		excludes(empty("gateways"), there("gateway")),
		excludes(about("gateways", atMostOne), there("avoids_silent")),
		excludes(there("prefix"), none("table")),
		excludes(none("prefix"), there("table")),
	},
}

func summariseRoute(result cty.Value) string {
	o := observed{result}
	found, seen := o.at("found")
	kind := o.text("kind")
	switch {
	case seen && found.False():
		return "no route"
	case kind != "" && kind != "unicast":
		return kind
	case o.is("on_link"):
		return phrases("on this subnet", o.text("interface"))
	case o.text("gateway") != "":
		return phrases("via "+o.text("gateway"), o.text("interface"))
	}
	return o.text("interface")
}
