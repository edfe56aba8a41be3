package document

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// id is the step's section, for links.
func (s *step) id() string { return anchor(s.Address) }

// anchor is an address as an ID that HTML and Markdown take.
func anchor(address string) string {
	var b strings.Builder
	for _, r := range address {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "-%x", r)
		}
	}
	return b.String()
}

func (s *step) title() string {
	if s.check != nil && s.check.Title != nil {
		return s.text(s.check.Title).String()
	}
	return s.Name
}

// checkSection is a check as a step of the printed runbook. With hand set there
// is room to write down how it came out.
func (d *Document) checkSection(s *step, p *part, hand bool) *Section {
	c := s.check
	sec := &Section{
		ID: d.id(p, s.id()), Class: "step", Box: hand && s.Skip == "",
		Title: joined(plain(strconv.Itoa(s.number)+". "), s.titleText()),
	}
	f := &Fields{}
	f.add("Check", joined(mono(s.Address), d.layer(c)))
	d.howField(f, s, c.Probe, c.Target, c.ForEach, false)
	f.add("After", d.after(s, p))
	if c.When != nil {
		f.add("Only if", s.condition(c.When)...)
	}
	if s.Skip != "" {
		f.add("Skipped here", plain(s.Skip))
	}
	if s.Note != "" {
		f.add("Note", plain(s.Note))
	}
	if c.Retry != nil {
		again := joined(plain("up to "), s.value(c.Retry.Attempts), plain(" times"))
		if c.Retry.Interval != nil {
			again = joined(again, plain(", "), s.value(c.Retry.Interval), plain(" apart"))
		}
		f.add("Try", again)
	}
	if c.Timeout != nil {
		f.add("Wait", joined(plain("at most "), s.value(c.Timeout)))
	}
	f.add("Passes if", s.condition(c.Pass)...)
	if c.Warn != nil {
		f.add("Warns if", s.condition(c.Warn)...)
	}
	f.add("Facts", d.factLinks(s, p))
	if text := s.text(c.Description); len(text) > 0 {
		sec.Body = append(sec.Body, &Paragraph{text})
	}
	sec.Body = append(sec.Body, f)
	sec.Body = append(sec.Body, s.failures(hand)...)
	if hand && s.Skip == "" {
		sec.Body = append(sec.Body, &Form{Labels: []string{"Passed ☐   Warning ☐   Failed ☐", "Observed", "Time"}})
	}
	return sec
}

func (s *step) titleText() Text {
	if s.check.Title != nil {
		t := s.text(s.check.Title)
		for i := range t {
			if t[i].Style == Value {
				t[i].Style = Plain
			}
		}
		return t
	}
	return mono(s.Name)
}

// id makes a section's ID unique among the vantages.
func (d *Document) id(p *part, id string) string {
	if p != nil && p.vantage != nil && len(d.parts) > 1 {
		return anchor(p.vantage.Name) + "." + id
	}
	return id
}

func (d *Document) layer(c *rules.Check) Text {
	var t Text
	if c.Layer != "" {
		t = plain(", layer " + c.Layer)
	}
	if len(c.Tags) > 0 {
		t = append(t, Span{Text: ", tagged " + strings.Join(c.Tags, ", ")})
	}
	if len(d.rb.Overlays) > 1 {
		t = append(t, Span{Text: ", from " + c.Overlay})
	}
	return t
}

// howField says what is done, to whom, and how.
func (d *Document) howField(f *Fields, s *step, p *rules.ProbeBlock, target, forEach *expression.Expr, defaults bool) {
	what := joined(mono(p.Kind.Name))
	var onlyIf []Text
	switch {
	case target != nil:
		to, condition := s.gated(target)
		aim := s.value(to)
		if condition != nil {
			onlyIf = s.condition(condition)
		}
		if v, ok := s.known(target); ok {
			if v, _ = v.Unmark(); v.IsNull() {
				aim = plain("no target")
			}
		}
		what = joined(what, plain(" → "), aim)
	case p.Kind.TargetOptional:
		what = joined(what, plain(", no target needed"))
	}
	lines := []Text{what}
	for _, a := range p.Args {
		lines = append(lines, joined(mono(a.Attr.Name), plain(" = "), s.value(a.Expr)))
	}
	if defaults {
		for i := range p.Kind.Args {
			a := &p.Kind.Args[i]
			given := slices.ContainsFunc(p.Args, func(g rules.ProbeArg) bool { return g.Attr.Name == a.Name })
			if !given && a.Default != cty.NilVal && !a.Default.IsNull() {
				lines = append(lines, joined(mono(a.Name), plain(" = "+literal(a.Default)+" (default)")))
			}
		}
	}
	f.add("Do", lines...)
	f.add("By hand", s.byHand(p, target))
	f.add("Only if", onlyIf...)
	if forEach == nil || !s.open {
		return
	}
	f.add("For each of", mono(s.rb.Written(forEach)))
}

// after names the steps that must not have failed.
func (d *Document) after(s *step, p *part) Text {
	var before []Text
	for _, g := range s.check.DependsOn {
		for _, other := range p.named[expression.AddressOf(language.RefCheck, g.Check)] {
			address := other.Address
			if g.Key != cty.NilVal && !s.open && !strings.HasSuffix(address, "["+strconv.Quote(g.Key.AsString())+"]") {
				continue
			}
			before = append(before, link(fmt.Sprintf("%d. %s", other.number, strings.TrimPrefix(address, "check.")), d.id(p, other.id())))
		}
	}
	return listed(before, " and ")
}

// failures say what it means that the check did not pass: its causes in their
// order, then its own explanation.
func (s *step) failures(hand bool) []Node {
	c := s.check
	t := &Table{Head: []string{"If", "it means", "Do"}, Long: true, Class: "causes"}
	var never []string
	for _, cause := range c.Causes {
		if holds, known := s.decided(cause.When); known && !holds && !s.open {
			never = append(never, cause.Name)
			continue
		}
		first := append([]Text{s.causeName(cause)}, s.condition(cause.When)...)
		remedy := s.text(cause.Remedy)
		if cause.Remedy == nil {
			remedy = s.text(c.Remedy)
		}
		t.Rows = append(t.Rows, Row{Box: hand && s.Skip == "", Cells: [][]Text{first, lines(s.text(cause.Explain)), lines(remedy)}})
	}
	otherwise := "It did not pass"
	if len(t.Rows) > 0 {
		otherwise = "None of these"
	}
	t.Rows = append(t.Rows, Row{Box: hand && s.Skip == "", Cells: [][]Text{{strong(otherwise)}, lines(s.text(c.Explain)), lines(s.text(c.Remedy))}})
	nodes := []Node{&Paragraph{plain("If it does not pass, the first of these that holds is why:")}, t}
	if len(t.Rows) == 1 {
		nodes = nodes[1:]
	}
	if len(never) > 0 {
		nodes = append(nodes, &Paragraph{joined(plain("Ruled out by this site's values: "), listed(monos(never), " and "), plain("."))})
	}
	return nodes
}

func lines(t Text) []Text {
	if len(t) == 0 {
		return nil
	}
	return []Text{t}
}

func (s *step) causeName(cause *rules.Cause) Text {
	t := Text{{Text: cause.Name, Style: Strong}}
	if cause.Severity == nil {
		return t
	}
	v, known := s.known(cause.Severity)
	switch {
	case !known:
		return append(t, Span{Text: ", severity "}, Span{Text: s.rb.Written(unwrappedOnce(cause.Severity)), Style: Mono})
	case terminal.Value(v) == "warn":
		return append(t, Span{Text: ", only a warning"})
	}
	return t
}
