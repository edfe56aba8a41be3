//go:build linux

package checks_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// A side is what one vantage must say: its verdict and the cause of its one
// failure, "" without one, or one of two ("a or b"); or the words with which it
// was not reached.
type side struct {
	verdict, check, cause string
	reason                []string
}

// A pairing is a network in which both ends look at the line, the host through
// real ssh over a link of its own, and what must be said.
type pairing struct {
	name  string
	shape lab.Shape // the zero value is lab.Standard
	do    func(n *lab.Network)
	via   func(n *lab.Network) []string // nil: ssh to a computer with linecheck
	vars  lab.PairVars
	// twin is the pairing that differs from this one in the fault alone; ""
	// is "healthy". Of a pairing that is healthy itself it is its own name.
	twin          string
	gateway, host side
	conclusions   []string
	// or is what may be said in place of it: a router reports few errors, and
	// whichever end asks second may not get one (Linux's icmp_ratelimit).
	or       string
	exitCode int // anyCode: whatever follows
	// gwProof and mailProof are shell scripts of ordinary tools on either end
	// that fail unless the network is broken as it should be; see proofTools.
	gwProof, mailProof string
}

var works = side{verdict: "pass"}

// anything is a side whose verdict another check's tests are about.
var anything = side{verdict: "any"}

const anyCode = -1

// refusedBy is the host's side, or the gateway's, where port 25 is refused. Who
// refuses may be told by the step itself.
var refusedSMTP = side{"fail", "check.smtp", "", nil}

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

// pairings are those of all files.
var pairings = slices.Concat(linePairs, servicePairs, endPairs, namePairs, pastPairs, transportPairs)

var linePairs = []pairing{
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
	// The routers beside it have forgotten it: before that, they take a minute to
	// say so. Each end is told that the other is down, or nothing (path_broken).
	{name: "a router off", do: all(off("r2"), on("r1", "ip neigh flush all"), on("r3", "ip neigh flush all")),
		gateway: side{"fail", "check.remote_subnet", "remote_host_down or path_broken", nil}, host: side{"fail", "check.remote_subnet", "remote_host_down or path_broken", nil},
		conclusions: []string{"both_ways_broken_at_same_hop"}, or: "line_broken_between", exitCode: 1},

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
}

// pairTimeout bounds a run, on a computer that does other things as well: the
// ladder's 30 s and ssh's 20 s, twice.
const pairTimeout = 100 * time.Second

// prove holds a network against ordinary tools on a computer.
func prove(t *testing.T, n *lab.Network, host, script string) {
	t.Helper()
	if script == "" {
		return
	}
	tools := n.Getenv("DIR") + "/proof"
	if err := os.WriteFile(tools, []byte(proofTools+pairTools), 0o644); err != nil {
		t.Fatal(err)
	}
	n.Host(host).Sh(". " + tools + "; " + script)
}

// pairTools are more shell functions for the proofs of pairings.
const pairTools = `
# How port 25 of an address takes a connection: open, or why not.
port()    { timeout 3 bash -c "exec 3<>/dev/tcp/$1/${2:-25} && echo open" 2>&1 | tail -1; }
refused() { port $* | grep -i refused || { echo "$1 is not refused"; return 1; }; }
takes()   { port $* | grep open || { echo "$1 does not take connections"; return 1; }; }
`

// pairsAtOnce bounds the pairs under way: each has two mail servers and an ssh
// server, whose logins must not take so long that a vantage is given up.
var pairsAtOnce = make(chan struct{}, 4)

func TestPairs(t *testing.T) {
	names := map[string]bool{}
	for _, p := range pairings {
		names[p.name] = true
	}
	for i, p := range pairings {
		if p.twin != "" && !names[p.twin] {
			t.Errorf("%s: there is no twin %s", p.name, p.twin)
		}
		if !wholeLab() && (i%4 != 0 || os.Getenv(labVar) == "none") {
			continue
		}
		t.Run(strings.ReplaceAll(p.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			pairsAtOnce <- struct{}{}
			defer func() { <-pairsAtOnce }()
			lab.Need(t)
			if p.shape == (lab.Shape{}) {
				p.shape = lab.Standard
			}
			n := lab.New(t, p.shape)
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
			out := n.RunPairVars(t, command, p.vars)
			t.Logf("in %v:\n%s", out.Elapsed, out.Text)
			if out.ExitCode != p.exitCode && p.exitCode != anyCode {
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
			for _, missing := range out.Holes(hole) {
				t.Error(missing)
			}
			prove(t, n, "gw", p.gwProof)
			prove(t, n, "mail", p.mailProof)
		})
	}
}

func (s side) compare(t *testing.T, name string, v *lab.Vantage) {
	t.Helper()
	if s.verdict == "any" {
		return
	}
	got := side{verdict: v.Verdict}
	if len(v.RootCauses) > 0 && (s.reason == nil || v.RootCauses[0].Status != "error") { // of a lost one, what was under way
		got.check, got.cause = v.RootCauses[0].Check, v.RootCauses[0].Cause
	}
	if v.Vantage != name || got.verdict != s.verdict || got.check != s.check || !slices.Contains(strings.Split(s.cause, " or "), got.cause) && s.cause != "" || len(v.RootCauses) > 1 {
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
