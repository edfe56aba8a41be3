package report

import (
	"strings"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/terminal"
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

// A labelled is a label and the paragraphs that belong to it.
type labelled struct {
	label string
	lines []string
}

// labels writes what is labelled and not empty, below a blank line.
func (b block) labels(all ...labelled) {
	separated := false
	for _, l := range all {
		label := l.label
		for _, line := range l.lines {
			if line == "" {
				continue
			}
			if !separated {
				b.blank()
				separated = true
			}
			first := []span{b.bar, {terminal.Pad(label, labelWidth), dimStyle}}
			rest := []span{b.bar, {terminal.Pad("", labelWidth), plainStyle}}
			b.hang(first, rest, line, plainStyle)
			label = ""
		}
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
	b.labels(
		labelled{"Evidence", evidence(c)},
		labelled{"Time", []string{timeUp(c)}},
		labelled{"What to do", []string{c.Remedy}},
		labelled{"Or maybe", doubts(c.NotRuledOut)},
		labelled{"Not tried", []string{untried(c)}},
		labelled{"Waiver", []string{ranOut(c)}},
		labelled{"Holds up", []string{names(c.Blocks)}},
	)
}

// timeUp says that a verdict rests on what was observed until the check's time
// was up. An error says so itself.
func timeUp(c *engine.CheckReport) string {
	if c.TimedOut == 0 || c.Status == engine.Error {
		return ""
	}
	return "The time of " + c.TimedOut.String() + " for this check was up: what had not been observed by then counts as not there."
}

// untried says which steps before a root cause nobody looked at: whatever it
// blames, they may be to blame.
func untried(c *engine.CheckReport) string {
	if len(c.Untried) == 0 {
		return ""
	}
	return "What comes before it and was not looked at: " + names(c.Untried) + ". The fault may lie there."
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
		why := d.Problem
		if why == "" && len(d.Missing) > 0 {
			why = strings.Join(d.Missing, ", ") + " not observed"
		}
		line := d.Cause
		if why != "" {
			line += ": " + why
		}
		if d.Explain != "" {
			line = d.Explain + " (" + line + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// unreached writes why a vantage was not reached, or lost on the way.
func (p *page) unreached(v *engine.VantageReport) {
	symbol, l := p.look(engine.Error)
	b := p.block(l.style)
	what := "The vantage " + v.Name + " was not reached"
	if len(v.Checks) > 0 {
		what = "The vantage " + v.Name + " was lost on the way"
	}
	p.hang([]span{b.bar, {symbol + " " + l.word + "  ", l.style}}, []span{b.bar}, what, boldStyle)
	b.blank()
	b.text(v.Reason, plainStyle)
}

// conclusion writes what both ends together tell.
func (p *page) conclusion(c *engine.ConclusionReport) {
	b := p.block(failStyle)
	b.text(c.Explain, boldStyle)
	b.text(c.Name, dimStyle)
	b.labels(
		labelled{"Evidence", observed(c.Evidence)},
		labelled{"What to do", []string{c.Remedy}},
	)
}
