package document

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// Page is the whole runbook. Bound to a site it has boxes to tick and room for
// who did it and when.
func (d *Document) Page() *Article {
	a := &Article{Title: d.name()}
	a.Head = a.Title
	if d.site != nil {
		a.Head += " · " + d.place()
	}
	hand := d.site != nil
	if d.rb.Description != "" {
		a.Body = append(a.Body, &Paragraph{plain(d.rb.Description)})
	}
	a.Body = append(a.Body, d.facts())
	if hand {
		a.Body = append(a.Body, &Form{Labels: []string{"Date", "Name", "Ticket"}})
	}
	a.Body = append(a.Body, d.howTo(hand))
	for _, p := range d.parts {
		a.Body = append(a.Body, d.partSections(p, hand)...)
	}
	if s := d.conclusions(); s != nil {
		a.Body = append(a.Body, s)
	}
	if hand {
		a.Body = append(a.Body, &Section{ID: "result", Title: plain("Result"), Class: "step", Body: []Node{
			&Paragraph{plain("Root cause: the first step that did not pass although all that it comes after did, and which of its rows holds.")},
			&Form{Labels: []string{"Step", "Root cause", "Done about it", "Date and signature"}},
		}})
	}
	return a
}

func (d *Document) name() string {
	switch {
	case d.rb.Title != "":
		return d.rb.Title
	case d.rb.Name != "":
		return d.rb.Name
	}
	return "Runbook " + strings.Join(d.rb.Overlays, " + ")
}

// place names the site.
func (d *Document) place() string {
	name := d.site.Name
	if d.site.Title != "" {
		name = d.site.Title + " (" + name + ")"
	}
	if len(d.parts) == 1 && d.site.Vantages[0].Name != "local" {
		name += ", seen from " + d.site.Vantages[0].Name
	}
	return name
}

// facts are the runbook's own particulars.
func (d *Document) facts() *Fields {
	rb, f := d.rb, &Fields{}
	if d.site != nil {
		f.add("Site", strong(d.place()))
	}
	version := strings.TrimSpace(rb.Name + " " + rb.Version)
	if version != "" {
		f.add("Runbook", mono(version))
	}
	f.add("Files", listed(monos(rb.Overlays), " and "))
	requires := make([]string, len(rb.Requires))
	for i, r := range rb.Requires {
		requires[i] = r.Constraint
	}
	for _, row := range []struct{ label, text string }{
		{"Authors", strings.Join(rb.Authors, ", ")}, {"Source", rb.Source}, {"License", rb.License}, {"Requires", orEmpty("linecheck ", strings.Join(requires, ", "))},
	} {
		if row.text != "" {
			f.add(row.label, plain(row.text))
		}
	}
	return f
}

func orEmpty(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

func (d *Document) howTo(hand bool) *Section {
	items := []Text{
		plain("Do the steps in their order. Where one does not pass, those that come after it are blocked: they tell nothing until it does."),
		plain("Find the row of that step whose condition holds, the first one if several do. That is the root cause, and beside it stands what to do."),
		joined(plain("What was looked for and not there has no value; what was not looked at is unknown, and accuses nobody. ")),
	}
	if !hand {
		items = append(items, joined(plain("Names in angles, such as "), Text{{Text: "‹var.mail_host›", Style: Observed}},
			plain(", stand for values that only a site or an observation gives.")))
	} else {
		items = append(items, joined(plain("Values of this site stand out "), Text{{Text: "like this", Style: Value}}, plain("; names in angles, such as "),
			Text{{Text: "‹result.received›", Style: Observed}}, plain(", stand for what is observed.")))
	}
	return &Section{ID: "how", Title: plain("How to use this page"), Body: []Node{&Bullets{items}}}
}

func (d *Document) orderSection(p *part) *Section {
	return &Section{ID: d.id(p, "order"), Title: plain("The order of the steps"), Body: []Node{d.drawing(p)}}
}

// variables lists the variables, with a site's values where it is bound.
func (d *Document) variables(p *part) *Section {
	if len(d.rb.Variables) == 0 {
		return nil
	}
	t := &Table{Head: []string{"Variable", "Type", "Default", "What for"}, Class: "variables"}
	if p.vantage != nil {
		t.Head = []string{"Variable", "Value here", "Type", "Default", "What for"}
		t.Class = "bound"
	}
	for _, v := range d.rb.Variables {
		what := v.Description
		if v.Sensitive {
			what = strings.TrimSpace(what + " Kept secret.")
		}
		cells := [][]Text{{mono(v.Name)}, {mono(typeexpr.TypeString(v.Type))}, {d.defaultOf(v)}, lines(plain(what))}
		if p.vantage != nil {
			value := Text{{Text: terminal.Value(p.vantage.Vars[v.Name]), Style: Value}}
			cells = append([][]Text{cells[0], {value}}, cells[1:]...)
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	return &Section{ID: d.id(p, "variables"), Title: plain("Variables"), Body: []Node{t}}
}

// imports lists the imports with the values that they are given.
func (d *Document) imports(p *part) *Section {
	if len(d.rb.Imports) == 0 {
		return nil
	}
	r := newReader(d.rb).bound(p.scope(), block{})
	t := &Table{Head: []string{"Import", "Runbook", "From", "With"}, Class: "variables"}
	for _, im := range d.rb.Imports {
		title := strings.TrimSpace(im.RunbookName + " " + im.RunbookVersion)
		switch {
		case im.Title != "" && title != "":
			title = im.Title + " (" + title + ")"
		case im.Title != "":
			title = im.Title
		}
		var given []Text
		for _, arg := range im.Args {
			value := plain("(sensitive)") // to the import, whatever it is here
			if !arg.Variable.Sensitive {
				value = r.value(arg.Expr)
			}
			given = append(given, joined(mono(arg.Name), plain(" = "), value))
		}
		t.Rows = append(t.Rows, Row{Cells: [][]Text{{mono(im.Name)}, lines(plain(title)), {mono(im.Source)}, given}})
	}
	return &Section{ID: d.id(p, "imports"), Title: plain("Imports"), Body: []Node{
		&Paragraph{plain("Other runbooks, whose steps and facts are part of this one under the import's name.")}, t,
	}}
}

// scope is what the part's steps see of its values; nil where they are open.
func (p *part) scope() *hcl.EvalContext {
	for _, s := range append(p.steps[:len(p.steps):len(p.steps)], p.facts...) {
		return s.Scope
	}
	return nil
}

func (d *Document) defaultOf(v *rules.Variable) Text {
	switch {
	case v.Required():
		return plain("must be given")
	case v.Sensitive && !v.Default.IsNull():
		return plain("(sensitive)")
	case v.Default.IsNull():
		return plain("none")
	}
	return mono(terminal.Written(v.Default))
}

// partSections are everything that one vantage does.
func (d *Document) partSections(p *part, hand bool) []Node {
	all := []Node{d.orderSection(p)}
	if s := d.variables(p); s != nil {
		all = append(all, s)
	}
	if s := d.imports(p); s != nil {
		all = append(all, s)
	}
	var nodes []Node
	for _, s := range p.steps {
		nodes = append(nodes, d.checkSection(s, p, hand))
	}
	if len(nodes) == 0 {
		nodes = []Node{&Paragraph{plain("There is no step with these values.")}}
	}
	all = append(all, &Section{ID: d.id(p, "steps"), Title: plain("Steps"), Body: nodes})
	if len(p.facts) > 0 {
		facts := []Node{&Paragraph{plain("Observations without a verdict, that steps refer to. Each is gathered once, when a step first needs it.")}}
		for _, s := range p.facts {
			facts = append(facts, d.factSection(s, p))
		}
		all = append(all, &Section{ID: d.id(p, "facts"), Title: plain("Facts"), Class: "facts", Body: facts})
	}
	if len(d.parts) == 1 {
		return all
	}
	v := p.vantage
	title := "From " + v.Name
	if v.Title != "" {
		title += ": " + v.Title
	}
	var body []Node
	if len(v.Via) > 0 {
		body = append(body, &Paragraph{joined(plain("Done on the computer that is reached by "), mono(strings.Join(v.Via, " ")), plain("."))})
	}
	return []Node{&Section{ID: "from." + anchor(v.Name), Title: plain(title), Class: "part", Body: append(body, all...)}}
}

func (d *Document) conclusions() *Section {
	if len(d.rb.Conclusions) == 0 {
		return nil
	}
	open := newReader(d.rb)
	t := &Table{Head: []string{"If", "it follows", "Do"}, Long: true, Class: "causes"}
	for _, c := range d.rb.Conclusions {
		r := open.bound(nil, block{})
		first := append([]Text{strong(c.Name)}, r.condition(c.When)...)
		t.Rows = append(t.Rows, Row{Cells: [][]Text{first, lines(r.text(c.Explain)), lines(r.text(c.Remedy))}})
	}
	return &Section{ID: "conclusions", Title: plain("What both ends together tell"), Body: []Node{
		&Paragraph{plain("Read when all vantages of a site are done. They change no verdict.")}, t,
	}}
}

// orNil is the expression that null is, for an attribute that was left out.
func orNil(e *expression.Expr) hclsyntax.Expression {
	if e == nil {
		return &hclsyntax.LiteralValueExpr{Val: cty.NullVal(cty.DynamicPseudoType)}
	}
	return e
}
