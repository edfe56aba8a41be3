package rules

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/linecheck/linecheck/rules/bundle/lock"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A Runbook is what is validated, tested, run and packaged: the checks of one
// or more overlays. Blocks stand in the order of their files and lines, those
// of an earlier overlay first. Facts, checks and conclusions of imports stand
// before the runbook's own, under names of two parts: see [expression.Module]. It is not
// changed after Load.
type Runbook struct {
	Name        string // of the last overlay's runbook block; "" without one
	Title       string
	Version     string
	Description string
	License     string
	Authors     []string
	Source      string
	Requires    []Requirement // of every overlay and import

	Overlays    []string         // names, in the order in which they were laid
	Kinds       []*language.Kind // that the checks were proved against
	Imports     []*Import        // those of an import behind it
	Variables   []*Variable      // that a site gives: those of imports stand in Imports
	Locals      []*Local
	Facts       []*Fact
	Checks      []*Check
	Conclusions []*Conclusion

	// Files holds the bytes of every file that was read, by the name that
	// ranges use, for diagnostics to quote.
	Files map[string][]byte

	index         // by name
	graph  *Graph // nil where nothing was proved
	proved bool   // Load found no error in it
}

// OwnFiles are those of Files that do not belong to an import.
func (rb *Runbook) OwnFiles() map[string][]byte {
	if len(rb.Imports) == 0 {
		return rb.Files
	}
	own := maps.Clone(rb.Files)
	maps.DeleteFunc(own, func(name string, _ []byte) bool {
		return slices.ContainsFunc(rb.Imports, func(im *Import) bool { return im.Folder != "" && strings.HasPrefix(name, im.Folder+"/") })
	})
	return own
}

// index finds blocks by name.
type index struct {
	variables map[string]*Variable
	locals    map[string]*Local
	facts     map[string]*Fact
	checks    map[string]*Check
}

// Variable finds a variable by name; nil if there is none.
func (ix index) Variable(name string) *Variable { return ix.variables[name] }

// Local finds a local by name; nil if there is none.
func (ix index) Local(name string) *Local { return ix.locals[name] }

// Fact finds a fact by name; nil if there is none.
func (ix index) Fact(name string) *Fact { return ix.facts[name] }

// Check finds a check by name; nil if there is none.
func (ix index) Check(name string) *Check { return ix.checks[name] }

// A Requirement is a constraint on linecheck's version, such as ">= 0.3, < 2.0".
type Requirement struct {
	Constraint string
	Range      hcl.Range
}

// A Variable is a value that a site gives.
type Variable struct {
	Name        string
	Type        cty.Type  // DynamicPseudoType where not declared
	Default     cty.Value // converted to Type; NilVal: a value must be given
	Nullable    bool
	Sensitive   bool
	Description string
	Validations []*Validation
	Overlay     string
	DeclRange   hcl.Range

	defaults     *typeexpr.Defaults // of optional attributes within Type
	defaultRange hcl.Range
}

// A Validation is a condition that a variable's value must meet.
type Validation struct {
	Condition    *expression.Expr // over var
	ErrorMessage *expression.Expr // text
	DeclRange    hcl.Range
}

// A Local is a named expression over variables, other locals and the site.
type Local struct {
	Name      string
	Expr      *expression.Expr
	Type      cty.Type // as far as it can be told without values
	Overlay   string
	DeclRange hcl.Range
}

// A ProbeBlock is the probe "KIND" block of a check or fact.
type ProbeBlock struct {
	Kind      *language.Kind
	Args      []ProbeArg // those given, in the order of Kind.Args
	DeclRange hcl.Range
}

// A ProbeArg is an argument given to a probe.
type ProbeArg struct {
	Attr *language.Attribute
	Expr *expression.Expr
}

// A Fact is an observation without a verdict.
type Fact struct {
	Name      string
	Target    *expression.Expr
	ForEach   *expression.Expr
	Timeout   *expression.Expr // duration over var, local, each and site; nil: the default
	Probe     *ProbeBlock
	Overlay   string
	DeclRange hcl.Range
	Overrides []hcl.Range // blocks of override files that changed it
}

// A Check is one step of a runbook.
type Check struct {
	Name        string
	Title       *expression.Expr // text over var, local, each and site
	Description *expression.Expr // likewise
	Layer       string
	Tags        []string
	Target      *expression.Expr
	When        *expression.Expr
	ForEach     *expression.Expr
	DependsOn   []Gate
	Timeout     *expression.Expr // duration over var, local, each and site; nil: the default
	Retry       *Retry
	Probe       *ProbeBlock
	Pass        *expression.Expr
	Warn        *expression.Expr
	Explain     *expression.Expr // text
	Remedy      *expression.Expr // text
	Causes      []*Cause
	Overlay     string
	DeclRange   hcl.Range
	Overrides   []hcl.Range // blocks of override files that changed it
}

// Retry says how often a check that did not pass is observed again.
type Retry struct {
	Attempts  *expression.Expr // number of observations in all, from 1
	Interval  *expression.Expr // duration between two of them
	DeclRange hcl.Range
}

// A Gate is one entry of depends_on.
type Gate struct {
	Check string
	Key   cty.Value // of one instance; NilVal: all of them
	Range hcl.Range
}

// A Cause is a rule inside a check that did not pass: when its condition
// holds, this is why.
type Cause struct {
	Name      string
	When      *expression.Expr
	Explain   *expression.Expr // text
	Remedy    *expression.Expr // text; nil: the check's
	Severity  *expression.Expr // "fail" or "warn"; nil: "fail"
	DeclRange hcl.Range
}

// A Conclusion states what only all vantages of a site together can tell.
type Conclusion struct {
	Name      string
	When      *expression.Expr
	Explain   *expression.Expr
	Remedy    *expression.Expr
	Overlay   string
	DeclRange hcl.Range
}

// An Import is another runbook, whose checks and facts are read under the
// import's name.
type Import struct {
	Name    string // of an import within another: both, net.sub
	Source  string // ./PATH or oci://…
	Version string // constraint; "" for none
	Args    []*ImportArg
	Lock    *lock.Entry // of a package; nil for a folder

	// What was found there; nil and "" where it was not.
	RunbookName, Title, RunbookVersion string
	Variables                          []*Variable // that Args give, named as blocks of the import
	Locals                             []*Local

	Overlay   string // that the block stands in
	Folder    string // that holds the runbook, as ranges name it
	DeclRange hcl.Range
	Overrides []hcl.Range // blocks of override files that changed it

	nameRange, sourceRange, versionRange hcl.Range
}

// An ImportArg is the value that an import is given for a variable.
type ImportArg struct {
	Name      string           // as it is written
	Variable  *Variable        // nil: there is none like it
	Expr      *expression.Expr // over var, local and site
	NameRange hcl.Range
}

// Arg finds the argument for a variable of the import; nil if it is left out.
func (im *Import) Arg(v *Variable) *ImportArg {
	for _, a := range im.Args {
		if a.Variable == v {
			return a
		}
	}
	return nil
}

// A Site is the profile of one place.
type Site struct {
	Name        string
	Title       string
	Extends     string
	Abstract    bool
	TrustedKeys string // folder; "": packages need no signature
	Vars        []VarValue
	Vantages    []*Vantage
	Waivers     []*Waiver
	DeclRange   hcl.Range
	// FromPackage: the profile came with a package, see Overlay.FromPackage.
	FromPackage bool
	// Problems are the errors of this profile, those of the ones that it
	// extends among them. A profile with errors must not be run.
	Problems hcl.Diagnostics

	// TrustedKeysRange is where TrustedKeys stands, perhaps in a profile that
	// this one extends: the folder is relative to that file.
	TrustedKeysRange hcl.Range

	extendsRange hcl.Range
	depth        int // profiles that it extends, in a line
}

// A Vantage is a computer that a site's checks are run on.
type Vantage struct {
	Name      string
	Title     string
	Via       []string // command that reaches the computer; empty: this one
	Vars      []VarValue
	DeclRange hcl.Range
	ViaRange  hcl.Range // where Via stands, perhaps in a profile that the site extends
}

// A VarValue is the value that a profile gives to a variable, converted to the
// variable's type.
type VarValue struct {
	Name  string
	Value cty.Value
	// Written is the value as the profile has it, before the variable's type
	// filled in what it lacks; NilVal where nobody wrote it.
	Written cty.Value
	Site    string // the profile that it stands in: the site's own or one that it extends
	Range   hcl.Range
}

// A Waiver takes a check out of the count for a while.
type Waiver struct {
	Check     string // address or glob, as written
	Reason    string
	Expires   time.Time // the last day on which it holds, UTC midnight; zero: no end
	DeclRange hcl.Range
}

// Limits and defaults of the language. A program that generates runbooks may
// rely on them.
const (
	DefaultTimeout  = 15 * time.Second // of one check, all of its attempts
	DefaultInterval = time.Second      // between two attempts
)

// Address is the check's address; that of all instances where it has a for_each.
func (c *Check) Address() string { return expression.AddressOf(language.RefCheck, c.Name) }

// Address is the fact's address; that of all instances where it has a for_each.
func (f *Fact) Address() string { return expression.AddressOf(language.RefFact, f.Name) }

// Allows reports whether a version of linecheck, such as "0.1.0", meets the
// requirement.
func (r Requirement) Allows(linecheck string) bool { return language.Allows(r.Constraint, linecheck) }
