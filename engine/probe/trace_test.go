package probe

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/traceroute"
)

func TestTraceResult(t *testing.T) {
	routerA, routerB := netip.MustParseAddr("10.0.0.65"), netip.MustParseAddr("10.0.0.66")
	exceeded, prohibited := &icmp.Error{Type: 11}, &icmp.Error{Type: 3, Code: 13, Sender: routerB}
	a, b := traceroute.Hop{Sender: routerA, ICMP: exceeded, RTT: time.Millisecond}, traceroute.Hop{Sender: routerB, ICMP: prohibited}
	target := traceroute.Hop{Sender: netip.MustParseAddr("192.0.2.99"), Target: true}
	for _, test := range []struct {
		name    string
		outcome traceroute.Outcome
		want    map[string]any
	}{
		{"reached", traceroute.Outcome{Hops: []traceroute.Hop{a, {}, target, {}}, MaxHops: 9, Complete: true},
			map[string]any{"reached": true, "last_sender": "192.0.2.99", "silent_after": nil, "loop": false, "hops": 3}},
		{"reached, the rest cut off", traceroute.Outcome{Hops: []traceroute.Hop{a, {}, target}, MaxHops: 9},
			map[string]any{"reached": true, "last_sender": "192.0.2.99", "silent_after": nil, "loop": false, "hops": 3}},
		{"refused", traceroute.Outcome{Hops: []traceroute.Hop{a, b, {}}, MaxHops: 9, Complete: true},
			map[string]any{"reached": false, "last_sender": "10.0.0.66", "silent_after": nil, "loop": false, "hops": 2}},
		{"silent", traceroute.Outcome{Hops: []traceroute.Hop{a, {}, {}}, MaxHops: 3, Complete: true},
			map[string]any{"reached": false, "last_sender": "10.0.0.65", "silent_after": 1.0, "loop": false, "hops": 1}},
		{"silent throughout", traceroute.Outcome{Hops: make([]traceroute.Hop, 3), MaxHops: 3, Complete: true},
			map[string]any{"reached": false, "last_sender": nil, "silent_after": 0.0, "loop": false, "hops": 0}},
		{"too far", traceroute.Outcome{Hops: []traceroute.Hop{a}, MaxHops: 1, Complete: true},
			map[string]any{"reached": false, "last_sender": "10.0.0.65", "silent_after": nil, "loop": false, "hops": 1}},
		{"cut off", traceroute.Outcome{Hops: []traceroute.Hop{a, {}}, MaxHops: 9},
			map[string]any{"reached": unknown, "last_sender": "10.0.0.65", "silent_after": unknown, "loop": unknown, "hops": 1}},
		{"cut off before anything came", traceroute.Outcome{Hops: make([]traceroute.Hop, 1), MaxHops: 9},
			map[string]any{"reached": unknown, "last_sender": unknown, "silent_after": unknown, "loop": unknown, "hops": 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newResult(traceKind)
			setTrace(r, &test.outcome)
			got := plain(r.value()).(map[string]any)
			got["hops"] = len(got["hops"].([]any))
			name := got["icmp"].(map[string]any)["name"]
			delete(got, "icmp")
			delete(got, "reverse_path_drops") // not the trace's own
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if (name == "admin_prohibited") != (test.name == "refused") {
				t.Errorf("icmp.name is %v", fmt.Sprint(name))
			}
		})
	}
}
