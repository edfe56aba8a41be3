package probe

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/linecheck/linecheck/engine/probe/internal/ping"
)

// crowdSummary says how many pings of each outcome there were.
func crowdSummary(o crowdOutcome) map[string]int {
	outcomes := map[string]int{}
	for _, p := range o.Pings {
		word := fmt.Sprintf("%d of %d", p.Received, p.Sent)
		if p.Duplicates > 0 {
			word += fmt.Sprintf(", %d twice", p.Duplicates)
		}
		if p.Err != "" {
			word = p.Err
		}
		outcomes[word]++
	}
	return outcomes
}

// Few pings have sockets of their own; many share one, all but those that were
// under way before the others came.
func TestPingsShareASocketWhereTheyAreMany(t *testing.T) {
	here, _ := netnstest.NewHosts(t)
	for _, test := range []struct{ pings, least, most int }{
		{ping.OwnSockets, 0, 0},
		{100, 100 - ping.OwnSockets, 100},
	} {
		o := pingAll(t, crowd{Targets: netnstest.Awake.Some(test.pings), as: nobody, in: here})
		shared := 0
		for _, p := range o.Pings {
			if p.Shared {
				shared++
			}
		}
		if shared < test.least || shared > test.most {
			t.Errorf("of %d pings %d shared a socket, want %d to %d", test.pings, shared, test.least, test.most)
		}
		if diff := cmp.Diff(map[string]int{"3 of 3": test.pings}, crowdSummary(o)); diff != "" {
			t.Errorf("%d pings (-want +got):\n%s", test.pings, diff)
		}
	}
}

// Raw sockets are handed the replies to all others: a crowd that comes while some
// ping with sockets of their own makes them lose nothing.
func TestPingsUnderWayBeforeACrowd(t *testing.T) {
	here, _ := netnstest.NewHosts(t)
	denyPingSockets(&netnstest.Path{Here: here})
	o := pingAll(t, crowd{Targets: netnstest.Awake.Some(2000), Early: ping.OwnSockets, in: here,
		Args: map[string]string{"count": "10", "interval": "20ms", "packet_timeout": "300ms"}})
	if diff := cmp.Diff(map[string]int{"10 of 10": 2000}, crowdSummary(o)); diff != "" {
		t.Errorf("pings (-want +got):\n%s", diff)
	}
}

// Nothing is lost however many there are, nor is anything heard of those that are
// silent.
func TestPingCrowds(t *testing.T) {
	for _, way := range pingWays[2:] {
		for _, test := range []struct {
			name    string
			targets []string
			want    map[string]int
		}{
			{"2000 targets", netnstest.Awake.Some(2000), map[string]int{"3 of 3": 2000}},
			{"2000 targets of IPv6", netnstest.Awake6.Some(2000), map[string]int{"3 of 3": 2000}},
			{"every other is silent", interleave(netnstest.Awake.Some(100), netnstest.Silent.Some(100)), map[string]int{"3 of 3": 100, "0 of 3": 100}},
			{"both families", interleave(netnstest.Awake.Some(100), netnstest.Awake6.Some(100)), map[string]int{"3 of 3": 200}},
			{"one target a thousand times", slices.Repeat(netnstest.Awake.Some(1), 1000), map[string]int{"3 of 3": 1000}},
		} {
			t.Run(way.name+"/"+test.name, func(t *testing.T) {
				here, _ := netnstest.NewHosts(t)
				q := question{}
				way.prepare(&netnstest.Path{Here: here})
				way.ask(&q)
				o := pingAll(t, crowd{Targets: test.targets, Shared: true, as: q.as, in: here})
				if diff := cmp.Diff(test.want, crowdSummary(o)); diff != "" {
					t.Errorf("pings (-want +got):\n%s", diff)
				}
				for i, p := range o.Pings {
					if isSilent := slices.Contains(netnstest.Silent.Some(100), test.targets[i]); isSilent && p.Received > 0 {
						t.Errorf("%s answered", test.targets[i])
					}
				}
			})
		}
	}
}

func interleave(a, b []string) []string {
	var both []string
	for i := range a {
		both = append(both, a[i], b[i])
	}
	return both
}

// A busy program still reports the network's time, not its own.
func TestRoundTripsOfABusyProgram(t *testing.T) {
	for _, test := range []struct {
		name    string
		targets netnstest.Hosts
	}{{"IPv4", netnstest.Awake}, {"IPv6", netnstest.Awake6}} {
		t.Run(test.name, func(t *testing.T) {
			here, _ := netnstest.NewHosts(t)
			o := pingAll(t, crowd{Targets: test.targets.Some(200), Shared: true, Busy: true, as: nobody, in: here})
			if diff := cmp.Diff(map[string]int{"3 of 3": 200}, crowdSummary(o)); diff != "" {
				t.Errorf("pings (-want +got):\n%s", diff)
			}
			var longest []float64
			for _, p := range o.Pings {
				longest = append(longest, p.RTTMax)
			}
			slices.Sort(longest)
			median, ninth := longest[100], longest[180]
			t.Logf("longest round trips: median %.3f ms, nine of ten below %.3f ms, all below %.3f ms; took %v, %v of the processors", median, ninth, longest[199], o.Wall, o.CPU)
			if median <= 0 || median > 0.5 || ninth > 1 {
				t.Errorf("longest round trips of three: median %v ms and nine of ten below %v ms, want microseconds", median, ninth)
			}
		})
	}
}

// Where the own firewall drops some targets' requests, only those are said to be
// filtered. A ping socket of IPv6 is not told by the kernel.
func TestPingCrowdOfWhichSomeAreFiltered(t *testing.T) {
	for _, way := range pingWays[2:] {
		for _, test := range []struct{ name, rule, first, blocked string }{
			{"IPv4", "ip daddr 10.65.0.0/16 drop", netnstest.Awake.First, "10.65.0.1"},
			{"IPv6", "ip6 daddr fd65::/64 drop", netnstest.Awake6.First, "fd65::1"},
		} {
			t.Run(way.name+"/"+test.name, func(t *testing.T) {
				here, _ := netnstest.NewHosts(t)
				netnstest.NFT(t, here, "output", test.rule)
				q := question{}
				way.prepare(&netnstest.Path{Here: here})
				way.ask(&q)
				blocked := netnstest.Hosts{First: test.blocked}.Some(100)
				targets := interleave(netnstest.Hosts{First: test.first}.Some(100), blocked)
				o := pingAll(t, crowd{Targets: targets, Shared: true, as: q.as, in: here})
				if diff := cmp.Diff(map[string]int{"3 of 3": 100, "0 of 0": 100}, crowdSummary(o)); diff != "" {
					t.Errorf("pings (-want +got):\n%s", diff)
				}
				for i, p := range o.Pings {
					want := ""
					if slices.Contains(blocked, targets[i]) {
						want = "filtered"
					}
					if p.LocalError != want {
						t.Errorf("%s: local error %q, want %q", targets[i], p.LocalError, want)
					}
				}
			})
		}
	}
}

func TestPingStrangeReplies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		answer func(n int, reply []byte) [][]byte
		want   map[string]any
	}{
		{"each twice", func(_ int, m []byte) [][]byte { return [][]byte{m, m} },
			// The last reply ends the ping, before its second comes.
			map[string]any{"received": 3.0, "duplicates": 2.0}},
		{"not our data", func(_ int, m []byte) [][]byte {
			for i := range m[icmp.HeaderLen:] {
				m[icmp.HeaderLen+i] ^= 1
			}
			return [][]byte{m}
		}, map[string]any{"received": 0.0, "duplicates": 0.0}},
		{"one bit of our data is another", func(_ int, m []byte) [][]byte {
			m[icmp.HeaderLen+12] ^= 1
			return [][]byte{m}
		}, map[string]any{"received": 0.0, "duplicates": 0.0}},
		{"a sequence number that was not sent", func(_ int, m []byte) [][]byte {
			m[6] ^= 0x80
			return [][]byte{m}
		}, map[string]any{"received": 0.0, "duplicates": 0.0}},
		{"cut short", func(_ int, m []byte) [][]byte { return [][]byte{m[:icmp.HeaderLen+4]} },
			map[string]any{"received": 0.0, "duplicates": 0.0}},
		{"too late", func(_ int, m []byte) [][]byte {
			time.Sleep(400 * time.Millisecond)
			return [][]byte{m}
		}, map[string]any{"received": 0.0, "duplicates": 0.0}},
	} {
		for _, way := range pingWays {
			for _, target := range []string{"10.1.0.1", "fd00:1::1"} { // the router itself
				t.Run(test.name+"/"+way.name+"/"+target, func(t *testing.T) {
					t.Parallel()
					here, router := netnstest.NewHosts(t)
					responder(t, router, target, test.answer)
					q := question{Kind: "ping", Target: target, in: here, Args: quick}
					way.prepare(&netnstest.Path{Here: here})
					way.ask(&q)
					o := askProcess(t, q)
					for name, want := range test.want {
						if o.Err != "" || o.Result[name] != want {
							t.Errorf("%s is %v, want %v (%s)", name, o.Result[name], want, o.Err)
						}
					}
				})
			}
		}
	}
}
