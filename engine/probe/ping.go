package probe

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/ping"
	"github.com/linecheck/linecheck/engine/probe/internal/resolver"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var pingKind = &language.Kind{
	Name: "ping",
	Doc: "Sends ICMP echo requests (RFC 792, RFC 4443) and counts the replies that come from the target itself, with a right checksum and the data that was sent. It ends when the last reply is in. " +
		"ICMP errors and the senders of replies are seen without privilege on Linux; on other systems icmp, strangers and answered_by are unknown, and a reply counts whoever sent it.",
	ByHand:     "ping -c {count} -s {size} {target}",
	TargetDoc:  "Name or address of the host; the system resolver's first address of a name is used. An IPv6 link-local address names its adapter: fe80::1%eth0.",
	TargetHost: true,
	Args: []language.Attribute{
		{Name: "count", Type: cty.Number, Default: cty.NumberIntVal(3), Domain: language.WholeBetween(1, 1000),
			Doc: "How many requests to send, from 1 to 1000."},
		{Name: "interval", Type: cty.String, Default: cty.StringVal("200ms"), Domain: language.DurationBetween(10*time.Millisecond, time.Minute),
			Doc: "Time between two requests, from 10ms to 1m."},
		{Name: "packet_timeout", Type: cty.String, Default: cty.StringVal("1s"), Domain: language.DurationBetween(10*time.Millisecond, time.Minute),
			Doc: "How long a reply may take, from 10ms to 1m; a later one counts as lost."},
		{Name: "size", Type: cty.Number, Default: cty.NumberIntVal(56), Domain: language.WholeBetween(24, 65487),
			Doc: "Bytes of data in each request, from 24 to 65487; the ICMP header (8 bytes) and the IP header (20 bytes, IPv6 40) come on top."},
		{Name: "ttl", Type: cty.Number, Default: cty.NumberIntVal(64), Domain: language.WholeBetween(1, 255),
			Doc: "Time to live (IPv6: hop limit) of the requests, from 1 to 255."},
		sourceArgument, familyArgument,
	},
	Result: []language.Attribute{
		{Name: "sent", Type: cty.Number, NeverNull: true, Domain: language.WholeFrom(0).UpTo("count"),
			Doc: "Requests that this computer sent; fewer than count when it refused to (see local_error)."},
		{Name: "received", Type: cty.Number, NeverNull: true, Domain: language.WholeFrom(0).UpTo("count"),
			Doc: "Replies of the target's that came in time."},
		{Name: "loss_pct", Type: cty.Number, NeverNull: true, Domain: language.NumberBetween(0, 100),
			Doc: "Percentage of the wanted requests that got no reply in time, those that could not be sent among them: 0 to 100."},
		{Name: "rtt_min_ms", Type: cty.Number, Domain: language.NumberFrom(0),
			Doc: "Shortest round trip in milliseconds, by this computer's clock; null without a reply, as the three below."},
		{Name: "rtt_avg_ms", Type: cty.Number, Domain: language.NumberFrom(0),
			Doc: "Mean round trip in milliseconds."},
		{Name: "rtt_max_ms", Type: cty.Number, Domain: language.NumberFrom(0),
			Doc: "Longest round trip in milliseconds."},
		{Name: "rtt_stddev_ms", Type: cty.Number, Domain: language.NumberFrom(0),
			Doc: "Standard deviation of the round trips in milliseconds; 0 with one reply."},
		{Name: "duplicates", Type: cty.Number, NeverNull: true, Domain: language.WholeFrom(0),
			Doc: "Replies that came once more: two hosts with the same address, or a loop below IP."},
		{Name: "strangers", Type: cty.Number, NeverNull: true, Domain: language.WholeFrom(0),
			Doc: "Replies to these very requests that came from another address than the target's, as they do behind a translation of addresses that is set for one way only, or from an anycast address of IPv6. They count neither as received nor as duplicates."},
		{Name: "answered_by", Type: cty.String, Domain: anAddress,
			Doc: "The first other address that such a reply came from; null for none."},
		{Name: "address", Type: cty.String, NeverNull: true, Domain: anAddress,
			Doc: "The address that was pinged."},
		{Name: "socket", Type: cty.String, NeverNull: true, Domain: language.OneOf("own", "shared"),
			Doc: `Which socket was used: "own", one of this ping's own, or "shared", one that it had in common with others, since more than 16 were under way (on Linux).`},
		localErrorAttribute,
		icmpAttribute,
	},
	Never: []language.Contradiction{
		excludes(more("received", "sent")),
		excludes(of(lossDiffers, "received", "loss_pct", "argument.count")),
		excludes(isZero("received"), ofNumber("loss_pct", func(loss float64) bool { return loss < 100 }),
			there("rtt_min_ms"), there("rtt_avg_ms"), there("rtt_max_ms"), there("rtt_stddev_ms")),
		excludes(positive("received"), ofNumber("loss_pct", func(loss float64) bool { return loss >= 100 }),
			none("rtt_min_ms"), none("rtt_avg_ms"), none("rtt_max_ms"), none("rtt_stddev_ms")),
		// What was sent is known to be all that was wanted, unless it was refused.
		excludes(none("local_error"), of(lossDiffers, "received", "loss_pct", "sent")),
		excludes(isZero("loss_pct"), more("sent", "received")),
		excludes(more("rtt_min_ms", "rtt_avg_ms")), excludes(more("rtt_avg_ms", "rtt_max_ms")), excludes(more("rtt_min_ms", "rtt_max_ms")),
		excludes(isZero("strangers"), there("answered_by")),
		excludes(positive("strangers"), none("answered_by")),
	},
}

// lossDiffers reports whether a loss is not that of so many replies to so many
// requests: of received, loss_pct and the requests. It may have been rounded to
// whole percents.
func lossDiffers(of []*language.Item) bool {
	received, loss, wanted := of[0].Number, of[1].Number, of[2].Number
	return wanted > 0 && math.Abs(100*(wanted-received)/wanted-loss) >= 1
}

// sourceArgument and familyArgument are those of the kinds that send echo
// requests.
var (
	sourceArgument = language.Attribute{Name: "source", Type: cty.String, Domain: language.Judged(ipAddress),
		Doc: "Own IP address to send from. Left out, the system chooses."}
	familyArgument = language.Attribute{Name: "family", Type: cty.String, Domain: language.OneOf("ipv4", "ipv6"),
		Doc: `Which address of a name to use: "ipv4" or "ipv6". Left out, that of the source, else the one that the system prefers (RFC 6724).`}
)

// observePing is what observes with one program's pings, which know of each other.
func observePing(p *ping.Pool) func(context.Context, *engine.World, engine.Query) (cty.Value, error) {
	return func(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
		o := ping.Options{
			Count:         intArg(q.Args["count"]),
			Interval:      durationArg(q.Args["interval"]),
			PacketTimeout: durationArg(q.Args["packet_timeout"]),
			Size:          intArg(q.Args["size"]),
			TTL:           intArg(q.Args["ttl"]),
		}
		var err error
		if o.Destination, o.Source, err = endpoints(ctx, w, q); err != nil {
			return pingKind.UnknownResult(), err
		}
		r := newResult(pingKind)
		r.set("address", o.Destination)
		seen, err := p.Ping(ctx, o)
		if seen != nil {
			setPing(r, seen, o)
		}
		return r.value(), err
	}
}

// endpoints are the addresses that a probe with the arguments source and
// family sends to and from; the latter is zero where it was not given.
func endpoints(ctx context.Context, w *engine.World, q engine.Query) (destination, source netip.Addr, err error) {
	if text := stringArg(q.Args["source"]); text != "" {
		if source, err = netip.ParseAddr(text); err != nil {
			return destination, source, err
		}
		source = source.Unmap()
	}
	network := resolver.NetworkOf(source)
	switch stringArg(q.Args["family"]) {
	case "ipv4":
		network = "ip4"
	case "ipv6":
		network = "ip6"
	}
	if destination, err = resolver.Resolve(ctx, w, q.Target, network); err != nil {
		return destination, source, err
	}
	switch {
	case destination.IsLinkLocalUnicast() && destination.Is6() && destination.Zone() == "":
		return destination, source, fmt.Errorf("%s is an address of every link: name the adapter as well, as in %s%%eth0", destination, destination)
	case source.IsLoopback() && !destination.IsLoopback():
		return destination, source, fmt.Errorf("%s can't be reached from %s, which never leaves this computer", destination, source)
	case source.IsValid() && source.Is4() != destination.Is4():
		return destination, source, fmt.Errorf("%s can't be reached from %s, an address of the other family", destination, source)
	case destination.IsUnspecified() || destination.IsMulticast():
		return destination, source, fmt.Errorf("%s is not the address of one host", destination)
	}
	return destination, source, nil
}

// setPing states what a ping observed.
func setPing(r *result, p *ping.Outcome, o ping.Options) {
	received := len(p.RTTs)
	lossAtMost := 100 * float64(o.Count-received) / float64(o.Count)
	socket := "own"
	if p.Shared {
		socket = "shared"
	}
	r.set("socket", socket)
	r.set("sent", p.Sent)
	if p.Complete {
		r.set("received", received)
		r.set("loss_pct", lossAtMost)
		r.set("duplicates", p.Duplicates)
	} else {
		// Cut off: replies may still have come.
		r.set("received", cty.UnknownVal(cty.Number).Refine().NotNull().
			NumberRangeInclusive(cty.NumberIntVal(int64(received)), cty.NumberIntVal(int64(o.Count))).NewValue())
		r.set("loss_pct", cty.UnknownVal(cty.Number).Refine().NotNull().
			NumberRangeInclusive(cty.Zero, cty.NumberFloatVal(lossAtMost)).NewValue())
	}
	if p.KnowsSenders && (p.Strangers > 0 || p.Complete) {
		r.set("answered_by", p.Stranger)
	}
	if p.KnowsSenders && p.Complete {
		r.set("strangers", p.Strangers)
	}
	if received > 0 || p.Complete {
		setRoundTrips(r, p.RTTs)
	}
	if p.LocalError != "" || p.Sent > 0 || p.Complete {
		r.set("local_error", nullIfEmpty(p.LocalError))
	}
	if p.ICMPObserved && (p.ICMP != nil || p.Complete) {
		r.set("icmp", icmpFields(p.ICMP))
	}
}

func setRoundTrips(r *result, rtts []time.Duration) {
	if len(rtts) == 0 {
		for _, name := range []string{"rtt_min_ms", "rtt_avg_ms", "rtt_max_ms", "rtt_stddev_ms"} {
			r.set(name, nil)
		}
		return
	}
	var sum, squares float64
	for _, rtt := range rtts {
		sum += milliseconds(rtt)
	}
	mean := sum / float64(len(rtts))
	for _, rtt := range rtts {
		squares += (milliseconds(rtt) - mean) * (milliseconds(rtt) - mean)
	}
	r.set("rtt_min_ms", milliseconds(slices.Min(rtts)))
	r.set("rtt_avg_ms", mean)
	r.set("rtt_max_ms", milliseconds(slices.Max(rtts)))
	r.set("rtt_stddev_ms", math.Sqrt(squares/float64(len(rtts))))
}

func summarisePing(result cty.Value) string {
	o := observed{result}
	sent, received := o.text("sent"), o.text("received")
	if sent == "" || received == "" || sent == "0" {
		return o.refusal()
	}
	return phrases(fmt.Sprintf("%s of %s replies", received, sent)+o.ms("rtt_avg_ms"), o.refusal())
}
