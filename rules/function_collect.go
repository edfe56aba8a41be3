package rules

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// collectFunc converts to a kind of collection (cty.Set, say), as
// stdlib.MakeToFunc does. That looks for the common type of the elements by
// comparing each with each, minutes for 100,000 keys of a for_each; where all
// have one type there is nothing to look for.
func collectFunc(collection func(element cty.Type) cty.Type) function.Function {
	anyElement := stdlib.MakeToFunc(collection(cty.DynamicPseudoType))
	convert := func(v cty.Value) function.Function {
		if one := commonElement(v.Type()); one != cty.NilType {
			return stdlib.MakeToFunc(collection(one))
		}
		return anyElement
	}
	param := function.Parameter{Name: "v", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true}
	return function.New(&function.Spec{
		Params: []function.Parameter{param},
		Type:   func(args []cty.Value) (cty.Type, error) { return convert(args[0]).ReturnTypeForValues(args) },
		Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return convert(args[0]).Call(args) },
	})
}

// commonElement is the type that all elements of a tuple or object have;
// NilType if there is none.
func commonElement(ty cty.Type) cty.Type {
	one := cty.NilType
	same := func(el cty.Type) bool {
		if one == cty.NilType {
			one = el
		}
		return el != cty.DynamicPseudoType && el.Equals(one)
	}
	switch {
	case ty.IsTupleType():
		for _, el := range ty.TupleElementTypes() {
			if !same(el) {
				return cty.NilType
			}
		}
	case ty.IsObjectType():
		for _, el := range ty.AttributeTypes() {
			if !same(el) {
				return cty.NilType
			}
		}
	}
	return one
}
