package probe

import (
	"net/netip"
	"testing"

	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var fruitKind = &language.Kind{Result: []language.Attribute{
	{Name: "ripe", Type: cty.Bool, NeverNull: true},
	{Name: "grams", Type: cty.Number},
	{Name: "address", Type: cty.String},
	{Name: "names", Type: cty.List(cty.String)},
	{Name: "stone", Attrs: []language.Attribute{{Name: "hard", Type: cty.Bool}, {Name: "colour", Type: cty.String}}},
	{Name: "leaves", List: true, Attrs: []language.Attribute{{Name: "green", Type: cty.Bool}}},
}}

func TestResultHoldsWhatWasSet(t *testing.T) {
	r := newResult(fruitKind)
	r.set("ripe", true)
	r.set("grams", 1.5)
	r.set("address", netip.MustParseAddr("::ffff:192.0.2.1"))
	r.set("names", []string{"plum"})
	r.set("stone", fields{"hard": true})
	r.set("leaves", []fields{{"green": nil}, {}})

	want := cty.ObjectVal(map[string]cty.Value{
		"ripe":    cty.True,
		"grams":   cty.NumberFloatVal(1.5),
		"address": cty.StringVal("192.0.2.1"),
		"names":   cty.ListVal([]cty.Value{cty.StringVal("plum")}),
		"stone":   cty.ObjectVal(map[string]cty.Value{"hard": cty.True, "colour": cty.UnknownVal(cty.String)}),
		"leaves": cty.ListVal([]cty.Value{
			cty.ObjectVal(map[string]cty.Value{"green": cty.NullVal(cty.Bool)}),
			cty.ObjectVal(map[string]cty.Value{"green": cty.UnknownVal(cty.Bool)}),
		}),
	})
	if got := r.value(); !got.RawEquals(want) {
		t.Errorf("got %#v\nwant %#v", got, want)
	}
}

func TestResultNothingObserved(t *testing.T) {
	if got, want := newResult(fruitKind).value(), fruitKind.UnknownResult(); !got.RawEquals(want) {
		t.Errorf("got %#v\nwant %#v", got, want)
	}
}

func TestResultNothingThere(t *testing.T) {
	r := newResult(fruitKind)
	r.set("ripe", false)
	r.set("grams", nil)
	r.set("address", netip.Addr{})
	r.set("names", nil)
	r.set("stone", fields(nil))
	r.set("leaves", []fields{})

	want := cty.ObjectVal(map[string]cty.Value{
		"ripe":    cty.False,
		"grams":   cty.NullVal(cty.Number),
		"address": cty.NullVal(cty.String),
		"names":   cty.NullVal(cty.List(cty.String)),
		"stone":   cty.ObjectVal(map[string]cty.Value{"hard": cty.NullVal(cty.Bool), "colour": cty.NullVal(cty.String)}),
		"leaves":  cty.ListValEmpty(cty.Object(map[string]cty.Type{"green": cty.Bool})),
	})
	if got := r.value(); !got.RawEquals(want) {
		t.Errorf("got %#v\nwant %#v", got, want)
	}
}

func TestResultRefusesWhatIsNotDeclared(t *testing.T) {
	for name, set := range map[string]func(*result){
		"name":             func(r *result) { r.set("weight", 1) },
		"type":             func(r *result) { r.set("ripe", "very") },
		"field":            func(r *result) { r.set("stone", fields{"soft": true}) },
		"element":          func(r *result) { r.set("leaves", []fields{{"green": "very"}}) },
		"value":            func(r *result) { r.set("grams", cty.True) },
		"object for list":  func(r *result) { r.set("leaves", fields{}) },
		"string for field": func(r *result) { r.set("stone", "hard") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			set(newResult(fruitKind))
		})
	}
}
