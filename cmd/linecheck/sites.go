package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
)

// A place is a site and the vantage that it is looked at from; both are nil
// where no profile is used, the vantage where the site names none.
type place struct {
	site    *rules.Site
	vantage *rules.Vantage
}

// siteOptions are the flags that choose places.
type siteOptions struct {
	names    []string // --site: names and globs
	profiles string   // --sites: a file or folder instead of sites.d
	from     string   // --from: one vantage, on this computer
}

// choose loads the profiles that are needed and chooses places in the order of
// the profiles.
func (o *siteOptions) choose(rb *rules.Runbook, source *runbookSource) ([]place, hcl.Diagnostics) {
	if len(o.names) == 0 && o.profiles == "" {
		if o.from != "" {
			return nil, hcl.Diagnostics{mistake("No site to look from", fmt.Sprintf(
				"--from %s names a vantage of a site. Name the site as well: --site NAME.", o.from))}
		}
		return []place{{}}, nil
	}
	profiles, diags := o.load(rb, source)
	if diags.HasErrors() {
		return nil, diags
	}
	chosen, err := o.match(profiles)
	if err != nil {
		return nil, append(diags, err)
	}
	var places []place
	for _, s := range chosen {
		here, err := o.vantages(s)
		if err != nil {
			diags = append(diags, err)
		}
		places = append(places, here...)
	}
	return places, diags
}

// profiles are the sites that may be chosen, and the folders or files that
// they stand in.
type profiles struct {
	sites []*rules.Site
	where []string
}

// concrete are the names of the sites that are places, not patterns of others.
func (p *profiles) concrete() []string {
	var names []string
	for _, s := range p.sites {
		if !s.Abstract {
			names = append(names, s.Name)
		}
	}
	return names
}

// load loads the profiles that --sites names, else those beside the checks.
func (o *siteOptions) load(rb *rules.Runbook, source *runbookSource) (*profiles, hcl.Diagnostics) {
	folders := source.profiles
	if o.profiles != "" {
		overlay, err := openOverlay(o.profiles)
		if err != nil {
			return nil, hcl.Diagnostics{mistake("No such site profiles", fmt.Sprintf("%v. Name a profile file or a folder of them.", err))}
		}
		folders = []rules.Overlay{overlay}
	}
	all := &profiles{}
	var diags hcl.Diagnostics
	first := map[string]*rules.Site{}
	for _, folder := range folders {
		all.where = append(all.where, folder.Name)
		sites, siteDiags := rules.LoadSites(rb, folder)
		diags = append(diags, siteDiags...)
		for _, s := range sites {
			if other := first[s.Name]; other != nil {
				diags = append(diags, &hcl.Diagnostic{
					Severity: hcl.DiagError,
					Summary:  "Site defined twice",
					Detail:   fmt.Sprintf("A site %q is already defined at %s. Give one of them another name.", s.Name, other.DeclRange),
					Subject:  s.DeclRange.Ptr(),
				})
				continue
			}
			first[s.Name] = s
			all.sites = append(all.sites, s)
		}
	}
	return all, diags
}

// match is the sites that --site names, or the only one that --sites holds, in
// the order of the profiles.
func (o *siteOptions) match(p *profiles) ([]*rules.Site, *hcl.Diagnostic) {
	names, where := p.concrete(), strings.Join(p.where, ", ")
	patterns := o.names
	switch {
	case where == "":
		return nil, mistake("No site profiles", "There is no folder sites.d beside the checks. Name the file or folder that holds the profiles with --sites.")
	case len(names) == 0:
		return nil, mistake("No site profiles", fmt.Sprintf("No site is defined in %s.", where))
	case len(patterns) == 0 && len(names) > 1:
		return nil, mistake("Several sites", fmt.Sprintf("%s holds several sites: %s. Name those that are meant with --site NAME; a glob such as '*' means all.",
			where, some(names)))
	case len(patterns) == 0:
		patterns = names
	}
	chosen := map[string]bool{}
	for _, pattern := range patterns {
		matched := false
		for _, name := range names {
			ok, err := path.Match(pattern, name)
			if err != nil {
				return nil, mistake("Wrong site", fmt.Sprintf("%q is neither a name nor a glob: %v.", pattern, err))
			}
			if ok || pattern == name {
				chosen[name], matched = true, true
			}
		}
		if !matched {
			detail := fmt.Sprintf("No site in %s is called %q.", where, pattern)
			if slices.ContainsFunc(p.sites, func(s *rules.Site) bool { return s.Abstract && s.Name == pattern }) {
				detail = fmt.Sprintf("The site %q is abstract: others build on it, it is no place itself.", pattern)
			}
			return nil, mistake("Unknown site", fmt.Sprintf("%s There is: %s.%s", detail, some(names), rules.DidYouMean(pattern, names)))
		}
	}
	return slices.DeleteFunc(slices.Clone(p.sites), func(s *rules.Site) bool { return s.Abstract || !chosen[s.Name] }), nil
}

// vantages are the places of one site.
func (o *siteOptions) vantages(s *rules.Site) ([]place, *hcl.Diagnostic) {
	var names []string
	var places []place
	for _, v := range s.Vantages {
		if v.Name == o.from {
			here := *v
			here.Via = nil // this computer is the vantage
			return []place{{s, &here}}, nil
		}
		names = append(names, v.Name)
		places = append(places, place{s, v})
	}
	switch {
	case o.from != "" && len(names) == 0:
		return nil, &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "Unknown vantage", Subject: s.DeclRange.Ptr(),
			Detail: fmt.Sprintf("The site %q has no vantages: it is looked at from this computer. Leave --from out.", s.Name),
		}
	case o.from != "":
		return nil, &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "Unknown vantage", Subject: s.DeclRange.Ptr(),
			Detail: fmt.Sprintf("The site %q has no vantage %q. There is: %s.%s", s.Name, o.from, some(names), rules.DidYouMean(o.from, names)),
		}
	case len(places) == 0:
		return []place{{s, nil}}, nil
	}
	return places, nil
}

// some lists names for people, not too many of them.
func some(names []string) string {
	const most = 12
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
