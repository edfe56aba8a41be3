package probe

import (
	"fmt"
	"maps"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
)

// pingSummary is what a ping says, on one line.
func pingSummary(o observation) string {
	if o.Err != "" {
		return "error: " + o.Err
	}
	s := fmt.Sprintf("%v of %v came back", o.Result["received"], o.Result["sent"])
	if word := o.Result["local_error"]; word != nil {
		s += fmt.Sprintf(", local %v", word)
	}
	if name := o.at("icmp", "name"); name != nil {
		s += fmt.Sprintf(", %v from %v", name, o.at("icmp", "sender"))
	}
	return s
}

// quick makes a ping in vain take a third of a second.
var quick = map[string]string{"interval": "20ms", "packet_timeout": "300ms"}

func TestPing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, p *netnstest.Path, f netnstest.Family)
		target  func(f netnstest.Family) string // nil: the host behind the routers
		args    map[string]string
		want    func(f netnstest.Family) string
		// alone: only a socket of its own can tell (IPv4), which is used even where
		// pings share one.
		alone bool
	}{
		{
			name: "answered",
			want: func(f netnstest.Family) string { return "3 of 3 came back" },
		},
		{
			name: "large packets",
			args: map[string]string{"size": "4000", "count": "1"},
			want: func(f netnstest.Family) string { return "1 of 1 came back" },
		},
		{
			name: "half of it lost",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "forward", f.EchoRequest()+"numgen inc mod 2 == 0 drop")
			},
			args: map[string]string{"count": "10"},
			want: func(f netnstest.Family) string { return "5 of 10 came back" },
		},
		{
			name: "silence",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "forward", "drop")
			},
			want: func(f netnstest.Family) string { return "0 of 3 came back" },
		},
		{
			name:   "no route on the way",
			target: func(f netnstest.Family) string { return f.Nowhere.String() },
			want:   func(f netnstest.Family) string { return "0 of 3 came back, net_unreachable from " + f.First.String() },
		},
		{
			name: "prohibited on the way",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "forward", "reject with icmpx admin-prohibited")
			},
			want: func(f netnstest.Family) string { return "0 of 3 came back, admin_prohibited from " + f.Second.String() },
		},
		{
			name: "rejected by the host",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.There, "input", f.EchoRequest()+"reject")
			},
			want: func(f netnstest.Family) string { return "0 of 3 came back, port_unreachable from " + f.There.String() },
		},
		{
			name: "expired on the way",
			args: map[string]string{"ttl": "2"},
			want: func(f netnstest.Family) string { return "0 of 3 came back, ttl_exceeded from " + f.Second.String() },
		},
		{
			name:   "host off",
			target: func(f netnstest.Family) string { return f.Nobody.String() },
			args:   map[string]string{"packet_timeout": "3500ms"},
			want:   func(f netnstest.Family) string { return "0 of 3 came back, host_unreachable from " + f.Second.String() },
		},
		{
			name: "no route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP(f.IPFlag() + " route del default")
			},
			want: func(f netnstest.Family) string { return "0 of 0 came back, local no_route" },
		},
		{
			name: "unreachable route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP("route add unreachable " + f.Prefix())
			},
			want: func(f netnstest.Family) string { return "0 of 0 came back, local no_route" },
		},
		{
			name: "prohibit route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP("route add prohibit " + f.Prefix())
			},
			want:  func(f netnstest.Family) string { return "0 of 0 came back, local prohibited" },
			alone: true,
		},
		{
			name: "blackhole route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP("route add blackhole " + f.Prefix())
			},
			want: func(f netnstest.Family) string { return "0 of 0 came back, local blackhole" },
		},
		{
			name: "dropped by the own firewall",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Here, "output", f.EchoRequest()+"drop")
			},
			want: func(f netnstest.Family) string { return "0 of 0 came back, local filtered" },
		},
		{
			name: "rejected by the own firewall",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Here, "output", f.EchoRequest()+"reject")
			},
			want: func(f netnstest.Family) string { return "0 of 0 came back, local filtered" },
		},
		{
			name: "replies dropped by the own firewall",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Here, "input", "icmp type echo-reply drop")
				netnstest.NFT(t, p.Here, "input", "icmpv6 type echo-reply drop")
			},
			want: func(f netnstest.Family) string { return "0 of 3 came back" },
		},
		{
			name: "a source of somebody else's",
			args: map[string]string{"source": "10.2.0.25"},
			want: func(f netnstest.Family) string {
				if f.There.Is6() {
					return "error: " + f.There.String() + " is an address of the other family"
				}
				return "0 of 0 came back, local address_unavailable"
			},
		},
		{
			name:   "an address without a host",
			target: func(f netnstest.Family) string { return f.AnyAddr().String() },
			want: func(f netnstest.Family) string {
				return "error: " + f.AnyAddr().String() + " is not the address of one host"
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, pinger := range pingWays {
				// A path each: routers report few errors.
				t.Run(pinger.name, func(t *testing.T) {
					netnstest.BothFamilies(t, func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
						q := question{Kind: "ping", Target: f.There.String(), in: p.Here, Args: maps.Clone(quick)}
						maps.Copy(q.Args, test.args)
						if test.target != nil {
							q.Target = test.target(f)
						}
						if test.prepare != nil {
							test.prepare(t, p, f)
						}
						pinger.prepare(p)
						pinger.ask(&q)
						o := askProcess(t, q)
						got, want := pingSummary(o), test.want(f)
						shared := q.Shared && !(test.alone && f.There.Is4())
						if o.Err == "" && o.Result["socket"] != socketWord(shared) {
							t.Errorf("the socket was %v, want %s", o.Result["socket"], socketWord(shared))
						}
						// Whether the own firewall's ICMP error reaches the socket that it is
						// about is up to the kernel; its refusal always does.
						if strings.Contains(want, "local filtered") {
							got, _, _ = strings.Cut(got, ", port_unreachable from "+f.Source.String())
						}
						if got != want {
							t.Errorf("got  %s\nwant %s", got, want)
						}
					})
				})
			}
		})
	}
}

// How many come back depends on who learns of the limit first: whoever sends, and
// with IPv6 whoever answers, too.
func TestPingLargerThanALinkOnTheWay(t *testing.T) {
	t.Parallel()
	for _, way := range pingWays {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			netnstest.BothFamilies(t, func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.First.IP("link set wan mtu 1300")
				p.Second.IP("link set lan mtu 1300")
				q := question{Kind: "ping", Target: f.There.String(), in: p.Here, Args: map[string]string{"size": "1400", "packet_timeout": "600ms"}}
				way.prepare(p)
				way.ask(&q)
				o := askProcess(t, q)
				if o.Err != "" || o.Result["sent"] != 3.0 || o.Result["received"].(float64) < 1 || o.Result["local_error"] != nil {
					t.Errorf("%+v", o)
				}
				if o.at("icmp", "name") != "too_big" || o.at("icmp", "sender") != f.First.String() || o.at("icmp", "mtu") != 1300.0 {
					t.Errorf("the ICMP error is %v", o.Result["icmp"])
				}
			})
		})
	}
}

func TestPingNumbers(t *testing.T) {
	p := netnstest.NewPath(t)
	o := askProcess(t, question{Kind: "ping", Target: "10.2.0.25", in: p.Here, Args: map[string]string{"source": "10.1.0.10"}})
	want := map[string]any{"sent": 3.0, "received": 3.0, "loss_pct": 0.0, "duplicates": 0.0, "address": "10.2.0.25"}
	for name := range maps.Keys(want) {
		if o.Result[name] != want[name] {
			t.Errorf("%s is %v, want %v", name, o.Result[name], want[name])
		}
	}
	least, mean, most := o.Result["rtt_min_ms"].(float64), o.Result["rtt_avg_ms"].(float64), o.Result["rtt_max_ms"].(float64)
	if least <= 0 || mean < least || most < mean || most > 1000 || o.Result["rtt_stddev_ms"].(float64) > most-least {
		t.Errorf("round trips are %v", o.Result)
	}
}

func TestPingFromASourceOfTheFamily(t *testing.T) {
	p := netnstest.NewPath(t)
	for _, test := range []struct {
		target, want string
		args         map[string]string
	}{
		{"localhost", "127.0.0.1", map[string]string{"family": "ipv4"}},
		{"::1", "::1", map[string]string{"family": "ipv6"}},
		{"fd00:2::25", "fd00:2::25", map[string]string{"source": "fd00:1::10"}},
	} {
		test.args["count"] = "1"
		o := askProcess(t, question{Kind: "ping", Target: test.target, in: p.Here, Args: test.args})
		if o.Err != "" || o.Result["address"] != test.want || o.Result["received"] != 1.0 {
			t.Errorf("ping %s %v: %+v", test.target, test.args, o)
		}
	}
}

func TestPingLinkLocal(t *testing.T) {
	p := netnstest.NewPath(t)
	router := strings.Fields(p.First.Run("ip", "-6", "-o", "addr", "show", "dev", "lan", "scope", "link"))[3]
	target := netip.MustParsePrefix(router).Addr().WithZone("wan").String()
	for _, pinger := range pingWays {
		q := question{Kind: "ping", Target: target, in: p.Here, Args: map[string]string{"count": "1"}}
		pinger.prepare(p)
		pinger.ask(&q)
		if o := askProcess(t, q); pingSummary(o) != "1 of 1 came back" || o.Result["address"] != target {
			t.Errorf("%s: %+v", pinger.name, o)
		}
	}
}

func TestPingBroadcastIsNoHost(t *testing.T) {
	p := netnstest.NewPath(t)
	p.Here.Sysctl("net.ipv4.ping_group_range", "0 65534")
	for _, shared := range []bool{false, true} {
		q := question{Kind: "ping", Target: "10.1.0.255", in: p.Here, as: nobody, Shared: shared}
		if got, want := pingSummary(askProcess(t, q)), "error: 10.1.0.255 is a broadcast address"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestPingNobodyMay(t *testing.T) {
	p := netnstest.NewPath(t)
	p.Here.Sysctl("net.ipv4.ping_group_range", "1 0")
	for i, f := range append(netnstest.Families, netnstest.Families...) {
		o := askProcess(t, question{Kind: "ping", Target: f.There.String(), in: p.Here, as: nobody, Shared: i >= len(netnstest.Families)})
		if !strings.Contains(o.Err, "net.ipv4.ping_group_range") || !strings.Contains(o.Err, "CAP_NET_RAW") {
			t.Errorf("%s: error %q does not say what to do", f.Name, o.Err)
		}
		if o.Result["received"] != unknown {
			t.Errorf("received is %v, want unknown", o.Result["received"])
		}
	}
}

func TestPingWhatCannotBeAsked(t *testing.T) {
	p := netnstest.NewPath(t)
	for _, test := range []struct{ target, source, want string }{
		{"fe80::1", "", "fe80::1 is an address of every link: name the adapter as well, as in fe80::1%eth0"},
		{"fe80::1%none", "", "adapter of fe80::1%none: route ip+net: no such network interface"},
		{"10.2.0.25", "127.0.0.1", "10.2.0.25 can't be reached from 127.0.0.1, which never leaves this computer"},
		{"224.0.0.1", "", "224.0.0.1 is not the address of one host"},
	} {
		q := question{Kind: "ping", Target: test.target, in: p.Here, Args: map[string]string{}}
		if test.source != "" {
			q.Args["source"] = test.source
		}
		for _, q.Shared = range []bool{false, true} {
			if o := askProcess(t, q); o.Err != test.want {
				t.Errorf("ping %s from %q: got  %s\nwant %s", test.target, test.source, o.Err, test.want)
			}
		}
	}
}

func TestPingOfAMissingName(t *testing.T) {
	p := netnstest.NewPath(t)
	if o := askProcess(t, question{Kind: "ping", Target: "no..name", in: p.Here}); !strings.Contains(o.Err, "no..name") {
		t.Errorf("error is %q", o.Err)
	}
}

func TestPingRefusedNowAndThen(t *testing.T) {
	for _, shared := range []bool{false, true} {
		p := netnstest.NewPath(t)
		netnstest.NFT(t, p.Here, "output", "icmp type echo-request numgen inc mod 3 == 2 drop")
		o := askProcess(t, question{Kind: "ping", Target: "10.2.0.25", in: p.Here, Shared: shared,
			Args: map[string]string{"count": "6", "interval": "20ms", "packet_timeout": "200ms"}})
		if o.Err != "" || o.Result["local_error"] != "filtered" || o.Result["received"].(float64) < 3 {
			t.Errorf("%+v", o)
		}
		if got, want := o.Result["loss_pct"], 100*(6-o.Result["received"].(float64))/6; got != want {
			t.Errorf("loss_pct is %v, want %v", got, want)
		}
	}
}

// Raw sockets are handed one another's replies, and lose some when there are
// many: every one of these must get its own.
func TestPingManyAtOnce(t *testing.T) {
	p := netnstest.NewPath(t)
	for _, pinger := range pingWays {
		t.Run(pinger.name, func(t *testing.T) {
			q := question{Kind: "ping", Target: "10.2.0.25", in: p.Here, Times: 64,
				Args: map[string]string{"interval": "10ms"}}
			pinger.prepare(p)
			pinger.ask(&q)
			for _, o := range askProcesses(t, q) {
				if got, want := pingSummary(o), "3 of 3 came back"; got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
}

func TestPingCutOff(t *testing.T) {
	p := netnstest.NewPath(t)
	netnstest.NFT(t, p.Second, "forward", "icmp type echo-request numgen inc mod 2 == 0 drop")
	netnstest.NFT(t, p.Here, "output", "icmp type echo-request ip daddr 10.77.0.1 drop")
	for _, test := range []struct {
		name           string
		question       question
		received, icmp any
	}{
		{"interrupted", question{Target: "10.2.0.25", CancelAfter: time.Second}, unknown, unknown},
		{"deadline", question{Target: "10.2.0.25", Deadline: time.Second}, unknown, unknown},
		{"in vain", question{Target: "10.77.0.1", Deadline: time.Second}, 0.0, nil},
	} {
		for _, shared := range []bool{false, true} {
			q := test.question
			q.Kind, q.in, q.Args, q.Shared = "ping", p.Here, map[string]string{"count": "50"}, shared
			o := askProcess(t, q)
			if o.Err != "" || o.Result["received"] != test.received || o.at("icmp", "type") != test.icmp {
				t.Errorf("%s: %+v", test.name, o)
			}
			if test.received == unknown && (o.Result["sent"].(float64) < 1 || o.Result["rtt_avg_ms"] == unknown) {
				t.Errorf("%s: what was observed is missing: %+v", test.name, o)
			}
			if o.Elapsed > hung {
				t.Errorf("%s: took %v", test.name, o.Elapsed)
			}
		}
	}
}

func TestPingEndsWithTheLastReply(t *testing.T) {
	p := netnstest.NewPath(t)
	for _, pinger := range pingWays {
		q := question{Kind: "ping", Target: "10.2.0.25", in: p.Here, Args: map[string]string{"interval": "10ms", "packet_timeout": "1m"}}
		pinger.prepare(p)
		pinger.ask(&q)
		if o := askProcess(t, q); o.Elapsed > hung {
			t.Errorf("%s: took %v", pinger.name, o.Elapsed)
		}
	}
}
