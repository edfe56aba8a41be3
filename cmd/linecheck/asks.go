package main

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/terminal"
)

const asksHelp = `What it asks for outside of itself is said as well: the commands that it runs,
the files that it reads and the hosts that its files name, whatever a site says.`

// An asked is what a runbook asks for outside of itself.
type asked struct {
	accesses []rules.Access
	refused  hcl.Diagnostics // of its profiles, where they come with a package
}

// asks is what a runbook asks for, and the profiles in folders of its package.
// What the runbook that linecheck brings along asks for is left out.
func asks(rb *rules.Runbook, folders ...rules.Overlay) asked {
	a := asked{accesses: slices.DeleteFunc(rb.Accesses(), func(a rules.Access) bool {
		return strings.HasPrefix(a.Range.Filename, embedded+"/")
	})}
	for _, folder := range folders {
		folder.FromPackage = true
		for _, s := range rules.LoadProfiles(rb, folder).Sites {
			a.refused = diagnostic.AppendNew(a.refused, s.Refusals(""))
		}
	}
	return a
}

// asksOfPackage is what the files of a package ask for, and whether they are
// valid alone: of others it is what could be understood.
func asksOfPackage(name string, files fs.FS) (a asked, valid bool, err error) {
	l, err := layerOf(name, files)
	if err != nil {
		return asked{}, false, err
	}
	rb, diags := rules.Load(probe.Kinds(), l.overlay)
	return asks(rb, l.profiles...), !diags.HasErrors(), nil
}

// unknownPart stands in what is asked for where only values tell: see
// rules.Access.
const unknownPart = "…"

// askKinds says what each kind of access is called for people.
var askKinds = []struct {
	kind        rules.AccessKind
	label, note string // of inspect, and of a note
}{
	{rules.AccessCommand, "runs", "It runs commands, with --allow-exec only: "},
	{rules.AccessFile, "reads", "It reads files, if they are allowed: "},
	{rules.AccessHost, "names", "It names hosts itself: "},
}

// things are the things of one kind that are asked for, each with who asks.
func (a asked) things(kind rules.AccessKind) []string {
	type askers struct {
		first, last string
		more        int
	}
	var names []string
	by := map[string]*askers{}
	for _, access := range a.accesses {
		if access.Kind != kind {
			continue
		}
		for _, what := range access.What {
			if what == unknownPart {
				what = "what values name"
			}
			if access.Port != "" {
				what += " port " + access.Port
			}
			switch who := by[what]; {
			case who == nil:
				names = append(names, what)
				by[what] = &askers{first: access.By, last: access.By}
			case who.last != access.By:
				who.last = access.By
				who.more++
			}
		}
	}
	for i, name := range names {
		who := by[name].first
		if more := by[name].more; more > 0 {
			who += fmt.Sprintf(" and %d more", more)
		}
		names[i] = name + " (" + who + ")"
	}
	return names
}

// noteAsked says on standard error what a runbook asks for.
func (c *console) noteAsked(a asked) {
	for _, k := range askKinds {
		if things := a.things(k.kind); len(things) > 0 {
			c.noteWrapped(terminal.Line(k.note + terminal.Names(things) + "."))
		}
	}
	for _, d := range a.refused {
		c.noteWrapped(terminal.Line(fmt.Sprintf("Refused in a package: %s, at %s.", d.Summary, diagnostic.Where(*d.Subject))))
	}
}

// fields are what inspect says of it, without leaving anything out.
func (a asked) fields() []field {
	var fields []field
	for _, k := range askKinds {
		for _, thing := range a.things(k.kind) {
			fields = append(fields, field{k.label, thing})
		}
	}
	for _, d := range a.refused {
		fields = append(fields, field{"refused", fmt.Sprintf("%s: %s", diagnostic.Where(*d.Subject), d.Summary)})
	}
	return fields
}
