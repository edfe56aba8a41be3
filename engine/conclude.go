package engine

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// Conclude lists the conclusions of a runbook that hold at a site, all of whose
// vantages are done. A vantage that the site lacks, or that was not reached, is
// unknown, and so is what was sensitive. Conclusions change no verdict. The
// diagnostics are warnings about conditions that broke, which are not held.
func Conclude(rb *rules.Runbook, site *SiteReport) ([]*ConclusionReport, hcl.Diagnostics) {
	s := &sight{rb: rb, site: site, checks: map[*VantageReport]map[string]map[string]*CheckReport{}}
	var held []*ConclusionReport
	var diags hcl.Diagnostics
	for _, c := range rb.Conclusions {
		value, problem := c.When.Value(s.scope(c.When))
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
	d := errorAt(c.When.Range(), "Conclusion not drawn", "The condition of conclusion %q can't be evaluated for site %q: %s", c.Name, site.Name, why)
	d.Severity = hcl.DiagWarning
	return d
}

// A sight is what conclusions see of a site.
type sight struct {
	rb     *rules.Runbook
	site   *SiteReport
	checks map[*VantageReport]map[string]map[string]*CheckReport // by name and key
}

// scope is what e is evaluated in: of the vantages' checks those that it
// refers to.
func (s *sight) scope(e *rules.Expr) *hcl.EvalContext {
	title := cty.NullVal(cty.String)
	if s.site.Title != "" {
		title = cty.StringVal(s.site.Title)
	}
	ctx := &hcl.EvalContext{
		Functions: rules.FunctionTable(),
		Variables: map[string]cty.Value{"site": cty.ObjectVal(map[string]cty.Value{
			"name": cty.StringVal(s.site.Name), "title": title, "vantage": cty.UnknownVal(cty.String),
		})},
	}
	type checks = map[string]cty.Value
	seen := map[string]map[string]checks{} // by vantage and root: check, or that of an import
	for i := range e.Refs {
		vantage, check, ok := e.Refs[i].Concluded()
		if !ok {
			continue
		}
		root := rules.RootOf(rules.RefCheck, check)
		if seen[vantage] == nil {
			seen[vantage] = map[string]checks{}
		}
		if seen[vantage][root] == nil {
			seen[vantage][root] = checks{}
		}
		seen[vantage][root][rules.OwnName(check)] = s.check(vantage, check)
	}
	vantages := make(map[string]cty.Value, len(seen))
	for name, roots := range seen {
		values := make(map[string]cty.Value, len(roots))
		for root, checks := range roots {
			values[root] = cty.ObjectVal(checks)
		}
		vantages[name] = cty.ObjectVal(values)
	}
	if len(vantages) > 0 {
		ctx.Variables["vantage"] = cty.ObjectVal(vantages)
	}
	return ctx
}

// check is a check as a vantage saw it, all instances of an expanded one.
func (s *sight) check(vantage, name string) cty.Value {
	block := s.rb.Check(name)
	if block == nil {
		return cty.DynamicVal // which rules.Load refuses
	}
	i := slices.IndexFunc(s.site.Vantages, func(v *VantageReport) bool { return v.Name == vantage })
	var v *VantageReport
	var instances map[string]*CheckReport
	if i >= 0 {
		v = s.site.Vantages[i]
		instances = s.instances(v)[name]
	}
	if block.ForEach == nil {
		return seen(v, block.Probe.Kind, instances[""])
	}
	if v == nil || len(v.Checks) == 0 {
		return cty.UnknownVal(cty.Map(seen(nil, block.Probe.Kind, nil).Type())).RefineNotNull()
	}
	values := make(map[string]cty.Value, len(instances))
	for key, c := range instances {
		values[key] = seen(v, block.Probe.Kind, c)
	}
	if len(values) == 0 {
		return cty.MapValEmpty(seen(nil, block.Probe.Kind, nil).Type())
	}
	return cty.MapVal(values)
}

// instances are the checks of a vantage by name and key; the key of one that is
// not expanded is "".
func (s *sight) instances(v *VantageReport) map[string]map[string]*CheckReport {
	if all, ok := s.checks[v]; ok {
		return all
	}
	all := make(map[string]map[string]*CheckReport, len(v.Checks))
	for _, c := range v.Checks {
		address, ok := rules.ParseAddress(c.Address)
		if !ok {
			continue
		}
		key := ""
		if address.Key != cty.NilVal {
			key = address.Key.AsString()
		}
		if all[address.Name] == nil {
			all[address.Name] = make(map[string]*CheckReport, 1)
		}
		all[address.Name][key] = c
	}
	s.checks[v] = all
	return all
}

// seen is one check as a conclusion reads it. What was cut off, by the end of
// the run or the loss of the vantage, is unknown.
func seen(v *VantageReport, kind *rules.Kind, c *CheckReport) cty.Value {
	result := kind.UnknownResult()
	status, passed, cause := cty.UnknownVal(cty.String), cty.UnknownVal(cty.Bool), cty.UnknownVal(cty.String)
	if c != nil && c.Result != cty.NilVal {
		result = c.Result
	}
	unfinished := c == nil || c.Interrupted || v.Reason != "" && (c.Status == Error || c.Status == Blocked)
	if !unfinished {
		status = cty.StringVal(string(c.Status))
		switch c.Status {
		case Pass, Warn:
			passed = cty.True
		case Skipped:
		default:
			passed = cty.False
		}
		switch {
		case c.Cause != "":
			cause = cty.StringVal(c.Cause)
		case c.Status == Pass || c.Status == Warn || c.Status == Fail:
			cause = cty.NullVal(cty.String)
		}
	}
	return cty.ObjectVal(map[string]cty.Value{"result": result, "status": status, "passed": passed, "cause": cause})
}

func (s *sight) text(e *rules.Expr) string {
	if e == nil {
		return ""
	}
	text, _ := e.Text(s.scope(e))
	return text
}

func (s *sight) holes(e *rules.Expr) []rules.Hole {
	if e == nil {
		return nil
	}
	return e.Holes(s.scope(e))
}

// evidence lists what was observed of what a condition refers to; of a check as
// a whole, the status.
func (s *sight) evidence(e *rules.Expr) []Evidence {
	ctx := s.scope(e)
	var list []Evidence
	for i := range e.Refs {
		ref := &e.Refs[i]
		if _, _, ok := ref.Concluded(); !ok {
			continue
		}
		value, diags := ref.Traversal.TraverseAbs(ctx)
		if diags.HasErrors() || !value.IsKnown() {
			continue
		}
		if value = statuses(value); value.IsWhollyKnown() {
			list = append(list, Evidence{Ref: rules.TraversalString(ref.Traversal), Value: value})
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
