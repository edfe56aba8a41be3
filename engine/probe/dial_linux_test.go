package probe

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
func connect(t *testing.T, p *path, patience time.Duration, o connectOptions) *connection {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var c *connection
	var err error
	p.here.Do(func() {
		// Nothing here needs a privilege.
		netnstest.Unprivileged(t, func() { c, err = connectTCP(ctx, nil, o) })
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.conn != nil {
		t.Cleanup(func() { c.conn.Close() })
	}
	if !c.icmpObserved {
		t.Error("ICMP errors were not looked at")
	}
	return c
}

// outcome is what a connection says, on one line.
func outcome(c *connection) string {
	s := ""
	add := func(is bool, word string) {
		if is {
			s += " " + word
		}
	}
	add(c.conn != nil, "connected")
	add(c.refused, "refused")
	add(c.timedOut, "timed_out")
	add(c.localError != "", "local:"+c.localError)
	if c.icmp != nil {
		s += " " + c.icmp.name() + " from " + c.icmp.sender.String()
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
		prepare func(t *testing.T, p *path, f family)
		options func(f family, o *connectOptions)
		want    func(f family) string

		patience time.Duration // 0: patience
	}{
		{
			name: "connected",
			want: func(f family) string { return "connected" },
		},
		{
			name:    "connected from a given source",
			options: func(f family, o *connectOptions) { o.source = f.source },
			want:    func(f family) string { return "connected" },
		},
		{
			name:    "a source of somebody else's",
			options: func(f family, o *connectOptions) { o.source = f.there },
			want:    func(f family) string { return "local:address_unavailable" },
		},
		{
			name:    "reset by the host",
			options: func(f family, o *connectOptions) { o.address = netip.AddrPortFrom(f.there, 9) },
			want:    func(f family) string { return "refused" },
		},
		{
			name:    "rejected by a firewall on the way",
			prepare: func(t *testing.T, p *path, f family) { nft(t, p.second, "forward", "meta l4proto tcp reject") },
			want:    func(f family) string { return "refused port_unreachable from " + f.second.String() },
		},
		{
			name: "prohibited on the way",
			prepare: func(t *testing.T, p *path, f family) {
				nft(t, p.first, "forward", "meta l4proto tcp reject with icmpx admin-prohibited")
			},
			want: func(f family) string { return "admin_prohibited from " + f.first.String() },
		},
		{
			name:    "no route on the way",
			options: func(f family, o *connectOptions) { o.address = netip.AddrPortFrom(f.nowhere, 9) },
			want:    func(f family) string { return "net_unreachable from " + f.first.String() },
		},
		{
			name:    "host off",
			options: func(f family, o *connectOptions) { o.address = netip.AddrPortFrom(f.nobody, 9) },
			want:    func(f family) string { return "host_unreachable from " + f.second.String() },

			patience: neighbourPatience,
		},
		{
			name:    "neighbour off",
			prepare: func(t *testing.T, p *path, f family) { p.first.IP("link set lan down") },
			want:    func(f family) string { return "host_unreachable from " + f.source.String() },

			patience: neighbourPatience,
		},
		{
			name:    "expired on the way",
			options: func(f family, o *connectOptions) { o.ttl = 2 },
			want:    func(f family) string { return "ttl_exceeded from " + f.second.String() },
		},
		{
			name:    "dropped on the way",
			prepare: func(t *testing.T, p *path, f family) { nft(t, p.first, "forward", "meta l4proto tcp drop") },
			want:    func(f family) string { return "timed_out" },
		},
		{
			name: "dropped on the way back",
			prepare: func(t *testing.T, p *path, f family) {
				nft(t, p.second, "forward", "meta l4proto tcp iifname wan drop")
			},
			want: func(f family) string { return "timed_out" },
		},
		{
			name:    "dropped by the own firewall",
			prepare: func(t *testing.T, p *path, f family) { nft(t, p.here, "output", "meta l4proto tcp drop") },
			want:    func(f family) string { return "local:filtered" },
		},
		{
			name: "answers dropped by the own firewall",
			prepare: func(t *testing.T, p *path, f family) {
				nft(t, p.here, "input", "meta l4proto tcp drop")
			},
			want: func(f family) string { return "timed_out" },
		},
		{
			name:    "no route here",
			prepare: func(t *testing.T, p *path, f family) { p.here.IP(f.ipFlag() + " route del default") },
			want:    func(f family) string { return "local:no_route" },
		},
		{
			name:    "unreachable route here",
			prepare: func(t *testing.T, p *path, f family) { p.here.IP("route add unreachable " + f.prefix()) },
			want:    func(f family) string { return "local:no_route" },
		},
		{
			name:    "prohibit route here",
			prepare: func(t *testing.T, p *path, f family) { p.here.IP("route add prohibit " + f.prefix()) },
			want:    func(f family) string { return "local:prohibited" },
		},
		{
			name:    "blackhole route here",
			prepare: func(t *testing.T, p *path, f family) { p.here.IP("route add blackhole " + f.prefix()) },
			want:    func(f family) string { return "local:blackhole" },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			bothFamilies(t, func(t *testing.T, p *path, f family) {
				o := connectOptions{address: netip.AddrPortFrom(f.there, listen(t, p.there, f))}
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
	p, f := newPath(t), families[0]
	nft(t, p.first, "forward", "drop")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(50*time.Millisecond, cancel)

	start := time.Now()
	p.here.Do(func() {
		c, err := connectTCP(ctx, nil, connectOptions{address: netip.AddrPortFrom(f.there, 25)})
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
