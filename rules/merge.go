package rules

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
)

// An imported runbook is proved on its own, as its authors wrote it, and then
// becomes part of the one that imports it: its blocks get the import's name
// before their own, and so does what its expressions refer to. HCL finds the
// root of a reference by its text, so that var of the import net is the root
// "net.var", and one scope serves all of them. What the importer writes as
// net.check.x is brought into that form before it is decoded.

// collapse gives references to imports, by the names of those, the form that
// they have from then on.
func collapse(blocks []syntax.Layered, names []string) {
	c := renamer{rename: func(t hcl.Traversal) hcl.Traversal { return collapsed(t, names) }}
	var body func(*hclsyntax.Body)
	body = func(b *hclsyntax.Body) {
		for _, attr := range b.Attributes {
			c.walk(attr.Expr)
		}
		for _, nested := range b.Blocks {
			body(nested.Body)
		}
	}
	for _, b := range blocks {
		body(b.Body)
	}
}

// importNames are the names of the imports among blocks.
func importNames(blocks []syntax.Layered) []string {
	var names []string
	for _, b := range blocks {
		if b.Typ == language.ImportBlock {
			names = append(names, b.Labels[0])
		}
	}
	return names
}

// collapsed joins the first two steps of net.check.x, and the third and fourth
// of vantage.here.net.check.x.
func collapsed(t hcl.Traversal, names []string) hcl.Traversal {
	at := 0
	if t.RootName() == string(language.RefVantage) {
		at = 2
	}
	if len(t) < at+2 || !slices.Contains(names, rootOrStep(t[at])) {
		return t
	}
	member, ok := t[at+1].(hcl.TraverseAttr)
	if !ok || member.Name != string(language.RefCheck) && member.Name != string(language.RefFact) && (at == 0 || member.Name != string(language.RefVar)) {
		return t
	}
	name := expression.Within(rootOrStep(t[at]), member.Name)
	rng := hcl.RangeBetween(t[at].SourceRange(), member.SrcRange)
	joined := slices.Clone(t[:at+1])
	if at == 0 {
		joined[0] = hcl.TraverseRoot{Name: name, SrcRange: rng}
	} else {
		joined[at] = hcl.TraverseAttr{Name: name, SrcRange: rng}
	}
	return append(joined, t[at+2:]...)
}

// rootOrStep is the name of a step; "" where it is not written as a name.
func rootOrStep(step hcl.Traverser) string {
	switch s := step.(type) {
	case hcl.TraverseRoot:
		return s.Name
	case hcl.TraverseAttr:
		return s.Name
	}
	return ""
}

// A renamer changes the references of expressions, not those to what a for
// expression introduces.
type renamer struct {
	rename func(hcl.Traversal) hcl.Traversal
	hidden []map[string]struct{}
}

func (r *renamer) walk(e hclsyntax.Expression) { _ = hclsyntax.Walk(e, r) }

// Enter is called by hclsyntax.Walk.
func (r *renamer) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case hclsyntax.ChildScope:
		r.hidden = append(r.hidden, n.LocalNames)
	case *hclsyntax.ScopeTraversalExpr:
		name := n.Traversal.RootName()
		if !slices.ContainsFunc(r.hidden, func(names map[string]struct{}) bool { _, ok := names[name]; return ok }) {
			n.Traversal = r.rename(n.Traversal)
		}
	}
	return nil
}

// Exit is called by hclsyntax.Walk.
func (r *renamer) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if _, ok := n.(hclsyntax.ChildScope); ok {
		r.hidden = r.hidden[:len(r.hidden)-1]
	}
	return nil
}

// A mergedImport is an import and the runbook that it stands for.
type mergedImport struct {
	im *Import
	rb *Runbook
}

// mergeImports makes what imports stand for part of rb.
func mergeImports(rb *Runbook, merged []mergedImport) {
	var all Runbook
	for _, g := range merged {
		g.rename()
		g.im.Variables, g.im.Locals = g.rb.Variables, g.rb.Locals
		all.Imports = append(all.Imports, g.rb.Imports...)
		all.Requires = append(all.Requires, g.rb.Requires...)
		all.Facts = append(all.Facts, g.rb.Facts...)
		all.Checks = append(all.Checks, g.rb.Checks...)
		all.Conclusions = append(all.Conclusions, g.rb.Conclusions...)
	}
	for _, im := range all.Imports {
		rb.indexImport(im)
	}
	for _, g := range merged {
		rb.indexImport(g.im)
	}
	for _, f := range all.Facts {
		rb.facts[f.Name] = f
	}
	for _, c := range all.Checks {
		rb.checks[c.Name] = c
	}
	rb.Imports = append(rb.Imports, all.Imports...)
	rb.Requires = append(rb.Requires, all.Requires...)
	rb.Facts = append(all.Facts, rb.Facts...)
	rb.Checks = append(all.Checks, rb.Checks...)
	rb.Conclusions = append(all.Conclusions, rb.Conclusions...)
}

func (rb *Runbook) indexImport(im *Import) {
	for _, v := range im.Variables {
		rb.variables[v.Name] = v
	}
	for _, l := range im.Locals {
		rb.locals[l.Name] = l
	}
}

// rename puts the import's name before all names of its runbook.
func (g mergedImport) rename() {
	m := mover{module: g.im.Name}
	m.renamer.rename = m.moved
	for _, im := range g.rb.Imports {
		m.name(&im.Name)
		for _, a := range im.Args {
			m.expr(a.Expr)
		}
		m.values(im.Variables, im.Locals)
	}
	m.values(g.rb.Variables, g.rb.Locals)
	for _, f := range g.rb.Facts {
		m.name(&f.Name)
		for e := range f.Exprs() {
			m.expr(e)
		}
	}
	for _, c := range g.rb.Checks {
		m.name(&c.Name)
		for i := range c.DependsOn {
			m.name(&c.DependsOn[i].Check)
		}
		for e := range c.Exprs() {
			m.expr(e)
		}
	}
	for _, c := range g.rb.Conclusions {
		m.name(&c.Name)
		for _, e := range []*expression.Expr{c.When, c.Explain, c.Remedy} {
			m.expr(e)
		}
	}
}

// A mover gives what a runbook holds the names that it has in an importer.
type mover struct {
	renamer
	module string
}

func (m *mover) name(name *string) { *name = expression.Within(m.module, *name) }

func (m *mover) expr(e *expression.Expr) {
	if e != nil {
		m.walk(e.Expression)
		e.Refs = expression.RefsOf(e.Expression)
	}
}

func (m *mover) values(variables []*Variable, locals []*Local) {
	for _, v := range variables {
		m.name(&v.Name)
		for _, check := range v.Validations {
			m.expr(check.Condition)
			m.expr(check.ErrorMessage)
		}
	}
	for _, l := range locals {
		m.name(&l.Name)
		m.expr(l.Expr)
	}
}

// moved is a reference as the importer has it.
func (m *mover) moved(t hcl.Traversal) hcl.Traversal {
	at := 0
	switch root := language.RefRoot(t.RootName()); root {
	case language.RefVar, language.RefLocal, language.RefCheck, language.RefFact:
	case language.RefVantage:
		if at = 2; len(t) <= at || expression.StepName(t[at]) == expression.Complete {
			return t
		}
	default:
		if expression.Module(string(root)) == "" {
			return t
		}
	}
	t = slices.Clone(t)
	switch s := t[at].(type) {
	case hcl.TraverseRoot:
		m.name(&s.Name)
		t[at] = s
	case hcl.TraverseAttr:
		m.name(&s.Name)
		t[at] = s
	}
	return t
}
