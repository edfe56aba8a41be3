package probe

import (
	"net/netip"
	"slices"

	"github.com/linecheck/linecheck/engine/probe/internal/rtnetlink"
	"github.com/linecheck/linecheck/engine/probe/internal/truth"
)

// A choice is the adapter that is meant, nil for none, and what tells so: a word
// of the attribute chosen_by.
type choice struct {
	adapter *adapter
	by      string
}

func (c choice) set(r *result) {
	if c.adapter == nil {
		r.set("chosen_by", nil)
		return
	}
	r.set("chosen_by", c.by)
}

// adapterHints tell which adapter a runbook means that names none.
type adapterHints struct {
	near   []netip.Addr // hosts of its subnet
	toward string       // a host behind it; "" for none
}

// chooseAdapter is the adapter that the hints, or the routes, lead to.
func chooseAdapter(adapters []adapter, hints adapterHints) (choice, error) {
	if a := nearestAdapter(adapters, hints.near); a != nil {
		return choice{a, "near"}, nil
	}
	ways, err := waysOut(hints)
	if err != nil {
		return choice{}, err
	}
	if a := adapterAt(adapters, ways.near); a != nil {
		return choice{a, "route"}, nil
	}
	if a := onlyIdle(adapters); a != nil && len(hints.near) > 0 {
		return choice{a, "idle"}, nil
	}
	if a := adapterAt(adapters, ways.toward.Link); a != nil && (ways.toward.Gateway.IsValid() || a.tunnel) {
		return choice{a, "toward"}, nil
	}
	if a := adapterAt(adapters, ways.standard); a != nil {
		return choice{a, "default_route"}, nil
	}
	return choice{onlyDevice(adapters), "only"}, nil
}

// adapterAt is the adapter with an index; nil for none.
func adapterAt(adapters []adapter, index int) *adapter {
	if i := slices.IndexFunc(adapters, func(a adapter) bool { return a.index == index }); i >= 0 {
		return &adapters[i]
	}
	return nil
}

// nearestAdapter is the one whose prefix holds an address of near: one that leads
// out before others, as a bridge for containers is, and then the longest prefix.
func nearestAdapter(adapters []adapter, near []netip.Addr) *adapter {
	var nearest *adapter
	longest := -1
	for i := range adapters {
		a := &adapters[i]
		for _, own := range a.addrs {
			holds := slices.ContainsFunc(near, func(addr netip.Addr) bool {
				return own.subnet.Contains(addr.WithZone("")) && (addr.Zone() == "" || addr.Zone() == a.name)
			})
			if !holds || own.addr.IsLinkLocalUnicast() && own.addr.Is6() && !zoned(near, a.name) {
				continue
			}
			if nearest == nil || a.leads && !nearest.leads || a.leads == nearest.leads && own.subnet.Bits() > longest {
				nearest, longest = a, own.subnet.Bits()
			}
		}
	}
	return nearest
}

// zoned reports whether an address of near names an adapter: fe80::/64 is on all
// of them.
func zoned(near []netip.Addr, name string) bool {
	return slices.ContainsFunc(near, func(addr netip.Addr) bool { return addr.Zone() == name })
}

// isIdle reports whether an adapter that should lead out does not.
func (a *adapter) isIdle() bool {
	if !a.device || a.lends {
		return false
	}
	return !a.up || a.carrier == truth.No || !slices.ContainsFunc(a.addrs, func(own adapterAddr) bool { return !own.addr.IsLinkLocalUnicast() })
}

// onlyIdle is the only idle adapter or, of several, the only one that is switched
// on: somebody wants it to work.
func onlyIdle(adapters []adapter) *adapter {
	var idle, up []*adapter
	for i := range adapters {
		if a := &adapters[i]; a.isIdle() {
			idle = append(idle, a)
			if a.up {
				up = append(up, a)
			}
		}
	}
	switch {
	case len(idle) == 1:
		return idle[0]
	case len(up) == 1:
		return up[0]
	}
	return nil
}

// onlyDevice is the only adapter that is backed by a device; nil where it has
// companions.
func onlyDevice(adapters []adapter) *adapter {
	var only *adapter
	for i := range adapters {
		if !adapters[i].device {
			continue
		}
		if only != nil {
			return nil
		}
		only = &adapters[i]
	}
	return only
}

func idleNames(adapters []adapter, chosen *adapter) []string {
	names := []string{}
	for i := range adapters {
		if a := &adapters[i]; a != chosen && a.isIdle() {
			names = append(names, a.name)
		}
	}
	return names
}

// ways are the adapters, by index, that routes lead to; 0 for none.
type ways struct {
	near     int               // through an address of near, or straight to it
	toward   rtnetlink.NextHop // to the host that the hints name
	standard int               // the default route's
}
