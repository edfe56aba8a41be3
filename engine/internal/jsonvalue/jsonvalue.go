// Package jsonvalue turns values into what recordings and far ends write.
package jsonvalue

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/zclconf/go-cty/cty"
)

// Encode is a value in the terms of encoding/json, as recordings and far ends
// write it: null is null, and what is unknown is left out of the object that
// holds it. A list or a map with an unknown element is unknown itself: without
// that element it would be another. known is false where v is unknown.
//
// What was never observed (no value at all, a marked one, a number that no
// float64 holds) is handed to odd, in words. It is then taken for unknown, or
// ends the encoding with the error that odd makes of it.
func Encode(v cty.Value, odd func(what string) error) (x any, known bool, err error) {
	if v == cty.NilVal {
		return nil, false, odd("a value is missing")
	}
	t := v.Type()
	switch {
	case v.IsMarked():
		return nil, false, odd("a value is marked")
	case !v.IsKnown():
		return nil, false, nil
	case v.IsNull():
		return nil, true, nil
	case t == cty.String:
		return v.AsString(), true, nil
	case t == cty.Bool:
		return v.True(), true, nil
	case t == cty.Number:
		return encodeNumber(v, odd)
	case t.IsObjectType() || t.IsMapType():
		return encodeObject(v, odd)
	case t.IsListType() || t.IsSetType() || t.IsTupleType():
		list := make([]any, 0, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			_, el := it.Element()
			x, known, err := Encode(el, odd)
			if err != nil || !known {
				return nil, false, err
			}
			list = append(list, x)
		}
		return list, true, nil
	}
	return nil, false, odd(fmt.Sprintf("a %s is nothing that is observed", t.FriendlyName()))
}

func encodeObject(v cty.Value, odd func(what string) error) (any, bool, error) {
	object := make(map[string]any, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		key, el := it.Element()
		name := key.AsString()
		x, known, err := Encode(el, odd)
		switch {
		case err != nil:
			return nil, false, fmt.Errorf("%s: %w", name, err)
		case known:
			object[name] = x
		case v.Type().IsMapType():
			return nil, false, nil
		}
	}
	return object, true, nil
}

// encodeNumber writes whole numbers of up to 64 significant bits digit by digit,
// and everything else as encoding/json writes a float64.
func encodeNumber(v cty.Value, odd func(what string) error) (any, bool, error) {
	f := v.AsBigFloat()
	if f.IsInt() && f.MinPrec() <= 64 {
		return json.Number(f.Text('f', 0)), true, nil
	}
	x, _ := f.Float64()
	if math.IsInf(x, 0) {
		return nil, false, odd(fmt.Sprintf("the number %s is too large", f.Text('g', 6)))
	}
	return x, true, nil
}
