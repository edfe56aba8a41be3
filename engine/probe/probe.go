// Package probe holds the probe kinds of linecheck.
//
// Start with [All], which goes into engine.Options.Probes, and [Kinds], the same
// as descriptions, for rules.Load.
//
// A probe observes and never judges: a refused connection is a result, and an
// error only means that the question could not be asked (there is no such
// host name, say, or no permission for a socket). What could not be looked at
// is unknown in the result, and so is all that was left to do when the context
// ended the probe. Linux is observed in full; elsewhere what the system does
// not show is unknown.
//
// Each kind lives in the file of its name: what it takes and observes, as
// data, how, and its summary. NAME_linux.go and NAME_other.go hold what differs
// by system. To add one, write its file and its line in All; the conformance
// suite then holds it against what is promised of every kind. result.go,
// summary.go, form.go and claims.go are the words in which kinds state what they
// observe.
//
// What several kinds share, sockets and protocols, has packages of its own in
// internal, which know the World and nothing of kinds and results: icmp, ping and
// traceroute; netconn for TCP; resolver and dnsclient; rtnetlink and neighbour.
// Whatever dials, looks up or reads files goes through the World that a probe is
// handed.
//
// The names of kinds, arguments and attributes and what they mean stay the
// same within a major version; attributes are added.
package probe

import (
	"context"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/ping"
	"github.com/linecheck/linecheck/engine/probe/internal/resolver"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// All lists the probe kinds, sorted by name. What a program runs side by side
// best uses the probes of one call: its pings know of each other, and share a
// socket where they are many; and what connects to a name uses what the dns
// probe found in the same run.
func All() []*engine.Probe {
	all := []*engine.Probe{
		{Kind: dnsKind, Observe: observeDNS, Summary: summariseDNS},
		{Kind: execKind, Observe: observeExec, Summary: summariseExec},
		{Kind: interfaceKind, Observe: observeInterface, Summary: summariseInterface},
		{Kind: listenerKind, Observe: observeListener, Summary: summariseListener},
		{Kind: logKind, Observe: observeLog, Summary: summariseLog},
		{Kind: mtuKind, Observe: observeMTU, Summary: summariseMTU},
		{Kind: neighbourKind, Observe: observeNeighbour, Summary: summariseNeighbour},
		{Kind: pingKind, Observe: observePing(ping.NewPool(ping.OwnSockets)), Summary: summarisePing},
		{Kind: resolverKind, Observe: observeResolver, Summary: summariseResolver},
		{Kind: routeKind, Observe: observeRoute, Summary: summariseRoute},
		{Kind: smtpKind, Observe: observeSMTP, Summary: summariseSMTP},
		{Kind: tcpKind, Observe: observeTCP, Summary: summariseTCP},
		{Kind: traceKind, Observe: observeTrace, Summary: summariseTrace},
	}
	shareLookups(all)
	return all
}

// shareLookups gives the probes one cache of what was looked up.
func shareLookups(probes []*engine.Probe) {
	cache := resolver.NewCache()
	for _, p := range probes {
		observe := p.Observe
		p.Observe = func(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
			return observe(cache.Context(ctx, w), w, q)
		}
	}
}

// Kinds lists the descriptions of All for rules.Load.
func Kinds() []*language.Kind {
	all := All()
	kinds := make([]*language.Kind, len(all))
	for i, p := range all {
		kinds[i] = p.Kind
	}
	return kinds
}
