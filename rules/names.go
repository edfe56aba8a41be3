package rules

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// names looks up what an expression refers to by name and reports what is not
// there. Types below the names are the checker's business. It returns the
// scope to prove the expression in: s, or one in which the names that were
// reported are of any type, so that nothing is reported twice.
func (b *blockProver) names(e *Expr, s *scope) *scope {
	var wrong map[RefRoot]map[string]bool
	for i := range e.Refs {
		ref := &e.Refs[i]
		if _, ok, _ := s.lookup(string(ref.Root)); !ok {
			continue // the checker knows why
		}
		if b.name(ref) {
			continue
		}
		if wrong == nil {
			wrong = map[RefRoot]map[string]bool{}
		}
		if wrong[ref.Root] == nil {
			wrong[ref.Root] = map[string]bool{}
		}
		wrong[ref.Root][ref.Name] = true
	}
	for root, names := range wrong {
		s = s.with(string(root), patched(e, s, root, names))
	}
	return s
}

// patched is the value of a root in which some names are of any type.
func patched(e *Expr, s *scope, root RefRoot, wrong map[string]bool) cty.Value {
	all, _, _ := s.lookup(string(root))
	if wrong[""] || !all.Type().IsObjectType() {
		return cty.DynamicVal
	}
	values := map[string]cty.Value{}
	for _, ref := range e.Refs {
		if ref.Root != root {
			continue
		}
		values[ref.Name] = cty.DynamicVal
		if !wrong[ref.Name] && all.Type().HasAttribute(ref.Name) {
			values[ref.Name] = all.GetAttr(ref.Name)
		}
	}
	return cty.ObjectVal(values)
}

// name reports whether what a reference names is there, and why not.
func (b *blockProver) name(ref *Ref) bool {
	switch ref.Root {
	case RefVar:
		return b.found(ref.Traversal, 1, "variable", b.rb.Variable(ref.Name) != nil, b.views.variableNames)
	case RefLocal:
		return b.found(ref.Traversal, 1, "local", b.rb.Local(ref.Name) != nil, b.views.localNames)
	case RefFact:
		o := b.views.facts[ref.Name]
		return b.found(ref.Traversal, 1, "fact", o != nil, b.views.factNames) && b.instance(ref.Traversal, 2, o)
	case RefCheck:
		o := b.views.checks[ref.Name]
		return b.found(ref.Traversal, 1, "check", o != nil, b.views.checkNames) && b.instance(ref.Traversal, 2, o) && b.upstream(ref)
	case RefVantage:
		return b.vantage(ref)
	}
	return true
}

// found reports whether step i of a reference names something that is there.
func (b *blockProver) found(t hcl.Traversal, i int, what string, there bool, names func() []string) bool {
	if len(t) <= i {
		b.errorAt(t.SourceRange(), "Incomplete reference", "%s must be followed by the name of a %s: %s.NAME.", TraversalString(t), what, TraversalString(t))
		return false
	}
	attr, ok := t[i].(hcl.TraverseAttr)
	if !ok {
		b.errorAt(t.SourceRange(), "Incomplete reference", "Write the name of a %s with a dot: %s.NAME.", what, TraversalString(t[:i]))
		return false
	}
	if !there {
		b.errorAt(t.SourceRange(), "Unknown "+what, "There is no %s %q.%s", what, attr.Name, suggest(attr.Name, names()))
	}
	return there
}

// instance reports whether step i of a reference to a check or fact chooses
// one of its instances if there are several, and none if there is one.
func (b *blockProver) instance(t hcl.Traversal, i int, o *observer) bool {
	if len(t) <= i {
		return true
	}
	name := TraversalString(t[:i])
	index, isIndex := t[i].(hcl.TraverseIndex)
	switch {
	case o.each == nil && isIndex:
		b.errorAt(t.SourceRange(), "No instances", "%s has no for_each: leave the key out.", name)
		return false
	case o.each == nil:
		return true
	case !isIndex:
		b.errorAt(t.SourceRange(), "Several instances", "%s has a for_each and stands for several. Name one of them, %s[\"KEY\"], or go through all: [for x in %s : x…].", name, name, name)
		return false
	case index.Key.Type() != cty.String || !index.Key.IsKnown() || index.Key.IsNull():
		b.errorAt(index.SrcRange, "Invalid key", "The keys of %s are strings.", name)
		return false
	}
	return b.key(o, index.Key.AsString(), index.SrcRange)
}

func (b *blockProver) key(o *observer, key string, rng hcl.Range) bool {
	if o.each.keys == nil || o.each.keys[key] {
		return true
	}
	b.errorAt(rng, "Unknown key", "The for_each there has no key %q.%s", key, suggest(key, slices.Sorted(maps.Keys(o.each.keys))))
	return false
}

// upstream reports whether a diagnosis may refer to a check: to those only
// that are done by then for certain.
func (b *blockProver) upstream(ref *Ref) bool {
	if b.own == nil {
		return true
	}
	if ref.Name == b.own.Name {
		if ref.Attr == "result" {
			b.errorAt(ref.Traversal.SourceRange(), "Reference to itself", "This is check.%s: its own observation is called result.", ref.Name)
			return false
		}
		return true // told as a circle
	}
	if b.graph.rank[b.graph.check[b.own.Name]+1] < 0 || b.graph.upstream(b.own.Name, ref.Name) {
		return true
	}
	b.errorAt(ref.Traversal.SourceRange(), "Check not upstream",
		"check.%s may not be done when check.%s is diagnosed. Add it to depends_on, or refer to a fact, which is gathered when it is needed.", ref.Name, b.own.Name)
	return false
}

// vantage proves vantage.NAME.check.NAME.
func (b *blockProver) vantage(ref *Ref) bool {
	t := ref.Traversal
	if !b.found(t, 1, "vantage", true, nil) {
		return false
	}
	if attr, ok := step2(t); !ok || attr != "check" {
		b.errorAt(t.SourceRange(), "Incomplete reference", "A conclusion sees the checks of a vantage: %s.check.NAME.", TraversalString(t[:2]))
		return false
	}
	o := (*observer)(nil)
	if len(t) > 3 {
		o = b.views.checks[stepName(t[3])]
	}
	return b.found(t, 3, "check", o != nil, b.views.checkNames) && b.instance(t, 4, o)
}

func step2(t hcl.Traversal) (string, bool) {
	if len(t) < 3 {
		return "", false
	}
	a, ok := t[2].(hcl.TraverseAttr)
	return a.Name, ok
}
