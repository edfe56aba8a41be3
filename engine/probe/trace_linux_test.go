package probe

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
)

// traceSummary is what a trace says, on one line.
func traceSummary(o observation) string {
	if o.Err != "" {
		return "error: " + o.Err
	}
	var s []string
	for i, v := range o.Result["hops"].([]any) {
		h := v.(map[string]any)
		if h["ttl"] != float64(i+1) {
			return fmt.Sprintf("hop %d has distance %v", i+1, h["ttl"])
		}
		icmp := h["icmp"].(map[string]any)
		switch {
		case h["sender"] == nil && h["rtt_ms"] == nil && icmp["type"] == nil:
			s = append(s, "*")
		case icmp["name"] == nil || icmp["name"] == "ttl_exceeded":
			s = append(s, fmt.Sprint(h["sender"]))
		default:
			s = append(s, fmt.Sprintf("%v(%v)", h["sender"], icmp["name"]))
		}
	}
	add := func(format string, args ...any) { s = append(s, fmt.Sprintf(format, args...)) }
	if o.Result["reached"] == true {
		add("reached")
	}
	if o.Result["loop"] == true {
		add("loop")
	}
	if after := o.Result["silent_after"]; after != nil {
		add("silent after %v", after)
	}
	if name := o.at("icmp", "name"); name != nil {
		add("%v from %v", name, o.at("icmp", "sender"))
	}
	return strings.Join(s, " ")
}

func TestTrace(t *testing.T) {
	t.Parallel()
	ttlExceeded := func(f netnstest.Family) string {
		if f.There.Is4() {
			return "icmp type time-exceeded"
		}
		return "icmpv6 type time-exceeded"
	}
	circle := func(p *netnstest.Path, f netnstest.Family) {
		p.First.IP("route add " + f.Nowhere.String() + " via " + f.Second.String())
		p.Second.IP("route add " + f.Nowhere.String() + " via " + f.FirstFar.String())
	}
	for _, test := range []struct {
		name    string
		methods string // "": both
		prepare func(t *testing.T, p *netnstest.Path, f netnstest.Family)
		target  func(f netnstest.Family) netip.Addr // nil: the host behind the routers
		args    map[string]string
		want    func(f netnstest.Family) string // FIRST, FAR (its other side), SECOND, THERE and HERE are addresses
	}{
		{
			name: "reached",
			want: func(f netnstest.Family) string { return "FIRST SECOND THERE reached" },
		},
		{
			name:    "reached a port that is closed",
			methods: "tcp", args: map[string]string{"port": "9"},
			want: func(f netnstest.Family) string { return "FIRST SECOND THERE reached" },
		},
		{
			name:   "reached the gateway",
			target: func(f netnstest.Family) netip.Addr { return f.First },
			want:   func(f netnstest.Family) string { return "FIRST reached" },
		},
		{
			name:   "reached this computer",
			target: func(f netnstest.Family) netip.Addr { return f.Source },
			want:   func(f netnstest.Family) string { return "HERE reached" },
		},
		{
			name:    "reached from a given source",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {},
			args:    map[string]string{"source": "HERE"},
			want:    func(f netnstest.Family) string { return "FIRST SECOND THERE reached" },
		},
		{
			name: "the host rejects",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.There, "input", "reject with icmpx admin-prohibited")
			},
			want: func(f netnstest.Family) string { return "FIRST SECOND THERE(admin_prohibited) reached" },
		},
		{
			name: "a router that reports nothing",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "output", ttlExceeded(f)+" drop")
			},
			want: func(f netnstest.Family) string { return "FIRST * THERE reached" },
		},
		{
			name:    "only TCP comes through",
			methods: "tcp",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.First, "forward", f.EchoRequest()+"drop")
			},
			want: func(f netnstest.Family) string { return "FIRST SECOND THERE reached" },
		},
		{
			name: "silence behind a router",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "forward", "drop")
			},
			want: func(f netnstest.Family) string { return "FIRST SECOND silent after 2" },
		},
		{
			name:    "no way back",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) { p.Second.IP("route del " + f.HereNet()) },
			want:    func(f netnstest.Family) string { return "FIRST silent after 1" },
		},
		{
			name: "silence from the first router on",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.First, "forward", "drop")
				netnstest.NFT(t, p.First, "output", ttlExceeded(f)+" drop")
			},
			want: func(f netnstest.Family) string { return "silent after 0" },
		},
		{
			name: "too few hops",
			args: map[string]string{"max_hops": "2"},
			want: func(f netnstest.Family) string { return "FIRST SECOND" },
		},
		{
			name:   "no route",
			target: func(f netnstest.Family) netip.Addr { return f.Nowhere },
			want:   func(f netnstest.Family) string { return "FIRST(net_unreachable) net_unreachable from FIRST" },
		},
		{
			name: "prohibited",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "forward", "reject with icmpx admin-prohibited")
			},
			want: func(f netnstest.Family) string {
				return "FIRST SECOND SECOND(admin_prohibited) admin_prohibited from SECOND"
			},
		},
		{
			name:    "a circle",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) { circle(p, f) },
			target:  func(f netnstest.Family) netip.Addr { return f.Nowhere },
			want: func(f netnstest.Family) string {
				if f.There.Is6() {
					return "FIRST SECOND FAR SECOND FAR SECOND loop"
				}
				return "FIRST SECOND FIRST SECOND FIRST loop"
			},
		},
		{
			name: "a circle, half of it silent",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				circle(p, f)
				netnstest.NFT(t, p.Second, "output", ttlExceeded(f)+" drop")
			},
			target: func(f netnstest.Family) netip.Addr { return f.Nowhere },
			args:   map[string]string{"max_hops": "8"},
			want: func(f netnstest.Family) string {
				if f.There.Is6() {
					return "FIRST * FAR * FAR * FAR loop"
				}
				return "FIRST * FIRST * FIRST loop"
			},
		},
		{
			name: "no route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP(f.IPFlag() + " route del default")
			},
			want: func(f netnstest.Family) string {
				return "error: trace to THERE: this computer does not send to it (no_route)"
			},
		},
		{
			name: "prohibit route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP("route add prohibit " + f.Prefix())
			},
			want: func(f netnstest.Family) string {
				return "error: trace to THERE: this computer does not send to it (prohibited)"
			},
		},
		{
			name: "dropped by the own firewall",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Here, "output", f.EchoRequest()+"drop")
				netnstest.NFT(t, p.Here, "output", "meta l4proto tcp drop")
			},
			// The first retransmission after one second tells.
			args: map[string]string{"per_hop_timeout": "1300ms"},
			want: func(f netnstest.Family) string {
				return "error: trace to THERE: this computer's own firewall keeps packets to it in (filtered; see nft list ruleset)"
			},
		},
	} {
		for _, method := range []string{"icmp", "tcp"} {
			if test.methods != "" && test.methods != method {
				continue
			}
			t.Run(test.name+" by "+method, func(t *testing.T) {
				t.Parallel()
				netnstest.BothFamilies(t, func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
					names := strings.NewReplacer("FIRST", f.First.String(), "FAR", f.FirstFar.String(), "SECOND", f.Second.String(), "THERE", f.There.String(), "HERE", f.Source.String())
					q := question{Kind: "trace", Target: f.There.String(), in: p.Here, as: nobody, Args: map[string]string{
						"method": method, "port": strconv.Itoa(int(netnstest.Listen(t, p.There, f))), "max_hops": "6", "per_hop_timeout": "300ms"}}
					for name, value := range test.args {
						q.Args[name] = names.Replace(value)
					}
					if test.target != nil {
						q.Target = test.target(f).String()
					}
					if test.prepare != nil {
						test.prepare(t, p, f)
					}
					p.Here.Sysctl("net.ipv4.ping_group_range", "0 65534")
					if got, want := traceSummary(askProcess(t, q)), names.Replace(test.want(f)); got != want {
						t.Errorf("got  %s\nwant %s", got, want)
					}
				})
			})
		}
	}
}

func TestTraceByRawSocket(t *testing.T) {
	netnstest.BothFamilies(t, func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
		p.Here.Sysctl("net.ipv4.ping_group_range", "1 0")
		o := askProcess(t, question{Kind: "trace", Target: f.There.String(), in: p.Here})
		if got, want := traceSummary(o), fmt.Sprintf("%v %v %v reached", f.First, f.Second, f.There); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// The kernel gives a neighbour up after three seconds and says so itself; the
// router behind which a host is off does so, too, and late as that is, it
// counts.
func TestTraceToNeighboursThatAreOff(t *testing.T) {
	t.Parallel()
	netnstest.BothFamilies(t, func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
		t.Parallel()
		q := question{Kind: "trace", Target: f.Nobody.String(), in: p.Here}
		o := askProcess(t, q)
		want := fmt.Sprintf("%v %v %v(host_unreachable) host_unreachable from %v", f.First, f.Second, f.Second, f.Second)
		if got := traceSummary(o); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}

		p.First.IP("addr flush dev lan")
		p.Here.IP("neigh flush all")
		o = askProcess(t, q)
		if got, want := traceSummary(o), "silent after 0"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if o.Elapsed > hung {
			t.Errorf("silence took %v", o.Elapsed)
		}
	})
}

func TestTraceCutOff(t *testing.T) {
	p := netnstest.NewPath(t)
	netnstest.NFT(t, p.Second, "forward", "drop")
	for _, method := range []string{"icmp", "tcp"} {
		o := askProcess(t, question{Kind: "trace", Target: "10.2.0.25", in: p.Here, CancelAfter: time.Second,
			Args: map[string]string{"method": method, "port": "25", "per_hop_timeout": "1m"}})
		if o.Err != "" || len(o.Result["hops"].([]any)) != 2 || o.Result["last_sender"] != "10.9.0.2" {
			t.Errorf("%s: what was observed is missing: %+v", method, o)
		}
		for _, name := range []string{"reached", "silent_after", "loop"} {
			if o.Result[name] != unknown {
				t.Errorf("%s: %s is %v, want unknown", method, name, o.Result[name])
			}
		}
		if o.Elapsed > hung {
			t.Errorf("%s: took %v", method, o.Elapsed)
		}
	}
}

func TestTraceByTCPNeedsAPort(t *testing.T) {
	p := netnstest.NewPath(t)
	if o := askProcess(t, question{Kind: "trace", Target: "10.2.0.25", in: p.Here, Args: map[string]string{"method": "tcp"}}); !strings.Contains(o.Err, "port") {
		t.Errorf("error is %q", o.Err)
	}
}

// What the target and the routers answer comes in by a second adapter, to
// which no route to them leads.
func TestTraceByReversePathFilter(t *testing.T) {
	p := netnstest.NewPath(t)
	netnstest.Connect(p.Here, "side", p.Second, "side")
	p.Here.IP("addr add 10.5.0.10/24 dev side")
	p.Second.IP(`
		addr add 10.5.0.1/24 dev side
		route replace 10.1.0.10/32 via 10.5.0.10`)
	for _, test := range []struct {
		filter  string
		reached any
		drops   bool
	}{{"0", true, false}, {"1", false, true}} {
		for _, name := range []string{"all", "side"} {
			p.Here.Sysctl("net.ipv4.conf."+name+".rp_filter", test.filter)
		}
		o := askProcess(t, question{Kind: "trace", Target: "10.2.0.25", in: p.Here})
		drops, _ := o.Result["reverse_path_drops"].(float64)
		if o.Err != "" || o.Result["reached"] != test.reached || (drops > 0) != test.drops {
			t.Errorf("rp_filter %s: reached %v, drops %v %s", test.filter, o.Result["reached"], o.Result["reverse_path_drops"], o.Err)
		}
	}
}

func TestNetstatCounter(t *testing.T) {
	const text = "TcpExt: SyncookiesSent IPReversePathFilter\nTcpExt: 1 23\nIpExt: InNoRoutes IPReversePathFilter\nIpExt: 4 5\n"
	for _, test := range []struct {
		text, group, name string
		want              uint64
		ok                bool
	}{
		{text, "TcpExt:", "IPReversePathFilter", 23, true},
		{text, "IpExt:", "InNoRoutes", 4, true},
		{text, "TcpExt:", "InNoRoutes", 0, false},
		{"TcpExt: IPReversePathFilter\nTcpExt:\n", "TcpExt:", "IPReversePathFilter", 0, false},
		{"TcpExt: IPReversePathFilter\nTcpExt: many\n", "TcpExt:", "IPReversePathFilter", 0, false},
		{"", "TcpExt:", "IPReversePathFilter", 0, false},
	} {
		if got, ok := netstatCounter(test.text, test.group, test.name); got != test.want || ok != test.ok {
			t.Errorf("%s of %q: %d, %v", test.name, test.text, got, ok)
		}
	}
}
