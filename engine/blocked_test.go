package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine"
)

func TestBlockedNamesRootCausesOnly(t *testing.T) {
	check := func(name string, gates ...string) string {
		for i := range gates {
			gates[i] = "check." + gates[i]
		}
		return fmt.Sprintf("check %q {\n target = %q\n depends_on = [%s]\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n}\n", name, name, strings.Join(gates, ", "))
	}
	warns := "check \"warns\" {\n target = \"warns\"\n probe \"ask\" {}\n pass = result.ok\n explain = \"no\"\n cause \"w\" {\n when = !result.ok\n severity = \"warn\"\n explain = \"a warning\"\n}\n}\n"
	src := check("a") + check("b") + warns + check("c", "a") + check("d", "b", "a", "warns") + check("e", "d", "c") + check("f", "warns")
	expect(t, run(t, src, engine.Settings{}, script{"a": no, "b": broken, "warns": no}),
		"a fail explain=no blocks=check.c,check.d,check.e",
		"b error blocks=check.d,check.e reason=socket: permission denied",
		"warns warn cause=w explain=a warning",
		"c blocked by=check.a",
		"d blocked by=check.a,check.b",
		"e blocked by=check.a,check.b",
		"f pass",
	)
}

// A reference is no gate, but what can't be aimed without it is not a finding
// of its own.
func TestATargetThatNobodyObservedIsNoSecondRootCause(t *testing.T) {
	const src = `
fact "f" {
  target = check.a.result.text
  probe "ask" {}
}
check "a" {
  target = "a"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "direct" {
  target = check.a.result.text
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "by_fact" {
  target = fact.f.text
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
check "behind" {
  depends_on = [check.direct]
  target     = "x"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`
	expect(t, run(t, src, engine.Settings{}, script{"a": no}),
		"a fail explain=no blocks=check.direct,check.by_fact,check.behind",
		"direct blocked by=check.a", "by_fact blocked by=check.a", "behind blocked by=check.a")
	expect(t, run(t, src, engine.Settings{}, script{"a": yes}),
		"a pass",
		"direct error blocks=check.behind reason=its target is not known, because check.a.result.text was not observed",
		"by_fact error reason=its target is not known, because fact.f was not gathered: its target is not known, because check.a.result.text was not observed",
		"behind blocked by=check.direct")
	expect(t, run(t, src, engine.Settings{Skip: []string{"a"}}, nil),
		"a skipped reason=left out by --skip a",
		"direct skipped reason=its target is not known, because check.a was skipped",
		"by_fact skipped reason=its target is not known, because fact.f was not gathered: its target is not known, because check.a was skipped",
		"behind pass")
}
