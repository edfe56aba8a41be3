package rules

import "github.com/zclconf/go-cty/cty"

// knownLength is the number of elements of a collection, 0 if it is not known.
func knownLength(v cty.Value) int {
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return 0
	}
	return v.LengthInt()
}

func knownString(v cty.Value) (string, bool) {
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return "", false
	}
	return v.AsString(), true
}
