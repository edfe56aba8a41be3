package document

import (
	"bufio"
	"io"
	"strings"

	"github.com/fatih/color"
	"github.com/linecheck/linecheck/rules/terminal"
)

// TerminalOptions says how Terminal writes.
type TerminalOptions struct {
	Width  int // columns; 0 means terminal.DefaultWidth
	Colour bool
	ASCII  bool // nothing else is understood
}

// Bounds of a line, in columns: narrower, the terminal may wrap; wider, the eye
// loses the line.
const (
	narrowest = 40
	widest    = 100
	labelMost = 16 // a longer label has a line of its own
)

// Terminal writes an article for a person at a terminal.
func Terminal(w io.Writer, a *Article, look TerminalOptions) error {
	a.clean()
	if look.Width <= 0 {
		look.Width = terminal.DefaultWidth
	}
	p := &screen{Writer: bufio.NewWriter(w), width: min(max(look.Width, narrowest), widest), ascii: look.ASCII}
	p.paint = map[Style]*color.Color{
		Strong: color.New(color.Bold), Mono: color.New(color.FgCyan), Value: color.New(color.FgGreen), Observed: color.New(color.FgYellow),
	}
	for _, c := range p.paint {
		if look.Colour {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	p.write("", "", strong(a.Title))
	p.nodes(a.Body, "")
	return p.Flush()
}

// A screen is what an article is written to.
type screen struct {
	*bufio.Writer
	width int
	ascii bool
	paint map[Style]*color.Color
}

func (p *screen) nodes(nodes []Node, indent string) {
	for _, n := range nodes {
		p.WriteByte('\n')
		switch n := n.(type) {
		case *Section:
			title := Text{}
			for _, s := range n.Title {
				title = append(title, Span{Text: s.Text, Style: Strong})
			}
			p.write(indent, indent, title)
			p.nodes(n.Body, indent+"  ")
		case *Paragraph:
			p.write(indent, indent, n.Text)
		case *Fields:
			p.fields(n.Rows, indent)
		case *Table:
			p.table(n, indent)
		case *Bullets:
			for _, item := range n.Items {
				p.write(indent+"- ", indent+"  ", item)
			}
		case *Code:
			p.lines(n.Text, indent)
		case *Drawing:
			p.lines(n.Tree, indent)
		case *Form:
			for _, l := range n.Labels {
				p.write(indent, indent, plain(l+": ____________"))
			}
		}
	}
}

// lines writes preformatted text.
func (p *screen) lines(text, indent string) {
	for line := range strings.Lines(text) {
		p.WriteString(indent + strings.TrimRight(p.spell(line), " \n") + "\n")
	}
}

// fields writes names in one column and their values in the next.
func (p *screen) fields(rows []Field, indent string) {
	column := 0
	for _, f := range rows {
		if n := terminal.Width(f.Label); n <= labelMost {
			column = max(column, n)
		}
	}
	column += 2
	for _, f := range rows {
		rest := indent + terminal.Indent(column)
		first := indent + terminal.Pad(f.Label, column)
		if terminal.Width(f.Label) > labelMost {
			p.write(indent, indent, plain(f.Label))
			rest = indent + "  "
			first = rest
		}
		for i, l := range f.Lines {
			if i > 0 {
				first = rest
			}
			p.write(first, rest, l)
		}
	}
}

// table writes each row as a block: its first cell, and the others below it
// under the names of their columns.
func (p *screen) table(n *Table, indent string) {
	for i, row := range n.Rows {
		if i > 0 {
			p.WriteByte('\n')
		}
		for j, l := range row.Cells[0] {
			in := indent
			if j > 0 {
				in += "  "
			}
			p.write(in, in+"  ", l)
		}
		var fields []Field
		for j, cell := range row.Cells[1:] {
			if len(cell) > 0 {
				fields = append(fields, Field{n.Head[j+1], cell})
			}
		}
		p.fields(fields, indent+"  ")
	}
}

// write writes a text in lines that fit, the first behind first, the others
// behind rest.
func (p *screen) write(first, rest string, text Text) {
	words := p.words(text)
	var plain []string
	for _, w := range words {
		for _, s := range w {
			plain = append(plain, s.Text)
		}
		plain = append(plain, " ")
	}
	// A name or a command is there to be copied.
	wrap := terminal.Wrap{Columns: p.width - terminal.Width(rest), First: p.width - terminal.Width(first), Whole: true}
	for i, line := range wrap.Lines(strings.Join(plain, "")) {
		head := rest
		if i == 0 {
			head = p.spell(first)
		}
		n := len(strings.Fields(line))
		if n == 0 {
			head = strings.TrimRight(head, " ")
		}
		p.WriteString(head)
		for j, w := range words[:n] {
			if j > 0 {
				p.WriteByte(' ')
			}
			p.word(w)
		}
		p.WriteByte('\n')
		words = words[n:]
	}
}

// word writes a word in its styles.
func (p *screen) word(spans Text) {
	for _, s := range spans {
		if c := p.paint[s.Style]; c != nil {
			p.WriteString(c.Sprint(s.Text))
		} else {
			p.WriteString(s.Text)
		}
	}
}

// words are what stands between spaces, each in pieces of one style.
func (p *screen) words(text Text) []Text {
	var all []Text
	var word Text
	end := func() {
		if len(word) > 0 {
			all = append(all, word)
		}
		word = nil
	}
	for _, s := range text {
		for i, part := range strings.Split(p.spell(terminal.Line(s.Text)), " ") {
			if i > 0 {
				end()
			}
			if part != "" {
				word = append(word, Span{Text: part, Style: s.Style})
			}
		}
	}
	end()
	return all
}

// spell is text as the terminal can show it.
func (p *screen) spell(text string) string {
	if p.ascii {
		return terminal.ASCII(text)
	}
	return text
}
