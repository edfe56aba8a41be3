package probe

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/linecheck/linecheck/engine/probe/internal/neighbour"
	"github.com/linecheck/linecheck/engine/probe/internal/resolver"
	"github.com/linecheck/linecheck/engine/probe/internal/rtnetlink"
	"github.com/linecheck/linecheck/engine/probe/internal/truth"
	"github.com/vishvananda/netlink"
	"github.com/zclconf/go-cty/cty"
)

func observeNeighbour(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	target, err := resolver.Resolve(ctx, w, q.Target, "ip")
	if err != nil {
		return cty.NilVal, err
	}
	way, err := rtnetlink.LookupRoute(target, netip.Addr{})
	if err != nil {
		return cty.NilVal, err
	}
	began := time.Now()
	var s neighbour.Entry
	var macs []net.HardwareAddr
	switch {
	case way.Kind == "local":
		s = neighbour.Entry{State: netlink.NUD_NOARP, Reachable: truth.Yes}
	case !way.OnLink() && !ipaddr.SameHost(way.Via.Gateway, target) && way.RedirectedTo.WithZone("") != target.WithZone(""):
		s = neighbour.Entry{Reachable: truth.No}
	case way.Kind != "unicast":
		s = neighbour.Entry{State: netlink.NUD_NOARP}
	default:
		n := neighbour.Host{World: w, Addr: target, Source: way.Source}
		if n.Link, err = netlink.LinkByIndex(way.Via.Link); err != nil {
			return cty.NilVal, fmt.Errorf("adapter of %s: %w", target, err)
		}
		if q.Args["provoke"].True() {
			patience, cancel := context.WithTimeout(ctx, durationArg(q.Args["wait"]))
			defer cancel()
			s, err = n.Provoke(patience)
		} else {
			s, err = n.Look()
		}
		if err == nil && q.Args["everybody"].True() {
			var answers [][]net.HardwareAddr
			if answers, err = neighbour.AskAll(ctx, claimPatience, n); err == nil {
				macs = answers[0]
			}
		}
	}
	if err != nil {
		return cty.NilVal, fmt.Errorf("neighbour %s: %w", target, err)
	}
	answered := []string{}
	for _, mac := range macs {
		answered = append(answered, mac.String())
	}
	r := newResult(neighbourKind)
	r.set("answered_macs", answered)
	r.set("waited_ms", milliseconds(time.Since(began)))
	setNeighbour(r, &s)
	return r.value(), nil
}

// setNeighbour states what was seen of a neighbour.
func setNeighbour(r *result, s *neighbour.Entry) {
	r.set("state", stateWords[s.State])
	r.set("mac", nullIfEmpty(s.MAC.String()))
	setTruth(r, "reachable", s.Reachable)
	if s.Asked {
		r.set("answered_mac", nullIfEmpty(s.AnsweredBy.String()))
	}
}

// stateWords are the words of ip-neighbour(8) for the states.
var stateWords = map[int]string{
	netlink.NUD_NONE:       "none",
	netlink.NUD_INCOMPLETE: "incomplete",
	netlink.NUD_REACHABLE:  "reachable",
	netlink.NUD_STALE:      "stale",
	netlink.NUD_DELAY:      "delay",
	netlink.NUD_PROBE:      "probe",
	netlink.NUD_FAILED:     "failed",
	netlink.NUD_NOARP:      "noarp",
	netlink.NUD_PERMANENT:  "permanent",
}
