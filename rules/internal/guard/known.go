package guard

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// KnownLength is the number of elements of a collection, 0 if it is not known.
func KnownLength(v cty.Value) int {
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return 0
	}
	return v.LengthInt()
}

// KnownString is a string that is known and not null.
func KnownString(v cty.Value) (string, bool) {
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return "", false
	}
	return v.AsString(), true
}

// UnifyValues is the type that all of vals convert to, NilType where there is
// none. A bare null takes any.
func UnifyValues(vals []cty.Value) cty.Type {
	types := make([]cty.Type, 0, len(vals))
	for _, v := range vals {
		if IsBareNull(v) {
			continue
		}
		types = append(types, v.Type())
	}
	if len(types) == 0 {
		return cty.DynamicPseudoType
	}
	t, _ := convert.UnifyUnsafe(types)
	return t
}

// IsBareNull reports whether v is a null that takes any type.
func IsBareNull(v cty.Value) bool { return v.IsNull() && v.Type() == cty.DynamicPseudoType }

// IsSequence reports whether a type is a list, a tuple or a set.
func IsSequence(t cty.Type) bool { return t.IsListType() || t.IsTupleType() || t.IsSetType() }

// UnknownBool is the answer that what is missing would decide.
var UnknownBool = cty.UnknownVal(cty.Bool).RefineNotNull()
