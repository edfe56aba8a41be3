package ping

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
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
)

// pingerOf is a pinger that sends nothing: the test says what happens.
func pingerOf(count int) *pinger {
	return newPinger(Options{
		Destination: netip.MustParseAddr("192.0.2.1"), Count: count, Size: 56, TTL: 64,
		Interval: 100 * time.Millisecond, PacketTimeout: time.Second,
	}, &errorListener{})
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
		if o.Sent != 3 || o.Duplicates != 1 || !p.complete || p.err != nil {
			t.Errorf("%+v, complete %v, error %v", o, p.complete, p.err)
		}
		if len(o.RTTs) != 2 || o.RTTs[0] != 0 || o.RTTs[1] != 999*time.Millisecond {
			t.Errorf("round trips %v, want 0s and 999ms", o.RTTs)
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
		if !p.complete || p.outcome.Sent != 1 || len(p.outcome.RTTs) != 0 {
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
		if o := p.outcome; o.Sent != 2 || len(o.RTTs) != 2 || o.LocalError != "filtered" {
			t.Errorf("%+v", o)
		}
	})
}

func TestPingerTellsErrorsApart(t *testing.T) {
	sending := func(err error) error { return &net.OpError{Op: "write", Err: os.NewSyscallError("sendto", err)} }
	for _, test := range []struct {
		name         string
		err          error
		listenerSent bool
		word         string // "": the ping itself fails
	}{
		{"no route", sending(syscall.ENETUNREACH), false, "no_route"},
		{"prohibited", sending(syscall.EACCES), false, netconn.LocalError(syscall.EACCES)},
		{"broadcast", sending(syscall.EACCES), true, ""},
		{"filtered", sending(syscall.EPERM), true, "filtered"},
		{"no buffers", sending(syscall.ENOBUFS), true, ""},
		{"receiving", &net.OpError{Op: "read", Err: os.NewSyscallError("recvfrom", syscall.ENETUNREACH)}, true, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := pingerOf(1)
			p.errors.sent = test.listenerSent
			pingLog{p}.Fatalf("sending packet: %s", test.err)
			if p.outcome.LocalError != test.word || (p.err == nil) != (test.word != "") {
				t.Errorf("local error %q, error %v", p.outcome.LocalError, p.err)
			}
		})
	}
	p := pingerOf(1)
	pingLog{p}.Fatalf("processing received packet: %s", fmt.Errorf("parsing: %w", errors.New("somebody else's")))
	if p.err != nil || p.outcome.LocalError != "" {
		t.Errorf("a packet that go-ping could not decode became an error: %v", p.err)
	}
}
