package language

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

func logicFunctions() []Function {
	return []Function{
		{
			Name: "alltrue", Func: allTrueFunc,
			Doc:     "Whether no element of a list is false; an empty list has none. One that is known to be false decides, whatever was not observed. Null counts as false.",
			Example: `alltrue([true, false])`, Result: `false`,
		},
		{
			Name: "anytrue", Func: anyTrueFunc,
			Doc:     "Whether an element of a list is true. One that is known to be true decides, whatever was not observed. Null counts as false.",
			Example: `anytrue([true, false])`, Result: `true`,
		},
		{
			Name: "can", Func: canFunc,
			Doc:     "Whether an expression can be evaluated without an error. Reading something null is no error.",
			Example: `can(regex("^220", "554 no"))`, Result: `false`,
		},
		{
			Name: "coalesce", Func: coalesceFunc,
			Doc:     "The first of its arguments that is neither null nor an empty string. None is an error.",
			Example: `coalesce(null, "", "b")`, Result: `"b"`,
		},
		{
			Name: "try", Func: tryFunc,
			Doc:     "The first of its arguments that can be evaluated without an error. One that was not observed is no error, and nothing is known then; for something that may be null, coalesce is meant.",
			Example: `try(regex("^220", "554 no"), "no greeting")`, Result: `"no greeting"`,
		},
	}
}

var allTrueFunc = quantifier(cty.False)
var anyTrueFunc = quantifier(cty.True)

// quantifier is the function over a list of bool that one element of the value
// decisive decides. Null counts as false.
func quantifier(decisive cty.Value) function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{param("list", cty.List(cty.Bool))},
		Type:         function.StaticReturnType(cty.Bool),
		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			result := decisive.Not()
			for it := args[0].ElementIterator(); it.Next(); {
				_, el := it.Element()
				switch {
				case !el.IsKnown():
					result = guard.UnknownBool
				case el.IsNull():
					if decisive.False() {
						return decisive, nil
					}
				case el.RawEquals(decisive):
					return decisive, nil
				}
			}
			return result, nil
		},
	})
}

// coalesceFunc skips empty strings, as Terraform's does and cty's does not.
var coalesceFunc = function.New(&function.Spec{
	VarParam: &function.Parameter{
		Name: "vals", Type: cty.DynamicPseudoType,
		AllowUnknown: true, AllowDynamicType: true, AllowNull: true,
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if len(args) == 0 {
			return cty.NilType, errors.New("at least one argument is needed")
		}
		t := guard.UnifyValues(args)
		if t == cty.NilType {
			return cty.NilType, errors.New("all arguments must be of one type")
		}
		return t, nil
	},
	RefineResult: notNull,
	Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
		for _, arg := range args {
			v, err := convert.Convert(arg, t)
			switch {
			case err != nil:
				return cty.NilVal, err
			case !v.IsKnown():
				return cty.UnknownVal(t), nil
			case v.IsNull(), t == cty.String && v.AsString() == "":
				continue
			}
			return v, nil
		}
		return cty.NilVal, errors.New("every argument is null or an empty string")
	},
})

// tryFunc differs from hcl's in what an unknown gives: an unknown of the type
// that all arguments have, if they have one. What is known of a value
// that is unknown in part is kept, because nothing becomes known later.
var tryFunc = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
	Type: func(args []cty.Value) (cty.Type, error) {
		v, err := try(args)
		if err != nil {
			return cty.NilType, err
		}
		return v.Type(), nil
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return try(args) },
})

func try(args []cty.Value) (cty.Value, error) {
	if len(args) == 0 {
		return cty.NilVal, errors.New("at least one argument is needed")
	}
	var failed hcl.Diagnostics
	for i, arg := range args {
		v, diags := closureValue(arg)
		if diags.HasErrors() {
			failed = append(failed, diags...)
			continue
		}
		if !v.IsKnown() {
			return cty.UnknownVal(commonType(v, args[i+1:])).WithSameMarks(v), nil
		}
		return v, nil
	}
	var why strings.Builder
	for _, d := range failed {
		fmt.Fprintf(&why, "\n- %s: %s", d.Summary, d.Detail)
	}
	return cty.NilVal, fmt.Errorf("no argument could be evaluated:%s", why.String())
}

// commonType is the type of v if all other arguments that can be evaluated have
// it, else that of any: an unknown of one type would already be known not to
// equal a value of another.
func commonType(v cty.Value, others []cty.Value) cty.Type {
	t := v.Type()
	for _, other := range others {
		o, diags := closureValue(other)
		if !diags.HasErrors() && !guard.IsBareNull(o) && !o.Type().Equals(t) {
			return cty.DynamicPseudoType
		}
	}
	return t
}

var canFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, diags := closureValue(args[0])
		switch {
		case diags.HasErrors():
			return cty.False, nil
		case !v.IsKnown():
			return guard.UnknownBool, nil
		}
		return cty.True, nil
	},
})

func closureValue(arg cty.Value) (cty.Value, hcl.Diagnostics) {
	closure := customdecode.ExpressionClosureFromVal(arg)
	if e, ok := closure.Expression.(hclsyntax.Expression); ok {
		return guard.Evaluate(e, closure.EvalContext)
	}
	return closure.Value()
}
