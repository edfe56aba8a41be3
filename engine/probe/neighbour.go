package probe

import (
	"time"

	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var neighbourKind = &language.Kind{
	Name: "neighbour",
	Doc: "Reads what the kernel knows of a host of this subnet: its entry in the ARP (RFC 826) or neighbour discovery (RFC 4861) table, by rtnetlink(7). " +
		"Provoked, the kernel asks the host again, and its final answer is waited for. Linux only; unknown elsewhere.",
	ByHand:     "ping -c 1 {target}; ip neighbour show {target}",
	TargetDoc:  "Address of the host (fe80::1%eth0 names the adapter as well), or a name, of which the first address counts. The entry is that of the adapter that packets for it leave by.",
	TargetHost: true,
	Args: []language.Attribute{
		{Name: "wait", Type: cty.String, Default: cty.StringVal("3500ms"), Domain: language.DurationBetween(0, time.Minute),
			Doc: "How long to wait for a final state at most, up to one minute. The kernel gives a silent host up after about 3 s; an answer ends the wait at once."},
		{Name: "provoke", Type: cty.Bool, Default: cty.True,
			Doc: "Whether to make the kernel ask. With false the entry is read as it stands."},
		{Name: "everybody", Type: cty.Bool, Default: cty.False,
			Doc: "Whether to ask everybody on the link as well, by one packet of our own (RFC 826, RFC 4861), whose answers are gathered for 150 ms. Needs CAP_NET_RAW; without it nothing is sent."},
	},
	Result: []language.Attribute{
		{Name: "state", Type: cty.String, NeverNull: true,
			Domain: language.OneOf("reachable", "stale", "delay", "probe", "incomplete", "failed", "permanent", "noarp", "none"),
			Doc:    `The entry's state: "reachable" (it answered), "stale" (it once did), "delay" or "probe" (being asked again), "incomplete" (being asked), "failed" (it did not answer), "permanent" (set by hand), "noarp" (the link needs no such addresses) or "none" (there is no entry, as for a host behind a gateway).`},
		{Name: "reachable", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the host answers on this link: it was asked and did, or the kernel has it as confirmed lately. A permanent entry is reachable if the host answers from the very address that was set. " +
				"Unknown where nobody could ask (an ordinary user, no answer and no final state)."},
		{Name: "mac", Type: cty.String, Domain: aMAC,
			Doc: "Link-layer address of the entry, as in 02:00:00:00:00:01. Null while there is none."},
		{Name: "answered_mac", Type: cty.String, Domain: aMAC,
			Doc: "Link-layer address that answered when the host was asked; with a permanent entry it may differ from mac. Null when nobody answered, unknown when nobody was asked."},
		{Name: "answered_macs", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(aMAC),
			Doc: "Link-layer addresses that answered where everybody asks, this computer's own left out: more than one where several hosts have the address, or one answers for another (proxy ARP). Empty where nobody was asked, and where the host is behind a gateway."},
		{Name: "waited_ms", Type: cty.Number, NeverNull: true, Domain: language.NumberFrom(0),
			Doc: "Milliseconds until the state was final, or was given up."},
	},
	Never: []language.Contradiction{
		// The kernel tells the address of valid entries only (NUD_VALID).
		excludes(is("state", "none", "incomplete", "failed"), there("mac")),
		excludes(is("state", "failed"), isTrue("reachable"), there("answered_mac")),
		excludes(is("state", "reachable"), isFalse("reachable")),
	},
}

func summariseNeighbour(result cty.Value) string {
	o := observed{result}
	return phrases(o.text("state"), o.text("mac"))
}
