package rules

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/typecheck"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// takeIn takes over what is known of the blocks of imports.
func (v *views) takeIn(known map[string]*views) {
	for module, sub := range known {
		if sub == nil {
			continue
		}
		for name, o := range sub.facts {
			v.facts[expression.Within(module, name)] = o
		}
		for name, o := range sub.checks {
			v.checks[expression.Within(module, name)] = o
		}
	}
}

// broken reports whether an import has errors, so that nothing is known of what
// lies in it.
func (v *views) broken(module string) bool {
	sub, ok := v.known[module]
	return ok && sub == nil
}

// namesOf lists the blocks of the runbook, or of an import, by their own names.
func (v *views) namesOf(blocks map[string]*observer, module string) []string {
	names := make([]string, 0, len(blocks))
	for name := range blocks {
		if expression.Module(name) == module {
			names = append(names, expression.OwnName(name))
		}
	}
	slices.Sort(names)
	return names
}

// addImport adds to a scope what an attribute may see of an import.
func (v *views) addImport(s *typecheck.Scope, a *language.AttrType, module string) {
	for _, root := range []language.RefRoot{language.RefCheck, language.RefFact} {
		name := expression.Within(module, string(root))
		if a.MayRefer(root) {
			s.Names[name] = v.imported[name]
			s.Origins[name] = v.origin(root, module, view{})
		} else {
			s.Denied[name] = denial(root, a)
		}
	}
	s.Denied[module] = fmt.Sprintf("%s is an import. Its checks are read as %s.check.NAME and its facts as %s.fact.NAME; its variables, its locals and what it imports itself are its own.", module, module, module)
}

// oneVantage is a vantage as a conclusion sees it.
func (v *views) oneVantage() cty.Value {
	members := map[string]cty.Value{expression.Complete: cty.UnknownVal(cty.Bool).RefineNotNull()}
	add := func(module string) {
		members[expression.Within(module, string(language.RefCheck))] = v.allChecks(module, true)
		members[expression.Within(module, string(language.RefFact))] = v.allFacts(module)
		members[expression.Within(module, string(language.RefVar))] = v.allVars(module)
	}
	add("")
	for module := range v.known {
		add(module)
	}
	return cty.ObjectVal(members)
}

// allVars are the variables of the runbook, or of an import, as conclusions see
// them.
func (v *views) allVars(module string) cty.Value {
	if v.broken(module) {
		return cty.DynamicVal
	}
	if module == "" {
		return v.roots[language.RefVar]
	}
	return v.known[module].roots[language.RefVar]
}

// imports proves the arguments of the runbook's imports, and what sensitive
// ones come to in all that is imported.
func (b *blockProver) imports() {
	a := language.ImportBlock.Any
	for _, im := range b.rb.Imports {
		if expression.Module(im.Name) != "" {
			continue
		}
		for _, arg := range im.Args {
			v := b.Value(arg.Expr, b.names(arg.Expr, b.views.scope(a, view{})), cty.DynamicPseudoType)
			if arg.Variable != nil {
				b.Diags = append(b.Diags, arg.fits(b.rb, v)...)
			}
		}
	}
	t := taint{blockProver: b, vars: map[string]tainted{}, locals: map[string]tainted{}}
	for _, im := range b.rb.Imports {
		t.follow(im)
	}
}

// fits holds what is known of an argument before a site's values are against
// the variable.
func (a *ImportArg) fits(rb *Runbook, v cty.Value) hcl.Diagnostics {
	open := func(name string) cty.Value { return rb.Variable(name).unknown() }
	_, diags := a.Variable.Bind(v, Binding{All: open, Range: a.Expr.Range()})
	return diags
}

// taint follows sensitive values into imports, where they are variables that
// nobody declared to be sensitive.
type taint struct {
	*blockProver
	vars   map[string]tainted // of imports
	locals map[string]tainted // of imports, those that were looked at
}

// tainted is what a value is made from, and the argument by which it came in;
// nothing where it is not sensitive.
type tainted struct {
	from string
	at   hcl.Range
}

// follow refuses a for_each of an import that is made from what is sensitive.
// Imports are followed from the outside to the inside.
func (t *taint) follow(im *Import) {
	found := len(t.vars)
	for _, arg := range im.Args {
		by := t.made(arg.Expr)
		if from := t.views.sensitive(arg.Expr); by.from == "" && from != "" {
			by = tainted{from, arg.Expr.Range()}
		}
		if by.from != "" && arg.Variable != nil {
			t.vars[arg.Variable.Name] = by
		}
	}
	if len(t.vars) == found {
		return
	}
	refuse := func(address string, forEach *expression.Expr) {
		if forEach == nil {
			return
		}
		if by := t.made(forEach); by.from != "" {
			t.errorAt(by.at, "Sensitive for_each", "This is made from the sensitive %s, and the for_each of %s from this: its keys would be shown in every address.", by.from, address)
		}
	}
	for _, f := range t.rb.Facts {
		if expression.Module(f.Name) == im.Name {
			refuse(f.Address(), f.ForEach)
		}
	}
	for _, c := range t.rb.Checks {
		if expression.Module(c.Name) == im.Name {
			refuse(c.Address(), c.ForEach)
		}
	}
}

// made finds the sensitive value from outside that an expression of an import
// is made from.
func (t *taint) made(e *expression.Expr) tainted {
	for _, ref := range e.Refs {
		by := tainted{}
		switch ref.Root {
		case language.RefVar:
			by = t.vars[ref.Name]
		case language.RefLocal:
			by = t.local(ref.Name)
		}
		if by.from != "" {
			return by
		}
	}
	return tainted{}
}

func (t *taint) local(name string) tainted {
	by, done := t.locals[name]
	l := t.rb.Local(name)
	if !done && l != nil && expression.Module(name) != "" {
		t.locals[name] = by // for a circle, which was told
		by = t.made(l.Expr)
		t.locals[name] = by
	}
	return by
}
