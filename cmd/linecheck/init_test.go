package main

import (
	"strings"
	"testing"
	"testing/fstest"

	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/format"
)

// TestStart fills a folder in with what computers of all sorts know, and holds
// each against the runbook that it is laid over.
func TestStart(t *testing.T) {
	for name, test := range map[string]struct {
		localNetwork
		has, hasNot string
	}{
		"all": {localNetwork{"10.1.0.1", "10.1.0.5", "10.1.0.0/24", []string{"10.1.0.53", "10.1.0.54"}},
			`default_gateway = "10.1.0.1"|dns_servers = ["10.1.0.53", "10.1.0.54"]|# This computer is 10.1.0.5 in 10.1.0.0/24.`, "# default_gateway|# dns_servers"},
		"IPv6": {localNetwork{"2001:db8::1", "2001:db8::5", "2001:db8::/64", []string{"2001:db8::53"}},
			`default_gateway = "2001:db8::1"|dns_servers = ["2001:db8::53"]`, "# default_gateway"},
		"a link-local router": {localNetwork{"fe80::1%eth0", "2001:db8::5", "2001:db8::/64", nil},
			"# This subnet's router. The routing table has fe80::1%eth0|# default_gateway =|set to ask none", "\n    default_gateway"},
		"a resolver of its own": {localNetwork{"10.1.0.1", "10.1.0.5", "10.1.0.0/24", []string{"127.0.0.53"}},
			"It is set to ask 127.0.0.53.|# dns_servers =", "\n    dns_servers"},
		"nothing": {localNetwork{}, "This computer has no default route.|# dns_servers =|# default_gateway =", "\n    default_gateway|\n    dns_servers"},
	} {
		t.Run(name, func(t *testing.T) {
			files, err := newStart("dublin", "sites/dublin", test.localNetwork).files()
			if err != nil {
				t.Fatal(err)
			}
			folder, sites, tests := fstest.MapFS{}, fstest.MapFS{}, fstest.MapFS{}
			for _, f := range files {
				if strings.HasSuffix(f.path, ".hcl") {
					formatted, diags := format.Source(f.path, f.content)
					if diags.HasErrors() || string(formatted) != string(f.content) {
						t.Errorf("%s is not formatted: %v\n%s", f.path, diags, f.content)
					}
				}
				switch {
				case strings.HasPrefix(f.path, "sites.d/"):
					sites[strings.TrimPrefix(f.path, "sites.d/")] = &fstest.MapFile{Data: f.content}
					for want := range strings.SplitSeq(test.has, "|") {
						if !strings.Contains(string(f.content), want) {
							t.Errorf("the profile does not hold %q:\n%s", want, f.content)
						}
					}
					for not := range strings.SplitSeq(test.hasNot, "|") {
						if strings.Contains(string(f.content), not) {
							t.Errorf("the profile holds %q:\n%s", not, f.content)
						}
					}
				case strings.HasPrefix(f.path, "tests/"):
					tests[strings.TrimPrefix(f.path, "tests/")] = &fstest.MapFile{Data: f.content}
				default:
					folder[f.path] = &fstest.MapFile{Data: f.content}
				}
			}
			rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: embedded, FS: checks.FS}, rules.Overlay{Name: "dublin", FS: folder})
			_, more := rules.LoadSites(rb, rules.Overlay{Name: "dublin/sites.d", FS: sites})
			diags = append(diags, more...)
			_, more = rules.LoadTests(rb, rules.Overlay{Name: "dublin/tests", FS: tests})
			if diags = append(diags, more...); len(diags) > 0 {
				t.Error(diags)
			}
		})
	}
}
