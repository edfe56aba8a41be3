package document

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
)

// factLinks names the facts that a check uses.
func (d *Document) factLinks(s *step, p *part) Text {
	early, late := s.factNames()
	var texts []Text
	for _, name := range append(early, late...) {
		for _, f := range p.named[expression.AddressOf(language.RefFact, name)] {
			texts = append(texts, link(f.Address, d.id(p, f.id())))
		}
	}
	return listed(texts, " and ")
}

// factNames are the facts that a check uses: those gathered before it, and
// those that are only gathered to explain it or to warn.
func (s *step) factNames() (early, late []string) {
	for e := range s.rb.Graph().OfCheck(s.check) {
		root, name := e.To()
		switch {
		case root != language.RefFact || slices.Contains(early, name) || slices.Contains(late, name):
		case e.Kind == rules.EdgeRead:
			early = append(early, name)
		default:
			late = append(late, name)
		}
	}
	return early, late
}

// factSection is a fact of the printed runbook.
func (d *Document) factSection(s *step, p *part) *Section {
	sec := &Section{ID: d.id(p, s.id()), Class: "step", Title: mono(s.Address)}
	f := &Fields{}
	d.howField(f, s, s.fact.Probe, s.fact.Target, s.fact.ForEach, false)
	if v, ok := s.known(orNil(s.fact.Target)); ok && s.fact.Target != nil && !s.fact.Probe.Kind.TargetOptional {
		if v, _ = v.Unmark(); v.IsNull() {
			f.add("Not gathered", plain("it has no target with these values; what refers to it stays unknown"))
		}
	}
	f.add("Read", d.readOf(s.Name)...)
	f.add("For", d.usedBy(s, p))
	sec.Body = append(sec.Body, f)
	return sec
}

// usedBy names what uses a fact.
func (d *Document) usedBy(s *step, p *part) Text {
	if p.users == nil {
		p.users = d.factUsers(p)
	}
	texts := p.users[s.Name]
	if len(texts) == 0 {
		return plain("nothing in this runbook")
	}
	return listed(texts, " and ")
}

// factUsers are links to what uses each fact.
func (d *Document) factUsers(p *part) map[string][]Text {
	users := map[string][]Text{}
	for _, c := range p.steps {
		early, late := c.factNames()
		to := link(fmt.Sprintf("%d. %s", c.number, strings.TrimPrefix(c.Address, "check.")), d.id(p, c.id()))
		for _, name := range early {
			users[name] = append(users[name], to)
		}
		for _, name := range late {
			users[name] = append(users[name], joined(plain("to explain "), to))
		}
	}
	for _, f := range p.facts {
		seen := map[string]bool{}
		for e := range d.rb.Graph().OfFact(f.fact) {
			if root, name := e.To(); root == language.RefFact && !seen[name] {
				seen[name] = true
				users[name] = append(users[name], link(f.Address, d.id(p, f.id())))
			}
		}
	}
	return users
}

// readOf lists the attributes of a fact's result that the runbook reads, each
// with its meaning.
func (d *Document) readOf(name string) []Text {
	return described(d.rb.Fact(name).Probe.Kind, d.reads[name])
}

// factReads are, of each fact, the attributes that anything reads.
func (d *Document) factReads() map[string][]string {
	reads := map[string][]string{}
	collect := func(exprs []*expression.Expr) {
		for _, e := range exprs {
			for _, ref := range refs(e) {
				if fact := d.rb.Fact(ref.Name); ref.Root == language.RefFact && fact != nil {
					if name := attributeRead(ref, fact.ForEach != nil); name != "" && !slices.Contains(reads[ref.Name], name) {
						reads[ref.Name] = append(reads[ref.Name], name)
					}
				}
			}
		}
	}
	for _, c := range d.order.sorted {
		collect(slices.Collect(c.Exprs()))
	}
	for _, f := range d.rb.Facts {
		collect(slices.Collect(f.Exprs()))
	}
	return reads
}

// attributesRead are the attributes of a result that expressions read by
// references that match.
func attributesRead(match func(expression.Ref) bool, keyed bool, exprs []*expression.Expr) []string {
	var names []string
	for _, e := range exprs {
		for _, ref := range refs(e) {
			if !match(ref) {
				continue
			}
			if name := attributeRead(ref, keyed); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// attributeRead is the attribute of a result that a reference to it, or to a
// fact, reads; keyed is a fact with for_each.
func attributeRead(ref expression.Ref, keyed bool) string {
	at := 1
	if ref.Root == language.RefFact {
		at = 2
	}
	if keyed {
		at++
	}
	if len(ref.Traversal) <= at {
		return ""
	}
	return attributePath(ref, at)
}

// described are attributes of a result with their meaning.
func described(k *language.Kind, names []string) []Text {
	var texts []Text
	for _, name := range names {
		if a := findAttribute(k.Result, name); a != nil {
			texts = append(texts, joined(mono(name), plain(": "+a.Doc)))
		}
	}
	return texts
}

// attributePath is the attribute of a result that a reference reads, as a path
// below the result: "icmp.sender".
func attributePath(ref expression.Ref, at int) string {
	var steps []string
	for _, s := range ref.Traversal[at:] {
		a, ok := s.(hcl.TraverseAttr)
		if !ok {
			break
		}
		steps = append(steps, a.Name)
	}
	return strings.Join(steps, ".")
}

// findAttribute finds an attribute by its path.
func findAttribute(attrs []language.Attribute, path string) *language.Attribute {
	name, rest, nested := strings.Cut(path, ".")
	for i := range attrs {
		if attrs[i].Name != name {
			continue
		}
		if nested {
			if inner := findAttribute(attrs[i].Attrs, rest); inner != nil {
				return inner
			}
		}
		return &attrs[i]
	}
	return nil
}
