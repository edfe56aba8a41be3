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

// labVar makes the lab try every trial as root and as an ordinary user, and in
// IPv6 where that is possible. Left out, every third is tried, once, in turn as
// one of them and in one of the families, and every fourth pair of ends; "none"
// leaves them to another run.
//
//	LINECHECK_LAB=all go test ./checks.d -run 'TestFaults|TestHealthy|TestPairs'
const labVar = "LINECHECK_LAB"

// wholeLab reports whether all of the lab is asked for, or a trial by its name.
func wholeLab() bool {
	return os.Getenv(labVar) == "all" || os.Getenv(recordVar) != "" || os.Getenv("LINECHECK_LAB_PROOF") != "" ||
		strings.Contains(flag.Lookup("test.run").Value.String(), "/")
}

// usersFor are those that the trial at a place of its table is tried as, in
// IPv6 or not; none where another run of the trial stands for it.
func usersFor(place int, tr trial, ipv6 bool) []string {
	switch {
	case os.Getenv("LINECHECK_LAB_PROOF") != "", os.Getenv(recordVar) != "":
		return []string{"root"}
	case wholeLab():
		return []string{"root", "nobody"}
	case os.Getenv(labVar) == "none", place%3 != 0, tr.ipv6 && ipv6 != (place/6%2 == 1):
		return nil
	}
	return [][]string{{"root"}, {"nobody"}}[place/3%2]
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
