package probe

import (
	"net/netip"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

func TestICMPFields(t *testing.T) {
	r := newResult(pingKind)
	r.set("icmp", icmpFields(nil))
	for name, v := range r.value().GetAttr("icmp").AsValueMap() {
		if !v.IsNull() {
			t.Errorf("without an error, %s is %#v, want null", name, v)
		}
	}
	e := &icmp.Error{Type: 3, Code: 4, Sender: netip.MustParseAddr("192.0.2.1"), NextHopMTU: 1400}
	r.set("icmp", icmpFields(e))
	want{"icmp": map[string]any{"type": 3.0, "code": 4.0, "name": "too_big", "sender": "192.0.2.1", "mtu": 1400.0}}.check(t, "icmp", r.value())
}
