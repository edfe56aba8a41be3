package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// explain writes everything that was observed for a check and how each of its
// conditions came out: the author's way to understand a verdict.
func (p *page) explain(c *engine.CheckReport, facts []*engine.FactReport) {
	b := p.block(dimStyle)
	head := c.Address + ": " + string(c.Status)
	if c.Cause != "" {
		head += ", " + c.Cause
	}
	b.text(head, boldStyle)
	if c.Range.Filename != "" {
		b.text(c.Range.Filename+":"+strconv.Itoa(c.Range.Start.Line), dimStyle)
	}
	if c.Reason != "" {
		b.text(c.Reason, plainStyle)
	}

	b.blank()
	b.observation("target", c.Target)
	b.observation("result", c.Result)
	for _, f := range facts {
		if !read(c, f) {
			continue
		}
		b.blank()
		line := f.Kind
		if f.Target != cty.NilVal {
			line += " " + literal(f.Target)
		}
		if f.Problem != "" {
			b.text(line+" could not be gathered: "+f.Problem, plainStyle)
		} else {
			b.text(line, dimStyle)
		}
		b.observation(f.Address, f.Result)
	}

	if len(c.Evaluations) == 0 {
		return
	}
	b.blank()
	widest := 0
	for _, e := range c.Evaluations {
		widest = max(widest, terminal.Width(e.Name))
	}
	for _, e := range c.Evaluations {
		outcome, st := e.Outcome, plainStyle
		switch e.Outcome {
		case "true":
			st = boldStyle
		case "unknown", "error":
			st = warnStyle
		case "not consulted":
			st = dimStyle
		}
		if e.Name == c.Cause {
			outcome += ", and decided"
		}
		if e.Problem != "" {
			outcome += ": " + e.Problem
		}
		if e.Range.Filename != "" {
			outcome += " (line " + strconv.Itoa(e.Range.Start.Line) + ")"
		}
		indent := []span{b.bar, {terminal.Pad("", widest+gap), plainStyle}}
		p.hang([]span{b.bar, {terminal.Pad(p.clean(e.Name), widest+gap), plainStyle}}, indent, outcome, st)
		for _, line := range observed(e.Evidence) {
			p.hang(indent, indent, line, dimStyle)
		}
	}
}

// read reports whether a condition of the check read the fact.
func read(c *engine.CheckReport, f *engine.FactReport) bool {
	return slices.ContainsFunc(c.Evaluations, func(e engine.Evaluation) bool {
		return slices.ContainsFunc(e.Evidence, func(e engine.Evidence) bool {
			rest, ok := strings.CutPrefix(e.Ref, f.Address)
			return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
		})
	})
}

// observation writes a value, an object as a line an attribute.
func (b block) observation(name string, v cty.Value) {
	if v == cty.NilVal || v.IsMarked() || !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() {
		name = b.clean(name) + " = "
		b.hang([]span{b.bar, {name, plainStyle}}, []span{b.bar, {"    ", plainStyle}}, literal(v), plainStyle)
		return
	}
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		b.observation(name+"."+k.AsString(), e)
	}
}
