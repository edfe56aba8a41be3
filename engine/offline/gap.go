package offline

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// A Gap is something of a runbook that no test has shown.
type Gap struct {
	Text  string // without a full stop
	Range hcl.Range
}

// Gaps lists what is not covered, in the order of files and lines.
func (c *Coverage) Gaps() []Gap {
	var gaps []Gap
	for _, check := range c.checks {
		if !check.Ran() {
			gaps = append(gaps, Gap{check.Address + " was never observed", check.Range})
		}
		for _, cause := range check.Causes {
			if cause.Won == 0 {
				gaps = append(gaps, Gap{fmt.Sprintf("%s: the cause %q was never the answer", check.Address, cause.Name), cause.Range})
			}
		}
	}
	for _, p := range c.order {
		if how := p.lacks(); how != "" {
			gaps = append(gaps, Gap{fmt.Sprintf("%s: %s: %s was %s", p.Block, p.What, p.Text, how), p.Range})
		}
	}
	for _, n := range c.said {
		if !n.used {
			gaps = append(gaps, Gap{"this comment names no condition of its line", n.at})
		}
	}
	slices.SortStableFunc(gaps, func(a, b Gap) int {
		if a.Range.Filename != b.Range.Filename {
			return strings.Compare(a.Range.Filename, b.Range.Filename)
		}
		return a.Range.Start.Byte - b.Range.Start.Byte
	})
	return gaps
}

// lacks says how a condition never came out.
func (p *Point) lacks() string {
	switch {
	case p.NeverTrue && p.True > 0:
		return "true, although a comment says that it never is"
	case p.NeverFalse && p.False > 0:
		return "false, although a comment says that it never is"
	case p.True == 0 && p.False == 0:
		return "never asked, or never known"
	case p.True == 0 && !p.NeverTrue:
		return "never true"
	case p.False == 0 && !p.NeverFalse:
		return "never false"
	}
	return ""
}

// source prints the files that have gaps, with each gap marked below its line.
func (p *painter) source(c *Coverage, files map[string][]byte) {
	gaps := map[string][]Gap{}
	for _, gap := range c.Gaps() {
		gaps[gap.Range.Filename] = append(gaps[gap.Range.Filename], gap)
	}
	for _, name := range sorted(gaps) {
		src, ok := files[name]
		if !ok {
			continue
		}
		fmt.Fprintf(p.w, "\n%s\n", name)
		rest := gaps[name]
		for i, text := range bytes.Split(bytes.TrimSuffix(src, []byte("\n")), []byte("\n")) {
			line := string(text)
			fmt.Fprintf(p.w, "%s %s\n", p.dim(fmt.Sprintf("%4d", i+1)), printable(strings.ReplaceAll(line, "\t", "    ")))
			for len(rest) > 0 && rest[0].Range.Start.Line == i+1 {
				p.mark(line, rest[0])
				rest = rest[1:]
			}
		}
	}
}

// mark underlines a gap below its line.
func (p *painter) mark(line string, gap Gap) {
	from := min(max(gap.Range.Start.Column-1, 0), utf8.RuneCountInString(line))
	to := utf8.RuneCountInString(line)
	if gap.Range.End.Line == gap.Range.Start.Line {
		to = min(max(gap.Range.End.Column-1, from+1), max(to, from+1))
	}
	fmt.Fprintf(p.w, "     %s%s\n", strings.Repeat(" ", from), p.bad(strings.Repeat("^", max(to-from, 1))+" "+gap.Text))
}
