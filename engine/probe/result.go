package probe

import (
	"fmt"
	"math"
	"net/netip"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/truth"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/gocty"
)

// A result collects what a probe observed, attribute by attribute. What was
// never set stays unknown, so a probe that is cut off returns what it has.
//
// It panics on a name or a Go type that the kind does not declare: that is a
// defect of the probe, whatever the network says.
type result struct {
	attrs  []language.Attribute
	values map[string]cty.Value // without what is unknown
}

// newResult is a result of kind of which nothing was observed yet.
func newResult(kind *language.Kind) *result {
	return &result{attrs: kind.Result, values: make(map[string]cty.Value, len(kind.Result))}
}

// set states what was observed of an attribute. value is one of
//
//   - a bool, string, number or slice of strings, or a pointer to one, nil
//     being null;
//   - a netip.Addr, which reads canonically, or null where it is the zero;
//   - nil: null, and an object whose attributes are all null where the
//     attribute is one;
//   - fields, or nil fields, for an object, []fields for a list of objects;
//   - a cty.Value, taken as it is.
func (r *result) set(name string, value any) {
	a := attribute(r.attrs, name)
	v, err := attrValue(a, value)
	if err != nil {
		panic(fmt.Sprintf("attribute %s: %v", name, err))
	}
	r.values[name] = v
}

// value is the result as the engine takes it.
func (r *result) value() cty.Value { return objectOf(r.attrs, r.values) }

// objectOf is an object with values, and unknown where there is none.
func objectOf(attrs []language.Attribute, values map[string]cty.Value) cty.Value {
	for i := range attrs {
		if _, known := values[attrs[i].Name]; len(values) < len(attrs) && !known {
			one := language.Kind{Result: attrs[i : i+1]}
			values[attrs[i].Name] = one.UnknownResult().GetAttr(attrs[i].Name)
		}
	}
	return cty.ObjectVal(values)
}

// fields are what was observed of an object; those left out are unknown.
type fields map[string]any

func attribute(attrs []language.Attribute, name string) *language.Attribute {
	for i := range attrs {
		if attrs[i].Name == name {
			return &attrs[i]
		}
	}
	panic(fmt.Sprintf("no attribute %s is declared", name))
}

func attrValue(a *language.Attribute, value any) (cty.Value, error) {
	if v, ok := value.(cty.Value); ok {
		if !v.Type().Equals(a.ValueType()) {
			return cty.NilVal, fmt.Errorf("a %s where a %s is declared", v.Type().FriendlyName(), a.ValueType().FriendlyName())
		}
		return v, nil
	}
	switch {
	case a.List:
		rows, ok := value.([]fields)
		if !ok {
			return cty.NilVal, fmt.Errorf("a %T where a list of objects is declared", value)
		}
		if len(rows) == 0 {
			return cty.ListValEmpty(a.ValueType().ElementType()), nil
		}
		values := make([]cty.Value, len(rows))
		for i, row := range rows {
			v, err := objectValue(a.Attrs, row)
			if err != nil {
				return cty.NilVal, fmt.Errorf("element %d: %w", i, err)
			}
			values[i] = v
		}
		return cty.ListVal(values), nil
	case a.Attrs != nil:
		if value == nil {
			return nullObject(a.Attrs), nil
		}
		row, ok := value.(fields)
		if !ok {
			return cty.NilVal, fmt.Errorf("a %T where an object is declared", value)
		}
		if row == nil {
			return nullObject(a.Attrs), nil
		}
		return objectValue(a.Attrs, row)
	}
	switch v := value.(type) {
	case nil:
		return cty.NullVal(a.Type), nil
	case netip.Addr:
		if !v.IsValid() {
			return cty.NullVal(a.Type), nil
		}
		value = v.Unmap().String()
	}
	switch v := value.(type) { // what most attributes are, at a fraction of the cost
	case int:
		if a.Type == cty.Number {
			return cty.NumberIntVal(int64(v)), nil
		}
	case float64:
		if a.Type == cty.Number && !math.IsNaN(v) {
			return cty.NumberFloatVal(v), nil
		}
	case string:
		if a.Type == cty.String {
			return cty.StringVal(v), nil
		}
	}
	return gocty.ToCtyValue(value, a.Type)
}

func objectValue(attrs []language.Attribute, row fields) (cty.Value, error) {
	values := make(map[string]cty.Value, len(attrs))
	for name, value := range row {
		v, err := attrValue(attribute(attrs, name), value)
		if err != nil {
			return cty.NilVal, fmt.Errorf("%s: %w", name, err)
		}
		values[name] = v
	}
	return objectOf(attrs, values), nil
}

func nullObject(attrs []language.Attribute) cty.Value {
	values := make(map[string]cty.Value, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		if a.Attrs != nil && !a.List {
			values[a.Name] = nullObject(a.Attrs)
			continue
		}
		values[a.Name] = cty.NullVal(a.ValueType())
	}
	return cty.ObjectVal(values)
}

// milliseconds is d as the attributes that end in _ms have it.
func milliseconds(d time.Duration) float64 {
	return float64(d) / float64(time.Millisecond)
}

// nullIfEmpty is s as an attribute: null where it is empty.
func nullIfEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// setTruth states a truth; an unknown one it leaves so.
func setTruth(r *result, name string, t truth.Value) {
	if t != truth.Unknown {
		r.set(name, t == truth.Yes)
	}
}
