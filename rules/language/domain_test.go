package language

import (
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

func TestDomainRefuses(t *testing.T) {
	text, whole := cty.StringVal, cty.NumberIntVal
	nearlyTwo := cty.MustParseNumberVal("2.00000000000000000000000000001")
	even := func(s string) bool { return len(s)%2 == 0 }
	for _, test := range []struct {
		domain Domain
		value  cty.Value
		want   string // "": it is of the domain
	}{
		{Domain{}, text("anything"), ""},
		{WholeBetween(1, 3), whole(3), ""},
		{WholeBetween(1, 3), whole(4), "must be a whole number from 1 to 3, not 4"},
		{WholeBetween(1, 3), nearlyTwo, "must be a whole number from 1 to 3, not 2.00000"},
		{WholeFrom(-1), whole(-2), "must be a whole number from -1, not -2"},
		{WholeFrom(0), cty.PositiveInfinity, "must be a whole number from 0"},
		{NumberBetween(0, 100), nearlyTwo, ""},
		{NumberBetween(0, 100), cty.NumberFloatVal(100.5), "must be a number from 0 to 100, not 100.5"},
		{NumberFrom(0), whole(-1), "must be a number from 0, not -1"},
		{WholeFrom(0).UpTo("count"), whole(9), ""},
		{WholeFrom(0).UpTo("count").Within(map[string]cty.Value{"count": whole(5)}), whole(9), "from 0 to 5, not 9"},
		{WholeBetween(0, 4).UpTo("count").Within(map[string]cty.Value{"count": whole(5)}), whole(5), "from 0 to 4, not 5"},
		{WholeFrom(0).UpTo("count").Within(map[string]cty.Value{"count": cty.UnknownVal(cty.Number)}), whole(9), ""},
		{OneOf("filtered", "no_route"), text("no_route"), ""},
		{OneOf("filtered", "no_route"), text("filtred"), `must be "filtered" or "no_route", not "filtred". Did you mean "filtered"?`},
		{OneOf("a").OrWritten("an even text", even), text("bb"), ""},
		{OneOf("a").OrWritten("an even text", even), text("b"), `must be "a" or an even text, not "b"`},
		{Written("an even text", even), text("b"), `must be an even text, not "b"`},
		{DurationBetween(time.Second, time.Minute), text("2s"), ""},
		{DurationBetween(time.Second, time.Minute), text("2m"), `must be from 1s to 1m, not "2m"`},
		{DurationBetween(time.Second, time.Minute), text("soon"), "must be a duration such as"},
		{ListOf(OneOf("a", "b")), cty.ListVal([]cty.Value{text("a"), text("b")}), ""},
		{ListOf(OneOf("a", "b")), cty.ListVal([]cty.Value{text("a"), text("c")}), `can't hold this element: it must be "a" or "b", not "c"`},
		{ListOf(OneOf("a", "b")), cty.ListVal([]cty.Value{text("a"), cty.NullVal(cty.String)}), "must not hold a null"},
		{Judged(notEmpty), text(" "), "must not be empty"},
	} {
		got := ""
		if err := test.domain.Validate(test.value); err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%s of %q: %q, want %q", terminal.Written(test.value), test.domain, got, test.want)
		}
	}
}
