package checks_test

import (
	"maps"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// refusedAt is where the offline tests have a connection refused, or greeted;
// third is an address of neither end.
const (
	refusedAt = "198.51.100.25"
	third     = "203.0.113.77"
)

// An end is what a computer shows of itself beside its checks.
type end struct {
	own       []string // its addresses
	listens   []socket
	hidden    bool // the system does not show what listens
	connected bool // at ownAddress port 25
	hangs     bool // neither connected nor refused there
	address   string
}

type socket struct {
	address string
	port    int
}

var (
	everywhere = []socket{{"0.0.0.0", 25}, {"::", 25}, {"0.0.0.0", 22}}
	ssh        = []socket{{"0.0.0.0", 22}}
	its        = []string{"127.0.0.1", "::1", refusedAt}
	others     = []string{"127.0.0.1", "::1", "192.0.2.10"}
)

// a fact with its result in which what is not given is unknown.
func fact(name, kind string, attrs map[string]cty.Value) *engine.FactReport {
	return &engine.FactReport{Address: "fact." + name, Kind: kind, Result: resultOf(kind, attrs)}
}

func resultOf(kind string, attrs map[string]cty.Value) cty.Value {
	kinds := probe.Kinds()
	k := kinds[slices.IndexFunc(kinds, func(k *language.Kind) bool { return k.Name == kind })]
	values := k.UnknownResult().AsValueMap()
	maps.Copy(values, attrs)
	return cty.ObjectVal(values)
}

func strs(list []string) cty.Value {
	values := make([]cty.Value, len(list))
	for i, s := range list {
		values[i] = cty.StringVal(s)
	}
	return cty.ListVal(values)
}

// shows adds what an end shows of itself.
func (e end) shows(v *engine.VantageReport) {
	listener := map[string]cty.Value{"shown": cty.BoolVal(!e.hidden), "own_addresses": strs(e.own)}
	if !e.hidden {
		sockets := make([]cty.Value, len(e.listens))
		for i, s := range e.listens {
			sockets[i] = cty.ObjectVal(map[string]cty.Value{"address": cty.StringVal(s.address), "port": cty.NumberIntVal(int64(s.port))})
		}
		listener["listeners"] = cty.ListVal(sockets)
	}
	address := e.address
	if address == "" {
		address = refusedAt
	}
	v.Facts = append(slices.Clone(v.Facts), fact("own_listeners", "listener", listener), fact("own_service", "tcp", map[string]cty.Value{
		"connected": cty.BoolVal(e.connected), "refused": cty.BoolVal(!e.connected && !e.hangs), "timed_out": cty.BoolVal(e.hangs), "address": cty.StringVal(address),
	}))
}

// lookAtOneAnother gives each end an address of its own, at which the other
// looks.
func lookAtOneAnother(gateway, host *engine.VantageReport) {
	if gateway == nil || host == nil {
		return
	}
	const gatewayAt, hostAt = "203.0.113.10", "203.0.113.20"
	for _, end := range []struct {
		v         *engine.VantageReport
		its, asks string
	}{{gateway, gatewayAt, hostAt}, {host, hostAt, gatewayAt}} {
		end.v.Vars = maps.Clone(end.v.Vars)
		end.v.Vars["remote_host"] = cty.StringVal(end.asks)
		end.v.Facts = append(slices.Clone(end.v.Facts), fact("own_listeners", "listener",
			map[string]cty.Value{"shown": cty.False, "own_addresses": strs([]string{"127.0.0.1", end.its})}))
		observed(end.v, "smtp", text("address", end.asks))
	}
}

// past has the ends look at other computers than at one another.
func past(gateway, host bool) func(gateway, host *engine.VantageReport) {
	return func(g, h *engine.VantageReport) {
		for _, end := range []struct {
			past bool
			v    *engine.VantageReport
		}{{gateway, g}, {host, h}} {
			if end.past {
				end.v.Vars = maps.Clone(end.v.Vars)
				end.v.Vars["remote_host"] = cty.StringVal("203.0.113.78")
			}
		}
	}
}

// observed changes what a check observed.
func observed(v *engine.VantageReport, check string, attrs map[string]cty.Value) {
	v.Checks = slices.Clone(v.Checks)
	for i, c := range v.Checks {
		if c.Address == "check."+check && c.Result != cty.NilVal {
			changed := *c
			values := c.Result.AsValueMap()
			maps.Copy(values, attrs)
			changed.Result = cty.ObjectVal(values)
			v.Checks[i] = &changed
		}
	}
}

func text(name, value string) map[string]cty.Value {
	return map[string]cty.Value{name: cty.StringVal(value)}
}

func both(gateway, host end) func(gateway, host *engine.VantageReport) {
	return func(g, h *engine.VantageReport) {
		gateway.shows(g)
		host.shows(h)
		observed(g, "smtp", text("address", refusedAt))
		observed(h, "smtp", text("address", refusedAt))
	}
}

// then does one thing after the other.
func then(steps ...func(gateway, host *engine.VantageReport)) func(gateway, host *engine.VantageReport) {
	return func(g, h *engine.VantageReport) {
		for _, step := range steps {
			step(g, h)
		}
	}
}

// later has the host looked from that much later.
func later(d time.Duration) func(gateway, host *engine.VantageReport) {
	return func(_, h *engine.VantageReport) { h.StartedAt = h.StartedAt.Add(d) }
}

// port sets smtp_port of a vantage.
func port(of string, n int64) func(gateway, host *engine.VantageReport) {
	return func(g, h *engine.VantageReport) {
		v := map[string]*engine.VantageReport{"gateway": g, "host": h}[of]
		v.Vars = maps.Clone(v.Vars)
		v.Vars["smtp_port"] = cty.NumberIntVal(n)
	}
}

// refusals are what is concluded from a refusal, by what the computer that is
// refused at shows of itself.
func refusals() []sighting {
	host := end{own: others, listens: everywhere}
	gateway := func(e end, want ...string) sighting {
		return sighting{gateway: allWell, host: mailStopped, want: want, change: then(both(e, host), func(g, _ *engine.VantageReport) { observed(g, "smtp", text("address", third)) })}
	}
	const v6Address = "2001:db8::25"
	v6 := func(e end, want ...string) sighting {
		s := gateway(e, want...)
		s.change = then(s.change, func(_, h *engine.VantageReport) { observed(h, "smtp", text("address", v6Address)) })
		return s
	}
	saying := func(says string, s sighting) sighting {
		s.says = says
		return s
	}
	withPort := func(n int64, s sighting) sighting {
		s.change = then(s.change, port("host", n))
		return s
	}
	mail := func(e end, want ...string) sighting {
		return sighting{gateway: mailStopped, host: allWell, want: want, change: then(both(end{own: others, listens: everywhere}, e), func(_, h *engine.VantageReport) { observed(h, "smtp", text("address", third)) })}
	}
	toldByCause := func(test string, want ...string) sighting {
		s := gateway(end{own: its, listens: everywhere, connected: true}, want...)
		s.host = test
		return s
	}
	// blocked is the host that gets no mail through to the gateway.
	blocked := func(test string, e end, want ...string) sighting {
		return sighting{gateway: allWell, host: test, want: want, change: then(both(e, host), func(g, _ *engine.VantageReport) { observed(g, "smtp", text("address", third)) })}
	}
	return []sighting{
		gateway(end{own: its, listens: ssh}, "gateway_not_running"),
		gateway(end{own: its, hidden: true}, "gateway_not_running"),
		gateway(end{own: its, hidden: true, address: third}),
		gateway(end{own: its, hidden: true, hangs: true}),
		withPort(2526, gateway(end{own: its, hidden: true})),
		gateway(end{own: its, hidden: true, connected: true}, "gateway_refused_on_the_way"),
		gateway(end{own: its, listens: everywhere, connected: true}, "gateway_refused_on_the_way"),
		toldByCause("a firewall on the way resets connections", "gateway_refused_on_the_way"),
		// A redirect of the host's own refuses, and is told at the host.
		toldByCause("the name leads to this computer, where nothing listens"),
		gateway(end{own: its, listens: []socket{{refusedAt, 25}}}, "gateway_refused_on_the_way"),
		gateway(end{own: its, listens: ssh, connected: true}, "gateway_refused_on_the_way"), // in a container
		saying("elsewhere on it: 192.0.2.9 port 25. The", gateway(end{own: append(slices.Clone(its), "192.0.2.9"), listens: ssh, connected: true, address: "192.0.2.9"}, "gateway_listens_elsewhere")),
		saying("elsewhere on it: 127.0.0.1 port 25. The", gateway(end{own: its, listens: []socket{{"127.0.0.1", 25}, {"0.0.0.0", 22}}}, "gateway_listens_elsewhere")),
		gateway(end{own: its, listens: []socket{{"::", 25}}}, "gateway_listens_elsewhere"),
		saying("elsewhere on it: 0.0.0.0 port 465. The", gateway(end{own: its, listens: []socket{{"0.0.0.0", 465}}}, "gateway_listens_elsewhere")),
		saying("elsewhere on it: 0.0.0.0 port 587. The", gateway(end{own: its, listens: []socket{{"0.0.0.0", 587}}}, "gateway_listens_elsewhere")),
		saying("elsewhere on it: 0.0.0.0 port 2525. The", gateway(end{own: its, listens: []socket{{"0.0.0.0", 2525}}}, "gateway_listens_elsewhere")),
		gateway(end{own: its, listens: []socket{{"127.0.0.1", 25}}, connected: true, address: "192.0.2.10"}, "gateway_listens_elsewhere"),
		gateway(end{own: its, listens: []socket{{"127.0.0.1", 25}}, connected: true}, "gateway_refused_on_the_way"),
		gateway(end{own: others, listens: everywhere}, "gateway_refused_elsewhere"),
		gateway(end{own: others, listens: ssh}, "gateway_refused_elsewhere"),
		v6(end{own: []string{v6Address}, listens: []socket{{"::", 25}}}, "gateway_refused_on_the_way"),
		v6(end{own: []string{v6Address}, listens: []socket{{"0.0.0.0", 25}}}, "gateway_listens_elsewhere"),
		withPort(2526, gateway(end{own: its, listens: []socket{{"0.0.0.0", 2526}}}, "gateway_refused_on_the_way")),
		saying("elsewhere on it: 127.0.0.1 port 2526. The", withPort(2526, gateway(end{own: its, listens: []socket{{"127.0.0.1", 2526}, {"0.0.0.0", 22}}}, "gateway_listens_elsewhere"))),
		saying("elsewhere on it: 0.0.0.0 port 25, :: port 25. The", withPort(2526, gateway(end{own: its, listens: everywhere}, "gateway_listens_elsewhere"))),
		withPort(2526, gateway(end{own: its, listens: ssh}, "gateway_not_running")),
		{gateway: nowhere, host: mailStopped, want: []string{"gateway_not_running"}, change: func(_, h *engine.VantageReport) { host.shows(h) }},
		// A filter that says who it is.
		blocked(mailBlocked[1], end{own: its, listens: everywhere}, "only_mail_blocked"),
		blocked(mailBlocked[0], end{own: its, listens: everywhere}, "only_mail_blocked"),
		blocked(mailBlocked[0], end{own: others, listens: everywhere}),
		blocked(mailBlocked[0], end{own: its, listens: everywhere, hangs: true}, "gateway_service_hangs"),
		blocked(mailBlocked[0], end{own: its, listens: everywhere, hangs: true, address: third}, "only_mail_blocked"),
		blocked(mailBlocked[1], end{own: its, listens: everywhere, hangs: true}),
		withPort(2526, blocked(mailBlocked[0], end{own: its, listens: everywhere, hangs: true}, "only_mail_blocked")),
		swap(blocked(mailBlocked[1], end{own: its, listens: everywhere}, "only_mail_blocked")),
		swap(blocked(mailBlocked[0], end{own: others, listens: everywhere})),
		swap(blocked(mailBlocked[0], end{own: its, listens: everywhere, hangs: true}, "host_service_hangs")),
		swap(blocked(mailBlocked[0], end{own: its, listens: everywhere, hangs: true, address: third}, "only_mail_blocked")),
		withPort(2526, swap(blocked(mailBlocked[0], end{own: its, listens: everywhere, hangs: true}, "only_mail_blocked"))),

		swap(toldByCause("a firewall on the way resets connections", "host_refused_on_the_way")),
		mail(end{own: its, listens: ssh}),
		mail(end{own: its, listens: everywhere}, "host_refused_on_the_way"),
		mail(end{own: its, listens: []socket{{refusedAt, 25}}}, "host_refused_on_the_way"),
		saying("elsewhere on it: 127.0.0.1. The", mail(end{own: its, listens: []socket{{"127.0.0.1", 25}, {"192.0.2.99", 22}}}, "host_listens_elsewhere")),
		mail(end{own: others, listens: everywhere}),
	}
}

// swap is a sighting with the two ends in one another's place.
func swap(s sighting) sighting {
	change := s.change
	return sighting{gateway: s.host, host: s.gateway, want: s.want, change: func(g, h *engine.VantageReport) { change(h, g) }}
}

// selves are what is concluded where an end's name leads to the wrong computer.
func selves() []sighting {
	greeted := func(gateway, host []string, want ...string) sighting {
		return sighting{gateway: allWell, host: allWell, want: want, change: both(end{own: gateway, listens: everywhere}, end{own: host, listens: everywhere})}
	}
	elsewhere := func(s sighting, address string) sighting {
		s.change = then(s.change, func(_, h *engine.VantageReport) { observed(h, "smtp", text("address", address)) })
		return s
	}
	differently := func(s sighting) sighting {
		s.change = then(s.change, func(_, h *engine.VantageReport) { observed(h, "smtp", text("greeting", "220 another ESMTP")) })
		return s
	}
	adapters := func(s sighting, gateway, host cty.Value) sighting {
		s.change = then(s.change, func(g, h *engine.VantageReport) {
			observed(g, "adapter", map[string]cty.Value{"mac": gateway})
			observed(h, "adapter", map[string]cty.Value{"mac": host})
		})
		return s
	}
	mac, other, none := cty.StringVal("02:00:00:00:00:10"), cty.StringVal("02:00:00:00:00:11"), cty.NullVal(cty.String)
	far := []string{"127.0.0.1", "203.0.113.9"}
	// As Debian's hosts file has the own name.
	const debian = "127.0.1.1"
	nearer := func(s sighting) sighting {
		s.change = then(s.change, func(g, _ *engine.VantageReport) { observed(g, "smtp", text("address", debian)) })
		return s
	}
	refusedAtDebian := elsewhere(sighting{gateway: allWell, host: mailStopped, want: []string{"host_asks_itself"},
		change: both(end{own: others, listens: everywhere}, end{own: its, listens: ssh})}, debian)
	return []sighting{
		nearer(elsewhere(greeted(others, far, "dns_swapped"), "203.0.113.9")),
		nearer(elsewhere(greeted(others, far, "gateway_asks_itself"), third)),
		elsewhere(greeted(others, far, "host_asks_itself"), debian),
		refusedAtDebian,
		elsewhere(greeted(its, []string{"203.0.113.9"}, "dns_swapped"), "203.0.113.9"),
		elsewhere(greeted(its, others, "dns_swapped"), "127.0.1.1"),
		elsewhere(greeted(its, far, "gateway_asks_itself"), refusedAt),
		elsewhere(greeted(others, far, "host_asks_itself"), "203.0.113.9"),
		greeted(others, far, "both_ask_one_server"),
		differently(greeted(others, far)),
		elsewhere(greeted(others, far), third),
		differently(elsewhere(greeted(others, far), third)),
		{gateway: allWell, host: mailStopped, want: []string{"host_asks_itself"}, change: both(end{own: others, listens: everywhere}, end{own: its, listens: ssh})},
		adapters(greeted(others, others, "same_computer", "both_ask_one_server"), mac, mac),
		adapters(greeted(others, others, "both_ask_one_server"), mac, other),
		adapters(greeted(others, others, "both_ask_one_server"), none, none),
		adapters(greeted(others, far, "both_ask_one_server"), mac, mac),
	}
}

// apart are sightings at different times, of a line that loses packets, and of
// one that is narrow.
func apart() []sighting {
	const narrow, narrowBack = "large packets vanish", "large packets vanish on the way back"
	const narrowPings = "large pings vanish, and there is no mail service to try it with TCP"
	lost := func(g, h bool) func(gateway, host *engine.VantageReport) {
		return func(gateway, host *engine.VantageReport) {
			for _, end := range []struct {
				lost bool
				v    *engine.VantageReport
			}{{g, gateway}, {h, host}} {
				end.v.Checks = slices.Clone(end.v.Checks)
				for i, c := range end.v.Checks {
					if changed := *c; end.lost && c.Address == "check.remote_subnet" {
						changed.Status, changed.Cause = engine.Warn, "packet_loss"
						end.v.Checks[i] = &changed
					}
				}
			}
		}
	}
	var all []sighting
	for _, d := range []time.Duration{-18 * time.Second, 18 * time.Second} {
		all = append(all,
			sighting{gateway: silent[0], host: allWell, want: []string{"ends_looked_apart"}, change: later(d)}, sighting{gateway: allWell, host: silent[0], want: []string{"ends_looked_apart"}, change: later(d)},
			sighting{gateway: allWell, host: allWell, want: nil, change: later(d)}, sighting{gateway: silent[0], host: silent[0], want: []string{"line_broken_between"}, change: later(d)})
	}
	return append(all,
		sighting{gateway: silent[0], host: allWell, want: []string{"one_way_out"}, change: later(4 * time.Second)},
		sighting{gateway: allWell, host: silent[0], want: []string{"one_way_back"}, change: later(-4 * time.Second)},
		sighting{gateway: mailBlocked[0], host: allWell, want: nil, change: lost(true, false)},
		sighting{gateway: mailBlocked[0], host: allWell, want: nil, change: lost(false, true)},
		sighting{gateway: allWell, host: mailBlocked[0], want: nil, change: lost(true, true)},
		sighting{gateway: narrow, host: narrow, want: []string{"mtu_narrow_between"},
			says: "Both ends lose large packets. Each direction loses them. From the gateway packets of up to 1400 bytes get through. From the host packets of up to 1400 bytes get through."},
		sighting{gateway: narrow, host: narrowBack, want: []string{"mtu_narrow_between"},
			says: "Both find them lost in the same direction, from the gateway to the host. From the gateway packets of up to 1400 bytes get through."},
		sighting{gateway: narrowBack, host: narrow, want: []string{"mtu_narrow_between"},
			says: "Both find them lost in the same direction, from the host to the gateway. From the host packets of up to 1400 bytes get through."},
		sighting{gateway: narrowBack, host: narrowBack, want: []string{"mtu_narrow_between"}, says: "Each direction loses them."},
		sighting{gateway: narrowPings, host: narrow, want: []string{"mtu_narrow_between"}, says: "Where an answer is as large as its question, a path that is narrow in one direction only looks like this from both ends."},
		sighting{gateway: narrow, host: narrowPings, want: []string{"mtu_narrow_between"}, says: "Where an answer is as large as its question,"},
		sighting{gateway: narrow, host: allWell, want: nil, change: nil},
		sighting{gateway: allWell, host: narrow, want: nil, change: nil},
	)
}

// pastOneAnother are sightings of a broken line in which an end, or both, look
// at a third computer: of the other end they say nothing.
func pastOneAnother() []sighting {
	var all []sighting
	for _, ends := range [][2]string{
		{told[0], silent[0]}, {silent[0], told[0]}, {silent[0], silent[1]}, {told[0], hostDown}, {hostDown, allWell}, {allWell, hostDown},
	} {
		all = append(all,
			sighting{gateway: ends[0], host: ends[1], want: nil, change: past(true, false)},
			sighting{gateway: ends[0], host: ends[1], want: nil, change: past(false, true)},
			sighting{gateway: ends[0], host: ends[1], want: nil, change: past(true, true)})
	}
	return append(all,
		sighting{gateway: hostDown, host: allWell, want: nil, change: then(past(true, false), later(18*time.Second))},
		sighting{gateway: hostDown, host: allWell, want: nil, change: then(past(false, true), later(18*time.Second))})
}
