package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/terminal"
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
	if len(r.Sites) > 1 {
		p.sites(r.Sites, o)
	} else {
		for _, s := range r.Sites {
			p.site(s, o)
		}
	}
	p.WriteByte('\n')
	p.verdict(r)
	_, err := w.Write(p.Bytes())
	return err
}

// A statusStyle is how a status is shown.
type statusStyle struct {
	symbol, ascii string
	word          string
	style         style
}

var looks = map[engine.Status]statusStyle{
	engine.Pass:    {"✓", "+", "pass", passStyle},
	engine.Warn:    {"!", "!", "warn", warnStyle},
	engine.Fail:    {"✗", "x", "FAIL", failStyle},
	engine.Error:   {"?", "?", "ERROR", errorStyle},
	engine.Blocked: {"·", "-", "blocked", dimStyle},
	engine.Skipped: {"–", "-", "skipped", dimStyle},
}

// badge is symbol and word, padded so that badges make a column.
func (p *page) badge(s engine.Status) span {
	_, l := p.look(s)
	return p.badgeWith(s, l.word)
}

// badgeWith is a badge with a word that says more than the status does.
func (p *page) badgeWith(s engine.Status, word string) span {
	symbol, l := p.look(s)
	return span{symbol + " " + terminal.Pad(word, badgeWidth-2), l.style}
}

func (p *page) look(s engine.Status) (symbol string, l statusStyle) {
	l, ok := looks[s]
	if !ok { // a status of a later version
		l = statusStyle{"?", "?", string(s), errorStyle}
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
	where := terminal.Count(len(r.Sites), "site")
	if len(r.Sites) == 1 {
		where = siteName(r.Sites[0])
		unseen := strings.Join(r.Sites[0].Unseen, ", ")
		if v := r.Sites[0].Vantages; len(v) == 1 && v[0].Name != local {
			where += ", seen from " + v[0].Name
			if unseen != "" {
				where += ", not from " + unseen
			}
		}
	}
	what := r.StartedAt.Format("2006-01-02 15:04:05")
	if r.Replayed != nil {
		what = "recorded " + recordedAt(r.Replayed)
	}
	if len(r.Runbook.Overlays) > 0 {
		what = "runbook " + strings.Join(r.Runbook.Overlays, " + ") + ", " + what
	}
	p.hang(nil, nil, title, boldStyle)
	p.hang(nil, nil, where, dimStyle)
	p.hang(nil, nil, what, dimStyle)
	if r.Replayed != nil {
		p.hang(nil, nil, replayed(r.Replayed), boldStyle)
	}
}

// recordedAt is the time of a recording, which may come from another zone.
func recordedAt(r *engine.Replayed) string {
	return r.RecordedAt.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

// replayed says that nothing of a report was observed now.
func replayed(r *engine.Replayed) string {
	text := "Replayed from " + cmp.Or(r.File, "a recording") // one that was not read from a file has no name
	if with := strings.TrimSpace(r.Runbook.Name + " " + r.Runbook.Version); with != "" {
		text += ", recorded with the runbook " + with
	}
	text += ": nothing was sent, today's rules judge what was observed then. Waivers are those of that day."
	if r.Interrupted {
		text += " The recorded run was interrupted: what it had not observed by then is not in it."
	}
	return text
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

// site writes what was found at a site from each of its vantages.
func (p *page) site(s *engine.SiteReport, o Options) {
	if len(s.Refused) > 0 {
		p.WriteByte('\n')
		p.refused(s)
	}
	for _, c := range s.Conclusions {
		p.WriteByte('\n')
		p.conclusion(c)
	}
	for _, v := range s.Vantages {
		p.WriteByte('\n')
		if len(s.Vantages) > 1 {
			p.hang([]span{p.badge(v.Verdict()), {"  ", plainStyle}}, nil, "seen from "+v.Name, boldStyle)
		}
		if v.Reason != "" {
			p.unreached(v)
			if len(v.Checks) == 0 {
				continue
			}
			p.WriteByte('\n')
		}
		p.ladder(v.Checks)
		if len(v.Empty) > 0 {
			p.WriteByte('\n')
			p.hang(nil, nil, "Nothing to look at for "+names(v.Empty)+": the for_each is empty.", dimStyle)
		}
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

func names(addresses []string) string {
	short := make([]string, len(addresses))
	for i, a := range addresses {
		short[i] = name(a)
	}
	return terminal.Names(short)
}

// abbreviations are the names of layers that are written in capitals.
var abbreviations = []string{"dns", "http", "icmp", "ip", "smtp", "tcp", "tls", "udp"}

func layerName(name string) string {
	if slices.Contains(abbreviations, name) {
		name = strings.ToUpper(name)
	}
	return name + " layer"
}

// layers says of each layer whether it works.
func (p *page) layers(layers []engine.LayerReport) {
	if len(layers) == 0 {
		return
	}
	parts := make([]string, len(layers))
	for i, l := range layers {
		parts[i] = "the " + layerName(l.Name) + " " + layerState(l)
	}
	p.WriteByte('\n')
	p.hang(nil, nil, terminal.Capital(strings.Join(parts, "; "))+".", boldStyle)
}

// layerState says no more of a layer than was looked at.
func layerState(l engine.LayerReport) string {
	switch {
	case l.Status == engine.Partial && l.Worst == engine.Warn:
		return "works, with a warning, " + asFar(l.Scope)
	case l.Status == engine.Partial:
		return "works " + asFar(l.Scope)
	case l.Status == engine.Blocked && l.Scope.Looked > 0:
		return fmt.Sprintf("was reached in part only (%s)", steps(l.Scope))
	case l.Status == engine.Skipped && l.Scope.Of == 0:
		return "does not apply here"
	}
	return map[engine.Status]string{
		engine.Pass:    "works",
		engine.Warn:    "works, with a warning",
		engine.Fail:    "does not work",
		engine.Error:   "could not be observed in full",
		engine.Blocked: "was not reached",
		engine.Skipped: "was not looked at",
	}[l.Status]
}

func asFar(s engine.Scope) string { return "as far as it was looked at (" + steps(s) + ")" }

func steps(s engine.Scope) string {
	return fmt.Sprintf("%d of %s", s.Looked, terminal.Count(s.Of, "step"))
}

// verdict is the last line: the answer in one look.
func (p *page) verdict(r *engine.Report) {
	var vantages []*engine.VantageReport
	for _, s := range r.Sites {
		vantages = append(vantages, s.Vantages...)
	}
	text := "in " + elapsed(r.Elapsed)
	if r.Replayed != nil {
		text = "replayed, recorded " + recordedAt(r.Replayed)
	}
	// Where something is wrong, how much was looked at is the lesser news.
	scope := r.Scope()
	if verdict := r.Verdict(); scope.Partial() && (verdict == engine.Pass || verdict == engine.Warn) {
		text += ", " + asFar(scope)
	}
	text += ": "
	if len(r.Sites) > 1 {
		text += siteTally(r.Sites) + "; checks: "
	}
	text += tally(vantages)
	if nothingRan(vantages) {
		text += "; nothing ran"
	}
	if r.Interrupted {
		text += "; interrupted, the rest is not known"
	}
	symbol, l := p.look(r.Verdict())
	head := symbol + " " + strings.ToUpper(l.word) + "  "
	p.hang([]span{{head, l.style}}, []span{{terminal.Pad("", terminal.Width(head)), plainStyle}}, text, boldStyle)
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
	interrupted, waived, total, unreached := 0, 0, 0, 0
	for _, v := range vantages {
		if v.Reason != "" && len(v.Checks) == 0 {
			unreached++
			total++
		}
		for _, c := range v.Checks {
			total++
			switch {
			case c.Interrupted:
				interrupted++
			case c.Waived:
				waived++
			default:
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
		{waived, "waived"},
		{interrupted, "not finished"},
		{unreached, "not reached"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.says))
		}
	}
	return strings.Join(parts, ", ")
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
