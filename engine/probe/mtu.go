package probe

import (
	"context"
	"net/netip"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var mtuKind = &rules.Kind{
	Name: "mtu",
	Doc: "Finds the largest packet that the path carries, with echo requests that may not be fragmented (RFC 1191, RFC 8201, RFC 4821); what the kernel remembers of the path is not used. " +
		"The target must answer pings, or nothing is known. Needs no privilege. Linux only; unknown elsewhere.",
	ByHand:    "tracepath -n {target}",
	TargetDoc: "Name or address of the host; the system resolver's first address of a name is used.",
	Args: []rules.Attribute{
		{Name: "largest", Type: cty.Number, Default: cty.NumberIntVal(1500), Check: wholeNumber(128, 65535),
			Doc: "Largest packet to try, in bytes with the IP header, from 128 to 65535. One that the own adapter can't send is tried in the adapter's size."},
		sourceArgument, familyArgument,
	},
	Result: []rules.Attribute{
		{Name: "mtu", Type: cty.Number, Least: cty.Zero, MostArg: "largest",
			Doc: "Bytes, with the IP header, of the largest packet that was seen to pass both ways; at most largest. Unknown when the target answers no ping."},
		{Name: "black_hole", Type: cty.Bool,
			Doc: "Whether larger packets vanish without a word: no answer to three of the same size, each between two small ones that were answered, and no router that says what it would take. False when the path carries the largest size, or a router said what it takes and that passes. Null when too few small ones are answered to tell; unknown when none is."},
		{Name: "limited_by", Type: cty.String,
			Doc: "Address of the router that reported the limit (ICMP too_big); null when none did."},
	},
}

func observeMTU(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	r := newResult(mtuKind)
	destination, source, err := endpoints(ctx, w, q)
	if err != nil {
		return r.value(), err
	}
	seen, err := pathMTU(ctx, mtuOptions{destination: destination, source: source, largest: intArg(q.Args["largest"])})
	if seen != nil {
		seen.set(r)
	}
	return r.value(), err
}

// mtuOptions are the arguments of a search for the path MTU.
type mtuOptions struct {
	destination, source netip.Addr
	largest             int // bytes
}

// An mtuOutcome is what was found out about a path.
type mtuOutcome struct {
	mtu       int        // bytes of the largest packet that passed; 0: none did
	verdict   mtuVerdict // on sizes above what the path, or a router, takes
	limitedBy netip.Addr // router that reported a limit
	complete  bool       // it was not cut off
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
	if o.limitedBy.IsValid() || o.verdict != 0 && o.mtu > 0 {
		r.set("limited_by", o.limitedBy)
	}
	if o.mtu > 0 && o.complete {
		r.set("mtu", o.mtu)
	}
	switch o.verdict {
	case mtuPass:
		r.set("black_hole", false)
	case mtuVanish:
		r.set("black_hole", true)
	case mtuUnsure:
		if o.mtu > 0 {
			r.set("black_hole", nil)
		}
	}
}
