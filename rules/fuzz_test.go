package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/language"
)

const goodCheck = `check "good" {
  target = "127.0.0.1"
  probe "ping" {}
  pass    = result.received > 0
  explain = "No answer."
}
`

// importer imports whatever there is.
const importer = `import "net" {
  source = "./net"
  host   = "127.0.0.1"
}
check "top" {
  target     = net.fact.f.address
  depends_on = [net.check.good]
  probe "ping" {}
  pass    = result.received > 0 && net.check.good.passed
  explain = "No answer."
}
`

// FuzzLoad loads whatever it is given, as a check file, as an override of a
// sound one, as what one imports, beside something to import, as a lock and as a
// profile. Loading must not panic or hang, must say the same
// each time, and must give every diagnostic a text and a place that exists.
func FuzzLoad(f *testing.F) {
	for _, folder := range []string{"faulty", "valid"} {
		for _, c := range corpus(f, folder) {
			for name, file := range c.Files {
				f.Add(string(file.Data), strings.HasSuffix(name, ".json"))
			}
		}
	}
	kinds := probe.Kinds()
	f.Fuzz(func(t *testing.T, text string, json bool) {
		if len(text) > 1<<16 {
			return
		}
		suffix := ".hcl"
		if json {
			suffix = ".hcl.json"
		}
		for _, files := range []map[string]string{
			{"a" + suffix: text},
			{"good.hcl": goodCheck, "override" + suffix: text},
			{"good.hcl": importer, "net/a" + suffix: text},
			{"a" + suffix: text, "net/good.hcl": goodCheck, "vendor/net/good.hcl": goodCheck, language.LockName: text},
		} {
			o := overlay("case", files)
			rb, diags := rules.Load(kinds, o)
			again, more := rules.Load(kinds, o)
			if a, b := messages(diags), messages(more); !slices.Equal(a, b) {
				t.Fatalf("%q, then %q", a, b)
			}
			if len(rb.Checks) != len(again.Checks) {
				t.Fatal("another number of checks")
			}
			if !diags.HasErrors() && len(rb.Checks) == 0 {
				t.Fatal("no checks and no error")
			}
			_, profiles := rules.LoadSites(rb, overlay("case/sites.d", map[string]string{"a" + suffix: text}))
			for _, d := range append(diags, profiles...) {
				if d.Summary == "" || d.Detail == "" {
					t.Fatalf("empty text: %+v", d)
				}
				if d.Subject == nil {
					continue
				}
				src, ok := rb.Files[d.Subject.Filename]
				if _, hidden := hcl.DiagnosticExtra[diagnostic.Confidential](d); hidden && !ok {
					continue // a profile that may hold a secret anywhere
				}
				if !ok || d.Subject.Start.Byte > len(src) || d.Subject.End.Byte > len(src)+1 || d.Subject.Start.Line < 1 || d.Subject.Start.Column < 1 {
					t.Fatalf("%s: %s at %#v, which is not in the file", d.Summary, d.Detail, d.Subject)
				}
			}
		}
	})
}
