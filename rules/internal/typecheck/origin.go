package typecheck

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// An Origin is the place in what is observed that a value was taken from: what
// proving knows of the value beyond its type. Nil is a place of which nothing
// more is known, and so are those below it.
type Origin struct {
	Domain language.Domain // of the value; an upper bound that an argument sets is worked out
	each   *Origin         // of the elements of a list, or of the instances of a block
	Below  map[string]*Origin
	Named  func(name string) *Origin // in place of below, where there are many
}

// attr is the origin of an attribute.
func (o *Origin) attr(name string) *Origin {
	switch {
	case o == nil:
		return nil
	case o.Named != nil:
		return o.Named(name)
	}
	return o.Below[name]
}

// element is the origin of an element, whichever it is.
func (o *Origin) element() *Origin {
	if o == nil {
		return nil
	}
	return o.each
}

// step is the origin behind a step of a reference. Keys choose among instances in
// either spelling.
func (o *Origin) step(s hcl.Traverser) *Origin {
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
func (o *Origin) index(key cty.Value) *Origin {
	if o != nil && o.each == nil {
		if name, ok := guard.KnownString(key); ok {
			return o.attr(name)
		}
	}
	return o.element()
}

// through is the origin of what a function makes of something, where that is
// elements of it as they are. o is the origin of the first argument.
func (o *Origin) through(function string) *Origin {
	switch function {
	case "distinct", "compact", "reverse", "slice", "sort", "values":
		return o.element().List()
	case "element", "one":
		return o.element()
	}
	return nil
}

// List is the origin of a list whose elements have this one.
func (o *Origin) List() *Origin {
	if o == nil {
		return nil
	}
	return &Origin{each: o}
}
