package document

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fatih/color"
)

// Look says how Terminal writes.
type Look struct {
	Width  int // columns; 0 means 80
	Colour bool
	ASCII  bool // nothing else is understood
}

// Bounds of a line, in columns: narrower, the terminal may wrap; wider, the eye
// loses the line.
const (
	defaultWidth = 80
	narrowest    = 40
	widest       = 100
	labelMost    = 16 // a longer label has a line of its own
)

// Terminal writes an article for a person at a terminal.
func Terminal(w io.Writer, a *Article, look Look) error {
	a.clean()
	if look.Width <= 0 {
		look.Width = defaultWidth
	}
	t := &terminal{Writer: bufio.NewWriter(w), width: min(max(look.Width, narrowest), widest), ascii: look.ASCII}
	t.paint = map[Style]*color.Color{
		Strong: color.New(color.Bold), Mono: color.New(color.FgCyan), Value: color.New(color.FgGreen), Observed: color.New(color.FgYellow),
	}
	for _, c := range t.paint {
		if look.Colour {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	t.write("", "", strong(a.Title))
	t.nodes(a.Body, "")
	return t.Flush()
}

type terminal struct {
	*bufio.Writer
	width int
	ascii bool
	paint map[Style]*color.Color
}

func (t *terminal) nodes(nodes []Node, indent string) {
	for _, n := range nodes {
		t.WriteByte('\n')
		switch n := n.(type) {
		case *Section:
			title := Text{}
			for _, s := range n.Title {
				title = append(title, Span{Text: s.Text, Style: Strong})
			}
			t.write(indent, indent, title)
			t.nodes(n.Body, indent+"  ")
		case *Paragraph:
			t.write(indent, indent, n.Text)
		case *Fields:
			t.fields(n.Rows, indent)
		case *Table:
			t.table(n, indent)
		case *Bullets:
			for _, item := range n.Items {
				t.write(indent+"- ", indent+"  ", item)
			}
		case *Code:
			t.lines(n.Text, indent)
		case *Drawing:
			t.lines(n.Tree, indent)
		case *Form:
			for _, l := range n.Labels {
				t.write(indent, indent, plain(l+": ____________"))
			}
		}
	}
}

// lines writes preformatted text.
func (t *terminal) lines(text, indent string) {
	for line := range strings.Lines(text) {
		t.WriteString(indent + strings.TrimRight(t.spell(line), " \n") + "\n")
	}
}

// fields writes names in one column and their values in the next.
func (t *terminal) fields(rows []Field, indent string) {
	column := 0
	for _, f := range rows {
		if n := columns(f.Label); n <= labelMost {
			column = max(column, n)
		}
	}
	column += 2
	for _, f := range rows {
		rest := indent + strings.Repeat(" ", column)
		first := indent + f.Label + strings.Repeat(" ", max(0, column-columns(f.Label)))
		if columns(f.Label) > labelMost {
			t.write(indent, indent, plain(f.Label))
			rest = indent + "  "
			first = rest
		}
		for i, l := range f.Lines {
			if i > 0 {
				first = rest
			}
			t.write(first, rest, l)
		}
	}
}

// table writes each row as a block: its first cell, and the others below it
// under the names of their columns.
func (t *terminal) table(n *Table, indent string) {
	for i, row := range n.Rows {
		if i > 0 {
			t.WriteByte('\n')
		}
		for j, l := range row.Cells[0] {
			in := indent
			if j > 0 {
				in += "  "
			}
			t.write(in, in+"  ", l)
		}
		var fields []Field
		for j, cell := range row.Cells[1:] {
			if len(cell) > 0 {
				fields = append(fields, Field{n.Head[j+1], cell})
			}
		}
		t.fields(fields, indent+"  ")
	}
}

// A word is what stands between two spaces, in pieces of one style each.
type word struct {
	spans Text
	width int
}

// write writes a text in lines that fit, the first behind first, the others
// behind rest.
func (t *terminal) write(first, rest string, text Text) {
	head, used, empty := first, columns(first), true
	t.WriteString(t.spell(strings.TrimRight(head, " ")))
	pad := head[len(strings.TrimRight(head, " ")):]
	for _, w := range t.words(text) {
		switch {
		case empty:
			t.WriteString(pad)
		case used+1+w.width > t.width:
			t.WriteString("\n" + rest)
			used = columns(rest)
		default:
			t.WriteByte(' ')
			used++
		}
		for _, s := range w.spans {
			if p := t.paint[s.Style]; p != nil {
				t.WriteString(p.Sprint(s.Text))
			} else {
				t.WriteString(s.Text)
			}
		}
		used += w.width
		empty = false
	}
	t.WriteByte('\n')
}

func (t *terminal) words(text Text) []word {
	var all []word
	var w word
	end := func() {
		if len(w.spans) > 0 {
			all = append(all, w)
		}
		w = word{}
	}
	for _, s := range text {
		spelt := t.spell(s.Text)
		for len(spelt) > 0 {
			i := strings.IndexAny(spelt, " \n")
			if i < 0 {
				i = len(spelt)
			}
			if i > 0 {
				w.spans = append(w.spans, Span{Text: spelt[:i], Style: s.Style})
				w.width += columns(spelt[:i])
			}
			if i < len(spelt) {
				end()
				i++
			}
			spelt = spelt[i:]
		}
	}
	end()
	return all
}

// inASCII spells what our own texts hold beyond ASCII.
var inASCII = map[rune]string{
	'→': "->", '‹': "<", '›': ">", '“': `"`, '”': `"`, '…': "...", '·': "-", '☐': "[ ]", '│': "|", '├': "|", '└': "`", '─': "-", '’': "'", '–': "-", '×': "x",
}

// spell is text as the terminal can show it.
func (t *terminal) spell(text string) string {
	if !t.ascii {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case inASCII[r] != "":
			b.WriteString(inASCII[r])
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}

// columns is how many columns a terminal gives to text (Unicode's UAX 11).
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}
