//go:build linux

package checks_test

import (
	"cmp"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// labVar makes the lab try every trial as root and as an ordinary user. Left
// out, each is tried as one of them only, in turn.
//
//	LINECHECK_LAB=all go test ./checks.d -run 'TestFaults|TestHealthy|TestPairs'
const labVar = "LINECHECK_LAB"

// usersFor are those that a trial at that place of its table is tried as: both
// where all of the lab or a single trial is asked for.
func usersFor(place int) []string {
	switch {
	case os.Getenv("LINECHECK_LAB_PROOF") != "", os.Getenv(recordVar) != "":
		return []string{"root"}
	case os.Getenv(labVar) == "all", strings.Contains(flag.Lookup("test.run").Value.String(), "/"):
		return []string{"root", "nobody"}
	}
	return [][]string{{"root"}, {"nobody"}}[place%2]
}

// Every fault has a healthy twin: the trial that it names, or its own network
// with nothing done to it.
func TestTwins(t *testing.T) {
	byName := map[string]trial{}
	shapes := map[lab.Shape]bool{}
	for _, h := range healthy {
		byName[h.name] = h
		if h.do == nil {
			shapes[cmp.Or(h.shape, lab.Standard)] = true
		}
	}
	named := 0
	for _, f := range faults {
		switch twin, found := byName[f.twin]; {
		case f.twin == "" && !shapes[cmp.Or(f.shape, lab.Standard)]:
			t.Errorf("%s has no twin: no healthy trial has its shape", f.name)
		case f.twin == "":
		case !found:
			t.Errorf("%s has the twin %q, which is not a healthy trial", f.name, f.twin)
		case f.ipv6 && !twin.ipv6:
			t.Errorf("%s is tried in IPv6, its twin %s is not", f.name, f.twin)
		default:
			named++
		}
	}
	t.Logf("%d faults, %d of them with a twin of their own; %d healthy networks", len(faults), named, len(healthy))
}
