package checks_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/rules"
)

// The offline tests that stand for what one end saw, by the cause that they
// find there.
var (
	allWell = "everything works"

	// A router says why it does not send on.
	told = []string{
		"a router has no route",            // no_route_to_remote
		"a filter on the way prohibits it", // path_prohibited
		"packets go round in a circle",     // routing_loop
	}
	// The end's own computer does.
	own = []string{
		"there is no way out and the gateway answers by a route of its own", // no_default_route
		"a route that refuses is the next step's fault, not the gateway's",  // local_route_blocks
		"this computer's firewall keeps pings to the remote host in",        // local_filter
	}
	// The way out is wrong at its very beginning.
	noWayOut = []string{
		"there is no way out",                     // no_default_route of default_gateway
		"the routing table names another gateway", // gateway_address_wrong
	}
	// Nobody says anything.
	silent = []string{
		"the way is silent behind a router", // path_broken
		"the gateway does not forward",      // gateway_not_forwarding
	}
	hostDown    = "the last router says that nobody is there" // remote_host_down
	mailStopped = "the mail service is not running"           // smtp_refused
	mailBlocked = []string{
		"connections vanish",                           // smtp_filtered
		"a firewall on the way turns connections away", // smtp_prohibited
	}
)

// nowhere stands for an end that was not looked from.
const nowhere = ""

// A sighting is what each end saw, and what must be concluded from both.
type sighting struct {
	gateway, host string // names of offline tests
	want          []string
	// says are words that the last explanation must hold.
	says string
	// change adds what those tests do not hold: when it was looked, what the
	// computers show of themselves. Nil: nothing.
	change func(gateway, host *engine.VantageReport)
}

func sightings() []sighting {
	all := []sighting{
		{gateway: allWell, host: allWell},
		{gateway: nowhere, host: allWell},
		{gateway: allWell, host: nowhere},
		{gateway: nowhere, host: nowhere},
		{gateway: allWell, host: mailStopped, want: []string{"gateway_not_running"}},
		{gateway: nowhere, host: mailStopped, want: []string{"gateway_not_running"}},
		{gateway: mailStopped, host: allWell},
		{gateway: hostDown, host: hostDown, want: []string{"both_ways_broken_at_same_hop"}},
		{gateway: hostDown, host: silent[0], want: []string{"line_broken_between"}, says: "The gateway alone is told that the other can't be reached"},
		{gateway: silent[0], host: hostDown, want: []string{"line_broken_between"}, says: "The host alone is told that the other can't be reached"},
		{gateway: silent[0], host: silent[0], want: []string{"line_broken_between"}, says: "No router says why"},
	}
	return slices.Concat(all, directions(), refusals(), selves(), apart(), pastOneAnother())
}

// directions are sightings of a broken line, each in both directions.
func directions() []sighting {
	var all []sighting
	add := func(here, there, out, back string) {
		list := func(name string) []string {
			if name == "" {
				return nil
			}
			return []string{name}
		}
		all = append(all, sighting{gateway: here, host: there, want: list(out)}, sighting{gateway: there, host: here, want: list(back)})
	}
	for _, t := range slices.Concat(told, own) {
		for _, s := range silent {
			add(t, s, "one_way_out", "one_way_back")
		}
		add(t, nowhere, "", "")
	}
	for _, t := range told {
		add(t, allWell, "one_way_out", "one_way_back")
		add(t, hostDown, "both_ways_broken_at_same_hop", "both_ways_broken_at_same_hop")
		for _, other := range told {
			add(t, other, "both_ways_broken_at_same_hop", "both_ways_broken_at_same_hop")
		}
		for _, other := range own {
			add(t, other, "two_faults", "two_faults")
		}
	}
	for _, o := range own {
		add(o, allWell, "", "") // answers get through all the same
		add(o, hostDown, "two_faults", "two_faults")
		for _, other := range slices.Concat(own, noWayOut) {
			add(o, other, "two_faults", "two_faults")
		}
	}
	for _, n := range noWayOut {
		for _, s := range silent {
			add(n, s, "one_way_out", "one_way_back")
		}
		for _, other := range noWayOut {
			add(n, other, "two_faults", "two_faults")
		}
		add(n, allWell, "", "") // its own finding says it all
		add(n, told[0], "", "")
	}
	for _, s := range silent {
		add(s, allWell, "one_way_out", "one_way_back")
		add(s, hostDown, "line_broken_between", "line_broken_between")
		add(s, nowhere, "", "")
		for _, other := range silent {
			add(s, other, "line_broken_between", "line_broken_between")
		}
	}
	for _, m := range mailBlocked {
		add(m, allWell, "only_mail_blocked", "only_mail_blocked")
		add(m, told[0], "one_way_back", "one_way_out")
		add(m, nowhere, "", "")
	}
	add(hostDown, allWell, "one_way_out", "one_way_back")
	add("remote_host is this computer's own address", allWell, "", "")
	return all
}

// What both ends together tell, from what each saw in an offline test. Every
// conclusion is drawn by some sighting and by others not.
func TestConclusions(t *testing.T) {
	s, err := suite(checks.FS, "tests")
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]int{}
	all := sightings()
	problems, err := concluded(t.Context(), s, all, func(c *engine.ConclusionReport) { drawn[c.Name]++ })
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	for _, c := range s.Runbook.Conclusions {
		if n := drawn[c.Name]; n == 0 || n == len(all) {
			t.Errorf("%s is drawn %d times of %d", c.Name, n, len(all))
		}
	}
	t.Logf("%d sightings", len(all))
}

// concluded says which sightings lead to something else than they must, and
// calls each with every conclusion.
func concluded(ctx context.Context, s *offline.Suite, all []sighting, each func(*engine.ConclusionReport)) ([]string, error) {
	seen := map[string]*engine.VantageReport{}
	from := func(test, vantage string) (*engine.VantageReport, error) {
		if seen[test] == nil {
			outcomes, diags := s.Run(ctx, func(r *rules.TestRun) bool { return r.Name == test })
			if diags.HasErrors() {
				return nil, diags
			}
			if len(outcomes) != 1 {
				return nil, fmt.Errorf("%d tests are called %q", len(outcomes), test)
			}
			seen[test] = outcomes[0].Report.Sites[0].Vantages[0]
		}
		v := *seen[test]
		v.Name = vantage
		return &v, nil
	}
	var problems []string
	for _, p := range all {
		site, seenBy := &engine.SiteReport{Name: "pair"}, map[string]*engine.VantageReport{}
		for _, end := range [][2]string{{p.gateway, "gateway"}, {p.host, "host"}} {
			if end[0] == nowhere {
				continue
			}
			v, err := from(end[0], end[1])
			if err != nil {
				return nil, err
			}
			v.StartedAt = time.Unix(0, 0) // of all at once
			seenBy[end[1]] = v
			site.Vantages = append(site.Vantages, v)
		}
		lookAtOneAnother(seenBy["gateway"], seenBy["host"])
		if p.change != nil {
			p.change(seenBy["gateway"], seenBy["host"])
		}
		held, diags := engine.Conclude(s.Runbook, site)
		var names []string
		for _, c := range held {
			names = append(names, c.Name)
			each(c)
			if strings.Contains(c.Explain, "not observed") {
				problems = append(problems, fmt.Sprintf("%s has a hole: %s", c.Name, c.Explain))
			}
			if len(c.Evidence) == 0 {
				problems = append(problems, fmt.Sprintf("%s has no evidence", c.Name))
			}
		}
		if p.says != "" && (len(held) == 0 || !strings.Contains(held[len(held)-1].Explain, p.says)) {
			problems = append(problems, fmt.Sprintf("gateway: %q, host: %q: %q is not said", p.gateway, p.host, p.says))
		}
		if diff := cmp.Diff(p.want, names); diff != "" {
			problems = append(problems, fmt.Sprintf("gateway: %q, host: %q: conclusions (-want +got):\n%s", p.gateway, p.host, diff))
		}
		if len(diags) > 0 {
			problems = append(problems, diags.Error())
		}
	}
	return slices.Compact(problems), nil
}
