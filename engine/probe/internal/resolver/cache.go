package resolver

import (
	"context"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"weak"

	"github.com/linecheck/linecheck/engine"
)

// A Cache holds what the dns probe heard from the system's resolver,
// run by run, so that what connects to the same name later in that run goes
// where the run saw the name lead, and does not wait for dead servers a second
// time. Only the dns probe writes to it, and itself it always asks.
//
// A run has a World of its own, which all of its queries are handed: that is
// how probes of one run know each other.
type Cache struct {
	mu   sync.Mutex
	runs map[weak.Pointer[engine.World]]*runLookups
}

// runLookups are the addresses that were found in one run, in the order in
// which the system wants them tried.
type runLookups struct {
	mu    sync.Mutex
	found map[string][]netip.Addr // by network and name
}

type lookupsKey struct{}

// NewCache is the cache that probes of one program share.
func NewCache() *Cache {
	return &Cache{runs: map[weak.Pointer[engine.World]]*runLookups{}}
}

// Context has the look-ups of a probe of w's run share what they found.
func (m *Cache) Context(ctx context.Context, w *engine.World) context.Context {
	return context.WithValue(ctx, lookupsKey{}, m.of(w))
}

// of returns what is remembered of the run that w belongs to, until w is
// garbage.
func (m *Cache) of(w *engine.World) *runLookups {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := weak.Make(w)
	if run, ok := m.runs[key]; ok {
		return run
	}
	run := &runLookups{found: map[string][]netip.Addr{}}
	m.runs[key] = run
	runtime.AddCleanup(w, m.forget, key)
	return run
}

func (m *Cache) forget(key weak.Pointer[engine.World]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.runs, key)
}

// Remember notes the addresses of a name for the rest of the run.
func Remember(ctx context.Context, network, host string, addresses []netip.Addr) {
	if run, ok := ctx.Value(lookupsKey{}).(*runLookups); ok {
		run.mu.Lock()
		defer run.mu.Unlock()
		run.found[network+" "+strings.ToLower(host)] = slices.Clone(addresses)
	}
}

// remembered returns what was found of a name in this run: addresses of
// the network's family, nil if there are none.
func remembered(ctx context.Context, network, host string) []netip.Addr {
	run, ok := ctx.Value(lookupsKey{}).(*runLookups)
	if !ok {
		return nil
	}
	run.mu.Lock()
	defer run.mu.Unlock()
	host = strings.ToLower(host)
	if found := run.found[network+" "+host]; found != nil {
		return slices.Clone(found)
	}
	return ofNetwork(run.found["ip "+host], network)
}

// ofNetwork are those addresses that belong to a network: "ip", "ip4" or "ip6".
func ofNetwork(addresses []netip.Addr, network string) []netip.Addr {
	var list []netip.Addr
	for _, addr := range addresses {
		if network == "ip" || addr.Is4() == (network == "ip4") {
			list = append(list, addr)
		}
	}
	return list
}
