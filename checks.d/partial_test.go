//go:build linux

package checks_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// A lookedAt is one run that leaves steps out, and what its report may say of
// the rest: "STATUS LOOKED/STEPS" of each layer.
type lookedAt struct {
	name    string
	vars    map[string]string
	args    []string
	layers  map[string]string
	exit    int
	verdict string // how the last line begins, and what stands in it
	part    string
	untried []string // of the root cause
}

// TestLookedAt holds that no layer, verdict or root cause claims more than was
// looked at, as root and as an ordinary user, for a network in which all is well
// and for one whose gateway is off.
func TestLookedAt(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	lab.Need(t, "nft", "bridge", "setpriv", "dnsmasq")
	well := []lookedAt{
		{name: "all", layers: map[string]string{"ip": "pass 7/7", "tcp": "pass 1/1", "log": "skipped 0/0"}, verdict: "✓ PASS"},
		{name: "one check", args: []string{"--only", "check.loopback"},
			layers: map[string]string{"ip": "partial 1/7", "tcp": "skipped 0/1", "log": "skipped 0/1"}, verdict: "✓ PASS", part: "(1 of 9 steps)"},
		{name: "one check, and what is left out counts", args: []string{"--only", "check.loopback", "--fail-on-skip"}, exit: 3,
			layers: map[string]string{"ip": "partial 1/7", "tcp": "skipped 0/1", "log": "skipped 0/1"}, verdict: "✓ PASS", part: "(1 of 9 steps)"},
		{name: "without DNS", args: []string{"--skip", "dns"},
			layers: map[string]string{"ip": "partial 6/7", "tcp": "pass 1/1", "log": "skipped 0/0"}, verdict: "✓ PASS", part: "(7 of 8 steps)"},
		{name: "no value for a step", vars: map[string]string{"subnet_host": ""}, args: []string{"--fail-on-skip"},
			layers: map[string]string{"ip": "partial 6/7", "tcp": "pass 1/1", "log": "skipped 0/0"}, verdict: "✓ PASS", part: "(7 of 8 steps)"},
		{name: "no mail host", vars: map[string]string{"mail_host": ""},
			layers: map[string]string{"ip": "partial 6/7", "tcp": "skipped 0/1", "log": "skipped 0/0"}, verdict: "✓ PASS", part: "(6 of 8 steps)"},
		{name: "an address needs no DNS", vars: map[string]string{"mail_host": "$MAIL"}, args: []string{"--fail-on-skip"},
			layers: map[string]string{"ip": "pass 6/6", "tcp": "pass 1/1", "log": "skipped 0/0"}, verdict: "✓ PASS"},
		{name: "nothing", args: []string{"--skip", "*"}, exit: 3,
			layers: map[string]string{"ip": "skipped 0/7", "tcp": "skipped 0/1", "log": "skipped 0/1"}, verdict: "? ERROR", part: "nothing ran"},
	}
	broken := []lookedAt{
		{name: "the last step alone", vars: map[string]string{"mail_host": "$MAIL"}, exit: 1,
			args:   []string{"--skip=loopback", "--skip=adapter", "--skip=local_subnet", "--skip=default_gateway", "--skip=remote_subnet", "--skip=path_mtu", "--skip=dns"},
			layers: map[string]string{"ip": "skipped 0/7", "tcp": "fail 1/1", "log": "skipped 0/0"}, verdict: "✗ FAIL",
			untried: []string{"check.loopback", "check.adapter", "check.local_subnet", "check.default_gateway", "check.remote_subnet", "check.dns"}},
		{name: "without a value for the step before", vars: map[string]string{"subnet_host": ""}, exit: 1,
			layers: map[string]string{"ip": "fail 3/7", "tcp": "blocked 0/1", "log": "skipped 0/0"}, verdict: "✗ FAIL",
			untried: []string{"check.local_subnet"}},
		{name: "all", exit: 1, layers: map[string]string{"ip": "fail 4/7", "tcp": "blocked 0/1", "log": "skipped 0/0"}, verdict: "✗ FAIL"},
	}
	for _, user := range []string{"root", "nobody"} {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			n := lab.New(t, lab.Standard)
			for _, l := range well {
				t.Run(l.name, func(t *testing.T) { l.judge(t, n, user == "nobody") })
			}
			off("r1")(n)
			for _, l := range broken {
				t.Run("gateway off, "+l.name, func(t *testing.T) { l.judge(t, n, user == "nobody") })
			}
		})
	}
}

func (l lookedAt) judge(t *testing.T, n *lab.Network, nobody bool) {
	out := n.Run(t, lab.Run{Vars: l.vars, Args: l.args, Nobody: nobody})
	var report struct {
		Sites []struct {
			Vantages []struct {
				Layers []struct {
					Name, Status string
					LookedAt     int `json:"looked_at"`
					Steps        int
				}
				RootCauses []struct{ Untried []string } `json:"root_causes"`
			}
		}
	}
	if err := json.Unmarshal([]byte(out.JSON), &report); err != nil {
		t.Fatal(err)
	}
	v := report.Sites[0].Vantages[0]
	got := map[string]string{}
	for _, layer := range v.Layers {
		got[layer.Name] = fmt.Sprintf("%s %d/%d", layer.Status, layer.LookedAt, layer.Steps)
	}
	if diff := cmp.Diff(l.layers, got); diff != "" {
		t.Errorf("layers (-want +got):\n%s", diff)
	}
	if out.ExitCode != l.exit {
		t.Errorf("exit code %d, want %d", out.ExitCode, l.exit)
	}
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	last := words(out.Text[strings.LastIndex(out.Text, "\n\n"):])
	if !strings.HasPrefix(last, l.verdict) || !strings.Contains(last, l.part) || l.part == "" && strings.Contains(last, "as far as") {
		t.Errorf("verdict: %s", last)
	}
	if text := words(out.Text); strings.Contains(text, "IP layer works as far as") != (strings.HasPrefix(l.layers["ip"], "partial")) {
		t.Errorf("the text does not say how much of the IP layer was looked at")
	}
	var untried []string
	for _, root := range v.RootCauses {
		untried = append(untried, root.Untried...)
	}
	if !slices.Equal(l.untried, untried) {
		t.Errorf("not tried: %v, want %v", untried, l.untried)
	}
	if t.Failed() {
		t.Logf("%s%s", out.Text, out.Stderr)
	}
}
