package offline

import (
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// A Coverage knows of the conditions of a runbook how they came out in the
// tests that were run. Those of its imports are left to the tests of these.
//
// Conditions are each when, pass and warn as a whole, and within every
// expression each comparison and what stands beside && and ||, behind ! and
// before ?. One counts only where it had a say: what stands behind a false &&
// or a true ||, in the branch that was not taken, or in a cause behind the one
// that won was not asked. One that stayed unknown was taken neither way.
//
// A condition that can't come out one way, since a cause before it would have
// been the answer, say, has a comment that says so, at the end of its line or on
// a line of its own before it. It is wrong as soon as a test shows the opposite.
//
//	# linecheck:never-false result.received == 0: else the check had passed
type Coverage struct {
	mu     sync.Mutex
	files  map[string][]byte
	points map[hclsyntax.Expression]*Point
	order  []*Point
	checks []*CheckCoverage
	said   []*never
	byName map[string]*CheckCoverage
}

// A Point is one condition.
type Point struct {
	Block string // check.NAME or fact.NAME
	// What is the attribute that it stands in: "pass", "target",
	// "cause.NAME.when" …
	What        string
	Text        string // as it is written
	True, False int    // how often it came out so
	// NeverTrue and NeverFalse: a comment in the source says that it can't.
	NeverTrue, NeverFalse bool
	Range                 hcl.Range
}

// taken reports whether it was taken both ways, or all ways that it can be.
func (p *Point) taken() bool { return p.lacks() == "" }

// A CheckCoverage counts how one check came out, all of its instances together.
type CheckCoverage struct {
	Address  string
	Statuses map[engine.Status]int
	Causes   []*CauseCoverage
	Range    hcl.Range
}

// A CauseCoverage counts how often a cause was the answer.
type CauseCoverage struct {
	Name  string
	Won   int
	Range hcl.Range
}

// ran reports whether the check was observed in any test.
func (c *CheckCoverage) ran() bool {
	for status, n := range c.Statuses {
		if n > 0 && status != engine.Skipped && status != engine.Blocked {
			return true
		}
	}
	return false
}

// NewCoverage is the coverage of a runbook of which nothing has been run; of
// none, nil will do.
func NewCoverage(rb *rules.Runbook) *Coverage {
	if rb == nil {
		rb = &rules.Runbook{}
	}
	c := &Coverage{files: rb.OwnFiles(), points: map[hclsyntax.Expression]*Point{}, byName: map[string]*CheckCoverage{}}
	for _, f := range rb.Facts {
		if expression.Module(f.Name) != "" {
			continue
		}
		block := f.Address()
		c.add(block, "target", f.Target, false)
		c.addArgs(block, f.Probe)
	}
	for _, check := range rb.Graph().Checks() {
		if expression.Module(check.Name) != "" {
			continue
		}
		block := check.Address()
		one := &CheckCoverage{Address: block, Statuses: map[engine.Status]int{}, Range: check.DeclRange}
		c.checks, c.byName[block] = append(c.checks, one), one
		c.add(block, "target", check.Target, false)
		c.add(block, "when", check.When, true)
		c.addArgs(block, check.Probe)
		c.add(block, "pass", check.Pass, true)
		c.add(block, "warn", check.Warn, true)
		c.add(block, "explain", check.Explain, false)
		c.add(block, "remedy", check.Remedy, false)
		for _, cause := range check.Causes {
			one.Causes = append(one.Causes, &CauseCoverage{Name: cause.Name, Range: cause.DeclRange})
			in := "cause." + cause.Name + "."
			c.add(block, in+"when", cause.When, true)
			c.add(block, in+"severity", cause.Severity, false)
			c.add(block, in+"explain", cause.Explain, false)
			c.add(block, in+"remedy", cause.Remedy, false)
		}
	}
	c.said = findNevers(c.files)
	for _, n := range c.said {
		n.about(c.order)
	}
	slices.SortStableFunc(c.order, func(a, b *Point) int {
		if a.Range.Filename != b.Range.Filename {
			return strings.Compare(a.Range.Filename, b.Range.Filename)
		}
		return a.Range.Start.Byte - b.Range.Start.Byte
	})
	return c
}

// text is what is written in a range.
func (c *Coverage) text(rng hcl.Range) string {
	src := c.files[rng.Filename]
	if rng.Start.Byte < 0 || rng.End.Byte > len(src) || rng.Start.Byte > rng.End.Byte {
		return ""
	}
	return words(string(src[rng.Start.Byte:rng.End.Byte]))
}

func (c *Coverage) addArgs(block string, probe *rules.ProbeBlock) {
	if probe == nil {
		return
	}
	for _, arg := range probe.Args {
		c.add(block, arg.Attr.Name, arg.Expr, false)
	}
}

func (c *Coverage) add(block, what string, e *expression.Expr, condition bool) {
	if e == nil {
		return
	}
	w := conditionWalk{at: func(e hclsyntax.Expression, _ *hcl.EvalContext) (cty.Value, bool) {
		if c.points[e] == nil {
			c.points[e] = &Point{Block: block, What: what, Text: c.text(e.Range()), Range: e.Range()}
			c.order = append(c.order, c.points[e])
		}
		return cty.DynamicVal, false
	}}
	w.start(e.Expression, nil, condition)
}

// judged is told of an expression that was judged; see engine.Options.Judged.
func (c *Coverage) judged(_ string, e *expression.Expr, in *hcl.EvalContext) {
	w := conditionWalk{at: func(e hclsyntax.Expression, in *hcl.EvalContext) (cty.Value, bool) {
		v, known := truth(e, in)
		c.mu.Lock()
		defer c.mu.Unlock()
		if p := c.points[e]; p != nil && known {
			if v.True() {
				p.True++
			} else {
				p.False++
			}
		}
		return v, known
	}}
	w.start(e.Expression, in, c.points[bare(e.Expression)] != nil)
}

// truth is the value of a condition; known is false where it is neither true
// nor false.
func truth(e hclsyntax.Expression, in *hcl.EvalContext) (v cty.Value, known bool) {
	v, diags := (&expression.Expr{Expression: e}).Value(in)
	v, _ = v.Unmark()
	if diags.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type() != cty.Bool {
		return cty.DynamicVal, false
	}
	return v, true
}

// count counts how the checks of a report came out.
func (c *Coverage) count(r *engine.Report) {
	for _, check := range r.Sites[0].Vantages[0].Checks {
		block, _, _ := strings.Cut(check.Address, "[")
		one := c.byName[block]
		if one == nil {
			continue
		}
		one.Statuses[check.Status]++
		for _, cause := range one.Causes {
			if cause.Name == check.Cause {
				cause.Won++
			}
		}
	}
}

// Points are the conditions in the order of their files and lines.
func (c *Coverage) Points() []*Point { return c.order }

// Checks are the checks in the order of a report.
func (c *Coverage) Checks() []*CheckCoverage { return c.checks }

// A Tally is how many of so many things.
type Tally struct{ Of, Done int }

// Conditions counts the conditions that were taken both ways.
func (c *Coverage) Conditions() Tally { return tally(c.order, (*Point).taken) }

// Ran counts the checks that were observed.
func (c *Coverage) Ran() Tally { return tally(c.checks, (*CheckCoverage).ran) }

// Causes counts the causes that were the answer.
func (c *Coverage) Causes() Tally {
	var all []*CauseCoverage
	for _, check := range c.checks {
		all = append(all, check.Causes...)
	}
	return tally(all, func(cause *CauseCoverage) bool { return cause.Won > 0 })
}

func tally[T any](all []T, done func(T) bool) Tally {
	t := Tally{Of: len(all)}
	for _, x := range all {
		if done(x) {
			t.Done++
		}
	}
	return t
}
