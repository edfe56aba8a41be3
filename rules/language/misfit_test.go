package language

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// What is infinite was not observed, and no recording could hold it.
func TestMisfitOfInfinity(t *testing.T) {
	k := &Kind{Name: "far", Result: []Attribute{{Name: "n", Type: cty.Number}}}
	result := func(n cty.Value) cty.Value { return cty.ObjectVal(map[string]cty.Value{"n": n}) }
	for _, n := range []cty.Value{cty.PositiveInfinity, cty.NegativeInfinity} {
		if err := k.Misfit(result(n), nil); err == nil {
			t.Errorf("%#v is taken", n)
		}
	}
	if err := k.Misfit(result(cty.MustParseNumberVal("1e300")), nil); err != nil {
		t.Error(err)
	}
}
