// Package probe holds the probe kinds of linecheck, one file each.
//
// [All] lists them. A probe observes and never judges: a refused connection is
// a result, and an error only means that the question could not be asked.
package probe

import (
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
)

// All lists the probe kinds, sorted by name.
func All() []*engine.Probe {
	return []*engine.Probe{
		{Kind: dnsKind, Observe: observeDNS},
		{Kind: interfaceKind, Observe: observeInterface},
		{Kind: logKind, Observe: observeLog},
		{Kind: mtuKind, Observe: observeMTU},
		{Kind: neighbourKind, Observe: observeNeighbour},
		{Kind: pingKind, Observe: observePing},
		{Kind: resolverKind, Observe: observeResolver},
		{Kind: routeKind, Observe: observeRoute},
		{Kind: smtpKind, Observe: observeSMTP},
		{Kind: tcpKind, Observe: observeTCP},
		{Kind: traceKind, Observe: observeTrace},
	}
}

// Kinds lists the descriptions of All for rules.Load.
func Kinds() []*rules.Kind {
	all := All()
	kinds := make([]*rules.Kind, len(all))
	for i, p := range all {
		kinds[i] = p.Kind
	}
	return kinds
}
