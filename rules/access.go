package rules

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// An AccessKind is what an Access is to. The zero value is invalid.
type AccessKind string

const (
	AccessCommand AccessKind = "command" // runs it, where --allow-exec permits
	AccessFile    AccessKind = "file"    // reads it, where it is allowed
	AccessHost    AccessKind = "host"    // sends it something, or looks it up
)

// An Access is what a check or fact asks for outside of the runbook, by what
// stands in check files, whatever values a site gives.
type Access struct {
	Kind AccessKind
	// What are the command line, the path or the hosts; … stands for what only
	// values or observations tell. Of a host at least a part is known.
	What []string
	// Port is where hosts are asked; "" where the kind has none, or only values
	// tell.
	Port  string
	Probe string // name of the probe's kind
	By    string // address of the check or fact
	Range hcl.Range
}

// Accesses lists the commands that a runbook runs, the files that it reads and
// the hosts that it names itself, in the order of its facts and checks, those of
// imports among them. Of hosts those are left out that only a site's values
// name; a host counts that stands in any branch of an expression, in a local or
// in the default of a variable. This computer's own addresses count where the
// kind of probe has a port, behind which something may obey. Of a runbook with
// errors it lists what could be understood.
func (rb *Runbook) Accesses() []Access {
	w := wordFinder{rb: rb, known: map[string][]string{}}
	var all []Access
	for _, f := range rb.Facts {
		all = append(all, w.accesses(f.Address(), f.Probe, f.Target, f.ForEach)...)
	}
	for _, c := range rb.Checks {
		all = append(all, w.accesses(c.Address(), c.Probe, c.Target, c.ForEach)...)
	}
	return all
}

// accesses are those of one block.
func (w *wordFinder) accesses(by string, p *ProbeBlock, target, each *expression.Expr) []Access {
	if p == nil || p.Kind == nil {
		return nil
	}
	w.each = each
	access := Access{Probe: p.Kind.Name, By: by, Range: p.DeclRange}
	var all []Access
	add := func(kind AccessKind, words []string, e *expression.Expr) {
		if access.Kind, access.What = kind, words; e != nil {
			access.Range = e.Range()
		}
		if len(words) > 0 {
			all = append(all, access)
		}
	}
	switch {
	case p.Kind.NeedsExec:
		var words []string
		for _, a := range p.Args {
			if a.Attr.Required {
				words = append(words, w.commandLine(a.Expr.Expression))
			}
		}
		add(AccessCommand, words, nil)
	case p.Kind.ReadsFile:
		words := w.of(target)
		if len(words) == 0 {
			words = []string{unknownWord}
		}
		add(AccessFile, words, target)
	}
	port := slices.IndexFunc(p.Kind.Args, func(a language.Attribute) bool { return a.Name == "port" })
	if port >= 0 && p.Kind.Args[port].Default != cty.NilVal {
		access.Port = terminal.Value(p.Kind.Args[port].Default)
	}
	for _, a := range p.Args {
		if a.Attr.Name == "port" {
			access.Port = strings.Join(w.of(a.Expr), ",")
		}
	}
	if p.Kind.TargetHost {
		add(AccessHost, hosts(w.of(target), port >= 0), target)
	}
	access.Port = ""
	for _, a := range p.Args {
		if a.Attr.Hosts {
			add(AccessHost, hosts(w.of(a.Expr), true), a.Expr)
		}
	}
	return all
}

// hosts are the words that may be hosts: without those of this computer, unless
// they count.
func hosts(words []string, own bool) []string {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return strings.Trim(word, unknownWord+".:-") == "" || !own && isOwn(word)
	})
}
