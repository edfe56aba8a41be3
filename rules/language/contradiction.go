package language

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// A Contradiction is what never holds of one result at the same time: a claim,
// such as that there was no connection, and each of those beside it, such as that
// it took some time. Without any beside it, the claim never holds at all. Only what
// is known to hold contradicts: the unknown accuses nobody.
type Contradiction struct {
	Claim
	Beside []Claim
}

// A Claim is what may hold of attributes of a result.
type Claim struct {
	// Of names the attributes: "connected", or "tls.version" for one of a nested
	// object. "argument.count" is an argument of the probe, unknown where the
	// question is.
	Of []string
	// Holds is handed what is known of them, in that order. It must not keep it.
	Holds func(of []*Item) bool
	// Which completes a sentence about them, where "are never observed together"
	// does not tell: "must be at the distances 1, 2, 3 in order".
	Which string
}

// argumentPrefix marks what a Claim says of an argument.
const argumentPrefix = "argument."

// An Item is the value of an attribute or argument, which may be null.
type Item struct {
	cty.Value
	Number float64 // of one that is a number and known; else not a number (NaN)
}

// itemOf is a value. Of the exact number only the nearest of 64 bits is compared:
// to copy its digits would take more time than all else.
func itemOf(v cty.Value) Item {
	item := Item{v, math.NaN()}
	if v.Type() == cty.Number && !v.IsMarked() && v.IsKnown() && !v.IsNull() {
		item.Number = numberOf(v)
	}
	return item
}

func numberOf(v cty.Value) float64 {
	if v == cty.Zero { // which most bounds are
		return 0
	}
	n, _ := v.AsBigFloat().Float64()
	return n
}

// contradiction is what is wrong where a claim holds and one beside it.
func (h *holder) contradiction(c *Contradiction, attrs []Attribute, items []Item) *MisfitError {
	if !h.holds(&c.Claim, attrs, items) {
		return nil
	}
	if len(c.Beside) == 0 {
		return h.contradicts(attrs, items, &c.Claim)
	}
	for i := range c.Beside {
		if h.holds(&c.Beside[i], attrs, items) {
			return h.contradicts(attrs, items, &c.Claim, &c.Beside[i])
		}
	}
	return nil
}

// holds reports whether a claim is known to hold.
func (h *holder) holds(claim *Claim, attrs []Attribute, items []Item) bool {
	h.of = h.of[:0]
	for _, name := range claim.Of {
		item := h.item(name, attrs, items)
		if item == nil || !item.IsKnown() {
			return false
		}
		h.of = append(h.of, item)
	}
	return claim.Holds(h.of)
}

// item is the one that a claim names; nil where there is none.
func (h *holder) item(name string, attrs []Attribute, items []Item) *Item {
	for i := range attrs {
		if attrs[i].Name == name {
			return &items[i]
		}
	}
	var found Item
	if arg, ok := strings.CutPrefix(name, argumentPrefix); ok {
		if v, ok := h.args[arg]; ok && !v.IsMarked() {
			found = itemOf(v)
			return &found
		}
		return nil
	}
	name, within, nested := strings.Cut(name, ".")
	if !nested {
		return nil
	}
	of := h.item(name, attrs, items)
	if of == nil || !of.IsKnown() || of.IsNull() || !of.Type().HasAttribute(within) {
		return nil
	}
	found = itemOf(of.GetAttr(within))
	return &found
}

// contradicts is what is wrong where claims hold.
func (h *holder) contradicts(attrs []Attribute, items []Item, claims ...*Claim) *MisfitError {
	m := &MisfitError{which: "are never observed together"}
	for _, claim := range claims {
		m.which = cmp.Or(claim.Which, m.which)
		for _, name := range claim.Of {
			if !slices.Contains(m.Paths, name) {
				m.Paths, m.given = append(m.Paths, name), append(m.given, h.item(name, attrs, items).Value)
			}
		}
	}
	return m
}
