package document

import (
	"strings"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// byHand is the command by which a person does the same; nothing where there
// is no target to do it to.
func (s *step) byHand(p *rules.ProbeBlock, target *expression.Expr) Text {
	command := p.Kind.ByHand
	if target == nil {
		command = p.Kind.ByHandBare
	} else if v, ok := s.known(target); ok {
		if v, _ = v.Unmark(); v.IsNull() {
			command = p.Kind.ByHandBare
		}
	}
	if command == "" {
		return nil
	}
	return mono(placeholders.ReplaceAllStringFunc(command, func(name string) string {
		return s.inShell(p, target, strings.Trim(name, "{}"))
	}))
}

// inShell is the target or an argument as a shell takes it.
func (s *step) inShell(p *rules.ProbeBlock, target *expression.Expr, name string) string {
	e := target
	if name != "target" {
		e = nil
		for _, a := range p.Args {
			if a.Attr.Name == name {
				e = a.Expr
			}
		}
	}
	if e == nil {
		for i := range p.Kind.Args {
			if a := &p.Kind.Args[i]; a.Name == name && a.Default != cty.NilVal {
				return rules.ShellQuote(terminal.Value(a.Default))
			}
		}
		return strings.ToUpper(name)
	}
	value, _ := s.gated(e)
	if v, ok := s.known(value); ok {
		return rules.ShellQuote(terminal.Value(v))
	}
	return "‹" + s.name(value) + "›"
}
