package rules

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/internal/typecheck"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

func TestDomainRefuses(t *testing.T) {
	text, whole := cty.StringVal, cty.NumberIntVal
	nearlyTwo := cty.MustParseNumberVal("2.00000000000000000000000000001")
	even := func(s string) bool { return len(s)%2 == 0 }
	for _, test := range []struct {
		domain language.Domain
		value  cty.Value
		want   string // "": it is of the domain
	}{
		{language.Domain{}, text("anything"), ""},
		{language.WholeBetween(1, 3), whole(3), ""},
		{language.WholeBetween(1, 3), whole(4), "must be a whole number from 1 to 3, not 4"},
		{language.WholeBetween(1, 3), nearlyTwo, "must be a whole number from 1 to 3, not 2.00000"},
		{language.WholeFrom(-1), whole(-2), "must be a whole number from -1, not -2"},
		{language.WholeFrom(0), cty.PositiveInfinity, "must be a whole number from 0"},
		{language.NumberBetween(0, 100), nearlyTwo, ""},
		{language.NumberBetween(0, 100), cty.NumberFloatVal(100.5), "must be a number from 0 to 100, not 100.5"},
		{language.NumberFrom(0), whole(-1), "must be a number from 0, not -1"},
		{language.WholeFrom(0).UpTo("count"), whole(9), ""},
		{language.WholeFrom(0).UpTo("count").Within(map[string]cty.Value{"count": whole(5)}), whole(9), "from 0 to 5, not 9"},
		{language.WholeBetween(0, 4).UpTo("count").Within(map[string]cty.Value{"count": whole(5)}), whole(5), "from 0 to 4, not 5"},
		{language.WholeFrom(0).UpTo("count").Within(map[string]cty.Value{"count": cty.UnknownVal(cty.Number)}), whole(9), ""},
		{language.OneOf("filtered", "no_route"), text("no_route"), ""},
		{language.OneOf("filtered", "no_route"), text("filtred"), `must be "filtered" or "no_route", not "filtred". Did you mean "filtered"?`},
		{language.OneOf("a").OrWritten("an even text", even), text("bb"), ""},
		{language.OneOf("a").OrWritten("an even text", even), text("b"), `must be "a" or an even text, not "b"`},
		{language.Written("an even text", even), text("b"), `must be an even text, not "b"`},
		{language.DurationBetween(time.Second, time.Minute), text("2s"), ""},
		{language.DurationBetween(time.Second, time.Minute), text("2m"), `must be from 1s to 1m, not "2m"`},
		{language.DurationBetween(time.Second, time.Minute), text("soon"), "must be a duration such as"},
		{language.ListOf(language.OneOf("a", "b")), cty.ListVal([]cty.Value{text("a"), text("b")}), ""},
		{language.ListOf(language.OneOf("a", "b")), cty.ListVal([]cty.Value{text("a"), text("c")}), `can't hold this element: it must be "a" or "b", not "c"`},
		{language.ListOf(language.OneOf("a", "b")), cty.ListVal([]cty.Value{text("a"), cty.NullVal(cty.String)}), "must not hold a null"},
		{language.Judged(language.NotEmpty), text(" "), "must not be empty"},
	} {
		got := ""
		if err := test.domain.Validate(test.value); err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%s of %q: %q, want %q", typecheck.AsWritten(test.value), test.domain, got, test.want)
		}
	}
}

// TestDecideIsNeverWrong holds what is decided of all numbers between two bounds
// against each of them.
func TestDecideIsNeverWrong(t *testing.T) {
	ops := map[*hclsyntax.Operation]func(a, b float64) bool{
		hclsyntax.OpLessThan:           func(a, b float64) bool { return a < b },
		hclsyntax.OpLessThanOrEqual:    func(a, b float64) bool { return a <= b },
		hclsyntax.OpGreaterThan:        func(a, b float64) bool { return a > b },
		hclsyntax.OpGreaterThanOrEqual: func(a, b float64) bool { return a >= b },
	}
	ends := []float64{math.Inf(-1), -1, 0, 1, 2, math.Inf(1)}
	for op, holds := range ops {
		for i, least := range ends {
			for _, most := range ends[i:] {
				for _, number := range []float64{-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3} {
					always, never := true, true
					for _, n := range []float64{-1e9, -1, -0.5, 0, 0.5, 1, 1.5, 2, 1e9} {
						if least <= n && n <= most {
							always, never = always && holds(n, number), never && !holds(n, number)
						}
					}
					want := cty.NilVal
					switch {
					case always && never: // nothing lies between
						continue
					case always:
						want = cty.True
					case never:
						want = cty.False
					}
					if got := typecheck.Decide(op, big.NewFloat(least), big.NewFloat(most), big.NewFloat(number)); got != want {
						t.Errorf("from %v to %v, compared with %v: %#v, want %#v", least, most, number, got, want)
					}
				}
			}
		}
	}
}
