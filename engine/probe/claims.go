package probe

import (
	"slices"

	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// The claims that kinds make of what they never observe together: see
// language.Kind.Never. Each must be false of whatever the probe returns, also where
// it was cut off. Attributes are named as in language.Claim.

// excludes is a contradiction: the claim does not hold beside any of the others,
// without any it does not hold at all.
func excludes(claim language.Claim, beside ...language.Claim) language.Contradiction {
	return language.Contradiction{Claim: claim, Beside: beside}
}

// both: each of the claims holds.
func both(a, b language.Claim) language.Claim {
	return language.Claim{Of: slices.Concat(a.Of, b.Of), Holds: func(of []*language.Item) bool {
		return a.Holds(of[:len(a.Of)]) && b.Holds(of[len(a.Of):])
	}}
}

// about is a claim about one attribute that is not null.
func about(name string, holds func(cty.Value) bool) language.Claim {
	return language.Claim{Of: []string{name}, Holds: func(of []*language.Item) bool { return !of[0].IsNull() && holds(of[0].Value) }}
}

func isTrue(name string) language.Claim  { return about(name, cty.Value.True) }
func isFalse(name string) language.Claim { return about(name, cty.Value.False) }

// there: the attribute is not null.
func there(name string) language.Claim { return about(name, func(cty.Value) bool { return true }) }

// none: the attribute is null.
func none(name string) language.Claim {
	return language.Claim{Of: []string{name}, Holds: func(of []*language.Item) bool { return of[0].IsNull() }}
}

// is: the attribute is one of the words.
func is(name string, words ...string) language.Claim {
	return about(name, func(v cty.Value) bool { return slices.Contains(words, v.AsString()) })
}

// isOther: the attribute is neither null nor one of the words.
func isOther(name string, words ...string) language.Claim {
	return about(name, func(v cty.Value) bool { return !slices.Contains(words, v.AsString()) })
}

// hasICMPError: something is known of the ICMP error, so that there was one. Where the
// type is known it says so alone: see icmpAttribute.
func hasICMPError(icmp string) language.Claim {
	return about(icmp, func(v cty.Value) bool {
		for _, name := range []string{"type", "code", "name", "sender"} {
			if attr := v.GetAttr(name); attr.IsKnown() {
				return !attr.IsNull()
			}
		}
		return false
	})
}

// filled: the list, or text, is not empty.
func filled(name string) language.Claim {
	return about(name, func(v cty.Value) bool { return !isEmpty(v) })
}

// empty: the list, or text, is empty.
func empty(name string) language.Claim { return about(name, isEmpty) }

func isEmpty(v cty.Value) bool {
	if v.Type() == cty.String {
		return v.AsString() == ""
	}
	return v.LengthInt() == 0
}

// of is a claim about several, of which some may be null.
func of(holds func(of []*language.Item) bool, names ...string) language.Claim {
	return language.Claim{Of: names, Holds: holds}
}

// ofNumber is a claim about one that is not null.
func ofNumber(name string, holds func(n float64) bool) language.Claim {
	return language.Claim{Of: []string{name}, Holds: func(of []*language.Item) bool { return !of[0].IsNull() && holds(of[0].Number) }}
}

func isZero(name string) language.Claim {
	return ofNumber(name, func(n float64) bool { return n == 0 })
}
func positive(name string) language.Claim {
	return ofNumber(name, func(n float64) bool { return n > 0 })
}

// roundingSlack is more, as a part of a number, than what is lost where floating
// point numbers are added up and divided.
const roundingSlack = 1e-9

// more: the first number is greater than the second.
func more(first, second string) language.Claim {
	return of(func(n []*language.Item) bool { return n[0].Number > n[1].Number*(1+roundingSlack) }, first, second)
}
