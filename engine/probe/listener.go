package probe

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net"
	"net/netip"
	"slices"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

var listenerKind = &language.Kind{
	Name:           "listener",
	Doc:            "Reads on which addresses and TCP ports this computer itself takes connections (sock_diag(7)), and which addresses it has. Nothing is sent. What a firewall or another network namespace makes of a connection does not show.",
	ByHand:         "ss -Htln; ip address",
	ByHandBare:     "ss -Htln; ip address",
	TargetDoc:      "Has no effect.",
	TargetOptional: true,
	Result: []language.Attribute{
		{Name: "shown", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the system shows which sockets wait for connections. Where it does not, listeners is unknown."},
		{Name: "listeners", List: true,
			Doc: "The sockets that wait for TCP connections, by port and address, each once and at most 1000 of them.",
			Attrs: []language.Attribute{
				{Name: "address", Type: cty.String, NeverNull: true, Domain: anAddress,
					Doc: `The address that connections must come to, in canonical spelling. "0.0.0.0" and "::" stand for every address of their family; a socket for both families is listed as both.`},
				{Name: "port", Type: cty.Number, NeverNull: true, Domain: language.WholeBetween(1, math.MaxUint16), Doc: "The TCP port."},
			}},
		{Name: "own_addresses", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(anAddress),
			Doc: "All addresses of this computer, those of the loopback interface included, in canonical spelling and sorted."},
	},
	Never: []language.Contradiction{excludes(isFalse("shown"), filled("listeners"))},
}

// maxListeners bounds what is listed.
const maxListeners = 1000

func observeListener(_ context.Context, _ *engine.World, _ engine.Query) (cty.Value, error) {
	r := newResult(listenerKind)
	sockets, err := listeningSockets()
	r.set("shown", err == nil)
	if err == nil {
		slices.SortFunc(sockets, func(a, b netip.AddrPort) int {
			return cmp.Or(cmp.Compare(a.Port(), b.Port()), a.Addr().Compare(b.Addr()))
		})
		list := []fields{}
		for _, s := range slices.Compact(sockets) {
			if len(list) < maxListeners {
				list = append(list, fields{"address": s.Addr().String(), "port": int(s.Port())})
			}
		}
		r.set("listeners", list)
	}
	addresses, err := allAddresses()
	if err != nil {
		return cty.NilVal, fmt.Errorf("list this computer's addresses: %w", err)
	}
	slices.SortFunc(addresses, netip.Addr.Compare)
	r.set("own_addresses", spelled(slices.Compact(addresses)))
	return r.value(), nil
}

func summariseListener(result cty.Value) string {
	o := observed{result}
	v, ok := o.at("listeners")
	if !ok {
		return ""
	}
	ports := map[string]bool{}
	for _, l := range v.AsValueSlice() {
		ports[terminal.Value(l.GetAttr("port"))] = true
	}
	if len(ports) == 1 {
		return "listens on 1 port"
	}
	return fmt.Sprintf("listens on %d ports", len(ports))
}

// allAddresses are those of all adapters.
func allAddresses() ([]netip.Addr, error) {
	nets, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	addresses := make([]netip.Addr, 0, len(nets))
	for _, n := range nets {
		if prefix, err := netip.ParsePrefix(n.String()); err == nil {
			addresses = append(addresses, prefix.Addr())
		}
	}
	return addresses, nil
}
