package probe

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/vishvananda/netlink"
	"github.com/zclconf/go-cty/cty"
)

func observeNeighbour(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	target, err := resolve(ctx, w, q.Target, "ip")
	if err != nil {
		return cty.NilVal, err
	}
	way, err := lookupRoute(target, netip.Addr{})
	if err != nil {
		return cty.NilVal, err
	}
	began := time.Now()
	var s sighting
	var macs []net.HardwareAddr
	switch {
	case way.kind == "local":
		s = sighting{state: netlink.NUD_NOARP, reachable: yes}
	case !way.onLink() && !sameHost(way.via.gateway, target) && way.redirectedTo.WithZone("") != target.WithZone(""):
		s = sighting{reachable: no}
	case way.kind != "unicast":
		s = sighting{state: netlink.NUD_NOARP}
	default:
		n := neighbour{addr: target, source: way.source}
		if n.link, err = netlink.LinkByIndex(way.via.link); err != nil {
			return cty.NilVal, fmt.Errorf("adapter of %s: %w", target, err)
		}
		if q.Args["provoke"].True() {
			patience, cancel := context.WithTimeout(ctx, durationArg(q.Args["wait"]))
			defer cancel()
			s, err = n.provoke(patience)
		} else {
			s, err = n.look()
		}
		if err == nil && q.Args["everybody"].True() {
			var answers [][]net.HardwareAddr
			if answers, err = everybody(ctx, claimPatience, n); err == nil {
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
func setNeighbour(r *result, s *sighting) {
	r.set("state", stateWords[s.state])
	r.set("mac", nullIfEmpty(s.mac.String()))
	setTruth(r, "reachable", s.reachable)
	if s.asked {
		r.set("answered_mac", nullIfEmpty(s.answeredBy.String()))
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
