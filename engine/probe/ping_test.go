package probe

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	goping "github.com/go-ping/ping"
	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/zclconf/go-cty/cty"
)

// pingerOf is a pinger that sends nothing: the test says what happens.
func pingerOf(count int) *pinger {
	return newPinger(pingOptions{
		destination: netip.MustParseAddr("192.0.2.1"), count: count, size: 56, ttl: 64,
		interval: 100 * time.Millisecond, packetTimeout: time.Second,
	}, &witness{})
}

func (p *pinger) hasEnded() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.isClosed()
}

func TestPingerCountsRepliesInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pingerOf(3)
		p.send(nil)
		time.Sleep(100 * time.Millisecond)
		p.send(nil)
		p.receive(&goping.Packet{Seq: 1}) // at once
		p.duplicate(&goping.Packet{Seq: 1})
		time.Sleep(100 * time.Millisecond)
		p.send(nil)
		time.Sleep(999 * time.Millisecond)
		p.receive(&goping.Packet{Seq: 0}) // after 1.199 s: late
		if p.hasEnded() {
			t.Error("ended before the last reply was due")
		}
		p.receive(&goping.Packet{Seq: 2}) // after 0.999 s: just in time
		if !p.hasEnded() {
			t.Error("goes on after the last reply")
		}
		p.receive(&goping.Packet{Seq: 0}) // too late for anything

		o := p.outcome
		if o.sent != 3 || o.duplicates != 1 || !p.complete || p.err != nil {
			t.Errorf("%+v, complete %v, error %v", o, p.complete, p.err)
		}
		if len(o.rtts) != 2 || o.rtts[0] != 0 || o.rtts[1] != 999*time.Millisecond {
			t.Errorf("round trips %v, want 0s and 999ms", o.rtts)
		}
	})
}

func TestPingerEndsWhenTheLastReplyIsOverdue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pingerOf(1)
		start := time.Now()
		p.send(nil)
		<-p.ended
		if took := time.Since(start); took != time.Second {
			t.Errorf("waited %v, want 1s", took)
		}
		if !p.complete || p.outcome.sent != 1 || len(p.outcome.rtts) != 0 {
			t.Errorf("%+v, complete %v", p.outcome, p.complete)
		}
	})
}

// What is refused counts as lost, is not counted when go-ping tries it again,
// and does not keep the ping from ending.
func TestPingerEndsWhenSomeWereRefused(t *testing.T) {
	refused := &net.OpError{Op: "write", Err: os.NewSyscallError("sendto", syscall.EPERM)}
	synctest.Test(t, func(t *testing.T) {
		p := pingerOf(3)
		p.send(nil)
		pingLog{p}.Fatalf("sending packet: %s", refused)
		p.send(nil)
		p.send(nil) // again
		p.receive(&goping.Packet{Seq: 2})
		p.receive(&goping.Packet{Seq: 1})
		if p.hasEnded() {
			t.Error("ended before the last reply")
		}
		p.receive(&goping.Packet{Seq: 0})
		if !p.hasEnded() {
			t.Error("goes on after the last reply")
		}
		if o := p.outcome; o.sent != 2 || len(o.rtts) != 2 || o.localError != "filtered" {
			t.Errorf("%+v", o)
		}
	})
}

func TestPingerTellsErrorsApart(t *testing.T) {
	sending := func(err error) error { return &net.OpError{Op: "write", Err: os.NewSyscallError("sendto", err)} }
	for _, test := range []struct {
		name        string
		err         error
		witnessSent bool
		word        string // "": the ping itself fails
	}{
		{"no route", sending(syscall.ENETUNREACH), false, "no_route"},
		{"prohibited", sending(syscall.EACCES), false, localError(syscall.EACCES)},
		{"broadcast", sending(syscall.EACCES), true, ""},
		{"filtered", sending(syscall.EPERM), true, "filtered"},
		{"no buffers", sending(syscall.ENOBUFS), true, ""},
		{"receiving", &net.OpError{Op: "read", Err: os.NewSyscallError("recvfrom", syscall.ENETUNREACH)}, true, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := pingerOf(1)
			p.witness.sent = test.witnessSent
			pingLog{p}.Fatalf("sending packet: %s", test.err)
			if p.outcome.localError != test.word || (p.err == nil) != (test.word != "") {
				t.Errorf("local error %q, error %v", p.outcome.localError, p.err)
			}
		})
	}
	p := pingerOf(1)
	pingLog{p}.Fatalf("processing received packet: %s", fmt.Errorf("parsing: %w", errors.New("somebody else's")))
	if p.err != nil || p.outcome.localError != "" {
		t.Errorf("a packet that go-ping could not decode became an error: %v", p.err)
	}
}

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
	o := pingOptions{count: 10}
	r := newResult(pingKind)
	setPing(r, &pingOutcome{sent: 4, rtts: make([]time.Duration, 3)}, o)
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
			if a.Check(v) == nil {
				t.Errorf("%s = %#v is let through", a.Name, v)
			}
		}
		if a.Default != cty.NilVal && a.Check(a.Default) != nil {
			t.Errorf("the default of %s is not let through", a.Name)
		}
	}
}

// The time of one operation is the time that the replies take: no wait after
// the last of them.
func BenchmarkPingLoopback(b *testing.B) {
	for b.Loop() {
		outcome, err := newPings(ordinaryPings).ping(b.Context(), pingOptions{
			destination: netip.MustParseAddr("127.0.0.1"), count: 1, size: 56, ttl: 64,
			interval: 200 * time.Millisecond, packetTimeout: time.Second,
		})
		if err != nil {
			rulestest.Missing(b, err.Error())
		}
		if len(outcome.rtts) != 1 {
			b.Fatalf("%+v", outcome)
		}
	}
}
