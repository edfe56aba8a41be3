package traceroute

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

var traceTarget = netip.MustParseAddr("192.0.2.99")

// router is the address of the router with a letter.
func router(letter byte) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, letter}) }

// A network answers a trace: one letter a distance, the target is 'T', and
// what no letter stands for is silent. Behind the target there is the target.
type network struct {
	path  string
	delay map[int]time.Duration // until the answer, by distance; else none
	sent  []time.Duration       // when each packet was sent
}

func (n *network) trace(ctx context.Context, o Options) (*tracer, error) {
	o.Destination = traceTarget
	t := &tracer{Options: o, answers: make(chan answer, o.MaxHops)}
	start := time.Now()
	t.send = func(ttl int) error {
		n.sent = append(n.sent, time.Since(start))
		letter := byte('*')
		if at := strings.IndexByte(n.path, 'T'); at >= 0 && ttl > at {
			letter = 'T'
		} else if ttl <= len(n.path) {
			letter = n.path[ttl-1]
		}
		a := answer{ttl: ttl, sender: router(letter), icmp: &icmp.Error{Type: 11}}
		switch letter {
		case '*':
			return nil
		case 'T':
			a.sender, a.icmp = traceTarget, nil
		case '!':
			a.icmp = &icmp.Error{Type: 3, Code: 13}
		}
		time.AfterFunc(n.delay[ttl], func() {
			a.at = time.Now()
			t.answers <- a
		})
		return nil
	}
	return t, t.run(ctx)
}

// foundPath is the path that a trace found, as network has it.
func foundPath(o *Outcome) string {
	s := ""
	for _, h := range o.Trimmed() {
		switch {
		case h.Target:
			s += "T"
		case h.Answered():
			s += string(rune(h.Sender.As4()[3]))
		default:
			s += "*"
		}
	}
	return s
}

func TestTracer(t *testing.T) {
	for _, test := range []struct {
		name, path string
		delay      map[int]time.Duration
		found      string
		sent       int
		took       time.Duration
	}{
		{name: "reached", path: "ABT", found: "ABT", sent: 3},
		{name: "the target only", path: "T", found: "T", sent: 1},
		{name: "silent throughout", path: "", found: "", sent: 30, took: 29*pace + time.Second},
		{name: "silent behind a router", path: "AB", found: "AB", sent: 30, took: 27*pace + time.Second},
		{name: "a silent hop is waited for", path: "A*T", found: "A*T", sent: 3, took: time.Second},
		{name: "refused", path: "AB!", found: "AB!", sent: 3},
		{name: "loop", path: "ABCBCBCBCBCB", found: "ABCBCB", sent: 6},
		{
			name: "slow", path: "ABT", found: "ABT", sent: 4, took: 350 * time.Millisecond,
			delay: map[int]time.Duration{1: 150 * time.Millisecond, 2: 150 * time.Millisecond, 3: 150 * time.Millisecond, 4: 150 * time.Millisecond, 5: 150 * time.Millisecond},
		},
		{
			name: "late, but while others are waited for", path: "AB", found: "AB", sent: 30, took: 28*pace + time.Second,
			delay: map[int]time.Duration{2: 1500 * time.Millisecond},
		},
		{
			// The first router to refuse, however late, is the end.
			name: "refused late", path: "A!!", found: "A!", sent: 18, took: 1600 * time.Millisecond,
			delay: map[int]time.Duration{2: 1600 * time.Millisecond, 3: 1600 * time.Millisecond},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := network{path: test.path, delay: test.delay}
				start := time.Now()
				tracer, err := n.trace(t.Context(), Options{MaxHops: 30, Timeout: time.Second})
				if err != nil {
					t.Fatal(err)
				}
				took := time.Since(start)
				if got := foundPath(&tracer.outcome); got != test.found || len(n.sent) != test.sent || took != test.took || !tracer.outcome.Complete {
					t.Errorf("found %q with %d packets in %v, want %q with %d in %v", got, len(n.sent), took, test.found, test.sent, test.took)
				}
			})
		})
	}
}

func TestTracerIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
		defer cancel()
		n := network{path: "AB"}
		tracer, err := n.trace(ctx, Options{MaxHops: 30, Timeout: time.Second})
		if got := foundPath(&tracer.outcome); err != nil || got != "AB" || tracer.outcome.Complete {
			t.Errorf("found %q, complete %v, %v", got, tracer.outcome.Complete, err)
		}
		want := []time.Duration{0, 0, 0, pace, 2 * pace}
		if diff := cmp.Diff(want, n.sent); diff != "" {
			t.Errorf("sent at (-want +got):\n%s", diff)
		}
	})
}

func TestTracerKnowsItsOwnVoice(t *testing.T) {
	own := netip.MustParseAddr("10.1.0.10")
	tr := &tracer{Options: Options{Destination: traceTarget}, own: []netip.Addr{own}}
	tr.outcome.Hops = make([]Hop, 2)
	unreachable := &icmp.Error{Type: 3, Code: 1}
	tr.note(answer{ttl: 1, sender: own, icmp: unreachable})
	tr.note(answer{ttl: 1, sender: router('A'), icmp: &icmp.Error{Type: 5}})
	tr.note(answer{ttl: 0, sender: router('A'), icmp: unreachable})
	tr.note(answer{ttl: 3, sender: router('A'), icmp: unreachable})
	if got := foundPath(&tr.outcome); got != "" {
		t.Errorf("noted %q, want nothing", got)
	}
}

func TestGoesRound(t *testing.T) {
	for _, test := range []struct {
		path          string
		twice, thrice bool
	}{
		{"", false, false},
		{"ABCDE", false, false},
		{"ABA", true, false},
		{"ABAB", true, false},
		{"ABABA", true, true},
		{"ABCABC", true, false},
		{"A*A*A", true, true},
		{"A*A", false, false},
		{"AAAA", false, false},    // a translator's many hops
		{"AA*AA", false, false},   // and one of them silent
		{"ABB", false, false},     // a router that passes on what has expired
		{"AB*B", false, false},    // so little proves nothing
		{"ABCCCDC", true, true},   // into the circle again
		{"A*A*B*A*B", true, true}, // with others, and silence, between
	} {
		hops := make([]Hop, len(test.path))
		for i := range test.path {
			if test.path[i] != '*' {
				hops[i] = Hop{Sender: router(test.path[i]), ICMP: &icmp.Error{Type: 11}}
			}
		}
		if twice, thrice := HasLoop(hops, 2), HasLoop(hops, 3); twice != test.twice || thrice != test.thrice {
			t.Errorf("%s goes round: %v at two distances, %v at three, want %v, %v", test.path, twice, thrice, test.twice, test.thrice)
		}
	}
}
