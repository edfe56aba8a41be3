//go:build linux

package checks_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }

// A trial is one network, what is done to it, and what linecheck must say when
// it runs on the gateway computer as root with raw sockets, and as an ordinary
// user.
//
//	go test ./checks.d -run 'TestFaults/^gateway_off$' -v
//
// shows what a person would read. With LINECHECK_LAB_KEEP=1 the network stays up
// to be looked at; with LINECHECK_LAB_PROOF=1 nothing but the injection is
// tested.
type trial struct {
	name  string
	shape lab.Shape // the zero value is lab.Standard
	// ipv6 repeats the trial in a network with IPv6 addresses only.
	ipv6 bool
	// vars lie over the network's own; "" leaves a variable unset.
	vars map[string]string
	from string // the computer that linecheck runs on; "" is gw
	// profile hands the values over in a site profile, not by --var.
	profile bool
	do      func(n *lab.Network)
	// twin is the trial in healthy that differs from this one in the fault
	// alone; "" is that network with nothing done to it.
	twin string
	// proof is a shell script of ordinary tools on the gateway computer that
	// fails unless the network is broken as it should be; see proofTools.
	proof string
	say   finding
	// ordinary is what an ordinary user must be told, where the kernel lets him see
	// less than root; nil is the same.
	ordinary *finding
}

// A finding is what must be said.
type finding struct {
	verdict string
	check   string   // of the one root cause; "" means that nothing is wrong
	cause   string   // "" is the check's own explanation
	names   []string // what the explanation must name, with $R2 …
	// skipped are the checks beside smtp_log that do not apply.
	skipped []string
	// before are warnings at checks below, in the report behind this one.
	before []finding
}

// fails is a finding that blocks everything behind the check.
func fails(check, cause string, names ...string) finding {
	return finding{verdict: "fail", check: check, cause: cause, names: names}
}

// warns is a finding at which the ladder goes on.
func warns(check, cause string, names ...string) finding {
	return finding{verdict: "warn", check: check, cause: cause, names: names}
}

// passes is a run without any finding.
var passes = finding{verdict: "pass"}

func (f finding) skips(checks ...string) finding {
	f.skipped = checks
	return f
}

// after adds warnings that stand lower on the ladder.
func (f finding) after(warnings ...finding) finding {
	f.before = warnings
	return f
}

// roots are the root causes in the order of the report: failures first.
func (f finding) roots() []finding {
	if f.check == "" {
		return nil
	}
	if f.verdict == "fail" {
		return append([]finding{f}, f.before...)
	}
	return append(slices.Clone(f.before), f)
}

// gates is the ladder: what stands right before each check.
var gates = map[string]string{
	"adapter": "loopback", "local_subnet": "adapter", "default_gateway": "local_subnet", "remote_subnet": "default_gateway",
	"dns": "remote_subnet", "smtp": "dns", "path_mtu": "remote_subnet", "smtp_log": "smtp",
}

// behind tells whether a check stands above another one on the ladder.
func behind(check, other string) bool {
	for check != "" && check != other {
		check = gates[check]
	}
	return check == other
}

// expected is how every check must come out.
func (f finding) expected(vars map[string]string) map[string]string {
	want := map[string]string{}
	for _, check := range []string{"loopback", "adapter", "local_subnet", "default_gateway", "remote_subnet", "dns", "smtp", "path_mtu", "smtp_log"} {
		status := "pass"
		for _, warning := range f.before {
			if check == warning.check {
				status = warning.verdict
			}
		}
		switch {
		case slices.Contains(f.skipped, check), check == "smtp_log" && vars["smtp_log"] == "":
			status = "skipped"
		case check == f.check:
			status = f.verdict
		case f.verdict == "fail" && behind(check, f.check):
			status = "blocked"
		}
		want["check."+check] = status
	}
	return want
}

// proofTools are shell functions for proofs.
const proofTools = `
alive()   { ping -n -c2 -i0.2 -W2 "$1" >/dev/null || { echo "$1 does not answer pings"; return 1; }; }
dead()    { ! ping -n -c1 -W1 $1 >/dev/null 2>&1 || { echo "$1 answers pings"; return 1; }; }
# Patient: a router that has sent its errors is silent for some seconds.
icmp()    { for try in 1 2 3; do out=$(ping -n -c1 -W4 $1 2>&1) || true; echo "$out" | grep -i "$2" && return; done; echo "no such ICMP error: $out"; return 1; }
rcode()   { dig +tries=1 +timeout=2 $NAME $RR | grep "status: $1"; }
resolves() { test "$(dig +tries=1 +timeout=2 +short $NAME $RR | head -1)" = "$1"; }
silent()  { dig +tries=1 +timeout=1 $* | grep -E "no servers could be reached|timed out"; }
# What the mail host says on port 25 within two seconds, or why it says nothing.
hear()    { timeout 2 bash -c 'exec 3<>/dev/tcp/$MAIL/25 && cat <&3' 2>&1 | head -c 200 | tr -d '\0\r' || true; }
# Patient: a mail server on a busy machine takes its time.
hears()   { for try in 1 2 3; do hear | grep -a -e "$1" && return; done; return 1; }
mute()    { test -z "$(hear)"; }
`

func TestFaults(t *testing.T)  { try(t, faults) }
func TestHealthy(t *testing.T) { try(t, healthy) }

// try runs trials side by side.
func try(t *testing.T, trials []trial) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	lab.Need(t, "nft", "bridge", "ping", "dig", "bash", "setpriv", "dnsmasq")
	seen := map[string]bool{}
	for i, tr := range trials {
		if seen[tr.name] {
			t.Fatalf("two trials are called %s", tr.name)
		}
		seen[tr.name] = true
		if tr.shape == (lab.Shape{}) {
			tr.shape = lab.Standard
		}
		run := func(name string, tr trial, users []string) {
			if len(users) > 0 {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					tr.run(t, users)
				})
			}
		}
		run(tr.name, tr, usersFor(i, tr, false))
		if tr.ipv6 {
			six := tr
			six.shape.IPv4, six.shape.IPv6 = false, true
			run(tr.name+"_ipv6", six, usersFor(i, tr, true))
		}
	}
}

// run tries it as these users, each in a fresh network: a Linux router sends two
// errors about a missing route and then none for a while, so that a second run
// finds another network than the first.
func (tr trial) run(t *testing.T, users []string) {
	proofOnly := os.Getenv("LINECHECK_LAB_PROOF") != ""
	for _, user := range users {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			tr := tr
			if user == "nobody" && tr.ordinary != nil {
				tr.say = *tr.ordinary
			}
			n := lab.New(t, tr.shape)
			if tr.do != nil {
				tr.do(n)
			}
			if !proofOnly {
				record := tr.recordTo(n, user)
				out := n.Run(t, lab.Run{From: tr.from, Vars: tr.vars, Profile: tr.profile, Nobody: user == "nobody", Record: record})
				tr.judge(t, n, out)
				tr.keep(t, n, record, out)
			}
			if user == "root" { // and afterwards, so that linecheck found everything untouched
				tr.prove(t, n)
			}
			n.Hold()
		})
	}
}

// prove holds the network against ordinary tools.
func (tr trial) prove(t *testing.T, n *lab.Network) {
	if tr.proof == "" {
		return
	}
	tools := n.Getenv("DIR") + "/proof"
	if err := os.WriteFile(tools, []byte(proofTools), 0o644); err != nil {
		t.Fatal(err)
	}
	n.Host("gw").Sh(". " + tools + "; " + tr.proof)
}

// exitCodes is DESIGN's table.
var exitCodes = map[string]int{"pass": 0, "warn": 0, "fail": 1}

// ladderLimit is within what the ladder must end, whatever is broken.
const ladderLimit = 30 * time.Second

func (tr trial) judge(t *testing.T, n *lab.Network, out *lab.Outcome) {
	t.Logf("%v\n%s%s", out.Elapsed.Round(time.Millisecond), out.Text, out.Stderr)
	if out.Verdict != tr.say.verdict || out.ExitCode != exitCodes[tr.say.verdict] {
		t.Errorf("verdict %s with exit code %d, want %s with %d", out.Verdict, out.ExitCode, tr.say.verdict, exitCodes[tr.say.verdict])
	}
	if out.Elapsed > ladderLimit {
		t.Errorf("took %v, at most %v are allowed", out.Elapsed, ladderLimit)
	}

	want := []lab.RootCause{}
	for _, f := range tr.say.roots() {
		want = append(want, lab.RootCause{Check: "check." + f.check, Status: f.verdict, Cause: f.cause})
	}
	texts := cmpopts.IgnoreFields(lab.RootCause{}, "Explain", "Remedy", "Blocks")
	if diff := cmp.Diff(want, out.RootCauses(), texts); diff != "" {
		t.Errorf("root causes (-want +got):\n%s", diff)
	}
	statuses := tr.say.expected(tr.vars)
	got := map[string]string{}
	var blocked []string
	for _, c := range out.Checks() {
		got[c.Address] = c.Status
		if c.Status == "blocked" {
			blocked = append(blocked, c.Address)
			if diff := cmp.Diff([]string{"check." + tr.say.check}, c.BlockedBy); diff != "" {
				t.Errorf("%s is blocked by (-want +got):\n%s", c.Address, diff)
			}
		}
	}
	if diff := cmp.Diff(statuses, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	for _, missing := range out.Holes(hole) {
		t.Error(missing)
	}
	for _, root := range out.RootCauses() {
		held := []string{}
		if root.Status == "fail" {
			held = blocked
		}
		if diff := cmp.Diff(held, root.Blocks, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s blocks (-want +got):\n%s", root.Check, diff)
		}
		if root.Explain == "" || root.Remedy == "" {
			t.Errorf("%s has no explanation or no remedy: %+v", root.Check, root)
		}
		for _, f := range tr.say.roots() {
			for _, name := range f.names {
				if address := os.Expand(name, n.Getenv); root.Check == "check."+f.check && !strings.Contains(root.Explain, address) {
					t.Errorf("the explanation does not name %s (%s): %s", name, address, root.Explain)
				}
			}
		}
	}
	if t.Failed() {
		var line bytes.Buffer
		json.Compact(&line, []byte(out.JSON))
		t.Logf("JSON: %s", line.Bytes())
	}
}
