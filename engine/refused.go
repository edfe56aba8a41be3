package engine

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/zclconf/go-cty/cty"
)

// What an embedder hands over is judged here, before anything relies on it.

// problems are what is wrong with settings, whatever the runbook.
func (s *Settings) problems() hcl.Diagnostics {
	var diags hcl.Diagnostics
	wrong := func(at hcl.Range, format string, args ...any) {
		diags = append(diags, errorFrom(at, "Unfit settings", "%s", fmt.Sprintf(format, args...)))
	}
	values := func(vars []rules.VarValue, of string) {
		for _, v := range vars {
			if v.Value == cty.NilVal {
				wrong(v.Range, "%s has no value for variable %q: where none is meant, write a null, or leave it out.", of, v.Name)
			}
		}
	}
	if s.Site != nil {
		values(s.Site.Vars, fmt.Sprintf("The profile of site %q", s.Site.Name))
		if slices.Contains(s.Site.Vantages, nil) {
			wrong(s.Site.DeclRange, "One of the vantages of site %q is nil.", s.Site.Name)
		}
		if slices.Contains(s.Site.Waivers, nil) {
			wrong(s.Site.DeclRange, "One of the waivers of site %q is nil.", s.Site.Name)
		}
	}
	if s.Vantage != nil {
		values(s.Vantage.Vars, fmt.Sprintf("The profile of vantage %q", s.Vantage.Name))
	}
	for _, given := range s.Values {
		for _, name := range slices.Sorted(maps.Keys(given.Typed)) {
			if given.Typed[name] == cty.NilVal {
				wrong(given.Ranges[name], "What comes from %s has no value for variable %q: where none is meant, give a null, or leave it out.", given.Origin, name)
			}
		}
	}
	return diags
}

// problems are what is wrong with the probes, and with what bounds them. Where
// somebody answers in their place, they need no function that observes.
func (o *Options) problems() hcl.Diagnostics {
	var diags hcl.Diagnostics
	wrong := func(format string, args ...any) {
		diags = append(diags, diagnostic.Error("Unfit probe", "%s", fmt.Sprintf("Of the probes that the run was handed, "+format+" This is to be put right in the program that declares it.", args...)))
	}
	seen := map[string]bool{}
	for i, p := range o.Probes {
		switch {
		case p == nil || p.Kind == nil:
			wrong("number %d is nil, or has no Kind.", i+1)
			continue
		case seen[p.Name]:
			wrong("%q is there twice.", p.Name)
		case p.Observe == nil && o.Answer == nil:
			wrong("%q has no function that observes.", p.Name)
		}
		seen[p.Name] = true
	}
	if o.InFlight != nil && cap(o.InFlight) == 0 {
		diags = append(diags, diagnostic.Error("Unfit options", "InFlight has no capacity: no probe would ever have its turn. Make the channel with as much room as there may be probes in flight."))
	}
	return diags
}

// refusal is the report of a plan that can't be run.
func (p *Plan) refusal(diags hcl.Diagnostics) *Report {
	r := p.report(&VantageReport{}, time.Now())
	site := r.Sites[0]
	site.Vantages, site.Refused = nil, diags
	return r
}
