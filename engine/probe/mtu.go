package probe

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var mtuKind = &language.Kind{
	Name: "mtu",
	Doc: "Finds the largest packet that the path carries, with echo requests that may not be fragmented (RFC 1191, RFC 8201, RFC 4821); what the kernel remembers of the path is not used. " +
		"By TCP it is measured at a mail server (RFC 5321): full segments of NOOP commands go out and are acknowledged or not, and EHLO is asked for often enough to fill segments on the way back. " +
		"No mail is sent. Needs no privilege. Linux only; unknown elsewhere.",
	ByHand:     "tracepath -n {target}",
	TargetDoc:  "Name or address of the host; the system resolver's first address of a name is used.",
	TargetHost: true,
	Args: []language.Attribute{
		{Name: "largest", Type: cty.Number, Default: cty.NumberIntVal(1500), Domain: language.WholeBetween(128, 65535),
			Doc: "Largest packet to try, in bytes with the IP header, from 128 to 65535. One that the own adapter can't send is tried in the adapter's size."},
		{Name: "method", Type: cty.String, Default: cty.StringVal("icmp"), Domain: language.OneOf("icmp", "tcp", "auto"),
			Doc: `How to measure: "icmp", by echo requests; "tcp", by segments of a connection to port; "auto", by echo requests, and by TCP where those are not answered or large ones vanish. With "auto" what TCP says counts: a host may turn away large pings alone, and segments may be agreed on that avoid the hole.`},
		{Name: "port", Type: cty.Number, Domain: language.WholeBetween(1, 65535),
			Doc: `Mail server's port for "tcp" and "auto"; from 1 to 65535.`},
		sourceArgument, familyArgument,
	},
	Result: []language.Attribute{
		{Name: "mtu", Type: cty.Number, Domain: language.WholeFrom(1).UpTo("largest"),
			Doc: "Bytes, with the IP header, of the largest packet that was seen to pass both ways; at most largest. By TCP at most the size that both ends agreed on and, beside a black hole, one of the sizes that links usually have. Unknown when the target answers no ping; null when it could not be measured by TCP either."},
		{Name: "black_hole", Type: cty.Bool,
			Doc: "Whether larger packets vanish without a word: no answer to three of the same size, each between two small ones that were answered, and no router that says what it would take. False when the path carries the largest size, or a router said what it takes and that passes. By TCP: a full segment was sent again and again without being acknowledged, while smaller ones were, on another connection. Null when too few small ones are answered to tell, or when it could not be measured by TCP; unknown when none is answered."},
		{Name: "limited_by", Type: cty.String, Domain: anAddress,
			Doc: "Address of the router that reported the limit (ICMP too_big) to a ping; null when none did."},
		{Name: "measured_by", Type: cty.String, Domain: language.OneOf("icmp", "tcp"),
			Doc: `What decided: "icmp" or "tcp"; null when nothing could be measured.`},
		{Name: "direction", Type: cty.String, Domain: language.OneOf("out", "back"),
			Doc: `Which way large segments vanish: "out" to the target or "back" from it. Null where none do, and by pings, which don't tell.`},
		{Name: "recovers", Type: cty.Bool, NeverNull: true,
			Doc: "Whether this computer's TCP got a full segment's data through a black hole in smaller ones after some seconds (RFC 4821; net.ipv4.tcp_mtu_probing)."},
	},
	Never: []language.Contradiction{
		excludes(none("measured_by"), there("black_hole"), there("direction"), isTrue("recovers")),
		excludes(there("measured_by"), none("black_hole")),
		excludes(isFalse("black_hole"), there("direction"), isTrue("recovers")),
		excludes(is("measured_by", "icmp"), there("direction"), isTrue("recovers")),
	},
}

func observeMTU(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	r := newResult(mtuKind)
	o := mtuOptions{world: w, largest: intArg(q.Args["largest"]), method: stringArg(q.Args["method"])}
	if port := q.Args["port"]; !port.IsNull() {
		o.port = uint16(intArg(port))
	} else if o.method != "icmp" {
		return r.value(), fmt.Errorf("method %q needs a port", o.method)
	}
	var err error
	if o.destination, o.source, err = endpoints(ctx, w, q); err != nil {
		return r.value(), err
	}
	seen, err := measureMTU(ctx, o)
	if seen != nil {
		seen.set(r)
	}
	return r.value(), err
}

// measureMTU measures by the method that was asked for.
func measureMTU(ctx context.Context, o mtuOptions) (*mtuOutcome, error) {
	if o.method == "tcp" {
		return segmentMTU(ctx, o)
	}
	pings, err := pathMTU(ctx, o)
	if err != nil || pings == nil || o.method == "icmp" || pings.verdict == mtuPass || ctx.Err() != nil {
		return pings, err
	}
	segments, err := segmentMTU(ctx, o)
	if err != nil {
		return nil, err
	}
	return pings.besides(segments), nil
}

// besides is what pings and segments say together, where pings did not pass.
// The size that pings found is the more exact one.
func (o *mtuOutcome) besides(segments *mtuOutcome) *mtuOutcome {
	if segments.verdict == mtuUnsure && o.mtu > 0 {
		return o
	}
	segments.limitedBy = o.limitedBy
	if segments.verdict == mtuVanish && o.verdict == mtuVanish && o.complete {
		segments.mtu = max(o.mtu, segments.mtu)
	}
	return segments
}

// mtuOptions are the arguments of a search for the path MTU.
type mtuOptions struct {
	world               *engine.World // whose Dial connects to a mail server
	destination, source netip.Addr
	largest             int    // bytes
	method              string // "icmp", "tcp" or "auto"
	port                uint16 // of a mail server; 0 with "icmp"
}

// An mtuOutcome is what was found out about a path.
type mtuOutcome struct {
	mtu       int        // bytes of the largest packet that passed; 0: none did
	verdict   mtuVerdict // on sizes above what the path, or a router, takes
	limitedBy netip.Addr // router that reported a limit
	complete  bool       // it was not cut off

	// What only segments tell.
	byTCP     bool
	direction string // which way they vanish, "" where they don't
	recovers  bool   // TCP found a size by itself
}

// An mtuVerdict says what became of the largest packets.
type mtuVerdict int

const (
	_         mtuVerdict = iota
	mtuPass              // they arrive, or a router said what it takes and that arrives
	mtuVanish            // nobody says why they don't
	mtuUnsure            // the path loses small ones, too, or nobody answers
)

func (o *mtuOutcome) set(r *result) {
	if o.limitedBy.IsValid() || o.byTCP && o.complete || o.verdict != 0 && o.mtu > 0 {
		r.set("limited_by", o.limitedBy)
	}
	switch {
	case !o.complete:
	case o.mtu > 0:
		r.set("mtu", o.mtu)
	case o.byTCP:
		r.set("mtu", nil)
	}
	switch o.verdict {
	case mtuPass:
		r.set("black_hole", false)
	case mtuVanish:
		r.set("black_hole", true)
	case mtuUnsure:
		if o.mtu > 0 || o.byTCP {
			r.set("black_hole", nil)
		}
	}
	if o.verdict != 0 {
		r.set("measured_by", o.measuredBy())
		r.set("direction", nullIfEmpty(o.direction))
		r.set("recovers", o.recovers)
	}
}

// measuredBy is the word of the attribute, nil where nothing was measured.
func (o *mtuOutcome) measuredBy() any {
	switch {
	case o.verdict == mtuUnsure:
		return nil
	case o.byTCP:
		return "tcp"
	}
	return "icmp"
}

func summariseMTU(result cty.Value) string {
	o := observed{result}
	size := o.text("mtu")
	if size != "" {
		size += " bytes"
	}
	how := ""
	if o.text("measured_by") == "tcp" {
		how = "by TCP"
	}
	switch {
	case o.isNull("measured_by"):
		return phrases(size, "larger ones not tested")
	case o.is("black_hole") && o.text("direction") == "back":
		return phrases(size, "large answers vanish", how)
	case o.is("black_hole"):
		return phrases(size, "larger ones vanish", how)
	}
	return phrases(size, o.text("limited_by"), how)
}
