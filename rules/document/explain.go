package document

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// Addresses lists what [Document.Explain] can explain, for completion.
func (d *Document) Addresses() []string {
	var names []string
	for _, p := range d.parts {
		for _, s := range slices.Concat(p.steps, p.facts) {
			if !slices.Contains(names, s.Address) {
				names = append(names, s.Address)
			}
		}
	}
	for _, v := range d.rb.Variables {
		names = append(names, "var."+v.Name)
	}
	for _, im := range d.rb.Imports {
		for _, v := range im.Variables {
			names = append(names, expression.AddressOf(language.RefVar, v.Name))
		}
	}
	for _, l := range d.rb.Locals {
		names = append(names, "local."+l.Name)
	}
	for _, k := range d.rb.Kinds {
		names = append(names, "probe."+k.Name)
	}
	for _, f := range language.Functions() {
		names = append(names, f.Name)
	}
	return names
}

// Explain describes one thing: a check, fact, variable, local, probe kind or
// function. It is named by its address; of a check the bare name will do, and
// of an expanded block the address without a key means all instances. found is
// false where there is no such thing; suggestion ends a message about that.
func (d *Document) Explain(address string) (a *Article, suggestion string, found bool) {
	if c := d.rb.Check(address); c != nil && expression.Module(address) != "" {
		address = c.Address()
	}
	if _, ok := expression.ParseAddress(address); ok {
		if a := d.explainStep(address); a != nil {
			return a, "", true
		}
	}
	if v := d.importedVariable(address); v != nil {
		return d.explainVariable(v), "", true
	}
	root, name, dotted := strings.Cut(address, ".")
	if !dotted {
		for _, root := range []string{"check", "fact", "var", "local", "probe"} {
			if a := d.explain(root, address); a != nil {
				return a, "", true
			}
		}
		root, name = "function", strings.TrimSuffix(address, "()")
	}
	if a := d.explain(root, name); a != nil {
		return a, "", true
	}
	return nil, d.suggest(address, dotted), false
}

// importedVariable is a variable of an import, by its address net.var.NAME.
func (d *Document) importedVariable(address string) *rules.Variable {
	for _, im := range d.rb.Imports {
		for _, v := range im.Variables {
			if expression.AddressOf(language.RefVar, v.Name) == address {
				return v
			}
		}
	}
	return nil
}

// suggest ends a message about an address that does not exist. A bare name is
// more likely a slip of a block's name than of a function's.
func (d *Document) suggest(address string, dotted bool) string {
	var blocks, functions []string
	for _, n := range d.Addresses() {
		_, name, ok := strings.Cut(n, ".")
		switch {
		case !ok:
			functions = append(functions, n)
		case dotted:
			blocks = append(blocks, n)
		default:
			blocks = append(blocks, name)
		}
	}
	return cmp.Or(diagnostic.DidYouMean(address, blocks), diagnostic.DidYouMean(address, functions))
}

func (d *Document) explain(root, name string) *Article {
	switch root {
	case "check", "fact":
		return d.explainStep(root + "." + name)
	case "var":
		if v := d.rb.Variable(name); v != nil {
			return d.explainVariable(v)
		}
	case "local":
		if l := d.rb.Local(name); l != nil {
			return d.explainLocal(l)
		}
	case "probe":
		for _, k := range d.rb.Kinds {
			if k.Name == name {
				s := kindSection(k)
				return &Article{Title: "probe " + name, Body: append(s.Body, d.usersOf(k)...)}
			}
		}
	case "function":
		for _, f := range language.Functions() {
			if f.Name == name {
				fields := &Fields{}
				fields.add("Call", mono(f.Signature()))
				fields.add("Example", mono(f.Example))
				fields.add("Gives", mono(f.Result))
				return &Article{Title: f.Name, Body: []Node{&Paragraph{plain(f.Doc)}, fields}}
			}
		}
	}
	return nil
}

// explainStep describes all steps of an address, as each vantage has them.
func (d *Document) explainStep(address string) *Article {
	a := &Article{Title: address}
	for _, p := range d.parts {
		var found []*step
		for _, s := range slices.Concat(p.steps, p.facts) {
			if s.Address == address || strings.HasPrefix(s.Address, address+"[") {
				found = append(found, s)
			}
		}
		for _, s := range found {
			body := d.stepBody(s, p)
			if len(found) == 1 && len(d.parts) == 1 {
				if s.check != nil && s.check.Title != nil {
					a.Title += ": " + s.title()
				}
				a.Body = append(a.Body, body...)
				continue
			}
			title := mono(s.Address)
			if len(d.parts) > 1 {
				title = append(title, Span{Text: " from " + p.vantage.Name})
			}
			a.Body = append(a.Body, &Section{ID: d.id(p, s.id()), Title: title, Body: body})
		}
	}
	if len(a.Body) == 0 {
		return nil
	}
	return a
}

func (d *Document) stepBody(s *step, p *part) []Node {
	if s.fact != nil {
		sec := d.factSection(s, p)
		f := sec.Body[0].(*Fields)
		f.Rows = nil
		d.howField(f, s, s.fact.Probe, s.fact.Target, s.fact.ForEach, true)
		f.add("For", d.usedBy(s, p))
		f.add("Defined", defined(s.fact.DeclRange))
		body := append(sec.Body, &Section{Title: plain("What the runbook reads of it"), Body: []Node{readTable(s.fact.Probe.Kind, d.reads[s.Name])}})
		return append(body, about(s.fact.Probe.Kind))
	}
	c := s.check
	sec := d.checkSection(s, p, false)
	for i, n := range sec.Body {
		f, ok := n.(*Fields)
		if !ok {
			continue
		}
		how := &Fields{}
		d.howField(how, s, c.Probe, c.Target, c.ForEach, true)
		f.Rows = slices.DeleteFunc(f.Rows, func(r Field) bool {
			return r.Label == "Facts" || slices.ContainsFunc(how.Rows, func(h Field) bool { return h.Label == r.Label })
		})
		f.Rows = slices.Insert(f.Rows, 1, how.Rows...)
		f.add("Before", d.before(s, p))
		f.add("Defined", defined(c.DeclRange))
		sec.Body[i] = f
	}
	body := sec.Body
	if facts := d.factsOf(s, p); facts != nil {
		body = append(body, facts)
	}
	isResult := func(r expression.Ref) bool { return r.Root == language.RefResult }
	read := attributesRead(isResult, false, slices.Collect(c.Exprs()))
	if len(read) > 0 {
		body = append(body, &Section{Title: plain("What is read of its result"), Body: []Node{readTable(c.Probe.Kind, read)}})
	}
	return append(body, about(c.Probe.Kind))
}

func defined(at hcl.Range) Text {
	return plain(diagnostic.Where(at))
}

// before names the checks that are blocked where this one fails.
func (d *Document) before(s *step, p *part) Text {
	var texts []Text
	for _, other := range p.steps {
		if slices.Contains(d.order.gates[other.Name], s.Name) {
			texts = append(texts, mono(other.Address))
		}
	}
	return listed(texts, " and ")
}

// factsOf describes the facts that a check uses.
func (d *Document) factsOf(s *step, p *part) *Section {
	early, late := s.factNames()
	f := &Fields{}
	for _, name := range append(slices.Clone(early), late...) {
		when := plain("gathered before it")
		if slices.Contains(late, name) {
			when = plain("gathered to explain it")
		}
		for _, other := range p.named[expression.AddressOf(language.RefFact, name)] {
			how := &Fields{}
			d.howField(how, other, other.fact.Probe, other.fact.Target, other.fact.ForEach, false)
			lines := append([]Text{when}, how.Rows[0].Lines...)
			lines[1] = joined(plain("by "), lines[1])
			isFact := func(r expression.Ref) bool { return r.Root == language.RefFact && r.Name == name }
			read := attributesRead(isFact, other.fact.ForEach != nil, slices.Collect(s.check.Exprs()))
			f.add(other.Address, append(lines, described(other.fact.Probe.Kind, read)...)...)
		}
	}
	if len(f.Rows) == 0 {
		return nil
	}
	return &Section{Title: plain("Facts"), Body: []Node{f}}
}

func readTable(k *language.Kind, names []string) Node {
	f := &Fields{}
	for _, name := range names {
		if a := findAttribute(k.Result, name); a != nil {
			f.add(name, plain(a.Doc))
		}
	}
	return f
}

func about(k *language.Kind) Node {
	return &Section{Title: joined(plain("About the probe "), mono(k.Name)), Body: []Node{&Paragraph{plain(k.Doc)},
		&Paragraph{joined(plain("More: "), mono("linecheck explain probe."+k.Name))}}}
}

// usersOf names the steps that use a probe kind.
func (d *Document) usersOf(k *language.Kind) []Node {
	var texts []Text
	for _, c := range d.order.sorted {
		if c.Probe.Kind == k {
			texts = append(texts, mono(c.Address()))
		}
	}
	for _, f := range d.rb.Facts {
		if f.Probe.Kind == k {
			texts = append(texts, mono(f.Address()))
		}
	}
	if len(texts) == 0 {
		return nil
	}
	f := &Fields{}
	f.add("Used by", listed(texts, " and "))
	return []Node{f}
}

// valueHere is the value that a variable has at a vantage; of an import's, what
// it is given, and nothing where that is its default.
func (d *Document) valueHere(v *rules.Variable, p *part) Text {
	if expression.Module(v.Name) == "" {
		return Text{{Text: terminal.Value(p.vantage.Vars[v.Name]), Style: Value}}
	}
	for _, im := range d.rb.Imports {
		if arg := im.Arg(v); im.Name == expression.Module(v.Name) && arg != nil && !v.Sensitive {
			return newReader(d.rb).bound(p.scope(), block{}).value(arg.Expr)
		}
	}
	return nil
}

func (d *Document) explainVariable(v *rules.Variable) *Article {
	a := &Article{Title: expression.AddressOf(language.RefVar, v.Name)}
	if v.Description != "" {
		a.Body = append(a.Body, &Paragraph{plain(v.Description)})
	}
	f := &Fields{}
	for _, p := range d.parts {
		if p.vantage == nil {
			continue
		}
		label := "Value here"
		if len(d.parts) > 1 {
			label = "Value at " + p.vantage.Name
		}
		f.add(label, d.valueHere(v, p))
	}
	f.add("Type", mono(typeName(v.Type)))
	f.add("Default", d.defaultOf(v))
	if !v.Nullable {
		f.add("Null", plain("stands for the default"))
	}
	if v.Sensitive {
		f.add("Sensitive", plain("its value, and what is computed from it, is never shown"))
	}
	open := newReader(d.rb).bound(nil, block{})
	for _, check := range v.Validations {
		f.add("Must hold", append(open.condition(check.Condition), open.text(check.ErrorMessage))...)
	}
	f.add("Used by", d.readers(func(r expression.Ref) bool { return r.Root == language.RefVar && r.Name == v.Name }))
	f.add("Set it by", plain(v.HowToSet()))
	f.add("Defined", defined(v.DeclRange))
	a.Body = append(a.Body, f)
	return a
}

func (d *Document) explainLocal(l *rules.Local) *Article {
	f := &Fields{}
	f.add("Is", mono(d.rb.Written(unwrappedOnce(l.Expr))))
	for _, p := range d.parts {
		if len(p.steps) == 0 || p.vantage == nil {
			continue
		}
		if locals, ok := p.steps[0].Scope.Variables["local"]; ok && locals.Type().HasAttribute(l.Name) {
			f.add(cmp.Or(strings.TrimSpace("Value "+orEmpty("at ", vantageName(d, p))), "Value"), Text{{Text: literal(locals.GetAttr(l.Name)), Style: Value}})
		}
	}
	if l.Type != cty.NilType && l.Type != cty.DynamicPseudoType {
		f.add("Type", mono(typeName(l.Type)))
	}
	f.add("Used by", d.readers(func(r expression.Ref) bool { return r.Root == language.RefLocal && r.Name == l.Name }))
	f.add("Defined", defined(l.DeclRange))
	return &Article{Title: "local." + l.Name, Body: []Node{f}}
}

func vantageName(d *Document, p *part) string {
	if len(d.parts) == 1 {
		return ""
	}
	return p.vantage.Name
}

// readers names the blocks that refer to something.
func (d *Document) readers(match func(expression.Ref) bool) Text {
	var texts []Text
	add := func(address string, exprs []*expression.Expr) {
		for _, e := range exprs {
			if slices.ContainsFunc(refs(e), match) {
				texts = append(texts, mono(address))
				return
			}
		}
	}
	for _, l := range d.rb.Locals {
		add("local."+l.Name, []*expression.Expr{l.Expr})
	}
	for _, im := range d.rb.Imports {
		var exprs []*expression.Expr
		for _, arg := range im.Args {
			exprs = append(exprs, arg.Expr)
		}
		add("import "+im.Name, exprs)
	}
	for _, f := range d.rb.Facts {
		add(f.Address(), slices.Collect(f.Exprs()))
	}
	for _, c := range d.order.sorted {
		add(c.Address(), slices.Collect(c.Exprs()))
	}
	if len(texts) == 0 {
		return plain("nothing in this runbook")
	}
	return listed(texts, " and ")
}
