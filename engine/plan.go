package engine

import (
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/dag"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// Settings bind a runbook to one site and vantage.
type Settings struct {
	Site    *rules.Site    // nil: no profile; the site is called "local"
	Vantage *rules.Vantage // nil: the site is looked at from here ("local")
	// Values lie over the profile's, a later one over an earlier.
	Values []Values
	// Only and Skip are addresses ("check.dns", or "dns"), globs ("check.smtp*",
	// "net.*" for all of an import) or tags ("tag:mail"). Only runs what it names and what the expressions of
	// that read; gates that it does not name are left out. Skip wins over Only.
	Only      []string
	Skip      []string
	AllowExec bool // kinds that run commands may run
	// AllowRead are the files that kinds may read whose target is one: a path
	// itself, or with a separator at its end everything below it. Beside them a
	// path may be read that Values or the site's profile give as the value of a
	// variable, or within one, unless these came from elsewhere. Paths are
	// compared as text, cleaned as by filepath.Clean: links are not followed, and
	// for a vantage on another computer it is this one that decides. Where a
	// Options.Answer takes the place of the probes, no file
	// is read, and "*" allows all of them.
	AllowRead []string
	Today     time.Time // for waivers; zero: the current day (UTC)
}

// Values are variables given beside the profile.
type Values struct {
	// Origin says where they come from: "environment", a file's name, "--var".
	Origin string
	// Text holds values as a person types them: a string variable takes the
	// text, another type parses it as an expression. Typed holds values of a
	// variables file.
	Text  map[string]string
	Typed map[string]cty.Value
	// Ranges are those of a file's values.
	Ranges map[string]hcl.Range
	// IgnoreUnknown leaves out names that the runbook does not declare
	// (the environment may serve several runbooks).
	IgnoreUnknown bool
	// Elsewhere marks values that no person gave who runs this: a path among
	// them is no permission to read it (see Settings.AllowRead).
	Elsewhere bool
}

// localName is what a site without a profile and a vantage without one of its
// own are called.
const localName = "local"

// A Plan is a runbook bound to values, expanded and ordered. It may be run
// any number of times, also at the same time.
//
// The order of a plan, which is that of its report, is the runbook's (see
// [rules.Graph]), whatever is selected; the instances of a block stand in the
// order of their keys.
type Plan struct {
	common  *common
	runbook *rules.Runbook
	refused hcl.Diagnostics // errors for which it can't be run

	// What it is bound to.
	site, siteTitle, vantage string
	allowExec                bool
	allowRead                []string
	givenFiles               map[string]bool // cleaned paths that may be values' files
	vars                     map[string]cty.Value
	given                    map[string]given       // those of vars that are no defaults
	imported                 map[string]importedVar // variables of imports
	secrets                  secrets
	consts                   *hcl.EvalContext   // var, local, site, those of imports, and the functions
	budget                   *expression.Budget // of all that is evaluated before the run

	// What it is expanded to, in the order of the files.
	checks                  []*check
	facts                   []*fact
	checkBlocks, factBlocks map[string]*block
	keyed                   sync.Map // *expression.Expr to its []keyedRead

	// How it is walked.
	groups                []*group
	nodes                 []node
	graph                 dag.Graph
	checkOrder, factOrder []int // indexes of checks and facts in the order of the plan
	several               bool  // the site has several vantages
	concluded             int   // the node of the conclusions, where it has
}

// NewPlan binds values to the runbook's variables, expands what stands for
// several, and orders everything. It refuses a runbook that was not proved:
// see [rules.Runbook.Refused]. A plan beside errors can't be run; its report
// would say so.
func NewPlan(rb *rules.Runbook, s Settings) (*Plan, hcl.Diagnostics) {
	common := newCommon(rb)
	if rb == nil {
		rb = &rules.Runbook{}
	}
	return newPlan(rb, common, s)
}

// For is the plan of the same runbook for other settings, as NewPlan would make
// it, whatever is wrong with p. What both have in common is kept once, so that the
// plans of many sites take half of the room. It may be called from many
// goroutines.
func (p *Plan) For(s Settings) (*Plan, hcl.Diagnostics) {
	if p.common == nil { // no NewPlan made it
		return NewPlan(nil, s)
	}
	return newPlan(p.runbook, p.common, s)
}

func newPlan(rb *rules.Runbook, common *common, s Settings) (*Plan, hcl.Diagnostics) {
	p := &Plan{common: common, runbook: rb, site: localName, vantage: localName, allowExec: s.AllowExec, allowRead: s.AllowRead,
		givenFiles: map[string]bool{}, budget: expression.NewBudget(expression.MaxPlanSteps)}
	diags := append(slices.Clip(common.refused), s.problems()...)
	if !diags.HasErrors() {
		diags = p.prepare(s)
	}
	if diags.HasErrors() {
		p.refused = diags
	}
	return p, diags
}

// prepare does what NewPlan promises with what is fit for it.
func (p *Plan) prepare(s Settings) hcl.Diagnostics {
	if s.Site != nil {
		p.site, p.siteTitle = s.Site.Name, s.Site.Title
		p.several = len(s.Site.Vantages) > 1
	}
	if s.Vantage != nil {
		p.vantage = s.Vantage.Name
	}
	diags := p.bind(s)
	if diags.HasErrors() {
		return diags // everything after it would only repeat them
	}
	diags = append(diags, p.expand()...)
	if diags.HasErrors() {
		return diags
	}
	diags = append(diags, p.selectChecks(s)...)
	return append(diags, p.connect()...)
}

// Runbook is what the report says of the rules.
func (p *Plan) Runbook() RunbookInfo {
	if p.runbook == nil { // no NewPlan made it
		return RunbookInfo{}
	}
	return RunbookInfo{Name: p.runbook.Name, Title: p.runbook.Title, Version: p.runbook.Version, Overlays: p.runbook.Overlays}
}

// Site is the name of the site, as the report has it.
func (p *Plan) Site() string { return p.site }

// Vantage is the name of the vantage, as the report has it.
func (p *Plan) Vantage() string { return p.vantage }
