package probe

import (
	"context"
	"net/netip"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// What the dns probe found is what the rest of the run connects to.
func TestLookupIsRemembered(t *testing.T) {
	all := All()
	probe := func(name string) *engine.Probe {
		for _, p := range all {
			if p.Name == name {
				return p
			}
		}
		t.Fatalf("no kind %s", name)
		return nil
	}
	asked := 0
	world := func() *engine.World {
		return &engine.World{Open: files(nil), Lookup: func(context.Context, string, string) ([]netip.Addr, error) {
			asked++
			return []netip.Addr{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.1")}, nil
		}}
	}
	observe := func(w *engine.World, kind, target string, args map[string]cty.Value) map[string]any {
		t.Helper()
		v, err := probe(kind).Observe(t.Context(), w, query(t, probe(kind), target, args))
		if err != nil {
			t.Fatal(err)
		}
		return plain(v).(map[string]any)
	}
	port := map[string]cty.Value{"port": number(1)} // nobody listens there
	first, second := world(), world()
	observe(first, "tcp", "mail.example", port)
	observe(first, "dns", "mail.example", serverList("127.0.0.1:1"))
	observe(first, "dns", "mail.example", serverList("127.0.0.1:1"))
	if asked != 3 {
		t.Errorf("the system was asked %d times, want 3: only the dns probe's answers are kept, and not for itself", asked)
	}
	some(t, "tcp", map[string]any{"address": "127.0.0.2"}, observe(first, "tcp", "Mail.Example", port))
	if asked != 3 {
		t.Errorf("a name that the run knows was looked up again")
	}
	observe(second, "tcp", "mail.example", port)
	if asked != 4 {
		t.Errorf("another run was not asked for itself")
	}
}
