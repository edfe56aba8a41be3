package farend

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/linecheck/linecheck/engine/internal/jsonvalue"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// encodeValue writes a value. Null is null; what is unknown is left out of the
// object that it is in, and a list with an unknown element is unknown.
func encodeValue(v cty.Value) (json.RawMessage, error) {
	x, known, err := jsonvalue.Encode(v, func(what string) error { return errors.New(what) })
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, errors.New("a value is not known")
	}
	return json.Marshal(x)
}

// decodeValue reads a value that encodeValue may have written. Its type is
// unknown's, and what was left out is what it is there.
func decodeValue(unknown cty.Value, raw json.RawMessage) (cty.Value, error) {
	t := unknown.Type()
	raw = bytes.TrimSpace(raw)
	if bytes.Equal(raw, []byte("null")) {
		return cty.NullVal(t), nil
	}
	switch {
	case t == cty.String:
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return cty.NilVal, errors.New("is not a string")
		}
		return cty.StringVal(s), nil
	case t == cty.Bool:
		var b bool
		if err := json.Unmarshal(raw, &b); err != nil {
			return cty.NilVal, errors.New("is neither true nor false")
		}
		return cty.BoolVal(b), nil
	case t == cty.Number:
		return decodeNumber(raw)
	case t.IsObjectType():
		return decodeObject(unknown, raw)
	case t.IsListType() || t.IsSetType():
		return decodeList(t, raw)
	}
	return cty.NilVal, fmt.Errorf("is a %s, which does not travel", t.FriendlyName())
}

// decodeNumber reads whole numbers of 64 bits and finite floating point ones:
// any others take more time and memory than they are worth.
func decodeNumber(raw json.RawMessage) (cty.Value, error) {
	var n json.Number
	if len(raw) == 0 || raw[0] == '"' || json.Unmarshal(raw, &n) != nil {
		return cty.NilVal, errors.New("is not a number")
	}
	if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
		return cty.NumberIntVal(i), nil
	}
	if u, err := strconv.ParseUint(n.String(), 10, 64); err == nil {
		return cty.NumberUIntVal(u), nil
	}
	f, err := strconv.ParseFloat(n.String(), 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return cty.NilVal, errors.New("is no number that is observed")
	}
	return cty.NumberFloatVal(f), nil
}

func decodeObject(unknown cty.Value, raw json.RawMessage) (cty.Value, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return cty.NilVal, errors.New("is not an object")
	}
	types := unknown.Type().AttributeTypes()
	attrs := make(map[string]cty.Value, len(types))
	for name := range types {
		attrs[name] = unknown.GetAttr(name)
		if raw, ok := members[name]; ok {
			v, err := decodeValue(attrs[name], raw)
			if err != nil {
				return cty.NilVal, inside(name, err)
			}
			attrs[name] = v
			delete(members, name)
		}
	}
	for name := range members {
		return cty.NilVal, fmt.Errorf("has an attribute %s, which nobody declares", terminal.Quote(words(name)))
	}
	return cty.ObjectVal(attrs), nil
}

func decodeList(t cty.Type, raw json.RawMessage) (cty.Value, error) {
	var members []json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return cty.NilVal, errors.New("is not a list")
	}
	want := t.ElementType()
	values := make([]cty.Value, len(members))
	for i, raw := range members {
		v, err := decodeValue(cty.UnknownVal(want), raw)
		if err != nil {
			return cty.NilVal, inside(strconv.Itoa(i), err)
		}
		values[i] = v
	}
	switch {
	case len(values) == 0 && t.IsSetType():
		return cty.SetValEmpty(want), nil
	case len(values) == 0:
		return cty.ListValEmpty(want), nil
	case t.IsSetType():
		return cty.SetVal(values), nil
	}
	return cty.ListVal(values), nil
}

// inside puts a name before what is wrong with a value.
func inside(name string, err error) error {
	var deeper *misfit
	if errors.As(err, &deeper) {
		return &misfit{name + "." + deeper.path, deeper.err}
	}
	return &misfit{name, err}
}

// A misfit is what is wrong at a place within a value.
type misfit struct {
	path string
	err  error
}

func (m *misfit) Error() string { return m.path + " " + m.err.Error() }
func (m *misfit) Unwrap() error { return m.err }
