package rules

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A scope is what an expression may refer to while it is proved: each root
// name with an unknown value of its type. It is not changed once made, and the
// checker remembers what it proved in it: share one scope between all
// expressions that see the same values (all checks of one kind, say).
type scope struct {
	parent *scope
	names  map[string]cty.Value
	// origins are those of the roots of which more is known than their types, and
	// constants the values of locals that are the same everywhere.
	origins   map[string]*origin
	constants map[string]cty.Value
	// denied says of roots that exist elsewhere why they don't here.
	denied map[string]string
}

// newScope is a scope of root names.
func newScope(roots map[string]cty.Value) *scope { return &scope{names: roots} }

// with is s and one more root.
func (s *scope) with(name string, v cty.Value) *scope {
	return &scope{parent: s, names: map[string]cty.Value{name: v}}
}

// without is s where a root that exists elsewhere is not allowed. The reason is
// a whole sentence: "A title is shown before anything is observed."
func (s *scope) without(name, reason string) *scope {
	return &scope{parent: s, denied: map[string]string{name: reason}}
}

// lookup finds a root; reason is set where it is known but not allowed.
func (s *scope) lookup(name string) (v cty.Value, ok bool, reason string) {
	for ; s != nil; s = s.parent {
		if v, ok := s.names[name]; ok {
			return v, true, ""
		}
		if reason, ok := s.denied[name]; ok {
			return cty.DynamicVal, false, reason
		}
	}
	return cty.DynamicVal, false, ""
}

// origin is that of a root, nil where nothing more is known of it.
func (s *scope) origin(name string) *origin {
	for ; s != nil; s = s.parent {
		if o := s.origins[name]; o != nil {
			return o
		}
	}
	return nil
}

// constant is the value of a reference to a local that is the same everywhere,
// cty.NilVal of any other.
func (s *scope) constant(t hcl.Traversal) cty.Value {
	if t.RootName() != string(RefLocal) || len(t) < 2 {
		return cty.NilVal
	}
	for s.parent != nil {
		s = s.parent // what stands before it is about instances and faults
	}
	value, ok := s.constants[stepName(t[1])]
	if !ok {
		return cty.NilVal
	}
	value, diags := t[2:].TraverseRel(value)
	if diags.HasErrors() || value.IsMarked() || !value.IsKnown() || value.IsNull() {
		return cty.NilVal
	}
	return value
}

// roots lists the names of the scope, sorted.
func (s *scope) roots() []string {
	var names, hidden []string
	for ; s != nil; s = s.parent {
		for name := range s.names {
			if !slices.Contains(names, name) && !slices.Contains(hidden, name) {
				names = append(names, name)
			}
		}
		for name := range s.denied {
			hidden = append(hidden, name)
		}
	}
	slices.Sort(names)
	return names
}
