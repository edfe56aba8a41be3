package engine

import (
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A conclusionScope is what conclusions see of a site.
type conclusionScope struct {
	rb     *rules.Runbook
	site   *SiteReport
	began  time.Time                                             // the first of its vantages
	checks map[*VantageReport]map[string]map[string]*CheckReport // by name and key
	facts  map[*VantageReport]map[string]map[string]cty.Value    // those that were gathered
	whole  map[string]bool                                       // complete, by vantage
	values map[vantageRef]cty.Value                              // worked out so far
	budget *expression.Budget                                    // of all conclusions
}

// vantageRef names a check, fact or variable as a vantage has it.
type vantageRef struct {
	vantage string
	root    language.RefRoot
	name    string
}

func newConclusionScope(rb *rules.Runbook, site *SiteReport) *conclusionScope {
	s := &conclusionScope{rb: rb, site: site, whole: map[string]bool{}, values: map[vantageRef]cty.Value{},
		budget: expression.NewBudget(expression.MaxPlanSteps),
		checks: map[*VantageReport]map[string]map[string]*CheckReport{}, facts: map[*VantageReport]map[string]map[string]cty.Value{}}
	for i, v := range site.Vantages {
		if i == 0 || v.StartedAt.Before(s.began) {
			s.began = v.StartedAt
		}
	}
	return s
}

// context is what e is evaluated in: of the vantages what it refers to.
func (s *conclusionScope) context(e *expression.Expr) *hcl.EvalContext {
	title := cty.NullVal(cty.String)
	if s.site.Title != "" {
		title = cty.StringVal(s.site.Title)
	}
	ctx := &hcl.EvalContext{
		Functions: language.FunctionTable(),
		Variables: map[string]cty.Value{"site": cty.ObjectVal(map[string]cty.Value{
			"name": cty.StringVal(s.site.Name), "title": title, "vantage": cty.UnknownVal(cty.String),
		})},
	}
	type values = map[string]cty.Value
	seen := map[string]map[string]values{} // by vantage and root: check, fact, var, or those of an import
	for i := range e.Refs {
		ref := &e.Refs[i]
		if ref.Root != language.RefVantage {
			continue
		}
		if seen[ref.Name] == nil {
			seen[ref.Name] = map[string]values{}
		}
		root, name, ok := ref.FromVantage()
		if !ok {
			continue
		}
		from := expression.RootOf(root, name)
		if seen[ref.Name][from] == nil {
			seen[ref.Name][from] = values{}
		}
		seen[ref.Name][from][expression.OwnName(name)] = s.value(vantageRef{ref.Name, root, name})
	}
	vantages := make(values, len(seen))
	for name, roots := range seen {
		members := values{expression.Complete: cty.BoolVal(s.complete(name))}
		for root, of := range roots {
			members[root] = cty.ObjectVal(of)
		}
		vantages[name] = cty.ObjectVal(members)
	}
	if len(vantages) > 0 {
		ctx.Variables["vantage"] = cty.ObjectVal(vantages)
	}
	return ctx
}

// vantage is the vantage of that name; nil: the site lacks it.
func (s *conclusionScope) vantage(name string) *VantageReport {
	i := slices.IndexFunc(s.site.Vantages, func(v *VantageReport) bool { return v.Name == name })
	if i < 0 {
		return nil
	}
	return s.site.Vantages[i]
}

// complete reports whether a vantage was looked from to the end, and the facts
// that conclusions read of it were gathered, whatever came of them.
func (s *conclusionScope) complete(name string) bool {
	whole, ok := s.whole[name]
	if !ok {
		whole = s.ranToEnd(name)
		s.whole[name] = whole
	}
	return whole
}

func (s *conclusionScope) ranToEnd(name string) bool {
	v := s.vantage(name)
	if v == nil || v.Reason != "" || len(v.Checks) == 0 ||
		slices.ContainsFunc(v.Checks, func(c *CheckReport) bool { return c.Interrupted }) {
		return false
	}
	for _, c := range s.rb.Conclusions {
		for _, e := range []*expression.Expr{c.When, c.Explain, c.Remedy} {
			if e != nil && slices.ContainsFunc(e.Refs, func(ref expression.Ref) bool { return ref.Name == name && s.lacks(v, &ref) }) {
				return false
			}
		}
	}
	return true
}

// lacks reports whether a reference is to a fact that was not gathered.
func (s *conclusionScope) lacks(v *VantageReport, ref *expression.Ref) bool {
	root, fact, ok := ref.FromVantage()
	return ok && root == language.RefFact && s.gathered(v)[fact] == nil
}

// gathered are the results of a vantage's facts by name and key.
func (s *conclusionScope) gathered(v *VantageReport) map[string]map[string]cty.Value {
	if all, ok := s.facts[v]; ok || v == nil {
		return all
	}
	all := make(map[string]map[string]cty.Value, len(v.Facts))
	for _, f := range v.Facts {
		name, key, ok := addressed(f.Address)
		if !ok {
			continue
		}
		if all[name] == nil {
			all[name] = make(map[string]cty.Value, 1)
		}
		all[name][key] = f.Result
	}
	s.facts[v] = all
	return all
}

// value is worked out once for all conclusions.
func (s *conclusionScope) value(of vantageRef) cty.Value {
	if value, ok := s.values[of]; ok {
		return value
	}
	v := s.vantage(of.vantage)
	var value cty.Value
	switch of.root {
	case language.RefFact:
		value = s.fact(v, of.name)
	case language.RefVar:
		value = s.variable(v, of.name)
	default:
		value = s.check(v, of.name)
	}
	s.values[of] = value
	return value
}

// variable is a variable as it is set at a vantage.
func (s *conclusionScope) variable(v *VantageReport, name string) cty.Value {
	if v != nil {
		if value, ok := v.Vars[name]; ok {
			return value
		}
	}
	if variable := s.rb.Variable(name); variable != nil {
		return cty.UnknownVal(variable.Type)
	}
	return cty.DynamicVal // which rules.Load refuses
}

// fact is what a fact observed from a vantage, all instances of an expanded one.
func (s *conclusionScope) fact(v *VantageReport, name string) cty.Value {
	block := s.rb.Fact(name)
	if block == nil {
		return cty.DynamicVal // which rules.Load refuses
	}
	unknown := block.Probe.Kind.UnknownResult()
	instances := s.gathered(v)[name]
	switch {
	case block.ForEach == nil && len(instances) > 0:
		return instances[""]
	case block.ForEach == nil:
		return unknown
	case len(instances) == 0:
		return cty.UnknownVal(cty.Map(unknown.Type())).RefineNotNull()
	}
	return cty.MapVal(instances)
}

// check is a check as a vantage saw it, all instances of an expanded one.
func (s *conclusionScope) check(v *VantageReport, name string) cty.Value {
	block := s.rb.Check(name)
	if block == nil {
		return cty.DynamicVal // which rules.Load refuses
	}
	var instances map[string]*CheckReport
	if v != nil {
		instances = s.instances(v)[name]
	}
	if block.ForEach == nil {
		return s.checkValue(v, block.Probe.Kind, instances[""])
	}
	if v == nil || len(v.Checks) == 0 {
		return cty.UnknownVal(cty.Map(s.checkValue(nil, block.Probe.Kind, nil).Type())).RefineNotNull()
	}
	values := make(map[string]cty.Value, len(instances))
	for key, c := range instances {
		values[key] = s.checkValue(v, block.Probe.Kind, c)
	}
	if len(values) == 0 {
		return cty.MapValEmpty(s.checkValue(nil, block.Probe.Kind, nil).Type())
	}
	return cty.MapVal(values)
}

// addressed is the name and the key of an instance; the key of a block that is
// not expanded is "".
func addressed(address string) (name, key string, ok bool) {
	a, ok := expression.ParseAddress(address)
	if !ok {
		return "", "", false
	}
	if a.Key != cty.NilVal {
		key = a.Key.AsString()
	}
	return a.Name, key, true
}

// instances are the checks of a vantage by name and key.
func (s *conclusionScope) instances(v *VantageReport) map[string]map[string]*CheckReport {
	if all, ok := s.checks[v]; ok {
		return all
	}
	all := make(map[string]map[string]*CheckReport, len(v.Checks))
	for _, c := range v.Checks {
		name, key, ok := addressed(c.Address)
		if !ok {
			continue
		}
		if all[name] == nil {
			all[name] = make(map[string]*CheckReport, 1)
		}
		all[name][key] = c
	}
	s.checks[v] = all
	return all
}

// checkValue is one check as a conclusion reads it. What was cut off, by the end of
// the run or the loss of the vantage, is unknown.
func (s *conclusionScope) checkValue(v *VantageReport, kind *language.Kind, c *CheckReport) cty.Value {
	var result cty.Value
	status, passed, cause := cty.UnknownVal(cty.String), cty.UnknownVal(cty.Bool), cty.UnknownVal(cty.String)
	started := cty.UnknownVal(cty.Number)
	if c != nil && c.Result != cty.NilVal {
		result = c.Result
	} else {
		result = kind.UnknownResult()
	}
	if c != nil && c.Attempts > 0 {
		started = cty.NumberIntVal((v.StartedAt.Sub(s.began) + c.Started).Milliseconds())
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
	return cty.ObjectVal(map[string]cty.Value{"result": result, "status": status, "passed": passed, "cause": cause, "started_ms": started})
}
