package rules

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/typecheck"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// names looks at how an expression refers to blocks: by a name, to one of
// several instances, to what is done by then. Whether the name is there and
// what lies below it is the checker's business. It returns the scope to prove
// the expression in: s, or one in which the names that were reported are of
// any type, so that nothing is reported twice.
func (b *blockProver) names(e *expression.Expr, s *typecheck.Scope) *typecheck.Scope {
	var wrong map[string]map[string]bool // by root, as it is written
	for i := range e.Refs {
		ref := &e.Refs[i]
		root := ref.Traversal.RootName()
		if _, ok, _ := s.Lookup(root); !ok {
			continue // the checker knows why
		}
		if b.name(ref) {
			continue
		}
		if wrong == nil {
			wrong = map[string]map[string]bool{}
		}
		if wrong[root] == nil {
			wrong[root] = map[string]bool{}
		}
		wrong[root][expression.OwnName(ref.Name)] = true
	}
	for root, names := range wrong {
		s = s.With(root, patched(e, s, root, names))
	}
	return s
}

// patched is the value of a root in which some names are of any type.
func patched(e *expression.Expr, s *typecheck.Scope, root string, wrong map[string]bool) cty.Value {
	all, _, _ := s.Lookup(root)
	if wrong[""] || !all.Type().IsObjectType() {
		return cty.DynamicVal
	}
	values := map[string]cty.Value{}
	for _, ref := range e.Refs {
		if ref.Traversal.RootName() != root {
			continue
		}
		name := expression.OwnName(ref.Name)
		values[name] = cty.DynamicVal
		if !wrong[name] && all.Type().HasAttribute(name) {
			values[name] = all.GetAttr(name)
		}
	}
	return cty.ObjectVal(values)
}

// name reports whether a reference may be made in this way, and why not.
func (b *blockProver) name(ref *expression.Ref) bool {
	t := ref.Traversal
	switch ref.Root {
	case language.RefVar:
		return b.named(t, 1, "variable")
	case language.RefLocal:
		return b.named(t, 1, "local")
	case language.RefFact:
		return b.named(t, 1, "fact") && b.instance(t, 2, b.views.facts[ref.Name])
	case language.RefCheck:
		return b.named(t, 1, "check") && b.instance(t, 2, b.views.checks[ref.Name]) && b.upstream(ref)
	case language.RefVantage:
		return b.vantage(t)
	}
	return true
}

// named reports whether step i of a reference is a name.
func (b *blockProver) named(t hcl.Traversal, i int, what string) bool {
	if len(t) > i {
		if _, ok := t[i].(hcl.TraverseAttr); ok {
			return true
		}
	}
	b.errorAt(t.SourceRange(), "Incomplete reference", "The name of a %s belongs behind %s: %s.NAME.", what, terminal.Reference(t[:i]), terminal.Reference(t[:i]))
	return false
}

// instance reports whether step i of a reference to a check or fact chooses
// one of its instances if there are several, and none if there is one.
func (b *blockProver) instance(t hcl.Traversal, i int, o *observer) bool {
	if o == nil || len(t) <= i {
		return true // unknown, or as a whole
	}
	name := terminal.Reference(t[:i])
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
	b.errorAt(rng, "Unknown key", "The for_each there has no key %q.%s", key, diagnostic.DidYouMean(key, slices.Sorted(maps.Keys(o.each.keys))))
	return false
}

// upstream reports whether a diagnosis may refer to a check: to those only
// that are done by then for certain.
func (b *blockProver) upstream(ref *expression.Ref) bool {
	if b.own == nil || b.views.checks[ref.Name] == nil {
		return true
	}
	if ref.Name == b.own.Name {
		if ref.Attr == "result" {
			b.errorAt(ref.Traversal.SourceRange(), "Reference to itself", "This is %s: its own observation is called result.", b.own.Address())
			return false
		}
		return true // told as a circle
	}
	if b.rb.graph.circular(b.own) || b.rb.graph.upstream(b.own.Name, ref.Name) {
		return true
	}
	b.errorAt(ref.Traversal.SourceRange(), "Check not upstream",
		"%s may not be done when %s is diagnosed. Add it to depends_on, or refer to a fact, which is gathered when it is needed.", expression.AddressOf(language.RefCheck, ref.Name), b.own.Address())
	return false
}

// vantage proves the form of vantage.NAME.check.NAME and its like.
func (b *blockProver) vantage(t hcl.Traversal) bool {
	if !b.named(t, 1, "vantage") {
		return false
	}
	member := ""
	if len(t) > 2 {
		member = expression.StepName(t[2])
	}
	_, root := expression.SplitRoot(member)
	switch {
	case member == expression.Complete:
		return true
	case !slices.Contains(expression.VantageRoots, root):
		b.errorAt(t.SourceRange(), "Incomplete reference", "A conclusion sees the checks of a vantage: %s.check.NAME, or %s.IMPORT.check.NAME for those of an import; and its facts and variables likewise.", terminal.Reference(t[:2]), terminal.Reference(t[:2]))
		return false
	case !b.named(t, 3, map[language.RefRoot]string{language.RefCheck: "check", language.RefFact: "fact", language.RefVar: "variable"}[root]):
		return false
	}
	ref := expression.NewRef(t)
	switch root, name, _ := ref.FromVantage(); root {
	case language.RefCheck:
		return b.instance(t, 4, b.views.checks[name])
	case language.RefFact:
		return b.instance(t, 4, b.views.facts[name])
	}
	return true
}
