package diagnostic

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/terminal"
)

// A Style says how Text looks.
type Style struct {
	// Width is how many columns there are; 0 means terminal.DefaultWidth.
	Width int
	Color bool
	// Limit is how many diagnostics are shown, errors before warnings; 0 means
	// DefaultLimit. The rest is counted.
	Limit int
}

// DefaultLimit is the Limit of a Style that says nothing of it.
const DefaultLimit = 100

const (
	minWidth   = 30
	maxDetail  = 4000 // bytes of a detail that are shown
	maxSnippet = 5    // lines of a file that are shown of one place
	maxRelated = 20   // further places that are shown of one diagnostic
)

// Text writes diagnostics for a person: each with its place, the line of the
// file with the subject underlined, and what to do. Nothing out of the files
// reaches w that would steer a terminal.
func Text(w io.Writer, diags hcl.Diagnostics, files map[string][]byte, style Style) error {
	out := bufio.NewWriter(w)
	p := &printer{Writer: out, library: newLibrary(files), width: style.Width}
	if p.width == 0 {
		p.width = terminal.DefaultWidth
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
	}{{errors - errorsShown, "more error"}, {warnings - warningsShown, "more warning"}} {
		if c.n > 0 {
			parts = append(parts, terminal.Count(c.n, c.noun))
		}
	}
	return shown, "And " + terminal.List(parts)
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
	fmt.Fprintf(p, "%s: %s\n\n", severity, p.bold(terminal.Line(d.Summary)))
	if d.Subject != nil {
		_, hidden := hcl.DiagnosticExtra[Confidential](d)
		p.place("on", *d.Subject, d.Context, hidden)
	}
	if related, ok := hcl.DiagnosticExtra[Related](d); ok {
		for i, place := range related {
			if i == maxRelated {
				fmt.Fprintf(p, "  and at %d more places\n\n", len(related)-i)
				break
			}
			p.place(terminal.Line(place.Note)+",", place.Range, nil, false)
		}
	}
	if values := valuesOf(d); len(values) > 0 {
		for _, v := range values {
			fmt.Fprintf(p, "  %s %s\n", terminal.Line(v.Traversal), terminal.Line(v.Statement))
		}
		fmt.Fprintln(p)
	}
	if d.Detail != "" {
		fmt.Fprintf(p, "%s\n\n", p.paragraphs(terminal.Lines(terminal.Shorten(d.Detail, maxDetail))))
	}
}

// place shows a place: its name and, unless they are hidden, the lines of the
// file.
func (p *printer) place(intro string, rng hcl.Range, context *hcl.Range, hidden bool) {
	name := fmt.Sprintf("%s:%d:%d", terminal.Line(rng.Filename), rng.Start.Line, rng.Start.Column)
	src := p.source(rng.Filename)
	if src == nil {
		fmt.Fprintf(p, "  %s %s\n\n", intro, name)
		return
	}
	from, to := src.clamp(rng)
	if block := src.block(from); block != "" {
		name += ", in " + terminal.Line(block)
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
		text, lead, under := terminal.Excerpt(line, from-start, to-start, p.width-gutter-5)
		fmt.Fprintf(p, "  %s %s\n", p.dim(fmt.Sprintf("%*d |", gutter, i+1)), text)
		if i >= first && i <= last && under > 0 {
			fmt.Fprintf(p, "  %s %s%s\n", p.dim(fmt.Sprintf("%*s |", gutter, "")), terminal.Indent(lead), p.mark(strings.Repeat("^", under)))
		}
	}
}

// paragraphs breaks the lines of a text so that they fit. One that begins with a
// space is laid out already and stays, as does one that fits. A long word has a
// line of its own: what is broken in two can't be copied.
func (p *printer) paragraphs(text string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		if strings.HasPrefix(line, " ") || terminal.Width(line) <= p.width {
			lines = append(lines, line)
			continue
		}
		lines = append(lines, terminal.Wrap{Columns: p.width, Whole: true}.Lines(line)...)
	}
	return strings.Join(lines, "\n")
}
