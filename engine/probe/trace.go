package probe

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/traceroute"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var traceKind = &language.Kind{
	Name: "trace",
	Doc: "Finds the routers on the way: sends packets with a time to live of 1, 2, 3 … and notes who reports each as expired (RFC 792, RFC 4443). " +
		"The next packet goes out when the one before was answered, after 100 ms at the latest. Needs no privilege. Linux only; unknown elsewhere.",
	ByHand:     "traceroute -n -m {max_hops} {target}",
	TargetDoc:  "Name or address of the host; the system resolver's first address of a name is used.",
	TargetHost: true,
	Args: []language.Attribute{
		{Name: "method", Type: cty.String, Default: cty.StringVal("icmp"), Domain: language.OneOf("icmp", "tcp"),
			Doc: `What to send: "icmp" echo requests, or "tcp" connection attempts to port, which pass where a firewall lets that service through.`},
		{Name: "port", Type: cty.Number, Domain: language.WholeBetween(1, 65535),
			Doc: `Port for method "tcp", which needs one; from 1 to 65535.`},
		{Name: "max_hops", Type: cty.Number, Default: cty.NumberIntVal(30), Domain: language.WholeBetween(1, 255),
			Doc: "Largest time to live to try, from 1 to 255."},
		{Name: "per_hop_timeout", Type: cty.String, Default: cty.StringVal("1s"), Domain: language.DurationBetween(10*time.Millisecond, time.Minute),
			Doc: "How long each hop is waited for, from 10ms to 1m. An answer that comes later, while others are still waited for, counts all the same."},
		sourceArgument, familyArgument,
	},
	Result: []language.Attribute{
		{Name: "reached", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the target itself answered: with an echo reply, by accepting or resetting the connection, or with an ICMP error of its own."},
		{Name: "hops", List: true,
			Doc: "The hops up to the last one that answered, in order. Empty when none did.",
			Attrs: []language.Attribute{
				{Name: "ttl", Type: cty.Number, NeverNull: true, Domain: language.WholeFrom(1).UpTo("max_hops"),
					Doc: "Distance: the time to live of the packet."},
				{Name: "sender", Type: cty.String, Domain: anAddress,
					Doc: "Address that answered; null when none did."},
				{Name: "rtt_ms", Type: cty.Number, Domain: language.NumberFrom(0),
					Doc: "Milliseconds until the answer; null when none came."},
				icmpAttribute,
			},
			Never: []language.Contradiction{
				excludes(none("sender"), there("rtt_ms"), hasICMPError("icmp")),
				excludes(there("sender"), none("rtt_ms")),
			}},
		{Name: "last_sender", Type: cty.String, Domain: anAddress,
			Doc: "Address of the last hop that answered, the target's when it was reached; null when none answered."},
		{Name: "silent_after", Type: cty.Number, Domain: language.WholeFrom(0).UpTo("max_hops"),
			Doc: "Distance of the last hop that answered when beyond it there is only silence, 0 when none answered. Null where the trace did not end in silence: the target was reached, a router refused (see icmp), or max_hops was too few."},
		{Name: "loop", Type: cty.Bool, NeverNull: true,
			Doc: "Whether packets go round in a circle: the same router answers at several distances, with others or silence between, and the target is not reached."},
		{Name: "reverse_path_drops", Type: cty.Number, Domain: language.WholeFrom(0),
			Doc: "Packets that this computer dropped while the trace ran, from whomever they were, since they came in by another adapter than its way to their sender (RFC 3704; net.ipv4.conf.*.rp_filter; the counter IPReversePathFilter of /proc/net/netstat). Null for IPv6, which has no such filter; unknown where the system does not count them."},
		{Name: "icmp", Attrs: icmpAttribute.Attrs, Never: icmpAttribute.Never,
			Doc: "The ICMP error, other than ttl_exceeded, that ended the trace before the target: a router had no route, refused, or got no answer from the target. Its attributes are null when none did."},
	},
	Never: []language.Contradiction{
		excludes(isTrue("reached"), there("silent_after"), isTrue("loop"), hasICMPError("icmp"), empty("hops")),
		excludes(there("silent_after"), isTrue("loop"), hasICMPError("icmp")),
		excludes(empty("hops"), there("last_sender"), isTrue("loop"), hasICMPError("icmp"), positive("silent_after")),
		excludes(filled("hops"), none("last_sender"), isZero("silent_after")),
		excludes(of(silentElsewhere, "hops", "silent_after")),
		excludes(language.Claim{Of: []string{"hops"}, Holds: outOfOrder, Which: "must be at the distances 1, 2, 3 and so on"}),
	},
}

// silentElsewhere reports whether there is silence behind another than the last hop.
func silentElsewhere(of []*language.Item) bool {
	return !of[0].IsNull() && !of[1].IsNull() && of[0].LengthInt() != int(of[1].Number)
}

// outOfOrder reports whether hops are not at the distances 1, 2, 3 …
func outOfOrder(of []*language.Item) bool {
	if of[0].IsNull() {
		return false
	}
	for i, hop := range of[0].AsValueSlice() {
		if ttl := hop.GetAttr("ttl"); ttl.IsKnown() && intArg(ttl) != i+1 {
			return true
		}
	}
	return false
}

func observeTrace(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	r := newResult(traceKind)
	o := traceroute.Options{
		TCP:     stringArg(q.Args["method"]) == "tcp",
		MaxHops: intArg(q.Args["max_hops"]),
		Timeout: durationArg(q.Args["per_hop_timeout"]),
	}
	if port := q.Args["port"]; !port.IsNull() {
		o.Port = uint16(intArg(port))
	} else if o.TCP {
		return r.value(), errors.New(`method "tcp" needs a port`)
	}
	var err error
	if o.Destination, o.Source, err = endpoints(ctx, w, q); err != nil {
		return r.value(), err
	}
	before, counted := reversePathDrops()
	seen, err := traceroute.Run(ctx, o)
	if seen != nil {
		setTrace(r, seen)
	}
	if after, still := reversePathDrops(); counted && still && o.Destination.Is4() {
		r.set("reverse_path_drops", int(after-before))
	}
	if o.Destination.Is6() {
		r.set("reverse_path_drops", nil)
	}
	return r.value(), err
}

// setTrace states what a trace observed.
func setTrace(r *result, o *traceroute.Outcome) {
	hops := o.Trimmed()
	rows := make([]fields, len(hops))
	for i, h := range hops {
		rows[i] = fields{"ttl": i + 1, "sender": h.Sender, "rtt_ms": nil, "icmp": icmpFields(h.ICMP)}
		if h.Answered() {
			rows[i]["rtt_ms"] = milliseconds(h.RTT)
		}
	}
	r.set("hops", rows)

	reached, refused := false, (*icmp.Error)(nil)
	if len(hops) > 0 {
		last := hops[len(hops)-1]
		r.set("last_sender", last.Sender)
		reached = last.Target
		if !reached && !last.Expired() {
			refused = last.ICMP
		}
	}
	loop := !reached && traceroute.HasLoop(hops, 2)
	if reached || o.Complete {
		r.set("reached", reached)
	}
	if !o.Complete && !reached {
		return
	}
	if len(hops) == 0 {
		r.set("last_sender", nil)
	}
	r.set("loop", loop)
	r.set("icmp", icmpFields(refused))
	r.set("silent_after", nil)
	if !reached && !loop && refused == nil && len(hops) < o.MaxHops {
		r.set("silent_after", len(hops))
	}
}

func summariseTrace(result cty.Value) string {
	o := observed{result}
	hops := ""
	if v, ok := o.at("hops"); ok {
		hops = fmt.Sprint(v.LengthInt())
	}
	switch {
	case o.is("loop"):
		return phrases("a loop", o.text("last_sender"))
	case o.is("reached") && hops != "":
		return "reached, hop " + hops
	case o.text("silent_after") != "":
		return phrases("silent beyond hop "+o.text("silent_after"), o.text("last_sender"))
	}
	return o.text("last_sender")
}
