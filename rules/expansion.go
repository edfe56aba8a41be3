package rules

import (
	"fmt"

	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/zclconf/go-cty/cty"
)

// An expansion is what a for_each stands for.
type expansion struct {
	value cty.Value       // each.value, unknown
	keys  map[string]bool // nil: not known before values are bound
}

// expand makes each.value and the keys from the value of a for_each; it
// returns what is wrong with it.
func (x *expansion) expand(v cty.Value) string {
	v, _ = v.Unmark()
	ty := v.Type()
	switch {
	case ty == cty.DynamicPseudoType && !v.IsKnown():
		return ""
	case v.IsKnown() && v.IsNull():
		return "It is null. For no instance at all give it an empty map, {}."
	case ty.IsObjectType():
		if one := guard.CommonElement(ty); one != cty.NilType {
			x.value = cty.UnknownVal(one)
		}
		x.keys = make(map[string]bool, len(ty.AttributeTypes()))
		for name := range ty.AttributeTypes() {
			x.keys[name] = true
		}
	case ty.IsMapType():
		x.value = cty.UnknownVal(ty.ElementType())
		x.keys = knownKeys(v)
	case ty.IsSetType() && ty.ElementType() == cty.String:
		x.value = cty.UnknownVal(cty.String).RefineNotNull()
		x.keys = knownKeys(v)
	case ty.IsSetType() && ty.ElementType() == cty.DynamicPseudoType: // toset([])
	case ty.IsListType(), ty.IsTupleType(), ty.IsSetType():
		return fmt.Sprintf("It is a %s. Give it a map, or a set of strings: toset(…) makes one of a list.", ty.FriendlyName())
	default:
		return fmt.Sprintf("It is a %s. Give it a map or a set of strings.", ty.FriendlyName())
	}
	return ""
}

// knownKeys are the keys of a map or the elements of a set of strings, nil if
// one of them is not known.
func knownKeys(v cty.Value) map[string]bool {
	if !v.IsKnown() {
		return nil
	}
	keys := make(map[string]bool, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		k, _ := it.Element()
		k, _ = k.Unmark()
		if !k.IsKnown() || k.IsNull() {
			return nil
		}
		keys[k.AsString()] = true
	}
	return keys
}
