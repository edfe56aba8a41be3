package diagnostic

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/fatih/color"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
)

// A Style says how Text looks.
type Style struct {
	// Width is how many columns there are; 0 means DefaultWidth.
	Width int
	Color bool
	// Limit is how many diagnostics are shown, errors before warnings; 0 means
	// DefaultLimit. The rest is counted.
	Limit int
}

// What a Style has where it says nothing.
const (
	DefaultWidth = 80
	DefaultLimit = 100
)

const (
	minWidth    = 30
	maxDetail   = 4000 // bytes of a detail that are shown
	maxSnippet  = 5    // lines of a file that are shown of one place
	maxRelated  = 20   // further places that are shown of one diagnostic
	longLine    = 8    // times the width: beyond it a line is cut before it is looked at
	leadOfFocus = 3    // a shortened line shows 1/3 of the width before its focus
)

// Text writes diagnostics for a person: each with its place, the line of the
// file with the subject underlined, and what to do. Nothing out of the files
// reaches w that would steer a terminal.
func Text(w io.Writer, diags hcl.Diagnostics, files map[string][]byte, style Style) error {
	out := bufio.NewWriter(w)
	p := &printer{Writer: out, library: newLibrary(files), width: style.Width}
	if p.width == 0 {
		p.width = DefaultWidth
	}
	p.width = max(p.width, minWidth)
	p.setColors(style.Color)

	limit := style.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	shown, rest := choose(diags, limit)
	for _, d := range shown {
		p.diagnostic(d)
	}
	if rest != "" {
		fmt.Fprintf(p, "%s.\n", rest)
	}
	return out.Flush()
}

// choose is the diagnostics that are shown, errors before warnings but in their
// order, and a count of the others.
func choose(diags hcl.Diagnostics, limit int) (shown hcl.Diagnostics, rest string) {
	if len(diags) <= limit {
		return diags, ""
	}
	errors := 0
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			errors++
		}
	}
	warnings := len(diags) - errors
	errorsShown := min(errors, limit)
	warningsShown := min(warnings, limit-errorsShown)
	var count [2]int
	for _, d := range diags {
		i, most := 0, errorsShown
		if d.Severity != hcl.DiagError {
			i, most = 1, warningsShown
		}
		if count[i] < most {
			shown = append(shown, d)
		}
		count[i]++
	}
	var parts []string
	for _, c := range []struct {
		n    int
		noun string
	}{{errors - errorsShown, "error"}, {warnings - warningsShown, "warning"}} {
		switch {
		case c.n == 1:
			parts = append(parts, "1 more "+c.noun)
		case c.n > 1:
			parts = append(parts, fmt.Sprintf("%d more %ss", c.n, c.noun))
		}
	}
	return shown, "And " + strings.Join(parts, " and ")
}

type printer struct {
	*bufio.Writer
	*library
	width                        int
	red, yellow, bold, dim, mark func(a ...any) string
}

func (p *printer) setColors(on bool) {
	paint := func(attrs ...color.Attribute) func(a ...any) string {
		c := color.New(attrs...)
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c.SprintFunc()
	}
	p.red = paint(color.FgRed, color.Bold)
	p.yellow = paint(color.FgYellow, color.Bold)
	p.bold = paint(color.Bold)
	p.dim = paint(color.Faint)
	p.mark = p.red
}

func (p *printer) diagnostic(d *hcl.Diagnostic) {
	severity := p.red("Error")
	p.mark = p.red
	if d.Severity == hcl.DiagWarning {
		severity = p.yellow("Warning")
		p.mark = p.yellow
	}
	fmt.Fprintf(p, "%s: %s\n\n", severity, p.bold(clean(d.Summary)))
	if d.Subject != nil {
		_, hidden := hcl.DiagnosticExtra[rules.Confidential](d)
		p.place("on", *d.Subject, d.Context, hidden)
	}
	if related, ok := hcl.DiagnosticExtra[rules.Related](d); ok {
		for i, place := range related {
			if i == maxRelated {
				fmt.Fprintf(p, "  and at %d more places\n\n", len(related)-i)
				break
			}
			p.place(clean(place.Note)+",", place.Range, nil, false)
		}
	}
	if values := valuesOf(d); len(values) > 0 {
		for _, v := range values {
			fmt.Fprintf(p, "  %s %s\n", clean(v.Traversal), clean(v.Statement))
		}
		fmt.Fprintln(p)
	}
	if d.Detail != "" {
		fmt.Fprintf(p, "%s\n\n", Wrap(cleanLines(shorten(d.Detail, maxDetail)), p.width))
	}
}

// place shows a place: its name and, unless they are hidden, the lines of the
// file.
func (p *printer) place(intro string, rng hcl.Range, context *hcl.Range, hidden bool) {
	name := fmt.Sprintf("%s:%d:%d", clean(rng.Filename), rng.Start.Line, rng.Start.Column)
	src := p.source(rng.Filename)
	if src == nil {
		fmt.Fprintf(p, "  %s %s\n\n", intro, name)
		return
	}
	from, to := src.clamp(rng)
	if block := src.block(from); block != "" {
		name += ", in " + clean(block)
	}
	if hidden {
		fmt.Fprintf(p, "  %s %s (sensitive)\n\n", intro, name)
		return
	}
	fmt.Fprintf(p, "  %s %s:\n", intro, name)
	p.lines(src, from, to, context)
	fmt.Fprintln(p)
}

// lines shows the lines of a range, and those of its context if these are few.
func (p *printer) lines(src *source, from, to int, context *hcl.Range) {
	first, last := src.lineAt(from), src.lineAt(max(from, to-1))
	top, bottom := first, last
	if context != nil {
		a, b := src.clamp(*context)
		if a, b := src.lineAt(a), src.lineAt(max(a, b-1)); a <= first && b >= last && b-a < maxSnippet {
			top, bottom = a, b
		}
	}
	if from == len(src.src) && top > 0 && len(src.line(top)) == 0 {
		top-- // at the end of the file the line before says more
	}
	gutter := len(fmt.Sprint(bottom + 1))
	for i := top; i <= bottom; i++ {
		if bottom-top >= maxSnippet && i == top+maxSnippet-2 {
			fmt.Fprintf(p, "  %*s %s\n", gutter, "", p.dim("| …"))
			i = bottom
		}
		line, start := src.line(i), src.lines[i]
		text, lead, under := excerpt(line, from-start, to-start, p.width-gutter-5)
		fmt.Fprintf(p, "  %s %s\n", p.dim(fmt.Sprintf("%*d |", gutter, i+1)), text)
		if i >= first && i <= last && under > 0 {
			fmt.Fprintf(p, "  %s %s%s\n", p.dim(fmt.Sprintf("%*s |", gutter, "")), strings.Repeat(" ", lead), p.mark(strings.Repeat("^", under)))
		}
	}
}

// excerpt is what is shown of a line whose bytes from..to are underlined (both
// may lie outside of it): its text, and the columns before and under which the
// underline stands.
func excerpt(line []byte, from, to, width int) (text string, lead, under int) {
	through := from < 0 || to > len(line) // the range goes on in other lines
	from, to = max(from, 0), min(to, len(line))
	left, right := 0, len(line)
	if len(line) > longLine*width {
		left, right = max(0, from-longLine/2*width), min(len(line), from+longLine/2*width)
		left, right = runeStart(line, left), runeStart(line, right)
	}
	list := cells(line[left:right])
	if from == 0 { // an underline does not begin with the indentation
		for _, c := range list {
			if strings.TrimSpace(c.text) != "" || c.offset+left >= to {
				break
			}
			from = left + c.offset + 1
		}
	}
	begin, end := 0, len(list)
	if total := totalWidth(list); total > width || left > 0 || right < len(line) {
		begin, end = window(list, from-left, width-2)
	}
	cutLeft, cutRight := left > 0 || begin > 0, right < len(line) || end < len(list)

	var b strings.Builder
	column := 0
	add := func(text string, width int) {
		b.WriteString(text)
		column += width
	}
	if cutLeft {
		add("…", 1)
	}
	lead = -1
	for _, c := range list[begin:end] {
		if at := c.offset + left; at >= from && at < to {
			if lead < 0 {
				lead = column
			}
			under = column + c.width - lead
		}
		add(c.text, c.width)
	}
	if cutRight {
		add("…", 1)
	}
	if lead < 0 { // an empty range, or one at the end of the line
		if through && len(bytes.TrimSpace(line)) == 0 {
			return b.String(), 0, 0
		}
		lead, under = columnsBefore(list[begin:end], from-left, cutLeft), 1
	}
	return b.String(), lead, max(under, 1)
}

func columnsBefore(list []cell, offset int, cutLeft bool) int {
	n := 0
	if cutLeft {
		n = 1
	}
	for _, c := range list {
		if c.offset >= offset {
			break
		}
		n += c.width
	}
	return n
}

// window is the cells of a line that are shown, at most so many columns of
// them, so that the one at an offset has room on both sides.
func window(list []cell, offset, width int) (begin, end int) {
	focus := 0
	for focus < len(list) && list[focus].offset < offset {
		focus++
	}
	begin = focus
	for room := width / leadOfFocus; begin > 0 && room >= list[begin-1].width; begin-- {
		room -= list[begin-1].width
	}
	end = begin
	for room := width; end < len(list) && room >= list[end].width; end++ {
		room -= list[end].width
	}
	for used := totalWidth(list[begin:end]); begin > 0 && used+list[begin-1].width <= width; begin-- {
		used += list[begin-1].width
	}
	return begin, end
}

func totalWidth(list []cell) int {
	n := 0
	for _, c := range list {
		n += c.width
	}
	return n
}

// runeStart is the nearest offset not behind i at which a character begins.
func runeStart(b []byte, i int) int {
	for n := 0; i > 0 && i < len(b) && !utf8.RuneStart(b[i]) && n < utf8.UTFMax; n++ {
		i--
	}
	return i
}

// shorten cuts a text that is longer than so many bytes.
func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return text[:runeStart([]byte(text[:most+1]), most)] + "…"
}

// Wrap breaks the lines of a text at spaces so that each takes at most so many
// columns of a terminal; a longer word has a line of its own. A line that begins
// with a space is laid out already and stays.
func Wrap(text string, width int) string {
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		if strings.HasPrefix(line, " ") || len(line) <= width {
			b.WriteString(line)
			continue
		}
		column := 0
		for _, word := range strings.Fields(line) {
			n := columns(word)
			switch {
			case column == 0:
			case column+1+n > width:
				b.WriteByte('\n')
				column = 0
			default:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += n
		}
	}
	return b.String()
}
