package probe

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTraceResult(t *testing.T) {
	routerA, routerB := netip.MustParseAddr("10.0.0.65"), netip.MustParseAddr("10.0.0.66")
	exceeded, prohibited := &icmpError{typ: 11}, &icmpError{typ: 3, code: 13, sender: routerB}
	a, b := hop{sender: routerA, icmp: exceeded, rtt: time.Millisecond}, hop{sender: routerB, icmp: prohibited}
	target := hop{sender: netip.MustParseAddr("192.0.2.99"), target: true}
	for _, test := range []struct {
		name    string
		outcome traceOutcome
		want    map[string]any
	}{
		{"reached", traceOutcome{hops: []hop{a, {}, target, {}}, maxHops: 9, complete: true},
			map[string]any{"reached": true, "last_sender": "192.0.2.99", "silent_after": nil, "loop": false, "hops": 3}},
		{"reached, the rest cut off", traceOutcome{hops: []hop{a, {}, target}, maxHops: 9},
			map[string]any{"reached": true, "last_sender": "192.0.2.99", "silent_after": nil, "loop": false, "hops": 3}},
		{"refused", traceOutcome{hops: []hop{a, b, {}}, maxHops: 9, complete: true},
			map[string]any{"reached": false, "last_sender": "10.0.0.66", "silent_after": nil, "loop": false, "hops": 2}},
		{"silent", traceOutcome{hops: []hop{a, {}, {}}, maxHops: 3, complete: true},
			map[string]any{"reached": false, "last_sender": "10.0.0.65", "silent_after": 1.0, "loop": false, "hops": 1}},
		{"silent throughout", traceOutcome{hops: make([]hop, 3), maxHops: 3, complete: true},
			map[string]any{"reached": false, "last_sender": nil, "silent_after": 0.0, "loop": false, "hops": 0}},
		{"too far", traceOutcome{hops: []hop{a}, maxHops: 1, complete: true},
			map[string]any{"reached": false, "last_sender": "10.0.0.65", "silent_after": nil, "loop": false, "hops": 1}},
		{"cut off", traceOutcome{hops: []hop{a, {}}, maxHops: 9},
			map[string]any{"reached": unknown, "last_sender": "10.0.0.65", "silent_after": unknown, "loop": unknown, "hops": 1}},
		{"cut off before anything came", traceOutcome{hops: make([]hop, 1), maxHops: 9},
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
