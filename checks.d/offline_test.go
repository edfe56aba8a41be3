package checks_test

import (
	"io/fs"
	"os"
	"testing"

	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
)

// suite is the tests in a folder of the runbook in fsys.
func suite(fsys fs.FS, folders ...string) (*offline.Suite, error) {
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "checks.d", FS: fsys})
	if diags.HasErrors() {
		return nil, diags
	}
	profiles, err := fs.Sub(fsys, "sites.d")
	if err != nil {
		return nil, err
	}
	sites, diags := rules.LoadSites(rb, rules.Overlay{Name: "checks.d/sites.d", FS: profiles})
	if diags.HasErrors() {
		return nil, diags
	}
	var overlays []rules.Overlay
	for _, name := range folders {
		folder, err := fs.Sub(fsys, name)
		if err != nil {
			return nil, err
		}
		overlays = append(overlays, rules.Overlay{Name: "checks.d/" + name, FS: folder})
	}
	tests, diags := rules.LoadTests(rb, overlays...)
	if diags.HasErrors() {
		return nil, diags
	}
	return &offline.Suite{Runbook: rb, Tests: tests, Sites: sites, Probes: probe.All()}, nil
}

// The offline tests of the shipped runbook, which "linecheck test" runs as well.
// They show every check, every cause and every condition both ways: what they
// leave out is told with its place.
func TestOffline(t *testing.T) {
	s, err := suite(checks.FS, "tests")
	if err != nil {
		t.Fatal(err)
	}
	s.Coverage = offline.NewCoverage(s.Runbook)
	run(t, s)
	for _, gap := range s.Coverage.Gaps() {
		t.Errorf("%s:%d: %s", gap.Range.Filename, gap.Range.Start.Line, gap.Text)
	}
	t.Logf("%v checks, %v causes, %v conditions", s.Coverage.Ran(), s.Coverage.Causes(), s.Coverage.Conditions())
}

// What the faults of the lab looked like is judged as it was there, on every
// machine; record_test.go has how they are recorded anew.
func TestRecorded(t *testing.T) {
	s, err := suite(os.DirFS("."), "tests/lab")
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Tests.Runs) == 0 {
		t.Fatal("there is no recording")
	}
	run(t, s)
}

// run runs a suite and fails the test with what differs.
func run(t *testing.T, s *offline.Suite) {
	outcomes, diags := s.Run(t.Context(), nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, o := range outcomes {
		for _, missing := range holes(s.Runbook, o.Report) {
			t.Errorf("%s:%d: %s: %s", o.Test.DeclRange.Filename, o.Test.DeclRange.Start.Line, o.Test.Name, missing)
		}
		for _, d := range o.Differences {
			t.Errorf("%s:%d: %s: %s", o.Test.DeclRange.Filename, o.Test.DeclRange.Start.Line, o.Test.Name, d)
		}
	}
	t.Logf("%d tests", len(outcomes))
}
