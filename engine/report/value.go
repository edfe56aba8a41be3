package report

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"

	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// plain is v in the terms of encoding/json, without the attributes that are
// unknown. It is not known itself where v is unknown or not there at all.
func plain(v cty.Value) (value any, known bool) {
	switch {
	case v == cty.NilVal:
		return nil, false
	case v.IsMarked():
		// The engine keeps such values out of reports; this is the second lock on
		// the same door.
		return terminal.Sensitive, true
	case !v.IsKnown():
		return nil, false
	case v.IsNull():
		return nil, true
	}
	switch t := v.Type(); {
	case t == cty.String:
		return v.AsString(), true
	case t == cty.Number:
		return jsonNumber(v.AsBigFloat()), true
	case t == cty.Bool:
		return v.True(), true
	case t.IsObjectType():
		types := t.AttributeTypes()
		m := make(map[string]any, len(types))
		for name := range types { // in no order, as m has none
			if p, known := plain(v.GetAttr(name)); known {
				m[name] = p
			}
		}
		return m, true
	case t.IsMapType():
		m := make(map[string]any, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			if p, known := plain(e); known {
				m[k.AsString()] = p
			}
		}
		return m, true
	default: // list, set, tuple
		s := make([]any, 0, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			// An unknown element keeps its place in the list.
			_, e := it.Element()
			p, _ := plain(e)
			s = append(s, p)
		}
		return s, true
	}
}

// jsonNumber writes whole numbers in full and others to six decimals: a
// nanosecond where the unit is a millisecond, and less than a float's noise.
func jsonNumber(f *big.Float) any {
	switch {
	case f.IsInf():
		return nil // JSON has no infinity
	case f.IsInt():
		return json.Number(f.Text('f', 0))
	}
	x, _ := f.Float64()
	return number(x, 6)
}

// number writes x with at most that many decimals and no trailing zeros.
func number(x float64, decimals int) json.Number {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return json.Number(s)
}

// literalLimit bounds how much of one value a line for people shows, in columns;
// the JSON report has all of it.
const literalLimit = 160

// literal writes v as a check file would, for people: numbers rounded to what
// was measured, and in words what is missing.
func literal(v cty.Value) string {
	head, rest := terminal.Cut(terminal.Evidence(v), literalLimit)
	if rest != "" {
		return head + "…"
	}
	return head
}
