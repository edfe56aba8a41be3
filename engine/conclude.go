package engine

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// Conclude lists the conclusions of a runbook that hold at a site, all of whose
// vantages are done. A vantage that the site lacks, or that was not reached, is
// unknown, and so is what was sensitive. Conclusions change no verdict. The
// diagnostics are warnings about conditions that broke, which are not held, or
// the error of a runbook that was not proved.
func Conclude(rb *rules.Runbook, site *SiteReport) ([]*ConclusionReport, hcl.Diagnostics) {
	if refused := rb.Refused(); refused.HasErrors() {
		return nil, refused
	}
	if site == nil {
		site = &SiteReport{}
	}
	s := newConclusionScope(rb, site)
	var held []*ConclusionReport
	var diags hcl.Diagnostics
	for _, c := range rb.Conclusions {
		value, problem := c.When.ValueWithin(s.context(c.When), s.budget)
		value, _ = value.Unmark()
		switch {
		case problem.HasErrors():
			diags = append(diags, broken(site, c, errorText(problem)))
			continue
		case !value.IsKnown():
			continue
		case value.IsNull() || value.Type() != cty.Bool:
			diags = append(diags, broken(site, c, "It is neither true nor false."))
			continue
		case value.False():
			continue
		}
		held = append(held, &ConclusionReport{
			Name: c.Name, Explain: s.text(c.Explain), Remedy: s.text(c.Remedy), Evidence: s.evidence(c.When),
			Holes: slices.Concat(s.holes(c.Explain), s.holes(c.Remedy)),
		})
	}
	return held, diags
}

func broken(site *SiteReport, c *rules.Conclusion, why string) *hcl.Diagnostic {
	d := diagnostic.ErrorAt(c.When.Range(), "Conclusion not drawn", "The condition of conclusion %q can't be evaluated for site %q: %s", c.Name, site.Name, why)
	d.Severity = hcl.DiagWarning
	return d
}

func (s *conclusionScope) text(e *expression.Expr) string {
	if e == nil {
		return ""
	}
	text, _ := e.TextWithin(s.context(e), s.budget)
	return text
}

func (s *conclusionScope) holes(e *expression.Expr) []expression.Hole {
	if e == nil {
		return nil
	}
	return e.HolesWithin(s.context(e), s.budget)
}

// evidence lists what was observed of what a condition refers to; of a check as
// a whole, the status.
func (s *conclusionScope) evidence(e *expression.Expr) []Evidence {
	ctx := s.context(e)
	var list []Evidence
	for i := range e.Refs {
		ref := &e.Refs[i]
		if root, _, ok := ref.FromVantage(); !ok || root == language.RefVar {
			continue
		}
		value, diags := ref.Traversal.TraverseAbs(ctx)
		if diags.HasErrors() || !value.IsKnown() {
			continue
		}
		if value = statuses(value); value.IsWhollyKnown() {
			list = append(list, Evidence{Ref: terminal.Reference(ref.Traversal), Value: value})
		}
	}
	return list
}

// statuses is a check, or a map of checks, with nothing but its status left.
func statuses(v cty.Value) cty.Value {
	switch t := v.Type(); {
	case v.IsNull() || !v.IsKnown():
		return v
	case t.IsObjectType() && t.HasAttribute("cause") && t.HasAttribute("passed"):
		return v.GetAttr("status")
	case t.IsMapType() && v.LengthInt() > 0:
		values := v.AsValueMap()
		for key, el := range values {
			values[key] = statuses(el)
		}
		return cty.ObjectVal(values)
	}
	return v
}
