package offline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/linecheck/linecheck/engine/internal/jsonvalue"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// encode is a value in the terms of encoding/json: null is null, and what is
// unknown or sensitive is left out of the object that holds it. ok is false
// where all of v is to be left out.
func encode(v cty.Value) (x any, ok bool) {
	x, ok, _ = jsonvalue.Encode(v, func(string) error { return nil })
	return x, ok
}

// A valueError is what is wrong with a value of a recording.
type valueError struct {
	path string // within the value; "" for all of it
	text string // behind the path, without a full stop
}

func (e *valueError) Error() string {
	if e.path == "" {
		return "it " + e.text
	}
	return e.path + " " + e.text
}

func wrong(path, format string, args ...any) error {
	return &valueError{path, fmt.Sprintf(format, args...)}
}

// decodeResult reads a result of a kind. What is left out is unknown.
func decodeResult(kind *language.Kind, raw json.RawMessage) (cty.Value, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var x any
	if err := d.Decode(&x); err != nil {
		return cty.NilVal, wrong("", "is not JSON: %v", err)
	}
	return decodeObject(kind.Result, kind.UnknownResult(), x, "")
}

// askedWith are the recorded arguments of a kind, by name. What can't be read is
// left out: only results are held against them.
func askedWith(kind *language.Kind, args map[string]json.RawMessage) map[string]cty.Value {
	asked := make(map[string]cty.Value, len(args))
	for i := range kind.Args {
		a := &kind.Args[i]
		if v, err := decodeVariable(args[a.Name]); err == nil {
			asked[a.Name] = v
		}
	}
	return asked
}

func decodeObject(attrs []language.Attribute, unknown cty.Value, x any, path string) (cty.Value, error) {
	object, ok := x.(map[string]any)
	if !ok {
		return cty.NilVal, wrong(path, "must be an object, not %s", noun(x))
	}
	values := unknown.AsValueMap()
	for _, name := range sorted(object) {
		i := slices.IndexFunc(attrs, func(a language.Attribute) bool { return a.Name == name })
		if i < 0 {
			return cty.NilVal, wrong(join(path, name), "is nothing that this kind of probe observes")
		}
		v, err := decodeAttribute(&attrs[i], values[name], object[name], join(path, name))
		if err != nil {
			return cty.NilVal, err
		}
		values[name] = v
	}
	return cty.ObjectVal(values), nil
}

func decodeAttribute(a *language.Attribute, unknown cty.Value, x any, path string) (cty.Value, error) {
	switch {
	case x == nil && (a.NeverNull || a.Attrs != nil):
		return cty.NilVal, wrong(path, "is never null")
	case a.List:
		list, ok := x.([]any)
		if !ok {
			return cty.NilVal, wrong(path, "must be a list, not %s", noun(x))
		}
		one := language.Kind{Result: a.Attrs}
		values := make([]cty.Value, len(list))
		for i, x := range list {
			var err error
			if values[i], err = decodeObject(a.Attrs, one.UnknownResult(), x, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return cty.NilVal, err
			}
		}
		if len(values) == 0 {
			return cty.ListValEmpty(a.ValueType().ElementType()), nil
		}
		return cty.ListVal(values), nil
	case a.Attrs != nil:
		return decodeObject(a.Attrs, unknown, x, path)
	}
	return decodeValue(a.Type, x, path)
}

// decodeValue reads a value of a type.
func decodeValue(ty cty.Type, x any, path string) (cty.Value, error) {
	if x == nil {
		return cty.NullVal(ty), nil
	}
	switch x := x.(type) {
	case string:
		if ty == cty.String {
			return cty.StringVal(x), nil
		}
	case bool:
		if ty == cty.Bool {
			return cty.BoolVal(x), nil
		}
	case json.Number:
		if ty == cty.Number {
			return decodeNumber(x.String(), path)
		}
	case []any:
		if ty.IsListType() || ty.IsSetType() {
			return decodeList(ty, x, path)
		}
	case map[string]any:
		if ty.IsMapType() {
			return decodeMap(ty.ElementType(), x, path)
		}
	}
	return cty.NilVal, wrong(path, "must be %s, not %s", ty.FriendlyName(), noun(x))
}

func decodeList(ty cty.Type, list []any, path string) (cty.Value, error) {
	values := make([]cty.Value, len(list))
	for i, x := range list {
		var err error
		if values[i], err = decodeValue(ty.ElementType(), x, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return cty.NilVal, err
		}
	}
	switch {
	case ty.IsSetType() && len(values) == 0:
		return cty.SetValEmpty(ty.ElementType()), nil
	case ty.IsSetType():
		return cty.SetVal(values), nil
	case len(values) == 0:
		return cty.ListValEmpty(ty.ElementType()), nil
	}
	return cty.ListVal(values), nil
}

func decodeMap(el cty.Type, object map[string]any, path string) (cty.Value, error) {
	if len(object) == 0 {
		return cty.MapValEmpty(el), nil
	}
	values := make(map[string]cty.Value, len(object))
	for _, name := range sorted(object) {
		v, err := decodeValue(el, object[name], join(path, name))
		if err != nil {
			return cty.NilVal, err
		}
		values[name] = v
	}
	return cty.MapVal(values), nil
}

// integerDigits is how long a number may be to be taken digit by digit: what an
// int64 holds for certain.
const integerDigits = 18

// decodeNumber reads a number as the probe observed it: an integer, or what a
// float64 holds. Others ("1e999999999") would take gigabytes to be written out.
func decodeNumber(text, path string) (cty.Value, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && len(text) <= integerDigits {
		return cty.NumberIntVal(n), nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return cty.NilVal, wrong(path, "is a number that is too big")
	}
	return cty.NumberFloatVal(f), nil
}

// decodeVariable reads the value of a variable or argument, of whatever type it
// has today.
func decodeVariable(raw json.RawMessage) (cty.Value, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var x any
	if err := d.Decode(&x); err != nil {
		return cty.NilVal, wrong("", "is not JSON: %v", err)
	}
	return decodeAny(x, "")
}

func decodeAny(x any, path string) (cty.Value, error) {
	switch x := x.(type) {
	case nil:
		return cty.NullVal(cty.DynamicPseudoType), nil
	case string:
		return cty.StringVal(x), nil
	case bool:
		return cty.BoolVal(x), nil
	case json.Number:
		return decodeNumber(x.String(), path)
	case []any:
		values := make([]cty.Value, len(x))
		for i, el := range x {
			var err error
			if values[i], err = decodeAny(el, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return cty.NilVal, err
			}
		}
		return cty.TupleVal(values), nil
	case map[string]any:
		values := make(map[string]cty.Value, len(x))
		for _, name := range sorted(x) {
			v, err := decodeAny(x[name], join(path, name))
			if err != nil {
				return cty.NilVal, err
			}
			values[name] = v
		}
		return cty.ObjectVal(values), nil
	}
	return cty.NilVal, wrong(path, "can't be read")
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// noun is what a JSON value is, in a word.
func noun(x any) string {
	switch x.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "true or false"
	case json.Number:
		return "a number"
	case []any:
		return "a list"
	}
	return "an object"
}
