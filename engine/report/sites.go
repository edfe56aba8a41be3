package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/terminal"
)

// sites writes a line a site, then the details of those that did not pass.
func (p *page) sites(sites []*engine.SiteReport, o Options) {
	names, times := 0, 0
	for _, s := range sites {
		names = max(names, terminal.Width(p.clean(s.Name)))
		times = max(times, terminal.Width(elapsed(siteElapsed(s))))
	}
	// Long names give way to what is wrong.
	const least = 30
	names = min(names, max(p.width-badgeWidth-gap-gap-least-gap-times, p.width/4))
	p.WriteByte('\n')
	for _, s := range sites {
		p.siteLine(s, names, times)
	}
	for _, s := range sites {
		if s.Verdict() == engine.Pass && o.Explain == nil {
			continue
		}
		p.WriteByte('\n')
		p.hang([]span{p.badge(s.Verdict()), {"  ", plainStyle}}, []span{{terminal.Pad("", badgeWidth+gap), plainStyle}}, siteName(s), boldStyle)
		p.site(s, o)
	}
}

// siteLine is the one line of a site among several: how it came out, why, and
// how long it took.
func (p *page) siteLine(s *engine.SiteReport, names, times int) {
	says := p.width - badgeWidth - gap - names - gap - gap - times
	name, inShort := p.wrap(s.Name, names), p.wrap(siteInShort(s), says)
	badge, time := p.badge(s.Verdict()), elapsed(siteElapsed(s))
	if len(s.Refused) > 0 {
		time = ""
	}
	st := plainStyle
	if s.Verdict() != engine.Pass {
		st = boldStyle
	}
	for i := range max(len(name), len(inShort)) {
		var l, r string
		if i < len(name) {
			l = name[i]
		}
		if i < len(inShort) {
			r = inShort[i]
		}
		p.line(badge, span{"  ", plainStyle}, span{terminal.Pad(l, names) + "  ", st}, span{r, plainStyle},
			span{terminal.Indent(max(0, says-terminal.Width(r))+gap+times-terminal.Width(time)) + time, dimStyle})
		badge, time = span{terminal.Pad("", badgeWidth), plainStyle}, ""
	}
}

// siteInShort is what there is to say of a site in a line: why it was refused,
// what all its vantages together tell, or the root causes, else the count.
func siteInShort(s *engine.SiteReport) string {
	if len(s.Refused) > 0 {
		return "refused: " + refusal(s)
	}
	var parts []string
	for _, c := range s.Conclusions {
		parts = append(parts, c.Name)
	}
	for _, v := range s.Vantages {
		said := vantageInShort(v)
		if said != "" && len(s.Vantages) > 1 {
			said = "from " + v.Name + ": " + said
		}
		if said != "" {
			parts = append(parts, said)
		}
	}
	if len(parts) == 0 {
		return tally(s.Vantages)
	}
	return strings.Join(parts, "; ")
}

// vantageInShort names the root causes; "" where there is none.
func vantageInShort(v *engine.VantageReport) string {
	switch {
	case v.Reason != "" && len(v.Checks) > 0:
		return "lost on the way"
	case v.Reason != "":
		return "not reached"
	}
	var parts []string
	for _, c := range v.RootCauses() {
		cause := name(c.Address)
		if c.Cause != "" {
			cause += " · " + c.Cause
		}
		parts = append(parts, cause)
	}
	if len(parts) == 0 && v.Verdict() == engine.Error {
		return tally([]*engine.VantageReport{v})
	}
	return strings.Join(parts, ", ")
}

// siteElapsed is how long it took at a site, whose vantages are looked at side
// by side.
func siteElapsed(s *engine.SiteReport) time.Duration {
	var longest time.Duration
	for _, v := range s.Vantages {
		longest = max(longest, v.Elapsed)
	}
	return longest
}

// siteTally counts the sites: "998 of 1000 sites passed, 1 failed, 1 refused".
func siteTally(sites []*engine.SiteReport) string {
	n := map[engine.Status]int{}
	refused := 0
	for _, s := range sites {
		if len(s.Refused) > 0 {
			refused++
		} else {
			n[s.Verdict()]++
		}
	}
	text := fmt.Sprintf("%d of %s passed", n[engine.Pass], terminal.Count(len(sites), "site"))
	for _, part := range []struct {
		n    int
		says string
	}{
		{n[engine.Fail], "failed"},
		{n[engine.Error], "could not be observed"},
		{n[engine.Warn], "passed with a warning"},
		{refused, "refused"},
	} {
		if part.n > 0 {
			text += fmt.Sprintf(", %d %s", part.n, part.says)
		}
	}
	return text
}

// problems are the errors for which a site was refused.
func problems(s *engine.SiteReport) []*hcl.Diagnostic {
	var errors []*hcl.Diagnostic
	for _, d := range s.Refused {
		if d.Severity == hcl.DiagError {
			errors = append(errors, d)
		}
	}
	return errors
}

// refusal is why a site was refused, in a line; "" where it was not.
func refusal(s *engine.SiteReport) string {
	wrong := problems(s)
	if len(wrong) == 0 {
		return ""
	}
	text := problem(wrong[0], wrong[0].Summary)
	if more := len(wrong) - 1; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}

// problem is what is said of an error behind its place.
func problem(d *hcl.Diagnostic, says string) string {
	if d.Subject == nil {
		return says
	}
	return fmt.Sprintf("%s:%d: %s", d.Subject.Filename, d.Subject.Start.Line, says)
}

// problemsLimit bounds the errors of a profile that are written out; the JSON
// report has all.
const problemsLimit = 12

// refused writes why a site was not looked at.
func (p *page) refused(s *engine.SiteReport) {
	symbol, l := p.look(engine.Error)
	b := p.block(l.style)
	heading := "Nothing was sent for this site"
	if slices.ContainsFunc(problems(s), func(d *hcl.Diagnostic) bool { return d.Subject != nil }) {
		heading = "The profile is wrong: nothing was sent for this site"
	} // what stands in no file is no profile's: a program handed it over
	p.hang([]span{b.bar, {symbol + " " + l.word + "  ", l.style}}, []span{b.bar}, heading, boldStyle)
	for i, d := range problems(s) {
		if i == problemsLimit {
			b.blank()
			b.text(fmt.Sprintf("There are %d more errors.", len(problems(s))-i), plainStyle)
			break
		}
		b.blank()
		b.text(problem(d, d.Summary), boldStyle)
		b.text(d.Detail, plainStyle)
	}
}
