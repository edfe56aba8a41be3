package probe

import (
	"context"
	"errors"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var traceKind = &rules.Kind{
	Name: "trace",
	Doc: "Finds the routers on the way: sends packets with a time to live of 1, 2, 3 … and notes who reports each as expired (RFC 792, RFC 4443). " +
		"The next packet goes out when the one before was answered, after 100 ms at the latest. Needs no privilege. Linux only; unknown elsewhere.",
	TargetDoc: "Name or address of the host; the system resolver's first address of a name is used.",
	Args: []rules.Attribute{
		{Name: "method", Type: cty.String, Default: cty.StringVal("icmp"), Check: oneOf("icmp", "tcp"),
			Doc: `What to send: "icmp" echo requests, or "tcp" connection attempts to port, which pass where a firewall lets that service through.`},
		{Name: "port", Type: cty.Number, Check: wholeNumber(1, 65535),
			Doc: `Port for method "tcp", which needs one; from 1 to 65535.`},
		{Name: "max_hops", Type: cty.Number, Default: cty.NumberIntVal(30), Check: wholeNumber(1, 255),
			Doc: "Largest time to live to try, from 1 to 255."},
		{Name: "per_hop_timeout", Type: cty.String, Default: cty.StringVal("1s"), Check: durationFrom(10*time.Millisecond, time.Minute),
			Doc: "How long each hop is waited for, from 10ms to 1m. An answer that comes later, while others are still waited for, counts all the same."},
		sourceArgument, familyArgument,
	},
	Result: []rules.Attribute{
		{Name: "reached", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the target itself answered: with an echo reply, by accepting or resetting the connection, or with an ICMP error of its own."},
		{Name: "hops", List: true,
			Doc: "The hops up to the last one that answered, in order. Empty when none did.",
			Attrs: []rules.Attribute{
				{Name: "ttl", Type: cty.Number, NeverNull: true,
					Doc: "Distance: the time to live of the packet."},
				{Name: "sender", Type: cty.String,
					Doc: "Address that answered; null when none did."},
				{Name: "rtt_ms", Type: cty.Number,
					Doc: "Milliseconds until the answer; null when none came."},
				icmpAttribute,
			}},
		{Name: "last_sender", Type: cty.String,
			Doc: "Address of the last hop that answered, the target's when it was reached; null when none answered."},
		{Name: "silent_after", Type: cty.Number,
			Doc: "Distance of the last hop that answered when beyond it there is only silence, 0 when none answered. Null where the trace did not end in silence: the target was reached, a router refused (see icmp), or max_hops was too few."},
		{Name: "loop", Type: cty.Bool, NeverNull: true,
			Doc: "Whether packets go round in a circle: the same router answers at several distances with others between, and the target is not reached."},
		{Name: "icmp", Attrs: icmpAttribute.Attrs,
			Doc: "The ICMP error, other than ttl_exceeded, that ended the trace before the target: a router had no route, refused, or got no answer from the target. Its attributes are null when none did."},
	},
}

func observeTrace(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	return traceKind.UnknownResult(), errors.New("not observed")
}
