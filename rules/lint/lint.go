// Package lint finds what is valid in a runbook and yet hardly meant: checks
// that never run, causes that never apply, facts that nobody reads.
//
// Start with [Run]; [All] lists the rules. A rule is a value: a new one is a
// file with the value and a line in All. IDs keep their meaning within a major
// version, since comments in runbooks name them; messages do not, and new rules
// may come.
//
// A comment switches rules off for the line that it stands on, or, where it
// stands alone, for the next line that is no comment:
//
//	fact "spare" { # linecheck:ignore fact-unused: our overlay reads it
//
// Several IDs are separated by commas, and whatever follows them is the reason.
// Files in JSON have no comments.
package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
)

// A Rule is one thing to look for.
type Rule struct {
	ID      string // kebab-case: the noun that it is about, then what is wrong
	Summary string // a heading in a few words
	Doc     string // what it finds and why that matters, in whole sentences
	Hint    string // what to do about it, in whole sentences
	Check   func(*Pass)
}

// All lists the rules, sorted by ID.
func All() []*Rule {
	return []*Rule{
		causeHidden,
		checkUnreachable,
		dependsOnImplied,
		explainWithoutAddress,
		factUnused,
		ignoreUnused,
		localUnused,
		resultUngated,
		titleMissing,
		variableUndescribed,
		variableUnused,
	}
}

// A Finding is one place at which a rule found something.
type Finding struct {
	Rule    *Rule
	Range   hcl.Range
	Message string // whole sentences, about this place
}

// Diagnostic is the finding as a warning.
func (f *Finding) Diagnostic() *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagWarning,
		Summary:  fmt.Sprintf("%s (%s)", f.Rule.Summary, f.Rule.ID),
		Detail:   f.Message + " " + f.Rule.Hint,
		Subject:  &f.Range,
	}
}

// Run holds a runbook against all rules. Findings that a comment of the
// runbook switches off are left out; the others stand in the order of files and
// lines. A runbook that was not proved is an error: see [rules.Runbook.Refused].
func Run(rb *rules.Runbook) ([]Finding, hcl.Diagnostics) {
	if refused := rb.Refused(); refused.HasErrors() {
		return nil, refused
	}
	p := newPass(rb)
	for _, r := range All() {
		if r != ignoreUnused {
			p.apply(r)
		}
	}
	p.apply(ignoreUnused) // which knows only now what was of use
	slices.SortStableFunc(p.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Range.Filename, b.Range.Filename), cmp.Compare(a.Range.Start.Byte, b.Range.Start.Byte), cmp.Compare(a.Rule.ID, b.Rule.ID))
	})
	return p.findings, nil
}

// A Pass is what a rule sees of a runbook, and where it reports.
type Pass struct {
	// Runbook lists the runbook's own blocks only: imports are looked at in
	// their own folders. By name it finds those of imports too.
	*rules.Runbook
	graph    *rules.Graph // of imports as well
	gates    *gates
	unknowns *unknowns
	ids      []string // of all rules
	ignores  []*ignore

	rule     *Rule
	findings []Finding
}

func newPass(rb *rules.Runbook) *Pass {
	p := &Pass{Runbook: own(rb), graph: rb.Graph(), gates: newGates(rb), unknowns: newUnknowns(rb), ignores: findIgnores(rb.OwnFiles())}
	for _, r := range All() {
		p.ids = append(p.ids, r.ID)
	}
	return p
}

// own is a runbook without the blocks that its imports brought in.
func own(rb *rules.Runbook) *rules.Runbook {
	if len(rb.Imports) == 0 {
		return rb
	}
	o := *rb
	o.Imports = slices.DeleteFunc(slices.Clone(rb.Imports), func(im *rules.Import) bool { return expression.Module(im.Name) != "" })
	o.Facts = slices.DeleteFunc(slices.Clone(rb.Facts), func(f *rules.Fact) bool { return expression.Module(f.Name) != "" })
	o.Checks = slices.DeleteFunc(slices.Clone(rb.Checks), func(c *rules.Check) bool { return expression.Module(c.Name) != "" })
	o.Conclusions = slices.DeleteFunc(slices.Clone(rb.Conclusions), func(c *rules.Conclusion) bool { return expression.Module(c.Name) != "" })
	return &o
}

func (p *Pass) apply(r *Rule) {
	p.rule = r
	r.Check(p)
}

// Report adds a finding of the rule that is being applied, unless a comment
// switches it off there.
func (p *Pass) Report(rng hcl.Range, format string, args ...any) {
	off := false
	for _, ig := range p.ignores {
		off = ig.covers(p.rule.ID, rng) || off
	}
	if !off {
		p.findings = append(p.findings, Finding{p.rule, rng, fmt.Sprintf(format, args...)})
	}
}
