package rules

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// An origin is the place in what is observed that a value was taken from: what
// proving knows of the value beyond its type. Nil is a place of which nothing
// more is known, and so are those below it.
type origin struct {
	domain Domain  // of the value; an upper bound that an argument sets is worked out
	each   *origin // of the elements of a list, or of the instances of a block
	below  map[string]*origin
	named  func(name string) *origin // in place of below, where there are many
}

// attr is the origin of an attribute.
func (o *origin) attr(name string) *origin {
	switch {
	case o == nil:
		return nil
	case o.named != nil:
		return o.named(name)
	}
	return o.below[name]
}

// element is the origin of an element, whichever it is.
func (o *origin) element() *origin {
	if o == nil {
		return nil
	}
	return o.each
}

// step is the origin behind a step of a reference. Keys choose among instances in
// either spelling.
func (o *origin) step(s hcl.Traverser) *origin {
	switch s := s.(type) {
	case hcl.TraverseAttr:
		if o != nil && o.each != nil {
			return o.each
		}
		return o.attr(s.Name)
	case hcl.TraverseIndex:
		return o.index(s.Key)
	}
	return nil
}

// index is the origin of o[key].
func (o *origin) index(key cty.Value) *origin {
	if o != nil && o.each == nil {
		if name, ok := knownString(key); ok {
			return o.attr(name)
		}
	}
	return o.element()
}

// list is the origin of a list whose elements have this one.
func (o *origin) list() *origin {
	if o == nil {
		return nil
	}
	return &origin{each: o}
}
