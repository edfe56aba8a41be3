package engine_test

import (
	"slices"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

func TestCauses(t *testing.T) {
	const src = `
check "one" {
  target = "t"
  probe "ask" {}
  pass    = result.ok
  warn    = result.number > 10
  explain = "own"
  remedy  = "own remedy"
  cause "one" {
    when    = result.number == 1 || result.number > 10
    explain = "one"
  }
  cause "two" {
    when     = result.number >= 2
    severity = "warn"
    explain  = "two of ${result.number}"
    remedy   = "other remedy"
  }
}
`
	for _, test := range []struct {
		ok     cty.Value
		number cty.Value
		want   string
	}{
		{cty.True, cty.NumberIntVal(1), "one pass"},
		{cty.True, cty.NumberIntVal(11), "one warn cause=two explain=two of 11 remedy=other remedy"},
		{cty.True, cty.UnknownVal(cty.Number), "one pass"},
		{cty.False, cty.NumberIntVal(1), "one fail cause=one explain=one remedy=own remedy"},
		{cty.False, cty.NumberIntVal(11), "one fail cause=one explain=one remedy=own remedy"},
		{cty.False, cty.NumberIntVal(2), "one warn cause=two explain=two of 2 remedy=other remedy"},
		{cty.False, cty.Zero, "one fail explain=own remedy=own remedy"},
		{cty.False, cty.UnknownVal(cty.Number), "one fail explain=own remedy=own remedy"},
		{cty.UnknownVal(cty.Bool), cty.NumberIntVal(1), "one error reason=not observed: result.ok"},
	} {
		v := run(t, src, engine.Settings{}, script{"t": answers(attrs{"ok": test.ok, "number": test.number})})
		expect(t, v, test.want)
		c := v.Checks[0]
		var doubts []string
		for _, d := range c.NotRuledOut {
			doubts = append(doubts, d.Cause)
		}
		var want []string
		if !test.number.IsKnown() && c.Status == engine.Fail {
			want = []string{"one", "two"}
		}
		if !slices.Equal(doubts, want) {
			t.Errorf("%v: not ruled out %v, want %v", test, doubts, want)
		}
	}
}
