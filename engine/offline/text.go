package offline

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/fatih/color"
)

// indent is how far the differences of a test stand in.
const indent = "      "

type painter struct {
	w               *bufio.Writer
	good, bad, dim  func(a ...any) string
	wanted, present func(a ...any) string
}

func newPainter(w io.Writer, colour bool) *painter {
	paint := func(attrs ...color.Attribute) func(a ...any) string {
		c := color.New(attrs...)
		if colour {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c.SprintFunc()
	}
	return &painter{
		w: bufio.NewWriter(w), good: paint(color.FgGreen), bad: paint(color.FgRed, color.Bold), dim: paint(color.Faint),
		wanted: paint(color.FgRed), present: paint(color.FgGreen),
	}
}

func writeText(w io.Writer, r *Results, o Options) error {
	p := newPainter(w, o.Colour)
	var took time.Duration
	for _, out := range r.Outcomes {
		took += out.Elapsed
		p.outcome(out)
	}
	failed := r.Failed()
	fmt.Fprintf(p.w, "\n%s: %d passed, %d failed (%s)\n", plural(len(r.Outcomes), "test"), len(r.Outcomes)-failed, failed, took.Round(time.Millisecond))
	if r.Coverage != nil {
		p.coverage(r.Coverage)
		if o.Source {
			p.source(r.Coverage, r.Files)
		}
	}
	return p.w.Flush()
}

func plural(n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return fmt.Sprintf("%d %s", n, of)
}

func (p *painter) outcome(o *Outcome) {
	if o.Passed() {
		fmt.Fprintf(p.w, "%s    %s\n", p.good("ok"), printable(o.Test.Name))
		return
	}
	at := o.Test.DeclRange
	fmt.Fprintf(p.w, "%s  %s  %s\n", p.bad("FAIL"), printable(o.Test.Name), p.dim(fmt.Sprintf("%s:%d", at.Filename, at.Start.Line)))
	for i := range o.Differences {
		p.difference(&o.Differences[i])
	}
}

func (p *painter) difference(d *Difference) {
	if text := d.sentence(); text != "" {
		fmt.Fprintf(p.w, "%s%s\n", indent, printable(text))
		return
	}
	fmt.Fprintf(p.w, "%s%s\n", indent, printable(d.of()))
	fmt.Fprintf(p.w, "%s  %s\n", indent, p.wanted("- "+printable(d.Want)))
	fmt.Fprintf(p.w, "%s  %s\n", indent, p.present("+ "+printable(orNothing(d.Got))))
	if d.Note != "" {
		fmt.Fprintf(p.w, "%s    %s\n", indent, p.dim("("+printable(d.Note)+")"))
	}
}

func orNothing(text string) string {
	if text == "" {
		return "(nothing)"
	}
	return text
}

// sentence is a difference in words, "" where it is shown by what is wanted and
// what is there.
func (d Difference) sentence() string {
	switch d.Kind {
	case NotGiven:
		return fmt.Sprintf("%s was asked, and nothing says what it observes. Add %s.", d.Address, d.Want)
	case NotReached:
		return fmt.Sprintf("%s was never asked: its result had no part in this. Leave it out, or see why it is not reached.", d.Address)
	case NotInPlan:
		return fmt.Sprintf("%s has no such instance, or none at all, with the values of this test.", d.Address)
	}
	return ""
}

// printable is text without what a terminal would obey. A recording may come
// from a stranger.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '�'
		}
		return r
	}, strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }), " "))
}

// coverage is the table of what no test has shown.
func (p *painter) coverage(c *Coverage) {
	width := len("Coverage")
	for _, check := range c.Checks() {
		width = max(width, len(check.Address))
	}
	taken := map[string]Tally{}
	other := Tally{}
	for _, point := range c.Points() {
		t, own := taken[point.Block], strings.HasPrefix(point.Block, "check.")
		if !own {
			t = other
		}
		t.Of++
		if point.Taken() {
			t.Done++
		}
		if own {
			taken[point.Block] = t
		} else {
			other = t
		}
	}
	fmt.Fprintf(p.w, "\n%-*s  %-5s  %-8s  %s\n", width, "Coverage", "ran", "causes", "conditions taken both ways")
	for _, check := range c.Checks() {
		ran := "yes"
		if !check.Ran() {
			ran = "never"
		}
		won := tally(check.Causes, func(cause *CauseCoverage) bool { return cause.Won > 0 })
		fmt.Fprintf(p.w, "%-*s  %-5s  %-8s  %s\n", width, check.Address, ran, won, taken[check.Address])
	}
	if other.Of > 0 {
		fmt.Fprintf(p.w, "%-*s  %-5s  %-8s  %s\n", width, "facts", "", "", other)
	}
	fmt.Fprintf(p.w, "%-*s  %-5s  %-8s  %s (%s)\n", width, "all", c.Ran(), c.Causes(), c.Conditions(), c.Conditions().percent())
	for _, gap := range c.Gaps() {
		fmt.Fprintf(p.w, "%s:%d: %s\n", gap.Range.Filename, gap.Range.Start.Line, gap.Text)
	}
}

func (t Tally) String() string { return fmt.Sprintf("%d/%d", t.Done, t.Of) }

func (t Tally) percent() string {
	if t.Of == 0 {
		return "100 %"
	}
	return fmt.Sprintf("%d %%", 100*t.Done/t.Of)
}
