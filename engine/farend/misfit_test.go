package farend

import (
	"context"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// boundKind declares what its attributes can be, and what contradicts itself.
var boundKind = &language.Kind{
	Name: "bound",
	Args: []language.Attribute{{Name: "count", Type: cty.Number}},
	Result: []language.Attribute{
		{Name: "ok", Type: cty.Bool, NeverNull: true},
		{Name: "took_ms", Type: cty.Number, Domain: language.NumberFrom(0)},
		{Name: "seen", Type: cty.Number, Domain: language.WholeFrom(0).UpTo("count")},
		{Name: "state", Type: cty.String, Domain: language.OneOf("up", "down")},
		{Name: "seven", Type: cty.String, Domain: language.Written("a seven", func(s string) bool { return s == "7" })},
		{Name: "inner", Attrs: []language.Attribute{{Name: "code", Type: cty.Number, Domain: language.WholeBetween(0, 255)}}},
		{Name: "rows", List: true, Attrs: []language.Attribute{{Name: "sevens", Type: cty.List(cty.String), Domain: language.ListOf(language.OneOf("7"))}}},
	},
	Never: []language.Contradiction{{
		Claim:  language.Claim{Of: []string{"ok"}, Holds: func(of []*language.Item) bool { return of[0].False() }},
		Beside: []language.Claim{{Of: []string{"took_ms"}, Holds: func(of []*language.Item) bool { return !of[0].IsNull() }}},
	}},
}

// Another computer is believed in nothing that the kind says can't be.
func TestAnswerThatCanNotBe(t *testing.T) {
	var answer map[string]cty.Value
	side := &Side{Version: "1.0", Probes: []*engine.Probe{{Kind: boundKind,
		Observe: func(context.Context, *engine.World, engine.Query) (cty.Value, error) {
			all := boundKind.UnknownResult().AsValueMap()
			for name, v := range answer {
				all[name] = v
			}
			return cty.ObjectVal(all), nil
		}}}}
	line, served := between(t, side)
	s, err := open(t.Context(), side, []*language.Kind{boundKind}, line)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { s.Close(); <-served }()

	number, text := cty.NumberFloatVal, cty.StringVal
	row := func(words ...cty.Value) cty.Value {
		return cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"sevens": cty.ListVal(words)})})
	}
	inner := func(code float64) cty.Value { return cty.ObjectVal(map[string]cty.Value{"code": number(code)}) }
	for _, test := range []struct {
		name   string
		answer map[string]cty.Value
		want   string // "": a result
	}{
		{"null", map[string]cty.Value{"ok": cty.NullVal(cty.Bool)}, "null for ok, which is never null"},
		{"negative", map[string]cty.Value{"took_ms": number(-1)}, "-1 for took_ms, which must be a number from 0"},
		{"zero", map[string]cty.Value{"took_ms": number(0)}, ""},
		{"huge", map[string]cty.Value{"seen": number(1e300)}, "1e+300 for seen, which must be a whole number from 0 to 3, its argument count"},
		{"half", map[string]cty.Value{"seen": number(2.5)}, "2.5 for seen, which must be a whole number from 0 to 3, its argument count"},
		{"all", map[string]cty.Value{"seen": number(3)}, ""},
		{"word", map[string]cty.Value{"state": text("evil\x1b[2J\n")}, "\"evil\\x1b[2J \" for state, which must be \"up\" or \"down\""},
		{"endless word", map[string]cty.Value{"state": text(strings.Repeat("up", 1<<10))}, `a text of 2048 characters for state, which must be "up" or "down"`},
		{"form", map[string]cty.Value{"seven": text("8")}, `"8" for seven, which must be a seven`},
		{"nested", map[string]cty.Value{"inner": inner(99999)}, "99999 for inner.code, which must be a whole number from 0 to 255"},
		{"list", map[string]cty.Value{"rows": row(text("7"), text("6"))}, `"6" for rows[0].sevens[1], which must be "7"`},
		{"fine list", map[string]cty.Value{"rows": row(text("7"))}, ""},
		{"contradiction", map[string]cty.Value{"ok": cty.False, "took_ms": number(3)}, "false for ok and 3 for took_ms, which are never observed together"},
		{"unknown accuses nobody", map[string]cty.Value{"took_ms": number(3)}, ""},
		{"no contradiction", map[string]cty.Value{"ok": cty.False, "took_ms": cty.NullVal(cty.Number)}, ""},
	} {
		answer = test.answer
		_, err := observe(t.Context(), s, boundKind, engine.Query{Args: map[string]cty.Value{"count": cty.NumberIntVal(3)}})
		const begins = `the other computer's answer is no result of "bound": `
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.want != "" && (err == nil || err.Error() != begins+test.want):
			t.Errorf("%s: got %v\nwant %s%s", test.name, err, begins, test.want)
		}
	}
}
