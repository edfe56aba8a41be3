package report

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fatih/color"
	"golang.org/x/text/width"
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
		p.width = DefaultWidth
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
		n += displayWidth(s.text)
	}
	return n
}

// wrap cleans text and cuts it into lines of at most columns columns, between
// words where it can. There is at least one line.
func (p *page) wrap(text string, columns int) []string {
	columns = max(columns, 1)
	var lines []string
	for paragraph := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		line, used := "", 0
		for word := range strings.FieldsSeq(p.clean(paragraph)) {
			n := displayWidth(word)
			switch {
			case used == 0:
				line, used = word, n
			case used+1+n <= columns:
				line, used = line+" "+word, used+1+n
			default:
				lines = append(lines, line)
				line, used = word, n
			}
			for used > columns {
				head, tail := cut(line, columns)
				lines = append(lines, head)
				line, used = tail, displayWidth(tail)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// cut takes off as much of s as fits into columns, at least one rune.
func cut(s string, columns int) (head, tail string) {
	used := 0
	for i, r := range s {
		used += runeWidth(r)
		if used > columns && i > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// pad fills cleaned text up to columns.
func pad(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-displayWidth(text)))
}

// clean makes text safe and visible on one line of a terminal: control
// characters, those that reverse the direction of writing and bytes that are
// no UTF-8 are spelled out, and so is all but ASCII where the reader shows
// nothing else.
func (p *page) clean(text string) string {
	safe := func(r rune) bool {
		return r < utf8.RuneSelf && unicode.IsPrint(r) || !p.ascii && r >= utf8.RuneSelf && printable(r)
	}
	if strings.IndexFunc(text, func(r rune) bool { return !safe(r) || r == utf8.RuneError }) < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(text[i])|0x100, 16)[1:])
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case safe(r):
			b.WriteRune(r)
		case p.ascii && asciiFor[r] != "":
			b.WriteString(asciiFor[r])
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
		i += n
	}
	return b.String()
}

// printable is unicode.IsPrint and the two joiners that some scripts need.
func printable(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	return unicode.IsPrint(r) || r == zeroWidthNonJoiner || r == zeroWidthJoiner
}

// asciiFor spells the typography of our own texts in ASCII.
var asciiFor = map[rune]string{
	'…': "...", '–': "-", '—': "-", '’': "'", '‘': "'", '“': `"`, '”': `"`, '·': "-", '→': "->", '×': "x", '≥': ">=", '≤': "<=",
}

func displayWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// runeWidth is how many columns a terminal gives to r (Unicode's UAX 11).
func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
