package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

func textFormat() Format {
	return Format{
		Name:  "text",
		Doc:   "for people: a line a check, then what is wrong and what to do",
		Write: writeText,
	}
}

func writeText(w io.Writer, r *engine.Report, o Options) error {
	p := newPage(o)
	p.header(r)
	many := len(r.Sites) > 1
	if many {
		p.WriteByte('\n')
	}
	for _, s := range r.Sites {
		switch {
		case !many:
			p.site(s, o)
		case s.Verdict() == engine.Pass && o.Explain == nil:
			p.siteLine(s)
		default:
			p.siteLine(s)
			p.site(s, o)
			p.WriteByte('\n')
		}
	}
	if !many {
		p.WriteByte('\n')
	}
	p.verdict(r)
	_, err := w.Write(p.Bytes())
	return err
}

// A look is how a status is shown.
type look struct {
	symbol, ascii string
	word          string
	style         style
}

var looks = map[engine.Status]look{
	engine.Pass:    {"✓", "+", "pass", passStyle},
	engine.Warn:    {"!", "!", "warn", warnStyle},
	engine.Fail:    {"✗", "x", "FAIL", failStyle},
	engine.Error:   {"?", "?", "ERROR", errorStyle},
	engine.Blocked: {"·", "-", "blocked", dimStyle},
	engine.Skipped: {"–", "-", "skipped", dimStyle},
}

// badge is symbol and word, padded so that badges make a column.
func (p *page) badge(s engine.Status) span {
	symbol, l := p.look(s)
	return span{symbol + " " + pad(l.word, badgeWidth-2), l.style}
}

func (p *page) look(s engine.Status) (symbol string, l look) {
	l, ok := looks[s]
	if !ok { // a status of a later version
		l = look{"?", "?", string(s), errorStyle}
	}
	if p.ascii {
		return l.ascii, l
	}
	return l.symbol, l
}

// header says what was run, where and when.
func (p *page) header(r *engine.Report) {
	title := r.Runbook.Title
	if title == "" {
		title = r.Runbook.Name
	}
	if title == "" {
		title = "linecheck"
	}
	where := count(len(r.Sites), "site")
	if len(r.Sites) == 1 {
		where = siteName(r.Sites[0])
		if v := r.Sites[0].Vantages; len(v) == 1 && v[0].Name != local {
			where += ", seen from " + v[0].Name
		}
	}
	what := r.StartedAt.Format("2006-01-02 15:04:05")
	if len(r.Runbook.Overlays) > 0 {
		what = "runbook " + strings.Join(r.Runbook.Overlays, " + ") + ", " + what
	}
	p.hang(nil, nil, title, boldStyle)
	p.hang(nil, nil, where, dimStyle)
	p.hang(nil, nil, what, dimStyle)
}

// local is the name that the engine gives to a site without a profile and to
// the computer that linecheck runs on.
const local = "local"

func siteName(s *engine.SiteReport) string {
	if s.Name == local && s.Title == "" {
		return "this computer, without a site profile"
	}
	if s.Title == "" || s.Title == s.Name {
		return "site " + s.Name
	}
	return fmt.Sprintf("site %s (%s)", s.Name, s.Title)
}

// siteLine is the one line of a site among several.
func (p *page) siteLine(s *engine.SiteReport) {
	p.hang([]span{p.badge(s.Verdict()), {"  ", plainStyle}}, []span{{pad("", badgeWidth+gap), plainStyle}},
		siteName(s)+": "+tally(s.Vantages), boldStyle)
}

// site writes what was found at a site from each of its vantages.
func (p *page) site(s *engine.SiteReport, o Options) {
	for _, c := range s.Conclusions {
		p.WriteByte('\n')
		p.conclusion(c)
	}
	for _, v := range s.Vantages {
		p.WriteByte('\n')
		if len(s.Vantages) > 1 {
			p.hang([]span{p.badge(v.Verdict()), {"  ", plainStyle}}, nil, "seen from "+v.Name, boldStyle)
		}
		p.ladder(v.Checks)
		for _, c := range v.RootCauses() {
			p.WriteByte('\n')
			p.finding(c)
		}
		if o.Explain != nil {
			for _, c := range v.Checks {
				if o.Explain(c) {
					p.WriteByte('\n')
					p.explain(c, v.Facts)
				}
			}
		}
		p.layers(v.Layers())
	}
}

const (
	badgeWidth = len("x blocked")
	gap        = 2
)

// ladder writes a line a check, grouped by layer. Title, target, measurement
// and time each have a column; where the page is too narrow for all of them
// the target is left out.
func (p *page) ladder(checks []*engine.CheckReport) {
	var titles, targets, measured, times int
	for _, c := range checks {
		titles = max(titles, displayWidth(p.clean(title(c))))
		if ran(c) {
			targets = max(targets, displayWidth(p.clean(target(c))))
			measured = max(measured, displayWidth(p.clean(measure(c))))
			times = max(times, displayWidth(elapsed(c.Elapsed)))
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
			p.hang(nil, nil, sentence(layerName(layer)), boldStyle)
		}
		for _, c := range group {
			p.rung(c, columns)
		}
	}
}

type columns struct{ title, target, measured, time int }

// rung writes the line of one check.
func (p *page) rung(c *engine.CheckReport, col columns) {
	badge := p.badge(c.Status)
	st := plainStyle
	right, rightWidth := measure(c), col.measured
	var where, time string
	if ran(c) {
		where, time = p.clean(target(c)), elapsed(c.Elapsed)
		if c.Status != engine.Pass {
			st = boldStyle
		}
	} else {
		st = dimStyle
		right, rightWidth = p.hold(c), p.width-badgeWidth-gap-col.title-gap
	}
	titles := p.wrap(title(c), col.title)
	rights := p.wrap(right, rightWidth)
	for i := range max(len(titles), len(rights)) {
		var l, r string
		if i < len(titles) {
			l = titles[i]
		}
		if i < len(rights) {
			r = rights[i]
		}
		spans := []span{badge, {"  ", plainStyle}, {pad(l, col.title) + "  ", st}}
		rest := st
		if ran(c) {
			rest = plainStyle
			if col.target > 0 {
				spans = append(spans, span{pad(where, col.target) + "  ", plainStyle})
			}
		}
		spans = append(spans, span{r, rest})
		if time != "" {
			spans = append(spans, span{strings.Repeat(" ", max(0, col.measured-displayWidth(r))+gap+col.time-displayWidth(time)) + time, dimStyle})
		}
		p.line(spans...)
		badge, where, time = span{pad("", badgeWidth), plainStyle}, "", ""
	}
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

// why is what went wrong at a check: its explanation, or the reason why there
// is none.
func why(c *engine.CheckReport) string {
	if c.Explain == "" {
		return c.Reason
	}
	return c.Explain
}

// name is an address without the word that every address begins with.
func name(address string) string { return strings.TrimPrefix(address, "check.") }

// namesLimit bounds a list of names for people; the JSON report has all.
const namesLimit = 12

func names(addresses []string) string {
	var short []string
	for i, a := range addresses {
		if i == namesLimit {
			return fmt.Sprintf("%s and %d more", strings.Join(short, ", "), len(addresses)-i)
		}
		short = append(short, name(a))
	}
	return strings.Join(short, ", ")
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

// abbreviations are the names of layers that are written in capitals.
var abbreviations = []string{"dns", "http", "icmp", "ip", "smtp", "tcp", "tls", "udp"}

func layerName(name string) string {
	if slices.Contains(abbreviations, name) {
		name = strings.ToUpper(name)
	}
	return name + " layer"
}

// sentence gives text a capital letter.
func sentence(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}

// layers says of each layer whether it works.
func (p *page) layers(layers []engine.LayerReport) {
	if len(layers) == 0 {
		return
	}
	says := map[engine.Status]string{
		engine.Pass:    "works",
		engine.Warn:    "works, with a warning",
		engine.Fail:    "does not work",
		engine.Error:   "could not be observed in full",
		engine.Blocked: "was not reached",
		engine.Skipped: "was not looked at",
	}
	parts := make([]string, len(layers))
	for i, l := range layers {
		parts[i] = "the " + layerName(l.Name) + " " + says[l.Status]
	}
	p.WriteByte('\n')
	p.hang(nil, nil, sentence(strings.Join(parts, "; "))+".", boldStyle)
}

// verdict is the last line: the answer in one look.
func (p *page) verdict(r *engine.Report) {
	var vantages []*engine.VantageReport
	for _, s := range r.Sites {
		vantages = append(vantages, s.Vantages...)
	}
	text := "in " + elapsed(r.Elapsed) + ": " + tally(vantages)
	if nothingRan(vantages) {
		text += "; nothing ran"
	}
	if r.Interrupted {
		text += "; interrupted, the rest is not known"
	}
	symbol, l := p.look(r.Verdict())
	head := symbol + " " + strings.ToUpper(l.word) + "  "
	p.hang([]span{{head, l.style}}, []span{{pad("", displayWidth(head)), plainStyle}}, text, boldStyle)
}

func nothingRan(vantages []*engine.VantageReport) bool {
	for _, v := range vantages {
		for _, c := range v.Checks {
			if c.Status != engine.Skipped {
				return false
			}
		}
	}
	return true
}

// tally counts the checks by status: "5 passed, 1 failed, 2 blocked".
func tally(vantages []*engine.VantageReport) string {
	n := map[engine.Status]int{}
	interrupted, total := 0, 0
	for _, v := range vantages {
		for _, c := range v.Checks {
			total++
			if c.Interrupted {
				interrupted++
			} else {
				n[c.Status]++
			}
		}
	}
	if total == 0 {
		return "no checks"
	}
	var parts []string
	for _, part := range []struct {
		n    int
		says string
	}{
		{n[engine.Fail], "failed"},
		{n[engine.Error], "could not be observed"},
		{n[engine.Warn], "passed with a warning"},
		{n[engine.Pass], "passed"},
		{n[engine.Blocked], "blocked"},
		{n[engine.Skipped], "skipped"},
		{interrupted, "not finished"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.says))
		}
	}
	return strings.Join(parts, ", ")
}

func count(n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return fmt.Sprintf("%d %s", n, of)
}

// elapsed writes a duration to the precision that a person wants.
func elapsed(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "<1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
	}
}
