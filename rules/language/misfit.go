package language

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// A MisfitError is why a value is no result of a kind.
type MisfitError struct {
	// Paths are the attributes at fault: "icmp.type", "servers[0].rcode".
	Paths []string

	given []cty.Value // at the paths; nil for a mark
	which string      // completes a sentence about them
}

// Error is a noun: "-1 for rtt_avg_ms, which must be at least 0".
func (m *MisfitError) Error() string {
	if m.given == nil {
		return "a mark on " + m.Paths[0]
	}
	parts := make([]string, len(m.Paths))
	for i, path := range m.Paths {
		if arg, ok := strings.CutPrefix(path, argumentPrefix); ok {
			path = "its argument " + arg
		}
		parts[i] = brief(m.given[i]) + " for " + path
	}
	return terminal.List(parts) + ", which " + m.which
}

// Misfit says, by a *MisfitError where attributes are at fault, how a value
// breaks the promises that the kind makes of a result: what is never null, what a
// number, a word or an address can be, and what contradicts itself. It is nil
// where they are kept. The value is of the kind's ResultType. args are what the
// probe was asked with, by name; what is left out of them, or unknown, refuses
// nothing.
func (k *Kind) Misfit(v cty.Value, args map[string]cty.Value) (err error) {
	defer func() { // a Check or a Claim may be somebody else's
		if p := recover(); p != nil {
			err = fmt.Errorf("something that holds kind %q against what it observes broke: %v", k.Name, p)
		}
	}()
	if v.IsNull() || !v.IsKnown() {
		return errors.New("a result that is null or unknown as a whole")
	}
	h := holders.Get().(*holder)
	defer h.free()
	h.args = args
	if m := h.object(k.Result, k.Never, v); m != nil {
		return m
	}
	return nil
}

// A holder holds one result against its kind.
type holder struct {
	args  map[string]cty.Value
	items []Item  // of the object that is held, behind those of the ones that it is in
	of    []*Item // what a claim is handed
}

// holders are used again and again: every observation is held against its kind,
// and without it takes a third longer for that.
var holders = sync.Pool{New: func() any { return new(holder) }}

// free gives a holder back, without what it held.
func (h *holder) free() {
	clear(h.items[:cap(h.items)])
	clear(h.of[:cap(h.of)])
	*h = holder{items: h.items[:0], of: h.of[:0]}
	holders.Put(h)
}

// object holds an object against its attributes and what never holds of them.
func (h *holder) object(attrs []Attribute, never []Contradiction, v cty.Value) *MisfitError {
	first := len(h.items)
	h.items = slices.Grow(h.items, len(attrs))[:first+len(attrs)]
	items := h.items[first:]
	for i := range attrs {
		items[i] = itemOf(v.GetAttr(attrs[i].Name))
		if m := h.attribute(&attrs[i], &items[i]); m != nil {
			return m
		}
	}
	for i := range never {
		if m := h.contradiction(&never[i], attrs, items); m != nil {
			return m
		}
	}
	h.items = h.items[:first]
	return nil
}

func (h *holder) attribute(a *Attribute, item *Item) *MisfitError {
	v, nested := item.Value, a.Attrs != nil && !a.List
	switch {
	case v.IsMarked() || !nested && !v.Type().IsPrimitiveType() && v.ContainsMarked():
		return &MisfitError{Paths: []string{a.Name}}
	case v.IsNull():
		if a.NeverNull || a.Attrs != nil {
			return misfit(a.Name, v, neverNull)
		}
	case !v.IsKnown():
	case nested:
		if m := h.object(a.Attrs, a.Never, v); m != nil {
			return m.within(a.Name)
		}
	case a.List:
		return h.elements(a, v)
	case v.Type().IsListType():
		return h.outsiders(a, v)
	default:
		if which := h.outside(&a.Domain, item); which != "" {
			return misfit(a.Name, v, which)
		}
		if math.IsInf(item.Number, 0) && v.AsBigFloat().IsInf() {
			return misfit(a.Name, v, "is never infinite")
		}
	}
	return nil
}

const neverNull = "is never null"

func misfit(path string, v cty.Value, which string) *MisfitError {
	return &MisfitError{[]string{path}, []cty.Value{v}, which}
}

// within puts the place of an object before what is wrong in it.
func (m *MisfitError) within(place string) *MisfitError {
	for i, path := range m.Paths {
		if !strings.HasPrefix(path, argumentPrefix) {
			m.Paths[i] = place + "." + path
		}
	}
	return m
}

func element(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// elements holds a list of objects against the attributes of each.
func (h *holder) elements(a *Attribute, list cty.Value) *MisfitError {
	for i, v := range list.AsValueSlice() {
		switch {
		case v.IsNull():
			return misfit(element(a.Name, i), v, neverNull)
		case v.IsKnown():
			if m := h.object(a.Attrs, a.Never, v); m != nil {
				return m.within(element(a.Name, i))
			}
		}
	}
	return nil
}

// outsiders holds another list against what it, or each of its elements, can be.
func (h *holder) outsiders(a *Attribute, list cty.Value) *MisfitError {
	if a.Domain.form != formList {
		item := Item{list, math.NaN()}
		if which := h.outside(&a.Domain, &item); which != "" {
			return misfit(a.Name, list, which)
		}
		return nil
	}
	for i, v := range list.AsValueSlice() {
		item, which := itemOf(v), neverNull
		switch {
		case !v.IsKnown():
			continue
		case !v.IsNull():
			which = h.outside(a.Domain.each, &item)
		}
		if which != "" {
			return misfit(element(a.Name, i), v, which)
		}
	}
	return nil
}

// outside completes a sentence that says what an observed value, or an element
// of one, would have to be: "must be a number from 0". It is "" for one that can
// be observed. The value is known and not null.
func (h *holder) outside(d *Domain, item *Item) string {
	most, byArgument := d.upTo(h.args)
	err := d.refuse(item, most)
	if err == nil {
		return ""
	}
	if _, is := err.(*outsideError); !is {
		return err.Error()
	}
	bounded := *d
	bounded.most = most
	text := "must be " + bounded.String()
	if byArgument {
		text += ", its argument " + d.mostArg
	}
	return text
}

// What is quoted of a value as it is: texts up to so many characters, and numbers
// below so much.
const (
	mostBrief  = 100
	mostNumber = 1e15
)

// brief is a value for a message about it, on one line. A long text is not
// quoted at all, and of a short one what can be seen stays as it is: who hides
// secrets in messages would not recognise half of one, or one with a backslash
// before its quotes.
func brief(v cty.Value) string {
	switch {
	case v == cty.NilVal || !v.IsKnown():
		return terminal.NotObserved
	case v.IsNull():
		return "null"
	case v.Type() == cty.String:
		text := v.AsString()
		if n := utf8.RuneCountInString(text); n > mostBrief {
			return fmt.Sprintf("a text of %d characters", n)
		}
		return `"` + terminal.Line(text) + `"`
	case v.Type() == cty.Number:
		return briefNumber(numberOf(v))
	case v.Type() == cty.Bool:
		return strconv.FormatBool(v.True())
	case v.Type().IsListType():
		return fmt.Sprintf("a list of %d", v.LengthInt())
	}
	return "an object"
}

func briefNumber(n float64) string {
	if math.Abs(n) < mostNumber {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return strconv.FormatFloat(n, 'g', 6, 64)
}
