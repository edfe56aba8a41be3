package engine

import (
	"path/filepath"
	"slices"

	"github.com/linecheck/linecheck/engine/internal/permit"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// allowed reports whether a probe may read a file: one that the settings allow,
// or that was given as the value of a variable.
func (p *Plan) allowed(file string) bool {
	return p.givenFiles[filepath.Clean(file)] || permit.Reads(p.allowRead, file)
}

// MayReadFiles reports whether a run may read a file on the computer that it
// looks from.
func (p *Plan) MayReadFiles() bool {
	return slices.ContainsFunc(p.facts, func(f *fact) bool { return f.Probe.Kind.ReadsFile }) ||
		slices.ContainsFunc(p.checks, p.mayReadFile)
}

// mayReadFile reports whether the observation of a check may read a file.
func (p *Plan) mayReadFile(c *check) bool {
	if !c.Probe.Kind.ReadsFile || c.skip != "" || c.target == cty.NilVal {
		return c.Probe.Kind.ReadsFile && c.skip == ""
	}
	target, _ := c.target.Unmark()
	return target.IsKnown() && !target.IsNull() && p.allowed(target.AsString())
}

// allowGiven allows the files that the values of variables name. value is as it
// was given: what the type of the variable fills in, the author of the checks
// has chosen.
func (p *Plan) allowGiven(value cty.Value) {
	_ = cty.Walk(value, func(_ cty.Path, v cty.Value) (bool, error) {
		v, _ = v.Unmark()
		if v.Type() == cty.String && v.IsKnown() && !v.IsNull() && v.AsString() != "" {
			p.givenFiles[filepath.Clean(v.AsString())] = true
		}
		return true, nil
	})
}

// unreadable is the absence of an observation that would read a file which
// nobody has allowed.
func unreadable(file string, secrets secrets) *absence {
	if clean := secrets.scrub(file); clean != file {
		file = clean
	} else {
		file = rules.ShellQuote(file)
	}
	return &absence{status: Skipped, reason: "reads a file that nobody has allowed (--allow-read " + file + ")", skip: SkipNotAllowed, final: true}
}
