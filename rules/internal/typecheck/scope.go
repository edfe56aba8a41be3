package typecheck

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A Scope is what an expression may refer to while it is proved: each root
// name with an unknown value of its type. It is not changed once made: one serves
// all expressions that see the same values (all checks of one kind, say).
type Scope struct {
	parent *Scope
	Names  map[string]cty.Value
	// Origins are those of the roots of which more is known than their types, and
	// Constants the values of locals that are the same everywhere.
	Origins   map[string]*Origin
	Constants map[string]cty.Value
	// Denied says of roots that exist elsewhere why they don't here.
	Denied map[string]string
}

// With is s and one more root.
func (s *Scope) With(name string, v cty.Value) *Scope {
	return &Scope{parent: s, Names: map[string]cty.Value{name: v}}
}

// Lookup finds a root; reason is set where it is known but not allowed.
func (s *Scope) Lookup(name string) (v cty.Value, ok bool, reason string) {
	for ; s != nil; s = s.parent {
		if v, ok := s.Names[name]; ok {
			return v, true, ""
		}
		if reason, ok := s.Denied[name]; ok {
			return cty.DynamicVal, false, reason
		}
	}
	return cty.DynamicVal, false, ""
}

// origin is that of a root, nil where nothing more is known of it.
func (s *Scope) origin(name string) *Origin {
	for ; s != nil; s = s.parent {
		if o := s.Origins[name]; o != nil {
			return o
		}
	}
	return nil
}

// constant is the value of a reference to a local that is the same everywhere,
// cty.NilVal of any other.
func (s *Scope) constant(t hcl.Traversal) cty.Value {
	if t.RootName() != string(language.RefLocal) || len(t) < 2 {
		return cty.NilVal
	}
	for s.parent != nil {
		s = s.parent // what stands before it is about instances and faults
	}
	value, ok := s.Constants[expression.StepName(t[1])]
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
func (s *Scope) roots() []string {
	var names, hidden []string
	for ; s != nil; s = s.parent {
		for name := range s.Names {
			if !slices.Contains(names, name) && !slices.Contains(hidden, name) {
				names = append(names, name)
			}
		}
		for name := range s.Denied {
			hidden = append(hidden, name)
		}
	}
	slices.Sort(names)
	return names
}
