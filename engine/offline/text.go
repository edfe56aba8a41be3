package offline

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fatih/color"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/terminal"
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
	fmt.Fprintf(p.w, "\n%s: %d passed, %d failed (%s)\n", terminal.Count(len(r.Outcomes), "test"), len(r.Outcomes)-failed, failed, took.Round(time.Millisecond))
	if r.Coverage != nil {
		p.coverage(r.Coverage)
		if o.Source {
			p.source(r.Coverage, r.Files)
		}
	}
	return p.w.Flush()
}

func (p *painter) outcome(o *Outcome) {
	if o.Passed() {
		fmt.Fprintf(p.w, "%s    %s\n", p.good("ok"), terminal.Line(o.Test.Name))
		return
	}
	at := o.Test.DeclRange
	fmt.Fprintf(p.w, "%s  %s  %s\n", p.bad("FAIL"), terminal.Line(o.Test.Name), p.dim(diagnostic.Where(at)))
	for i := range o.Differences {
		p.difference(&o.Differences[i])
	}
}

func (p *painter) difference(d *Difference) {
	if text := d.sentence(); text != "" {
		fmt.Fprintf(p.w, "%s%s\n", indent, terminal.Line(text))
		return
	}
	fmt.Fprintf(p.w, "%s%s\n", indent, terminal.Line(d.of()))
	fmt.Fprintf(p.w, "%s  %s\n", indent, p.wanted("- "+terminal.Line(d.Want)))
	fmt.Fprintf(p.w, "%s  %s\n", indent, p.present("+ "+terminal.Line(orNothing(d.Got))))
	if d.Note != "" {
		fmt.Fprintf(p.w, "%s    %s\n", indent, p.dim("("+terminal.Line(d.Note)+")"))
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

// coverage is the table of what no test has shown.
func (p *painter) coverage(c *Coverage) {
	taken := map[string]Tally{}
	other := Tally{}
	for _, point := range c.Points() {
		t, own := taken[point.Block], strings.HasPrefix(point.Block, "check.")
		if !own {
			t = other
		}
		t.Of++
		if point.taken() {
			t.Done++
		}
		if own {
			taken[point.Block] = t
		} else {
			other = t
		}
	}
	table := &terminal.Table{}
	table.Row("Coverage", "ran", "causes", "conditions taken both ways")
	for _, check := range c.Checks() {
		ran := "yes"
		if !check.ran() {
			ran = "never"
		}
		won := tally(check.Causes, func(cause *CauseCoverage) bool { return cause.Won > 0 })
		table.Row(terminal.Line(check.Address), ran, won.String(), taken[check.Address].String())
	}
	if other.Of > 0 {
		table.Row("facts", "", "", other.String())
	}
	table.Row("all", c.Ran().String(), c.Causes().String(), fmt.Sprintf("%s (%s)", c.Conditions(), c.Conditions().percent()))
	p.w.WriteString("\n" + table.String())
	for _, gap := range c.Gaps() {
		fmt.Fprintln(p.w, terminal.Line(fmt.Sprintf("%s:%d: %s", gap.Range.Filename, gap.Range.Start.Line, gap.Text)))
	}
}

func (t Tally) String() string { return fmt.Sprintf("%d/%d", t.Done, t.Of) }

func (t Tally) percent() string {
	if t.Of == 0 {
		return "100 %"
	}
	return fmt.Sprintf("%d %%", 100*t.Done/t.Of)
}
