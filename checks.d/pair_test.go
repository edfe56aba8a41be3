//go:build linux

package checks_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// A side is what one vantage must say: its verdict and the cause of its one
// failure, "" without one; or the words with which it was not reached.
type side struct {
	verdict, check, cause string
	reason                []string
}

// A pairing is a network in which both ends look at the line, the host through
// real ssh over a link of its own, and what must be said.
type pairing struct {
	name          string
	do            func(n *lab.Network)
	via           func(n *lab.Network) []string // nil: ssh to a computer with linecheck
	gateway, host side
	conclusions   []string
	// or is what may be said in place of it: a router reports few errors, and
	// whichever end asks second may not get one (Linux's icmp_ratelimit).
	or       string
	exitCode int
}

var works = side{verdict: "pass"}

// statefulFilter lets packets of what has begun through, and none that begin
// in the direction that comes in by one adapter of the router in the middle.
func statefulFilter(iface string) func(n *lab.Network) {
	return func(n *lab.Network) {
		n.Host("r2").Sh(`nft -f - <<EOF
table inet f {
  chain forward {
    type filter hook forward priority 0;
    ct state established,related accept
    iif ` + iface + ` drop
  }
}
EOF`)
	}
}

func mailFilter(rule string) func(n *lab.Network) {
	return func(n *lab.Network) {
		n.Host("r2").Sh("nft add table inet f; nft add chain inet f forward '{ type filter hook forward priority 0; }'; nft add rule inet f forward " + rule)
	}
}

var pairings = []pairing{
	{name: "healthy", gateway: works, host: works},

	// The way out.
	{name: "a router without the route out", do: func(n *lab.Network) { n.Host("r2").Sh("ip route del $MAILLAN") },
		gateway: side{"fail", "check.remote_subnet", "", nil}, host: side{"fail", "check.remote_subnet", "path_broken", nil},
		conclusions: []string{"one_way_out"}, or: "line_broken_between", exitCode: 1},
	{name: "a filter lets only the host begin", do: statefulFilter("eth0"),
		gateway: side{"fail", "check.remote_subnet", "path_broken", nil}, host: works,
		conclusions: []string{"one_way_out"}, exitCode: 1},

	// The way back.
	{name: "a router without the route back", do: func(n *lab.Network) { n.Host("r2").Sh("ip route del $GWLAN") },
		gateway: side{"fail", "check.remote_subnet", "path_broken", nil}, host: side{"fail", "check.remote_subnet", "", nil},
		conclusions: []string{"one_way_back"}, or: "line_broken_between", exitCode: 1},
	{name: "a host without a default route", do: func(n *lab.Network) { n.Host("mail").Sh("ip route del default") },
		gateway: side{"fail", "check.remote_subnet", "path_broken", nil}, host: side{"fail", "check.default_gateway", "no_default_route", nil},
		conclusions: []string{"one_way_back"}, exitCode: 1},
	{name: "a filter lets only the gateway begin", do: statefulFilter("eth1"),
		gateway: works, host: side{"fail", "check.remote_subnet", "path_broken", nil},
		conclusions: []string{"one_way_back"}, exitCode: 1},

	// Both.
	{name: "a router off", do: func(n *lab.Network) { n.Host("r2").Off() },
		gateway: side{"fail", "check.remote_subnet", "remote_host_down", nil}, host: side{"fail", "check.remote_subnet", "remote_host_down", nil},
		conclusions: []string{"both_ways_broken_at_same_hop"}, exitCode: 1},

	// The services.
	{name: "the gateway's mail service stopped", do: func(n *lab.Network) { n.Host("gw").Stop("mail") },
		gateway: works, host: side{"fail", "check.smtp", "smtp_refused", nil},
		conclusions: []string{"gateway_not_running"}, exitCode: 1},
	{name: "the host's mail service stopped", do: func(n *lab.Network) { n.Host("mail").Stop("mail") },
		gateway: side{"fail", "check.smtp", "smtp_refused", nil}, host: works, exitCode: 1},
	{name: "only mail dropped", do: mailFilter("ip daddr $MAIL tcp dport 25 drop"),
		gateway: side{"fail", "check.smtp", "smtp_filtered", nil}, host: works,
		conclusions: []string{"only_mail_blocked"}, exitCode: 1},
	{name: "the gateway's own subnet broken", do: func(n *lab.Network) { n.Host("gw").Sh("ip link set eth0 down") },
		gateway: side{"fail", "check.adapter", "", nil}, host: side{"fail", "check.remote_subnet", "remote_host_down", nil}, exitCode: 1},

	// The transport.
	{name: "ssh refused", do: func(n *lab.Network) { n.Host("mail").Stop("tcp 22") },
		gateway: works, host: side{"error", "", "", []string{"ssh -F", "Connection refused", "exit status 255"}}, exitCode: 3},
	{name: "host key changed", do: func(n *lab.Network) { n.Host("mail").NewHostKey() },
		gateway: works, host: side{"error", "", "", []string{"Host key verification failed"}}, exitCode: 3},
	{name: "key not accepted", do: func(n *lab.Network) { n.Host("mail").Sh("echo >" + "$DIR/mail/ssh/authorized") },
		gateway: works, host: side{"error", "", "", []string{"Permission denied (publickey)"}}, exitCode: 3},
	{name: "linecheck missing", via: func(n *lab.Network) []string { return n.Manage(false) },
		gateway: works, host: side{"error", "", "", []string{"there is no linecheck on the other computer", `scp -F`, `"$(command -v linecheck)" root@203.0.113.2:/usr/local/bin/`}}, exitCode: 3},
	{name: "ssh hangs", do: func(n *lab.Network) {
		n.Host("mail").Serve(22, func(ctx context.Context, conn net.Conn) { lab.Silent(ctx, conn) })
	}, gateway: works, host: side{"error", "", "", []string{"no answer within 20s"}}, exitCode: 3},
	{name: "ip netns exec", via: func(n *lab.Network) []string { return []string{"ip", "netns", "exec", n.Getenv("NS") + "mail"} },
		gateway: works, host: works},
	{name: "a netns that is not there", via: func(n *lab.Network) []string { return []string{"ip", "netns", "exec", n.Getenv("NS") + "nobody"} },
		gateway: works, host: side{"error", "", "", []string{"Cannot open network namespace"}}, exitCode: 3},
}

// pairTimeout bounds a run: the ladder's 30 s, beside which ssh has its 20 s,
// on a computer that does other things as well.
const pairTimeout = 45 * time.Second

func TestPairs(t *testing.T) {
	for _, p := range pairings {
		t.Run(strings.ReplaceAll(p.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			lab.Need(t)
			n := lab.New(t, lab.Standard)
			n.Host("gw").StartMail(lab.Mail{})
			via := func(n *lab.Network) []string { return n.Manage(true) }
			if p.via != nil {
				via = p.via
			}
			command := via(n)
			if p.do != nil {
				p.do(n)
			}
			defer n.Hold()
			out := n.RunPair(t, command)
			t.Logf("in %v:\n%s", out.Elapsed, out.Text)
			if out.ExitCode != p.exitCode {
				t.Errorf("exit code %d, want %d; standard error: %s", out.ExitCode, p.exitCode, out.Stderr)
			}
			if out.Elapsed > pairTimeout {
				t.Errorf("took %v", out.Elapsed)
			}
			if len(out.Sites[0].Vantages) != 2 {
				t.Fatalf("%d vantages", len(out.Sites[0].Vantages))
			}
			p.gateway.compare(t, "gateway", &out.Sites[0].Vantages[0])
			p.host.compare(t, "host", &out.Sites[0].Vantages[1])
			var names []string
			for _, c := range out.Sites[0].Conclusions {
				names = append(names, c.Name)
			}
			if p.or != "" && len(names) == 1 && names[0] == p.or {
				names = p.conclusions
			}
			if diff := cmp.Diff(p.conclusions, names); diff != "" {
				t.Errorf("conclusions: -want +got:\n%s", diff)
			}
		})
	}
}

func (s side) compare(t *testing.T, name string, v *lab.Vantage) {
	t.Helper()
	got := side{verdict: v.Verdict}
	if len(v.RootCauses) > 0 {
		got.check, got.cause = v.RootCauses[0].Check, v.RootCauses[0].Cause
	}
	if v.Vantage != name || got.verdict != s.verdict || got.check != s.check || got.cause != s.cause && s.cause != "" || len(v.RootCauses) > 1 {
		t.Errorf("%s says %+v (%d root causes), want %+v", v.Vantage, got, len(v.RootCauses), s)
	}
	if (v.Reason == "") != (s.reason == nil) {
		t.Errorf("%s: the reason is %q", name, v.Reason)
	}
	for _, words := range s.reason {
		if !strings.Contains(v.Reason, words) {
			t.Errorf("%s: the reason %q lacks %q", name, v.Reason, words)
		}
	}
}
