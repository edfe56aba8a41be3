package engine_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A kind of an embedder's that breaks what it declares itself is at fault; so is
// whoever answers in its place.
func TestAKindThatBreaksItsOwnDomain(t *testing.T) {
	kind := &language.Kind{
		Name: "door", TargetOptional: true,
		Args: []language.Attribute{{Name: "most", Type: cty.Number, Default: cty.NumberIntVal(2)}},
		Result: []language.Attribute{
			{Name: "open", Type: cty.Bool, NeverNull: true},
			{Name: "guests", Type: cty.Number, Domain: language.WholeFrom(0).UpTo("most")},
			{Name: "colour", Type: cty.String, Domain: language.OneOf("red", "green").OrWritten(`a word in "-ish"`, func(s string) bool { return strings.HasSuffix(s, "ish") })},
		},
		Never: []language.Contradiction{{
			Claim:  language.Claim{Of: []string{"open"}, Holds: func(of []*language.Item) bool { return of[0].False() }},
			Beside: []language.Claim{{Of: []string{"guests"}, Holds: func(of []*language.Item) bool { return of[0].Number > 0 }}},
		}, {
			Claim: language.Claim{Of: []string{"colour", "nothing.of.this.name"}, Holds: func([]*language.Item) bool { return true }},
		}},
	}
	rb, diags := rules.Load([]*language.Kind{kind}, rules.Overlay{Name: "t", FS: fstest.MapFS{"t.hcl": {Data: []byte(
		"check \"one\" {\n probe \"door\" {}\n pass = result.open || result.guests == 0\n explain = \"Shut.\"\n}\n")}}})
	noDiags(t, diags)
	for _, test := range []struct {
		name     string
		seen     attrs
		want     string // of the check's reason; "": it passes
		answered bool   // allowed to who answers in the probe's place: asked is not known
	}{
		{"fine", attrs{"open": cty.True, "guests": cty.NumberIntVal(2), "colour": cty.StringVal("reddish")}, "", true},
		{"negative", attrs{"open": cty.True, "guests": cty.NumberIntVal(-1)}, "-1 for guests, which must be a whole number from 0 to 2, its argument most", false},
		{"half", attrs{"open": cty.True, "guests": cty.NumberFloatVal(0.5)}, "0.5 for guests", false},
		{"endless", attrs{"open": cty.True, "guests": cty.PositiveInfinity}, "+Inf for guests", false},
		{"more than asked for", attrs{"open": cty.True, "guests": cty.NumberIntVal(3)}, "3 for guests", true},
		{"word", attrs{"open": cty.True, "colour": cty.StringVal("loud")}, `"loud" for colour, which must be "red", "green" or a word in "-ish"`, false},
		{"contradiction", attrs{"open": cty.False, "guests": cty.NumberIntVal(1)}, "false for open and 1 for guests, which are never observed together", false},
		{"unknown", attrs{"open": cty.True}, "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			value := test.seen.value(kind)
			for _, w := range []engine.Options{
				{Probes: []*engine.Probe{{Kind: kind, Observe: func(context.Context, *engine.World, engine.Query) (cty.Value, error) { return value, nil }}}},
				{Probes: []*engine.Probe{{Kind: kind}}, Answer: func(engine.Query) engine.Answer { return engine.Answer{Result: value, Last: true} }},
			} {
				p, diags := engine.NewPlan(rb, engine.Settings{})
				noDiags(t, diags)
				c := p.Run(t.Context(), w).Sites[0].Vantages[0].Checks[0]
				if passes := test.want == "" || test.answered && w.Answer != nil; passes != (c.Status == engine.Pass) {
					t.Errorf("%s: %s", c.Status, c.Reason)
				}
				if w.Answer == nil && (!strings.Contains(c.Reason, test.want) || test.want != "" && !strings.HasSuffix(c.Reason, ", which is a fault of its kind")) {
					t.Errorf("reason %q, want %q", c.Reason, test.want)
				}
			}
		})
	}
}

// A claim that breaks is an error of the check, and of nothing else.
func TestAClaimThatBreaks(t *testing.T) {
	kind := &language.Kind{Name: "door", TargetOptional: true, Result: []language.Attribute{{Name: "open", Type: cty.Bool, NeverNull: true}},
		Never: []language.Contradiction{{Claim: language.Claim{Of: []string{"open"}, Holds: func(of []*language.Item) bool { return of[1].IsNull() }}}}}
	err := kind.Misfit(attrs{"open": cty.True}.value(kind), nil)
	if err == nil || !strings.Contains(err.Error(), `something that holds kind "door" against what it observes broke`) {
		t.Errorf("got %v", err)
	}
}
