package offline_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type files map[string]string

func (f files) fs() fstest.MapFS {
	all := fstest.MapFS{}
	for name, text := range f {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func TestMatchText(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"a", "a", true},
		{"a", "ab", false},
		{"…", "", true},
		{"*", "anything", true},
		{"…b…", "abc", true},
		{"…b", "abc", false},
		{"a…c", "abc", true},
		{"ab…bc", "abc", false}, // no character stands for two
		{"a…b…c", "axbxc", true},
		{"a…b…c", "axc", false},
		{"a  b", "a\n b ", true},
		{"a.c", "abc", false},
		{"…b…b…", "ab", false},
	} {
		if got := offline.MatchText(test.pattern, test.text); got != test.want {
			t.Errorf("MatchText(%q, %q) = %v", test.pattern, test.text, got)
		}
	}
}

// A condition counts where it had a say, and only as what it came out to be.
func TestCoverageCounts(t *testing.T) {
	rb := load(t, `
check "a" {
  target = "192.0.2.1"
  probe "dns" {}
  pass    = result.hosts_file || (result.rcode == "NOERROR" && anytrue([for s in result.servers : !s.refused if s.answered]))
  explain = "No: ${result.rcode == "REFUSED" ? "refused" : "other"}."
  cause "won" {
    when    = result.rcode == "NXDOMAIN"
    explain = "Missing."
  }
}`)
	suite := suiteOf(t, rb, `
run "first" {
  result "check.a" {
    hosts_file = false
    rcode      = "NOERROR"
    servers    = [{ answered = true, refused = false }, { answered = false, refused = true }]
  }
  expect { verdict = "pass" }
}
run "second" {
  result "check.a" {
    hosts_file = false
    rcode      = "REFUSED"
    servers    = [{ answered = true, refused = true }]
  }
  expect { verdict = "fail" }
}
run "third" {
  result "check.a" { hosts_file = true }
  expect { verdict = "pass" }
}`)
	outcomes, diags := suite.Run(t.Context(), nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, o := range outcomes {
		if !o.Passed() {
			t.Errorf("%s: %+v", o.Test.Name, o.Differences)
		}
	}
	type count struct{ True, False int }
	got := map[string]count{}
	for _, p := range suite.Coverage.Points() {
		text := p.Text
		if strings.Contains(text, "||") {
			text = "pass"
		}
		got[text] = count{p.True, p.False}
	}
	want := map[string]count{
		"pass":                      {2, 1},
		"result.hosts_file":         {1, 2},
		`result.rcode == "NOERROR"`: {1, 1},
		"anytrue([for s in result.servers : !s.refused if s.answered])": {1, 0},
		"s.answered":                 {1, 1},
		"s.refused":                  {0, 1},
		`result.rcode == "NXDOMAIN"`: {0, 1},
		`result.rcode == "REFUSED"`:  {1, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
	if c := suite.Coverage; c.Conditions().Done == c.Conditions().Of || c.Ran() != (offline.Tally{Of: 1, Done: 1}) || c.Causes() != (offline.Tally{Of: 1}) {
		t.Errorf("ran %v, causes %v", c.Ran(), c.Causes())
	}
}

func suiteOf(t testing.TB, rb *rules.Runbook, text string) *offline.Suite {
	t.Helper()
	tests, diags := rules.LoadTests(rb, rules.Overlay{Name: "tests", FS: files{"a.test.hcl": text}.fs()})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return &offline.Suite{Runbook: rb, Tests: tests, Probes: probe.All(), Coverage: offline.NewCoverage(rb)}
}

// What an import brings in is tested with the rest, and covered by its own tests.
func TestImports(t *testing.T) {
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "rb", FS: files{
		"a.hcl": `
import "one" {
  source = "./sub"
  host   = "192.0.2.1"
}
import "two" {
  source = "./sub"
  host   = "192.0.2.2"
}
check "own" {
  target     = "192.0.2.3"
  depends_on = [one.check.up, two.check.up]
  probe "ping" {}
  pass    = result.received > 0 && one.fact.name.rcode == "NOERROR"
  explain = "No."
}`,
		"sub/a.hcl": `
variable "host" {}
fact "name" {
  target = var.host
  probe "dns" {}
}
check "up" {
  target = var.host
  probe "ping" {}
  pass    = result.received > 0 # linecheck:never-false result.received > 0: of no concern to who imports it
  explain = "${var.host} is silent."
}`,
	}.fs()})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	suite := suiteOf(t, rb, `
run "all" {
  result "one.check.up" { received = 1 }
  result "two.check.up" { received = 1 }
  result "check.own" { received = 1 }
  result "one.fact.name" { rcode = "NOERROR" }
  expect { verdict = "pass" }
}
run "second" {
  result "one.check.up" { received = 1 }
  result "two.check.up" { received = 0 }
  expect {
    root_cause = two.check.up
    explain    = "192.0.2.2 is silent."
    status     = { own = "blocked", "one.check.up" = "pass" }
  }
}`)
	outcomes, diags := suite.Run(t.Context(), nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, o := range outcomes {
		if !o.Passed() {
			t.Errorf("%s: %+v", o.Test.Name, o.Differences)
		}
	}
	if c := suite.Coverage; c.Ran() != (offline.Tally{Of: 1, Done: 1}) || len(c.Checks()) != 1 || len(c.Gaps()) != 3 {
		t.Errorf("ran %v, gaps %+v", c.Ran(), c.Gaps())
	}
}
