package main

import (
	"strings"
	"testing"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle/lock"
)

// A lock does not go back unnoticed, by whichever way; what only looks like it
// is left alone.
func TestDowngrade(t *testing.T) {
	const home, mirror = "oci://registry.example/runbooks/net", "oci://mirror.example/copies/net"
	entry := func(name, source, version, digest string) *lock.Entry {
		return &lock.Entry{Name: name, Source: source, Version: version, Digest: digest}
	}
	for name, tc := range map[string]struct {
		before, after []*lock.Entry
		says          string // "": it does not go back
	}{
		"older":                    {[]*lock.Entry{entry("net", home, "2.1.0", "a")}, []*lock.Entry{entry("net", home, "2.0.9", "b")}, `"net" is locked to version 2.1.0`},
		"older by number":          {[]*lock.Entry{entry("net", home, "2.10.0", "a")}, []*lock.Entry{entry("net", home, "2.9.0", "b")}, "2.9.0, which is older"},
		"a prerelease of it":       {[]*lock.Entry{entry("net", home, "2.0.0", "a")}, []*lock.Entry{entry("net", home, "2.0.0-rc.1", "b")}, "2.0.0-rc.1, which is older"},
		"an earlier prerelease":    {[]*lock.Entry{entry("net", home, "2.0.0-rc.10", "a")}, []*lock.Entry{entry("net", home, "2.0.0-rc.9", "b")}, "which is older"},
		"an earlier build":         {[]*lock.Entry{entry("net", home, "2.0.0+2", "a")}, []*lock.Entry{entry("net", home, "2.0.0+1", "b")}, "which is older"},
		"older at a mirror":        {[]*lock.Entry{entry("net", home, "2.1.0", "a")}, []*lock.Entry{entry("net", mirror, "2.0.0", "b")}, mirror + " offers"},
		"another one at a mirror":  {[]*lock.Entry{entry("net", home, "2.1.0", "a")}, []*lock.Entry{entry("net", mirror, "2.1.0", "b")}, "another package under that version, b"},
		"older and renamed":        {[]*lock.Entry{entry("net", home, "2.1.0", "a")}, []*lock.Entry{entry("way", home, "2.0.0", "b")}, `"net" is locked to version 2.1.0`},
		"renamed, the newest":      {[]*lock.Entry{entry("a", home, "1.0.0", "a"), entry("b", home, "2.1.0", "b")}, []*lock.Entry{entry("way", home, "2.0.0", "c")}, `"b" is locked to version 2.1.0`},
		"the second of two":        {[]*lock.Entry{entry("mail", "oci://h/mail", "1.0.0", "a"), entry("net", home, "2.1.0", "b")}, []*lock.Entry{entry("mail", "oci://h/mail", "1.1.0", "c"), entry("net", home, "1.0.0", "d")}, `"net" is locked`},
		"newer":                    {[]*lock.Entry{entry("net", home, "2.9.0", "a")}, []*lock.Entry{entry("net", home, "2.10.0", "b")}, ""},
		"the same":                 {[]*lock.Entry{entry("net", home, "2.1.0", "a")}, []*lock.Entry{entry("net", home, "2.1.0", "a")}, ""},
		"the same at a mirror":     {[]*lock.Entry{entry("net", home, "2.1.0", "a")}, []*lock.Entry{entry("net", mirror, "2.1.0", "a")}, ""},
		"new":                      {nil, []*lock.Entry{entry("net", home, "1.0.0", "a")}, ""},
		"another runbook":          {[]*lock.Entry{entry("net", home, "2.1.0", "a")}, []*lock.Entry{entry("net", "oci://registry.example/runbooks/line", "0.1.0", "b")}, ""},
		"an older one beside it":   {[]*lock.Entry{entry("net", home, "2.1.0", "a")}, []*lock.Entry{entry("net", home, "2.1.0", "a"), entry("net_old", home, "1.0.0", "b")}, ""},
		"removed, and another new": {[]*lock.Entry{entry("net", home, "2.1.0", "a")}, []*lock.Entry{entry("mail", "oci://h/mail", "1.0.0", "b")}, ""},
	} {
		r := &resolution{before: &lock.File{Entries: tc.before}}
		for _, e := range tc.after {
			r.imports = append(r.imports, &rules.Import{Name: e.Name, Source: e.Source})
		}
		var said []string
		for _, e := range tc.after {
			if back := r.downgrade(e); back != "" {
				said = append(said, back)
			}
		}
		if all := strings.Join(said, "; "); (tc.says == "") != (all == "") || !strings.Contains(all, tc.says) {
			t.Errorf("%s: %q, want %q", name, all, tc.says)
		}
	}
}
