package netconn

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"go.uber.org/goleak"
)

// connect tries it from the path's computer, as an ordinary user.
func connect(t *testing.T, p *netnstest.Path, patience time.Duration, o Options) *Connection {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var c *Connection
	var err error
	p.Here.Do(func() {
		// Nothing here needs a privilege.
		netnstest.Unprivileged(t, func() { c, err = Connect(ctx, nil, o) })
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Conn != nil {
		t.Cleanup(func() { c.Conn.Close() })
	}
	if !c.ICMPObserved {
		t.Error("ICMP errors were not looked at")
	}
	return c
}

// outcome is what a connection says, on one line.
func outcome(c *Connection) string {
	s := ""
	add := func(is bool, word string) {
		if is {
			s += " " + word
		}
	}
	add(c.Conn != nil, "connected")
	add(c.Refused, "refused")
	add(c.TimedOut, "timed_out")
	add(c.LocalError != "", "local:"+c.LocalError)
	if c.ICMP != nil {
		s += " " + c.ICMP.Name() + " from " + c.ICMP.Sender.String()
	}
	if s == "" {
		return "nothing"
	}
	return s[1:]
}

func TestConnectTCP(t *testing.T) {
	t.Parallel()
	const (
		// The own firewall shows with the first retransmission, after one second.
		patience = 2500 * time.Millisecond
		// The kernel gives a silent neighbour up after some three seconds.
		neighbourPatience = unhurried
	)
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, p *netnstest.Path, f netnstest.Family)
		options func(f netnstest.Family, o *Options)
		want    func(f netnstest.Family) string

		patience time.Duration // 0: patience
	}{
		{
			name: "connected",
			want: func(f netnstest.Family) string { return "connected" },
		},
		{
			name:    "connected from a given source",
			options: func(f netnstest.Family, o *Options) { o.Source = f.Source },
			want:    func(f netnstest.Family) string { return "connected" },
		},
		{
			name:    "a source of somebody else's",
			options: func(f netnstest.Family, o *Options) { o.Source = f.There },
			want:    func(f netnstest.Family) string { return "local:address_unavailable" },
		},
		{
			name:    "reset by the host",
			options: func(f netnstest.Family, o *Options) { o.Address = netip.AddrPortFrom(f.There, 9) },
			want:    func(f netnstest.Family) string { return "refused" },
		},
		{
			name: "rejected by a firewall on the way",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "forward", "meta l4proto tcp reject")
			},
			want: func(f netnstest.Family) string { return "refused port_unreachable from " + f.Second.String() },
		},
		{
			name: "prohibited on the way",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.First, "forward", "meta l4proto tcp reject with icmpx admin-prohibited")
			},
			want: func(f netnstest.Family) string { return "admin_prohibited from " + f.First.String() },
		},
		{
			name:    "no route on the way",
			options: func(f netnstest.Family, o *Options) { o.Address = netip.AddrPortFrom(f.Nowhere, 9) },
			want:    func(f netnstest.Family) string { return "net_unreachable from " + f.First.String() },
		},
		{
			name:    "host off",
			options: func(f netnstest.Family, o *Options) { o.Address = netip.AddrPortFrom(f.Nobody, 9) },
			want:    func(f netnstest.Family) string { return "host_unreachable from " + f.Second.String() },

			patience: neighbourPatience,
		},
		{
			name:    "neighbour off",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) { p.First.IP("link set lan down") },
			want:    func(f netnstest.Family) string { return "host_unreachable from " + f.Source.String() },

			patience: neighbourPatience,
		},
		{
			name:    "expired on the way",
			options: func(f netnstest.Family, o *Options) { o.TTL = 2 },
			want:    func(f netnstest.Family) string { return "ttl_exceeded from " + f.Second.String() },
		},
		{
			name: "dropped on the way",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.First, "forward", "meta l4proto tcp drop")
			},
			want: func(f netnstest.Family) string { return "timed_out" },
		},
		{
			name: "dropped on the way back",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "forward", "meta l4proto tcp iifname wan drop")
			},
			want: func(f netnstest.Family) string { return "timed_out" },
		},
		{
			name: "dropped by the own firewall",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Here, "output", "meta l4proto tcp drop")
			},
			want: func(f netnstest.Family) string { return "local:filtered" },
		},
		{
			name: "answers dropped by the own firewall",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Here, "input", "meta l4proto tcp drop")
			},
			want: func(f netnstest.Family) string { return "timed_out" },
		},
		{
			name: "no route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP(f.IPFlag() + " route del default")
			},
			want: func(f netnstest.Family) string { return "local:no_route" },
		},
		{
			name: "unreachable route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP("route add unreachable " + f.Prefix())
			},
			want: func(f netnstest.Family) string { return "local:no_route" },
		},
		{
			name: "prohibit route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP("route add prohibit " + f.Prefix())
			},
			want: func(f netnstest.Family) string { return "local:prohibited" },
		},
		{
			name: "blackhole route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP("route add blackhole " + f.Prefix())
			},
			want: func(f netnstest.Family) string { return "local:blackhole" },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			netnstest.BothFamilies(t, func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				o := Options{Address: netip.AddrPortFrom(f.There, netnstest.Listen(t, p.There, f))}
				if test.prepare != nil {
					test.prepare(t, p, f)
				}
				if test.options != nil {
					test.options(f, &o)
				}
				if got, want := outcome(connect(t, p, max(patience, test.patience), o)), test.want(f); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			})
		})
	}
}

func TestConnectTCPIsInterruptedAtOnce(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	p, f := netnstest.NewPath(t), netnstest.Families[0]
	netnstest.NFT(t, p.First, "forward", "drop")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(50*time.Millisecond, cancel)

	start := time.Now()
	p.Here.Do(func() {
		c, err := Connect(ctx, nil, Options{Address: netip.AddrPortFrom(f.There, 25)})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %+v, %v, want context.Canceled", c, err)
		}
	})
	if took := time.Since(start); took > unhurried {
		t.Errorf("took %v", took)
	}
}

// unhurried is longer than anything takes that waits for no more than it should,
// on a computer that has much else to do.
const unhurried = 30 * time.Second

func TestMain(m *testing.M) {
	netnstest.RunMore()
	m.Run()
}
