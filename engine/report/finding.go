package report

import (
	"strings"

	"github.com/linecheck/linecheck/engine"
)

// A block stands out by a bar on its left, in the colour of its status.
type block struct {
	*page
	bar span
}

func (p *page) block(st style) block {
	bar := "┃ "
	if p.ascii {
		bar = "| "
	}
	return block{p, span{bar, st}}
}

// text writes a paragraph.
func (b block) text(text string, st style) {
	b.hang([]span{b.bar}, []span{b.bar}, text, st)
}

func (b block) blank() { b.line(b.bar) }

// labelWidth makes the labels of a block a column.
const labelWidth = len("What to do") + gap

// labelled writes a label and the lines that belong to it, if there are any.
func (b block) labelled(label string, lines ...string) {
	for _, l := range lines {
		if l == "" {
			continue
		}
		first := []span{b.bar, {pad(label, labelWidth), dimStyle}}
		rest := []span{b.bar, {pad("", labelWidth), plainStyle}}
		b.hang(first, rest, l, plainStyle)
		label = ""
	}
}

// finding writes a root cause: what, why, what to do, what it could also be
// and what it holds up.
func (p *page) finding(c *engine.CheckReport) {
	symbol, l := p.look(c.Status)
	b := p.block(l.style)

	address := c.Address
	if c.Cause != "" {
		address += " · " + c.Cause
	}
	p.hang([]span{b.bar, {symbol + " " + l.word + "  ", l.style}}, []span{b.bar}, title(c), boldStyle)
	b.text(address, dimStyle)
	b.blank()
	b.text(why(c), plainStyle)
	b.blank()

	b.labelled("Evidence", evidence(c)...)
	b.labelled("What to do", c.Remedy)
	b.labelled("Or maybe", doubts(c.NotRuledOut)...)
	b.labelled("Holds up", names(c.Blocks))
}

// evidence is what was measured and what the deciding condition read.
func evidence(c *engine.CheckReport) []string {
	var lines []string
	if c.Summary != "" {
		measured := c.Kind
		if t := target(c); t != "" {
			measured += " " + t
		}
		lines = append(lines, measured+": "+c.Summary)
	}
	return append(lines, observed(c.Evidence)...)
}

func observed(evidence []engine.Evidence) []string {
	lines := make([]string, len(evidence))
	for i, e := range evidence {
		lines[i] = e.Ref + " = " + literal(e.Value)
	}
	return lines
}

func doubts(doubts []engine.Doubt) []string {
	var lines []string
	for _, d := range doubts {
		line := d.Explain
		if line == "" {
			line = d.Cause
		}
		switch {
		case d.Problem != "":
			line += " (" + d.Cause + ": " + d.Problem + ")"
		case len(d.Missing) > 0:
			line += " (" + d.Cause + ": " + strings.Join(d.Missing, ", ") + " not observed)"
		default:
			line += " (" + d.Cause + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// conclusion writes what both ends together tell.
func (p *page) conclusion(c *engine.ConclusionReport) {
	b := p.block(failStyle)
	b.text(c.Explain, boldStyle)
	b.text(c.Name, dimStyle)
	b.blank()
	b.labelled("Evidence", observed(c.Evidence)...)
	b.labelled("What to do", c.Remedy)
}
