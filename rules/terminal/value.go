package terminal

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// What a value without a value of its own reads in a text.
const (
	None        = "none"
	NotObserved = "not observed"
	Sensitive   = "(sensitive)"
)

// Value says how a value reads in a text. A null reads "none", an unknown "not
// observed", and whatever is marked "(sensitive)". Numbers are rounded to what
// measuring gives: from 100 no decimals, from 10 one, from 1 two, below three.
// Lists read "a, b", objects "{name = a, other = b}".
func Value(v cty.Value) string {
	if v == cty.NilVal {
		return NotObserved
	}
	if !v.ContainsMarked() && v.IsKnown() && !v.IsNull() {
		switch ty := v.Type(); {
		case ty == cty.String:
			return v.AsString()
		case isList(ty) && v.LengthInt() == 0:
			return None
		}
	}
	text := inText.value(v)
	if v, _ := v.Unmark(); isList(v.Type()) {
		text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	}
	return text
}

// Evidence says how a value reads beside its name: as in a check file, but for
// what is missing, which reads as in a text, and numbers, which are rounded as
// there.
func Evidence(v cty.Value) string {
	if v == cty.NilVal {
		return NotObserved
	}
	return asEvidence.value(v)
}

// Written is a value as a file of the language has it, on one line. What is
// marked reads "(sensitive)" all the same.
func Written(v cty.Value) string {
	if v == cty.NilVal {
		return NotObserved
	}
	return asWritten.value(v)
}

// A form is a way to write values.
type form struct {
	null          string
	primitive     func(cty.Value) string
	name          func(string) string // of an attribute
	before, after string              // what an object's attributes stand between
}

var (
	inText     = form{None, spoken, asItIs, "{", "}"}
	asEvidence = form{None, measured, asItIs, "{ ", " }"}
	asWritten  = form{"null", exact, identifier, "{ ", " }"}
)

func (f form) value(v cty.Value) string {
	ty := v.Type()
	switch {
	case v.IsMarked():
		return Sensitive
	case v.IsNull():
		return f.null
	case !v.IsKnown():
		return NotObserved
	case ty.IsPrimitiveType():
		return f.primitive(v)
	case ty.IsObjectType(), ty.IsMapType():
		elems := v.AsValueMap()
		if len(elems) == 0 {
			return "{}"
		}
		parts := make([]string, 0, len(elems))
		for _, name := range slices.Sorted(maps.Keys(elems)) {
			parts = append(parts, f.name(name)+" = "+f.value(elems[name]))
		}
		return f.before + strings.Join(parts, ", ") + f.after
	case isList(ty):
		var parts []string
		for it := v.ElementIterator(); it.Next(); {
			_, el := it.Element()
			parts = append(parts, f.value(el))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return ty.FriendlyName()
}

func isList(ty cty.Type) bool { return ty.IsListType() || ty.IsSetType() || ty.IsTupleType() }

func asItIs(text string) string { return text }

// spoken is a known primitive value in a text.
func spoken(v cty.Value) string {
	switch v.Type() {
	case cty.String:
		return v.AsString()
	case cty.Number:
		return Number(v.AsBigFloat())
	}
	return strconv.FormatBool(v.True())
}

// measured is a known primitive value in a check file, as far as it was measured.
func measured(v cty.Value) string {
	if v.Type() == cty.String {
		return strconv.Quote(v.AsString())
	}
	return spoken(v)
}

// exact is a known primitive value in a check file.
func exact(v cty.Value) string {
	if v.Type() == cty.Number && !Writable(v.AsBigFloat()) {
		return spoken(v)
	}
	return strings.TrimSpace(string(hclwrite.TokensForValue(v).Bytes()))
}

func identifier(name string) string {
	if hclsyntax.ValidIdentifier(name) {
		return name
	}
	return exact(cty.StringVal(name))
}

// MaxExponent bounds the numbers that are written out: for 1e1000000000 that
// takes gigabytes. In powers of two.
const MaxExponent = 4096

// Writable reports whether a number can be written out. Infinity is what became
// of one that was too large.
func Writable(f *big.Float) bool {
	if f.IsInf() {
		return false
	}
	exp := f.MantExp(nil)
	return max(exp, -exp) <= MaxExponent
}

// Number rounds to what was measured. A number never becomes 0 by it, and of one
// that is not [Writable] there is the order of magnitude.
func Number(f *big.Float) string {
	if !Writable(f) {
		return magnitude(f)
	}
	if f.IsInt() {
		return f.Text('f', 0)
	}
	x, _ := f.Float64()
	decimals := 3
	switch abs := max(x, -x); {
	case abs >= 100:
		decimals = 0
	case abs >= 10:
		decimals = 1
	case abs >= 1:
		decimals = 2
	}
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "0" || s == "-0" {
		return strconv.FormatFloat(x, 'g', 1, 64)
	}
	return s
}

func magnitude(f *big.Float) string {
	if f.IsInf() {
		return f.Text('g', 3)
	}
	sign := ""
	if f.Sign() < 0 {
		sign = "-"
	}
	return fmt.Sprintf("%s1e%+d", sign, int(float64(f.MantExp(nil))*math.Log10(2)))
}
