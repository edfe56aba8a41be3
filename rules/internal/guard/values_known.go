package guard

import "github.com/zclconf/go-cty/cty"

// KnownLength is the number of elements of a collection, 0 if it is not known.
func KnownLength(v cty.Value) int {
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return 0
	}
	return v.LengthInt()
}

func KnownString(v cty.Value) (string, bool) {
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return "", false
	}
	return v.AsString(), true
}
