package jsonvalue_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"testing"

	"github.com/linecheck/linecheck/engine/internal/jsonvalue"
	"github.com/zclconf/go-cty/cty"
)

// What recordings and far ends write stays readable for those that wrote, and
// will read, other versions of it.
func TestEncode(t *testing.T) {
	big20, _, _ := big.ParseFloat("18446744073709551615", 10, 512, big.ToNearestEven)
	big21, _, _ := big.ParseFloat("36893488147419103233", 10, 512, big.ToNearestEven)
	huge, _, _ := big.ParseFloat("1e400", 10, 512, big.ToNearestEven)
	unknown := cty.UnknownVal(cty.String)
	x := cty.StringVal("x")
	for _, test := range []struct {
		name  string
		v     cty.Value
		want  string // "" where it is left out
		wrong string // what is odd
	}{
		{"null", cty.NullVal(cty.Number), "null", ""},
		{"text", cty.StringVal("a<\"é\u2028"), `"a\u003c\"é\u2028"`, ""},
		{"bool", cty.False, "false", ""},
		{"whole", cty.NumberIntVal(-1500), "-1500", ""},
		{"64 bits", cty.NumberVal(big20), "18446744073709551615", ""},
		{"65 bits and more", cty.NumberVal(big21), "36893488147419103000", ""},
		{"float", cty.NumberFloatVal(0.1), "0.1", ""},
		{"small", cty.NumberFloatVal(1e-9), "1e-9", ""},
		{"large", cty.NumberFloatVal(1e21), "1000000000000000000000", ""},
		{"beyond", cty.NumberVal(huge), "", "the number 1e+400 is too large"},
		{"infinite", cty.PositiveInfinity, "", "the number +Inf is too large"},
		{"object", cty.ObjectVal(map[string]cty.Value{"b": x, "a": cty.NullVal(cty.String), "c": unknown}), `{"a":null,"b":"x"}`, ""},
		{"empty object", cty.EmptyObjectVal, "{}", ""},
		{"map", cty.MapVal(map[string]cty.Value{"k": x}), `{"k":"x"}`, ""},
		{"map with an unknown", cty.MapVal(map[string]cty.Value{"k": x, "l": unknown}), "", ""},
		{"list", cty.ListVal([]cty.Value{x, cty.NullVal(cty.String)}), `["x",null]`, ""},
		{"empty list", cty.ListValEmpty(cty.String), "[]", ""},
		{"set", cty.SetVal([]cty.Value{cty.StringVal("b"), cty.StringVal("a")}), `["a","b"]`, ""},
		{"tuple", cty.TupleVal([]cty.Value{x, cty.True}), `["x",true]`, ""},
		{"list with an unknown", cty.ListVal([]cty.Value{x, unknown}), "", ""},
		{"unknown in an inner list", cty.ObjectVal(map[string]cty.Value{"a": x, "l": cty.ListVal([]cty.Value{unknown})}), `{"a":"x"}`, ""},
		{"unknown", unknown, "", ""},
		{"nothing", cty.NilVal, "", "a value is missing"},
		{"marked", x.Mark("m"), "", "a value is marked"},
		{"marked within", cty.ObjectVal(map[string]cty.Value{"a": x, "s": x.Mark("m")}), `{"a":"x"}`, "s: a value is marked"},
	} {
		for _, strict := range []bool{false, true} {
			var odd []string
			got, known, err := jsonvalue.Encode(test.v, func(what string) error {
				odd = append(odd, what)
				if strict {
					return errors.New(what)
				}
				return nil
			})
			if strict && test.wrong != "" {
				if err == nil || err.Error() != test.wrong {
					t.Errorf("%s: error %v, want %s", test.name, err, test.wrong)
				}
				continue
			}
			if err != nil || (len(odd) > 0) != (test.wrong != "") || slices.Contains(odd, "") {
				t.Errorf("%s: error %v, odd %q", test.name, err, odd)
			}
			text := ""
			if known {
				raw, err := json.Marshal(got)
				if err != nil {
					t.Fatal(err)
				}
				text = string(raw)
			}
			if text != test.want {
				t.Errorf("%s: %s, want %s", test.name, text, test.want)
			}
		}
	}
}
