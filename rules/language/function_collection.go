package language

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func listFunctions() []Function {
	return []Function{
		{
			Name: "chunklist", Func: stdlib.ChunklistFunc,
			Doc:     "Cuts a list into lists of at most so many elements.",
			Example: `chunklist(["a", "b", "c"], 2)`, Result: `tolist([tolist(["a", "b"]), tolist(["c"])])`,
		},
		{
			Name: "coalescelist", Func: stdlib.CoalesceListFunc,
			Doc:     "The first of its lists that is not empty.",
			Example: `coalescelist([], ["a"])`, Result: `["a"]`,
		},
		{
			Name: "compact", Func: stdlib.CompactFunc,
			Doc:     "A list of strings without its empty and null ones.",
			Example: `compact(["a", "", null, "b"])`, Result: `tolist(["a", "b"])`,
		},
		{
			Name: "concat", Func: stdlib.ConcatFunc,
			Doc:     "Its lists, one behind the other, as one.",
			Example: `concat(["a"], ["b", "c"])`, Result: `["a", "b", "c"]`,
		},
		{
			Name: "contains", Func: stdlib.ContainsFunc,
			Doc:     "Whether a list or set has an element that equals a value. A number never equals a string.",
			Example: `contains(["NOERROR", "NXDOMAIN"], "NXDOMAIN")`, Result: `true`,
		},
		{
			Name: "distinct", Func: distinctFunc,
			Doc:     "A list without its second and further equal elements.",
			Example: `distinct(["a", "b", "a"])`, Result: `tolist(["a", "b"])`,
		},
		{
			Name: "element", Func: stdlib.ElementFunc,
			Doc:     "The element of a list at an index, counted from 0 and going round at the end.",
			Example: `element(["a", "b"], 2)`, Result: `"a"`,
		},
		{
			Name: "flatten", Func: stdlib.FlattenFunc,
			Doc:     "A list with its elements that are lists replaced by their elements.",
			Example: `flatten([["a"], [["b"], "c"]])`, Result: `["a", "b", "c"]`,
		},
		{
			Name: "index", Func: indexFunc,
			Doc:     "The index of the first element of a list that equals a value. None is an error.",
			Example: `index(["a", "b"], "b")`, Result: `1`,
		},
		{
			Name: "length", Func: lengthFunc,
			Doc:     "The number of elements of a list, set or map, of attributes of an object, or of characters of a string.",
			Example: `length(["a", "b"])`, Result: `2`,
		},
		{
			Name: "one", Func: oneFunc,
			Doc:     "The only element of a list or set, null if it is empty. More than one is an error.",
			Example: `one(["a"])`, Result: `"a"`,
		},
		{
			Name: "range", Func: stdlib.RangeFunc,
			Doc:     "Numbers from a start (0) up to but not including a limit, by a step (1).",
			Example: `range(1, 4)`, Result: `tolist([1, 2, 3])`,
		},
		{
			Name: "reverse", Func: stdlib.ReverseListFunc,
			Doc:     "A list in reverse order.",
			Example: `reverse(["a", "b"])`, Result: `["b", "a"]`,
		},
		{
			Name: "slice", Func: stdlib.SliceFunc,
			Doc:     "The elements of a list from a start index up to but not including an end index.",
			Example: `slice(["a", "b", "c"], 1, 3)`, Result: `["b", "c"]`,
		},
		{
			Name: "sort", Func: stdlib.SortFunc,
			Doc:     "A list of strings in the order of their characters.",
			Example: `sort(["b", "a"])`, Result: `tolist(["a", "b"])`,
		},
		{
			Name: "sum", Func: numeric(sumFunc, notNull),
			Doc:     "The sum of a list of numbers, which must not be empty.",
			Example: `sum([1, 2, 3.5])`, Result: `6.5`,
		},
	}
}

func setFunctions() []Function {
	return []Function{
		{
			Name: "setintersection", Func: stdlib.SetIntersectionFunc,
			Doc:     "The elements that all of its sets have.",
			Example: `setintersection(["a", "b"], ["b", "c"])`, Result: `toset(["b"])`,
		},
		{
			Name: "setproduct", Func: stdlib.SetProductFunc,
			Doc:     "Each combination of one element of each of its sets.",
			Example: `setproduct(["a", "b"], ["c"])`, Result: `tolist([["a", "c"], ["b", "c"]])`,
		},
		{
			Name: "setsubtract", Func: stdlib.SetSubtractFunc,
			Doc:     "The elements of a first set that a second one does not have.",
			Example: `setsubtract(["a", "b"], ["b"])`, Result: `toset(["a"])`,
		},
		{
			Name: "setunion", Func: stdlib.SetUnionFunc,
			Doc:     "The elements that any of its sets has.",
			Example: `setunion(["a"], ["b", "a"])`, Result: `toset(["a", "b"])`,
		},
	}
}

func mapFunctions() []Function {
	return []Function{
		{
			Name: "keys", Func: stdlib.KeysFunc,
			Doc:     "The keys of a map or object, sorted.",
			Example: `keys({ b = 1, a = 2 })`, Result: `["a", "b"]`,
		},
		{
			Name: "lookup", Func: lookupFunc,
			Doc:     "The element of a map with a key, or a default where there is none.",
			Example: `lookup({ a = 1 }, "b", 0)`, Result: `0`,
		},
		{
			Name: "merge", Func: stdlib.MergeFunc,
			Doc:     "Its maps or objects as one; of equal keys the last counts.",
			Example: `merge({ a = 1 }, { a = 2, b = 3 })`, Result: `{ a = 2, b = 3 }`,
		},
		{
			Name: "values", Func: stdlib.ValuesFunc,
			Doc:     "The values of a map or object, in the order of its keys.",
			Example: `values({ b = 1, a = 2 })`, Result: `[2, 1]`,
		},
		{
			Name: "zipmap", Func: stdlib.ZipmapFunc,
			Doc:     "A map of a list of keys and a list of values.",
			Example: `zipmap(["a", "b"], [1, 2])`, Result: `{ a = 1, b = 2 }`,
		},
	}
}

// collection is a parameter whose type is looked at by the function itself.
// Unknowns are allowed: a known element may decide beside an unknown one.
func collection(name string) function.Parameter {
	return function.Parameter{Name: name, Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true}
}

// indexFunc is Terraform's index, which searches; cty's function of that name
// does what brackets do.
// distinctFunc is cty's, which compares each element with each, but for lists of
// strings.
var distinctFunc = function.New(&function.Spec{
	Params:       stdlib.DistinctFunc.Params(),
	Type:         stdlib.DistinctFunc.ReturnTypeForValues,
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		list := args[0]
		if !list.Type().Equals(cty.List(cty.String)) || !list.IsWhollyKnown() || list.LengthInt() == 0 {
			return stdlib.DistinctFunc.Call(args)
		}
		seen := map[cty.Value]bool{}
		var kept []cty.Value
		for it := list.ElementIterator(); it.Next(); {
			if _, el := it.Element(); !seen[el] {
				seen[el] = true
				kept = append(kept, el)
			}
		}
		return cty.ListVal(kept), nil
	},
})

var indexFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		param("list", cty.DynamicPseudoType),
		{Name: "value", Type: cty.DynamicPseudoType, AllowNull: true},
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if t := args[0].Type(); !t.IsListType() && !t.IsTupleType() {
			return cty.NilType, function.NewArgErrorf(0, "a list is needed")
		}
		return cty.Number, nil
	},
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		i := int64(0)
		for it := args[0].ElementIterator(); it.Next(); i++ {
			_, el := it.Element()
			eq := el.Equals(args[1])
			if !eq.IsKnown() {
				return cty.UnknownVal(cty.Number), nil
			}
			if eq.True() {
				return cty.NumberIntVal(i), nil
			}
		}
		return cty.NilVal, function.NewArgErrorf(1, "no element of the list equals it")
	},
})

var lengthFunc = function.New(&function.Spec{
	Params: []function.Parameter{collection("value")},
	Type: func(args []cty.Value) (cty.Type, error) {
		t := args[0].Type()
		if t == cty.DynamicPseudoType || t == cty.String || t.IsCollectionType() || t.IsTupleType() || t.IsObjectType() {
			return cty.Number, nil
		}
		return cty.NilType, function.NewArgErrorf(0, "a list, set, map, object or string is needed")
	},
	RefineResult: func(b *cty.RefinementBuilder) *cty.RefinementBuilder {
		return b.NotNull().NumberRangeLowerBound(cty.Zero, true)
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v := args[0]
		switch t := v.Type(); {
		case t == cty.DynamicPseudoType:
			return cty.UnknownVal(cty.Number), nil
		case t == cty.String:
			return stdlib.Strlen(v)
		case t.IsObjectType():
			return cty.NumberIntVal(int64(len(t.AttributeTypes()))), nil
		default:
			return v.Length(), nil
		}
	},
})

var oneFunc = function.New(&function.Spec{
	Params: []function.Parameter{collection("list")},
	Type: func(args []cty.Value) (cty.Type, error) {
		t := args[0].Type()
		switch {
		case t == cty.DynamicPseudoType:
			return cty.DynamicPseudoType, nil
		case t.IsListType(), t.IsSetType():
			return t.ElementType(), nil
		case t.IsTupleType():
			switch types := t.TupleElementTypes(); len(types) {
			case 0:
				return cty.DynamicPseudoType, nil
			case 1:
				return types[0], nil
			default:
				return cty.NilType, function.NewArgErrorf(0, "it has %d elements, not one or none", len(types))
			}
		default:
			return cty.NilType, function.NewArgErrorf(0, "a list or set is needed")
		}
	},
	Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
		n := args[0].Length()
		if !args[0].IsKnown() || !n.IsKnown() {
			return cty.UnknownVal(t), nil
		}
		switch args[0].LengthInt() {
		case 0:
			return cty.NullVal(t), nil
		case 1:
			it := args[0].ElementIterator()
			it.Next()
			_, el := it.Element()
			return el, nil
		default:
			return cty.NilVal, function.NewArgErrorf(0, "it has %d elements, not one or none", args[0].LengthInt())
		}
	},
})

var sumFunc = function.New(&function.Spec{
	Params:       []function.Parameter{param("numbers", cty.List(cty.Number))},
	Type:         function.StaticReturnType(cty.Number),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if args[0].LengthInt() == 0 {
			return cty.NilVal, function.NewArgErrorf(0, "an empty list has no sum")
		}
		sum := cty.Zero
		for it := args[0].ElementIterator(); it.Next(); {
			_, el := it.Element()
			if el.IsNull() {
				return cty.NilVal, function.NewArgErrorf(0, "one of the numbers is null")
			}
			sum = sum.Add(el)
		}
		return sum, nil
	},
})

var lookupFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		collection("map"),
		{Name: "key", Type: cty.String, AllowUnknown: true},
	},
	VarParam: &function.Parameter{Name: "default", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		if len(args) > 3 {
			return cty.NilType, function.NewArgErrorf(3, "there is one default")
		}
		t := args[0].Type()
		switch {
		case t == cty.DynamicPseudoType:
			return t, nil
		case t.IsMapType():
			if len(args) == 3 {
				if _, err := Convert(args[2], t.ElementType()); err != nil {
					return cty.NilType, function.NewArgErrorf(2, "the default must be of the type of the map's elements, %s", t.ElementType().FriendlyName())
				}
			}
			return t.ElementType(), nil
		case t.IsObjectType():
			if !args[1].IsKnown() {
				return cty.DynamicPseudoType, nil
			}
			if key := args[1].AsString(); t.HasAttribute(key) {
				return t.AttributeType(key), nil
			}
			if len(args) == 3 {
				return args[2].Type(), nil
			}
			return cty.NilType, function.NewArgErrorf(1, "the object has no attribute of that name, and there is no default")
		default:
			return cty.NilType, function.NewArgErrorf(0, "a map is needed")
		}
	},
	Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
		m, key := args[0], args[1]
		if !m.IsKnown() || !key.IsKnown() {
			return cty.UnknownVal(t), nil
		}
		switch {
		case m.Type().IsObjectType():
			if name := key.AsString(); m.Type().HasAttribute(name) {
				return m.GetAttr(name), nil
			}
		case m.HasIndex(key).True():
			return m.Index(key), nil
		}
		if len(args) == 3 {
			return Convert(args[2], t)
		}
		return cty.NilVal, function.NewArgErrorf(1, "the map has no such key, and there is no default")
	},
})
