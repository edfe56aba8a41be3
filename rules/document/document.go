// Package document makes printed pages of a runbook: for people who do its
// steps by hand, audit it, or look one thing up at a terminal.
//
// Start with [New], which describes a runbook, bound to a site or not, and go
// on with [Document.Page] (the whole runbook) or [Document.Explain] (one step,
// fact, variable, probe kind or function). [Reference] describes the language
// itself. All of them make an [Article], which [HTML], [Markdown] and
// [Terminal] write. Nothing is observed, and the same input always gives the
// same bytes.
//
// What the pages say and how they look may change in any version.
package document

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// A Document is a runbook as it is printed.
type Document struct {
	rb    *rules.Runbook
	site  *Site // nil: not bound
	parts []*part
	order *order
	// reads are, of each fact, the attributes of its result that the runbook
	// reads, in the order of the files.
	reads map[string][]string
}

// A Site is the place that a runbook is bound to.
type Site struct {
	Name, Title string
	Vantages    []Vantage // at least one
}

// A Vantage is a computer of a site, with the runbook bound to its values.
type Vantage struct {
	Name, Title string
	// Via is how the computer is reached; empty: it is where the document is
	// made.
	Via    []string
	Vars   map[string]cty.Value
	Checks []Step // in the order in which they are run
	Facts  []Step
}

// A Step is a check or a fact, or one instance of it, bound to values.
type Step struct {
	Name    string // of its block
	Address string
	// Scope holds var, local, site, each and the functions.
	Scope *hcl.EvalContext
	Skip  string // why the step is not run at this site; "" where it is
	Note  string
}

// A part is the steps as one vantage has them.
type part struct {
	vantage *Vantage // nil: not bound
	steps   []*step
	facts   []*step
	named   map[string][]*step // both, by the address of their block
	users   map[string][]Text  // of a fact, by its name: links to who reads it
}

// A step is a check or a fact of a part.
type step struct {
	Step
	number int // of a check, from 1
	check  *rules.Check
	fact   *rules.Fact
	*reader
}

// New describes a runbook; a nil site leaves its values open. A runbook that was
// not proved is an error: see [rules.Runbook.Refused].
func New(rb *rules.Runbook, site *Site) (*Document, hcl.Diagnostics) {
	if refused := rb.Refused(); refused.HasErrors() {
		return nil, refused
	}
	d := &Document{rb: rb, site: site, order: newOrder(rb.Graph())}
	d.reads = d.factReads()
	open := newReader(rb)
	if site == nil {
		p := &part{}
		for i, c := range d.order.sorted {
			p.steps = append(p.steps, open.check(c, Step{Name: c.Name, Address: c.Address()}, i+1))
		}
		for _, f := range rb.Facts {
			p.facts = append(p.facts, open.factStep(f, Step{Name: f.Name, Address: f.Address()}))
		}
		d.addPart(p)
		return d, nil
	}
	for i := range site.Vantages {
		v := &site.Vantages[i]
		p := &part{vantage: v}
		for i, s := range v.Checks {
			p.steps = append(p.steps, open.check(rb.Check(s.Name), s, i+1))
		}
		for _, s := range v.Facts {
			p.facts = append(p.facts, open.factStep(rb.Fact(s.Name), s))
		}
		d.addPart(p)
	}
	return d, nil
}

// addPart adds a part with its indexes.
func (d *Document) addPart(p *part) {
	d.parts = append(d.parts, p)
	p.named = make(map[string][]*step, len(p.steps)+len(p.facts))
	for _, s := range p.steps {
		address := s.check.Address()
		p.named[address] = append(p.named[address], s)
	}
	for _, f := range p.facts {
		address := f.fact.Address()
		p.named[address] = append(p.named[address], f)
	}
}

func (r *reader) check(c *rules.Check, s Step, number int) *step {
	b := block{each: c.ForEach != nil, kind: c.Probe.Kind, target: c.Target}
	return &step{Step: s, number: number, check: c, reader: r.bound(s.Scope, b)}
}

func (r *reader) factStep(f *rules.Fact, s Step) *step {
	b := block{each: f.ForEach != nil, target: f.Target}
	return &step{Step: s, fact: f, reader: r.bound(s.Scope, b)}
}
