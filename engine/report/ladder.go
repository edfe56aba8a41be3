package report

import (
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

const (
	badgeWidth = len("x blocked")
	gap        = 2
)

// ladder writes a line a check, grouped by layer. Title, target, measurement
// and time each have a column; where the page is too narrow for all of them
// the target is left out.
func (p *page) ladder(checks []*engine.CheckReport) {
	called := rungTitles(checks)
	var titles, targets, measured, times int
	for _, c := range checks {
		titles = max(titles, terminal.Width(p.clean(called[c])))
		if ran(c) {
			targets = max(targets, terminal.Width(p.clean(target(c))))
			measured = max(measured, terminal.Width(p.clean(measure(c))))
			times = max(times, terminal.Width(elapsed(c.Elapsed)))
		}
	}
	room := p.width - badgeWidth - gap - gap - times
	if titles+gap+targets+gap+measured > room {
		targets = 0
	}
	if targets > 0 {
		room -= targets + gap
	}
	// Titles give way before measurements do, but keep half of the room.
	titles = min(titles, max(room-gap-measured, room/2))
	// Reasons may fill whatever is right of the titles.
	columns := columns{titles, targets, min(measured, room-gap-titles), times}

	for i, group := range byLayer(checks) {
		if i > 0 {
			p.WriteByte('\n')
		}
		if layer := group[0].Layer; layer != "" {
			p.hang(nil, nil, terminal.Capital(layerName(layer)), boldStyle)
		}
		for _, c := range group {
			p.rung(c, called[c], columns)
		}
	}
}

type columns struct{ title, target, measured, time int }

// rung writes the line of one check, by the title that rungTitles gives it.
func (p *page) rung(c *engine.CheckReport, title string, col columns) {
	badge := p.badge(c.Status)
	if c.Waived {
		badge = p.badgeWith(c.Status, "waived")
	}
	st := plainStyle
	right, rightWidth := measure(c), col.measured
	var where, took string
	if ran(c) {
		where, took = p.clean(target(c)), elapsed(c.Elapsed)
		if c.Status != engine.Pass {
			st = boldStyle
		}
	} else {
		st = dimStyle
		right, rightWidth = p.hold(c), p.width-badgeWidth-gap-col.title-gap
	}
	titles := p.wrap(title, col.title)
	rights := p.wrap(right, rightWidth)
	for i := range max(len(titles), len(rights)) {
		var l, r string
		if i < len(titles) {
			l = titles[i]
		}
		if i < len(rights) {
			r = rights[i]
		}
		spans := []span{badge, {"  ", plainStyle}, {terminal.Pad(l, col.title) + "  ", st}}
		rest := st
		if ran(c) {
			rest = plainStyle
			if col.target > 0 {
				spans = append(spans, span{terminal.Pad(where, col.target) + "  ", plainStyle})
			}
		}
		spans = append(spans, span{r, rest})
		if took != "" {
			spans = append(spans, span{terminal.Indent(max(0, col.measured-terminal.Width(r))+gap+col.time-terminal.Width(took)) + took, dimStyle})
		}
		p.line(spans...)
		badge, where, took = span{terminal.Pad("", badgeWidth), plainStyle}, "", ""
	}
	if out := ranOut(c); out != "" && ran(c) {
		indent := span{terminal.Pad("", badgeWidth+gap), plainStyle}
		p.hang([]span{indent}, []span{indent}, out, warnStyle)
	}
}

// ranOut says that a check counts although the site's profile had waived it;
// "" where that is not so.
func ranOut(c *engine.CheckReport) string {
	if c.Waiver == nil || !c.Waiver.Expired {
		return ""
	}
	return "its waiver ran out on " + c.Waiver.Expires.Format(time.DateOnly) + ": " + c.Waiver.Reason
}

// ran reports whether the check's probe was meant to run and did.
func ran(c *engine.CheckReport) bool {
	return c.Status != engine.Blocked && c.Status != engine.Skipped && !c.Interrupted
}

// measure is what was measured, or why nothing could be.
func measure(c *engine.CheckReport) string {
	if c.Summary == "" && c.Status == engine.Error {
		return "could not be observed"
	}
	return c.Summary
}

// hold says why a check did not run.
func (p *page) hold(c *engine.CheckReport) string {
	if c.Status == engine.Blocked && len(c.BlockedBy) > 0 {
		return "behind " + names(c.BlockedBy)
	}
	return c.Reason
}

// rungTitles are the titles of checks, behind the name of their import where
// that is all that tells them apart.
func rungTitles(checks []*engine.CheckReport) map[*engine.CheckReport]string {
	imports := map[string]string{} // of the first check with a title
	several := map[string]bool{}
	for _, c := range checks {
		first, seen := imports[title(c)]
		if !seen {
			imports[title(c)] = module(c)
		}
		several[title(c)] = several[title(c)] || seen && first != module(c)
	}
	called := make(map[*engine.CheckReport]string, len(checks))
	for _, c := range checks {
		called[c] = title(c)
		if m := module(c); m != "" && several[title(c)] {
			called[c] = m + ": " + called[c]
		}
	}
	return called
}

// module is the name of the import that a check came from; "" for one of the
// runbook's own. What stands in brackets is no part of it.
func module(c *engine.CheckReport) string {
	name, _, _ := strings.Cut(c.Address, "[")
	if before, _, ok := strings.Cut(name, ".check."); ok {
		return before
	}
	return ""
}

func title(c *engine.CheckReport) string {
	if c.Title == "" {
		return name(c.Address)
	}
	return c.Title
}

func target(c *engine.CheckReport) string {
	if c.Target == cty.NilVal || c.Target.IsMarked() || !c.Target.IsKnown() || c.Target.IsNull() {
		return ""
	}
	return c.Target.AsString()
}

// byLayer groups checks by layer, in the order in which layers first appear,
// those without one first.
func byLayer(checks []*engine.CheckReport) [][]*engine.CheckReport {
	groups := [][]*engine.CheckReport{nil}
	index := map[string]int{"": 0}
	for _, c := range checks {
		i, ok := index[c.Layer]
		if !ok {
			i = len(groups)
			index[c.Layer] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	if groups[0] == nil {
		groups = groups[1:]
	}
	return groups
}
