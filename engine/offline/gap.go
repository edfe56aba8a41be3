package offline

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/terminal"
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
		if !check.ran() {
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
		start := 0
		for i, line := range bytes.Split(bytes.TrimSuffix(src, []byte("\n")), []byte("\n")) {
			text, _, _ := terminal.Excerpt(line, 0, 0, 0)
			fmt.Fprintf(p.w, "%s %s\n", p.dim(fmt.Sprintf("%4d", i+1)), text)
			for len(rest) > 0 && rest[0].Range.Start.Line == i+1 {
				_, lead, under := terminal.Excerpt(line, rest[0].Range.Start.Byte-start, rest[0].Range.End.Byte-start, 0)
				fmt.Fprintf(p.w, "     %s%s\n", terminal.Indent(lead), p.bad(strings.Repeat("^", max(under, 1))+" "+terminal.Line(rest[0].Text)))
				rest = rest[1:]
			}
			start += len(line) + 1
		}
	}
}
