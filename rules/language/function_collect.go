package language

import (
	"github.com/linecheck/linecheck/rules/internal/guard"
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
		if one := guard.CommonElement(v.Type()); one != cty.NilType {
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
