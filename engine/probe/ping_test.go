package probe

import (
	"net/netip"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/ping"
	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/zclconf/go-cty/cty"
)

func TestRoundTripStatistics(t *testing.T) {
	r := newResult(pingKind)
	setRoundTrips(r, []time.Duration{2 * time.Millisecond, 4 * time.Millisecond, 9 * time.Millisecond})
	got := r.value()
	for name, want := range map[string]float64{"rtt_min_ms": 2, "rtt_avg_ms": 5, "rtt_max_ms": 9, "rtt_stddev_ms": 2.943920288775949} {
		if v := got.GetAttr(name); !v.RawEquals(cty.NumberFloatVal(want)) {
			t.Errorf("%s is %#v, want %v", name, v, want)
		}
	}
}

// A ping that was cut off still proves what it saw: at least so many replies.
func TestPingCutOffBoundsWhatItDoesNotKnow(t *testing.T) {
	o := ping.Options{Count: 10}
	r := newResult(pingKind)
	setPing(r, &ping.Outcome{Sent: 4, RTTs: make([]time.Duration, 3)}, o)
	v := r.value()
	if got := v.GetAttr("received").GreaterThan(cty.Zero); !got.RawEquals(cty.True) {
		t.Errorf("received > 0 is %#v, want true", got)
	}
	if got := v.GetAttr("received").GreaterThan(cty.NumberIntVal(5)); got.IsKnown() {
		t.Errorf("received > 5 is %#v, want unknown", got)
	}
	if got := v.GetAttr("loss_pct").LessThan(cty.NumberIntVal(71)); !got.RawEquals(cty.True) {
		t.Errorf("loss_pct < 71 is %#v, want true", got)
	}
}

func TestPingArgumentsThatGoPingWouldChokeOn(t *testing.T) {
	bad := map[string][]cty.Value{
		"count":          {cty.Zero, cty.NumberFloatVal(1.5), cty.NumberIntVal(100000)},
		"interval":       {cty.StringVal("0s"), cty.StringVal("-1s"), cty.StringVal("soon")},
		"packet_timeout": {cty.StringVal("0s"), cty.StringVal("-1s")},
		"size":           {cty.NumberIntVal(23), cty.NumberIntVal(65488)},
		"ttl":            {cty.Zero, cty.NumberIntVal(256)},
		"source":         {cty.StringVal("eth0")},
		"family":         {cty.StringVal("4")},
	}
	for _, a := range pingKind.Args {
		for _, v := range bad[a.Name] {
			if a.Validate(v) == nil {
				t.Errorf("%s = %#v is let through", a.Name, v)
			}
		}
		if a.Default != cty.NilVal && a.Validate(a.Default) != nil {
			t.Errorf("the default of %s is not let through", a.Name)
		}
	}
}

// The time of one operation is the time that the replies take: no wait after
// the last of them.
func BenchmarkPingLoopback(b *testing.B) {
	for b.Loop() {
		outcome, err := ping.NewPool(ping.OwnSockets).Ping(b.Context(), ping.Options{
			Destination: netip.MustParseAddr("127.0.0.1"), Count: 1, Size: 56, TTL: 64,
			Interval: 200 * time.Millisecond, PacketTimeout: time.Second,
		})
		if err != nil {
			rulestest.Missing(b, err.Error())
		}
		if len(outcome.RTTs) != 1 {
			b.Fatalf("%+v", outcome)
		}
	}
}
