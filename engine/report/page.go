package report

import (
	"bytes"
	"strings"

	"github.com/fatih/color"
	"github.com/linecheck/linecheck/rules/terminal"
)

// A page is text laid out for a terminal. Everything that reaches it goes
// through clean: what a stranger's server said, a file's name and a title are
// shown, never obeyed.
type page struct {
	bytes.Buffer
	width int
	ascii bool
	paint [styles]*color.Color
}

// A style is a way to paint text. Only the 8 colours that every terminal has
// are used, and each says no more than the word or symbol that it paints, so
// that nothing is lost without it or on a background of another taste.
type style int

const (
	plainStyle style = iota
	boldStyle
	dimStyle
	passStyle
	warnStyle
	failStyle
	errorStyle
	styles // their number
)

// Bounds of a page's width, in columns.
const (
	minWidth = 40  // narrower, columns make no sense; the terminal may wrap
	maxWidth = 140 // wider, the eye loses the line
)

func newPage(o Options) *page {
	p := &page{width: o.Width, ascii: o.ASCII}
	if p.width <= 0 {
		p.width = terminal.DefaultWidth
	}
	p.width = min(max(p.width, minWidth), maxWidth)
	p.paint = [styles]*color.Color{
		boldStyle:  color.New(color.Bold),
		dimStyle:   color.New(color.Faint),
		passStyle:  color.New(color.FgGreen),
		warnStyle:  color.New(color.FgYellow, color.Bold),
		failStyle:  color.New(color.FgRed, color.Bold),
		errorStyle: color.New(color.FgMagenta, color.Bold),
	}
	for _, c := range p.paint[boldStyle:] {
		if o.Colour {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return p
}

// A span is a piece of a line in one style. Its text has been cleaned.
type span struct {
	text  string
	style style
}

// line writes one line.
func (p *page) line(spans ...span) {
	// Spaces at the end of a line disturb whoever copies it.
	for n := len(spans); n > 0; n-- {
		spans[n-1].text = strings.TrimRight(spans[n-1].text, " ")
		if spans[n-1].text != "" {
			break
		}
	}
	for _, s := range spans {
		switch {
		case s.text == "":
		case s.style == plainStyle:
			p.WriteString(s.text)
		default:
			p.WriteString(p.paint[s.style].Sprint(s.text))
		}
	}
	p.WriteByte('\n')
}

// hang writes text in lines of at most columns columns behind a first span,
// the further lines behind rest.
func (p *page) hang(first, rest []span, text string, st style) {
	for i, l := range p.wrap(text, p.width-spansWidth(first)) {
		head := first
		if i > 0 {
			head = rest
		}
		p.line(append(append([]span(nil), head...), span{l, st})...)
	}
}

func spansWidth(spans []span) int {
	n := 0
	for _, s := range spans {
		n += terminal.Width(s.text)
	}
	return n
}

// wrap cleans text and cuts it into lines of at most columns columns, between
// words where it can. There is at least one line.
func (p *page) wrap(text string, columns int) []string {
	return terminal.Wrap{Columns: columns}.Lines(p.spell(terminal.Lines(text)))
}

// clean makes text safe and visible on one line of a terminal.
func (p *page) clean(text string) string { return p.spell(terminal.Line(text)) }

// spell spells what the reader's terminal can't show.
func (p *page) spell(text string) string {
	if p.ascii {
		return terminal.ASCII(text)
	}
	return text
}
