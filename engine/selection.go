package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
)

// selectChecks decides which checks the plan leaves out: those of a waiver,
// those that Skip names, and those that Only does not.
func (p *Plan) selectChecks(s Settings) hcl.Diagnostics {
	diags := p.waive(s)
	for _, pattern := range s.Skip {
		diags = append(diags, p.matching(pattern, "--skip", func(i int) {
			if p.checks[i].skip == "" {
				p.checks[i].skip, p.checks[i].skipKind = "left out by --skip "+pattern, SkipFiltered
			}
		})...)
	}
	if len(s.Only) == 0 {
		return diags
	}
	wanted := make([]bool, len(p.checks))
	var queue []int
	want := func(i int) {
		if !wanted[i] {
			wanted[i] = true
			queue = append(queue, i)
		}
	}
	for _, pattern := range s.Only {
		diags = append(diags, p.matching(pattern, "--only", want)...)
	}
	seen := make(map[int]bool) // facts
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		if p.checks[i].skip == "" {
			p.readByCheck(p.checks[i], want, seen)
		}
	}
	for i, c := range p.checks {
		if !wanted[i] && c.skip == "" {
			c.skip, c.skipKind = "not named by --only", SkipFiltered
		}
	}
	return diags
}

// readByCheck calls want for each check that the expressions of c refer to,
// by way of facts too.
func (p *Plan) readByCheck(c *check, want func(int), seen map[int]bool) {
	g := p.runbook.Graph()
	var follow func(r read)
	follow = func(r read) {
		for i := r.first; i < r.first+r.count; i++ {
			if r.ref.Root == language.RefCheck {
				want(i)
			} else if !seen[i] {
				seen[i] = true
				f := p.facts[i]
				for e := range g.OfFact(f.Fact) {
					p.read(e.Expr, e.Ref, f.consts, follow)
				}
			}
		}
	}
	for e := range g.OfCheck(c.Check) {
		if e.Kind != rules.EdgeGate {
			p.read(e.Expr, e.Ref, c.consts, follow)
		}
	}
}

// waive leaves out the checks that the site's profile waives.
func (p *Plan) waive(s Settings) hcl.Diagnostics {
	if s.Site == nil {
		return nil
	}
	today := s.Today
	if today.IsZero() {
		today = time.Now().UTC()
	}
	today = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)

	var diags hcl.Diagnostics
	for _, w := range s.Site.Waivers {
		until := ""
		if !w.Expires.IsZero() {
			until = " until " + w.Expires.Format(time.DateOnly)
		}
		expired := until != "" && w.Expires.Before(today)
		matched := false
		match := pattern(w.Check)
		for _, c := range p.checks {
			if !match(c) {
				continue
			}
			matched = true
			if c.skip != "" {
				continue // another one waives it
			}
			c.waiver = &WaiverReport{Reason: w.Reason, Expires: w.Expires, Expired: expired}
			if expired {
				c.note = fmt.Sprintf("its waiver ran out on %s (%s)", w.Expires.Format(time.DateOnly), w.Reason)
			} else {
				c.skip, c.skipKind, c.note = fmt.Sprintf("waived%s: %s", until, w.Reason), SkipWaived, ""
			}
		}
		if !matched {
			diags = append(diags, errorFrom(w.DeclRange, "Waiver of no check",
				"Site %q waives %q, but no check of the runbook has that address.%s", s.Site.Name, w.Check, p.nearest(w.Check)))
		}
	}
	return diags
}

// matching calls do for each check that a pattern of the command line names.
func (p *Plan) matching(given, flag string, do func(int)) hcl.Diagnostics {
	matched := false
	match := pattern(given)
	for i, c := range p.checks {
		if match(c) {
			matched = true
			do(i)
		}
	}
	if matched {
		return nil
	}
	what := "has that address"
	if strings.HasPrefix(given, tagPrefix) {
		what = "has that tag"
	}
	return hcl.Diagnostics{diagnostic.Error("No such check", "%s %s names nothing: no check %s.%s", flag, given, what, p.nearest(given))}
}

const tagPrefix = "tag:"

// pattern is whether a check is named by an address, a glob or a tag.
func pattern(given string) func(*check) bool {
	tag, isTag := strings.CutPrefix(given, tagPrefix)
	if !isTag {
		return func(c *check) bool { return rules.MatchAddress(given, c.address) }
	}
	return func(c *check) bool { return slices.Contains(c.Tags, tag) }
}

// nearest says what was meant by an address, or a tag, that names nothing, or
// else what there is.
func (p *Plan) nearest(given string) string {
	names, tags := slices.Sorted(maps.Keys(p.checkBlocks)), p.tags()
	if tag, isTag := strings.CutPrefix(given, tagPrefix); isTag {
		return cmp.Or(didYouMean(tag, tags, asTag), didYouMean(tag, names, asAddress), listed("tags", tags))
	}
	short := rules.ShortAddress(given)
	name, _, _ := strings.Cut(short, "[")
	if b := p.checkBlocks[name]; b != nil {
		return " There is " + p.instancesOf(b) + "."
	}
	if slices.ContainsFunc(p.runbook.Imports, func(im *rules.Import) bool { return im.Name == given }) {
		return fmt.Sprintf(" Did you mean all of that import, \"%s.*\"?", given)
	}
	spell := asAddress
	if short == given {
		spell = func(name string) string { return name }
	}
	// A slip in the prefix is one as well.
	_, behind, _ := strings.Cut(given, ":")
	return cmp.Or(didYouMean(name, names, spell), didYouMean(given, tags, asTag), didYouMean(behind, tags, asTag), listed("checks", names))
}

func asTag(tag string) string      { return tagPrefix + tag }
func asAddress(name string) string { return expression.AddressOf(language.RefCheck, name) }

// didYouMean is diagnostic.DidYouMean with the name as it has to be spelt.
func didYouMean(given string, names []string, spell func(name string) string) string {
	name := diagnostic.Nearest(given, names)
	if given == "" || name == "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", spell(name))
}

// tags are the tags of all checks, sorted.
func (p *Plan) tags() []string {
	var tags []string
	for _, c := range p.runbook.Checks {
		tags = append(tags, c.Tags...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

// instancesOf are those of an expanded check, for people.
func (p *Plan) instancesOf(b *block) string {
	if b.count == 0 {
		return "no instance of it here: its for_each is empty"
	}
	var addresses []string
	for _, c := range p.checks[b.first : b.first+b.count] {
		addresses = append(addresses, c.address)
	}
	return terminal.Names(addresses)
}

// listed says which names there are of a kind.
func listed(kind string, names []string) string {
	if len(names) == 0 {
		return fmt.Sprintf(" There are no %s.", kind)
	}
	return fmt.Sprintf(" The %s are %s.", kind, terminal.Names(names))
}
