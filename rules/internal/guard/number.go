package guard

import (
	"fmt"
	"math/big"

	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// MaxWordBytes bounds a name or number as it is written: more than any float64 has.
const MaxWordBytes = 400

// AsCollection is v as a list or map of its elements where they have one type and
// a collection is wanted. convert.Convert looks for their common type by comparing
// each with each: 50,000 take it 8 s.
func AsCollection(v cty.Value, want cty.Type) cty.Value {
	if !want.IsCollectionType() || v.IsMarked() || !v.IsKnown() || v.IsNull() {
		return v
	}
	ty := v.Type()
	one := CommonElement(ty)
	switch {
	case one == cty.NilType:
		return v
	case ty.IsTupleType() && !want.IsMapType():
		return cty.ListVal(v.AsValueSlice())
	case ty.IsObjectType() && want.IsMapType():
		return cty.MapVal(v.AsValueMap())
	}
	return v
}

// HoldsNumber reports whether a value of a type may hold numbers.
func HoldsNumber(ty cty.Type) bool {
	switch {
	case ty == cty.Number:
		return true
	case ty.IsCollectionType():
		return HoldsNumber(ty.ElementType())
	case ty.IsTupleType():
		for _, el := range ty.TupleElementTypes() {
			if HoldsNumber(el) {
				return true
			}
		}
	case ty.IsObjectType():
		for _, el := range ty.AttributeTypes() {
			if HoldsNumber(el) {
				return true
			}
		}
	}
	return false
}

// ReadsAsNumbers says why a value, or an element of it, can't be read as a
// number, if that is for its size. That a text is no number at all is for others
// to say.
func ReadsAsNumbers(v cty.Value) error {
	return EachPrimitive(v, func(v cty.Value) error {
		switch v.Type() {
		case cty.Number:
			return checkNumber(v.AsBigFloat())
		case cty.String:
			text := v.AsString()
			if len(text) > MaxWordBytes {
				return fmt.Errorf("a text of %d bytes is too long for a number", len(text))
			}
			if n, err := cty.ParseNumberVal(text); err == nil {
				return checkNumber(n.AsBigFloat())
			}
		}
		return nil
	})
}

// NumbersIn says which number in a value can't be written out.
func NumbersIn(v cty.Value) error {
	if v.Type() == cty.Number && !v.IsMarked() { // of most operations
		if v.IsNull() || !v.IsKnown() {
			return nil
		}
		return checkNumber(v.AsBigFloat())
	}
	if !HoldsNumber(v.Type()) && !v.Type().HasDynamicTypes() {
		return nil
	}
	return EachPrimitive(v, func(v cty.Value) error {
		if v.Type() == cty.Number {
			return checkNumber(v.AsBigFloat())
		}
		return nil
	})
}

func checkNumber(f *big.Float) error {
	if terminal.Writable(f) {
		return nil
	}
	return fmt.Errorf("about %s is out of range: nothing that can be observed is of this size", terminal.Number(f))
}

// EachPrimitive calls f with each known string, number and bool in v, until one
// has an error.
func EachPrimitive(v cty.Value, f func(v cty.Value) error) error {
	v, _ = v.Unmark()
	switch {
	case v.IsNull() || !v.IsKnown():
		return nil
	case v.Type().IsPrimitiveType():
		return f(v)
	case !v.CanIterateElements():
		return nil
	}
	for it := v.ElementIterator(); it.Next(); {
		_, el := it.Element()
		if err := EachPrimitive(el, f); err != nil {
			return err
		}
	}
	return nil
}

// CommonElement is the type that all elements of a tuple or object have;
// NilType if there is none.
func CommonElement(ty cty.Type) cty.Type {
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
