package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine/survey"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/terminal"
)

// siteOptions are the flags that choose sites and vantages.
type siteOptions struct {
	names    []string // --site: names and globs
	profiles string   // --sites: a file or folder instead of sites.d
	from     string   // --from: one vantage, on this computer
	// examples has "all" and globs mean the example that linecheck ships too.
	examples bool
}

// everySite is what --site means by "all": every site that is a place, and not
// the example that linecheck ships.
const everySite = "all"

// A choice is what the flags chose, in the order of the profiles. Those that can't
// be looked at have Problems, and so has what stands for a file in which there may
// be others, by its name. A site that is nil is no profile.
type choice struct {
	sites []*rules.Site
	// alsoWrong are the profiles and files that nobody asked for and that have
	// errors.
	alsoWrong []string
}

// choose loads the profiles that are needed and chooses. The diagnostics are about
// the choice as a whole.
func (o *siteOptions) choose(c *console, rb *rules.Runbook, source *runbookSource) (choice, hcl.Diagnostics) {
	if len(o.names) == 0 && o.profiles == "" {
		if o.from != "" {
			return choice{}, hcl.Diagnostics{mistake("No site to look from", fmt.Sprintf(
				"--from %s names a vantage of a site. Name the site as well: --site NAME.", o.from))}
		}
		return choice{sites: []*rules.Site{nil}}, nil
	}
	profiles, diags := o.load(c, rb, source)
	if profiles == nil {
		return choice{}, diags
	}
	if len(o.names) == 0 && profiles.strays.HasErrors() {
		return choice{}, profiles.strays // who knows whether there is only one site
	}
	chosen, err := o.match(profiles)
	if err != nil {
		return choice{}, append(slices.Clone(profiles.strays), err)
	}
	var all choice
	for _, s := range profiles.sites {
		if !slices.Contains(chosen, s) {
			if s.Problems.HasErrors() && !s.Abstract {
				all.alsoWrong = append(all.alsoWrong, s.Name)
			}
			continue
		}
		if !s.Problems.HasErrors() {
			if _, err := survey.Vantages(s, o.from); err != nil {
				s.Problems = append(s.Problems, err)
			}
		}
		all.sites = append(all.sites, s)
	}
	for _, file := range profiles.strayFiles() {
		if o.named(profiles) {
			all.alsoWrong = append(all.alsoWrong, file.Name)
		} else {
			all.sites = append(all.sites, file)
		}
	}
	return all, nil
}

// named reports whether each site was called by its name, so that none can be
// missed.
func (o *siteOptions) named(p *profiles) bool {
	names := p.concrete()
	return !slices.ContainsFunc(o.names, func(n string) bool { return !slices.Contains(names, n) })
}

// profiles are the sites that may be chosen, and the folders or files that
// they stand in.
type profiles struct {
	sites  []*rules.Site
	strays hcl.Diagnostics // see rules.Profiles
	where  []string
	absent []string // folders that were searched and do not exist
	// example is the site that linecheck ships, or an untouched copy of it; nil:
	// there is none, or one's own has its name.
	example *rules.Site
}

// strayFiles are the files that may hold profiles which are not among sites.
func (p *profiles) strayFiles() []*rules.Site {
	var files []*rules.Site
	for _, d := range p.strays {
		if d.Severity != hcl.DiagError {
			continue
		}
		name := strings.Join(p.where, ", ")
		if d.Subject != nil {
			name = d.Subject.Filename
		}
		i := slices.IndexFunc(files, func(file *rules.Site) bool { return file.Name == name })
		if i < 0 {
			i = len(files)
			files = append(files, &rules.Site{Name: name})
		}
		files[i].Problems = append(files[i].Problems, d)
	}
	return files
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
// They are nil only where there is no such folder.
func (o *siteOptions) load(c *console, rb *rules.Runbook, source *runbookSource) (*profiles, hcl.Diagnostics) {
	folders, absent := source.profiles, source.absent
	if o.profiles != "" {
		overlay, err := c.openOverlay(o.profiles)
		if err != nil {
			return nil, hcl.Diagnostics{noProfiles(err)}
		}
		folders, absent = []rules.Overlay{overlay}, nil
	}
	all := &profiles{absent: absent}
	var diags hcl.Diagnostics
	first := map[string]*rules.Site{}
	for _, folder := range folders {
		all.where = append(all.where, folder.Name)
		loaded := rules.LoadProfiles(rb, folder)
		diags = append(diags, loaded.Diags...)
		all.strays = append(all.strays, loaded.Strays...)
		for _, s := range loaded.Sites {
			if isExample(rb, s) {
				all.example = s
				continue
			}
			other := first[s.Name]
			if other != nil && s.FromPackage && !other.FromPackage {
				continue // one's own stands in its place
			}
			if other != nil {
				twice := &hcl.Diagnostic{
					Severity: hcl.DiagError,
					Summary:  "Site defined twice",
					Detail:   fmt.Sprintf("A site %q is already defined at %s. Give one of them another name.", s.Name, other.DeclRange),
					Subject:  s.DeclRange.Ptr(),
				}
				diags = append(diags, twice)
				other.Problems = append(other.Problems, twice)
				continue
			}
			refused := s.Refusals(o.from)
			diags = diagnostic.AppendNew(diags, refused) // what several profiles inherit is wrong once
			s.Problems = append(s.Problems, refused...)
			first[s.Name] = s
			all.sites = append(all.sites, s)
		}
	}
	if all.example != nil && first[all.example.Name] != nil {
		all.example = nil
	}
	if all.example != nil {
		all.sites = append(all.sites, all.example)
	}
	return all, diags
}

// noProfiles is what is wrong with --sites.
func noProfiles(err error) *hcl.Diagnostic {
	return mistake("No such site profiles", fmt.Sprintf("%v. Name a profile file or a folder of them.", err))
}

// match is the sites that --site names, or the only one that --sites holds.
func (o *siteOptions) match(p *profiles) ([]*rules.Site, *hcl.Diagnostic) {
	names, own := p.concrete(), p.own()
	patterns := o.names
	switch {
	case len(p.where) == 0:
		return nil, mistake("No site profiles", fmt.Sprintf("There is no folder sites.d beside the checks or here (%s). Name the file or folder that holds the profiles with --sites.", terminal.Names(p.absent)))
	case len(names) == 0:
		return nil, mistake("No site profiles", fmt.Sprintf("No site is defined in %s.%s", p.places(), p.notThere()))
	case len(patterns) == 0 && len(own) > 1:
		return nil, mistake("Several sites", fmt.Sprintf("%s holds several sites: %s. Name those that are meant with --site NAME; --site %s means each of them.",
			p.places(), terminal.Names(own), everySite))
	case len(patterns) == 0 && len(own) == 0:
		return nil, p.onlyExample()
	case len(patterns) == 0:
		patterns = own
	}
	chosen := map[string]bool{}
	for _, pattern := range patterns {
		matched, onlyExample := false, false
		for _, name := range names {
			ok, err := path.Match(pattern, name)
			if err != nil {
				return nil, mistake("Wrong site", fmt.Sprintf("%q is neither a name nor a glob: %v.", pattern, err))
			}
			meant := ok || pattern == everySite
			switch {
			case pattern == name, meant && (o.examples || slices.Contains(own, name)):
				chosen[name], matched = true, true
			case meant:
				onlyExample = true
			}
		}
		switch {
		case matched:
		case onlyExample:
			return nil, p.onlyExample()
		default:
			return nil, p.unknown(pattern)
		}
	}
	return slices.DeleteFunc(slices.Clone(p.sites), func(s *rules.Site) bool { return s.Abstract || !chosen[s.Name] }), nil
}

// own are the names of the sites that are places of one's own.
func (p *profiles) own() []string {
	return slices.DeleteFunc(p.concrete(), func(name string) bool { return p.example != nil && name == p.example.Name })
}

func (p *profiles) places() string { return strings.Join(p.where, ", ") }

// notThere says where else there might have been profiles.
func (p *profiles) notThere() string {
	if len(p.absent) == 0 {
		return ""
	}
	return fmt.Sprintf(" Searched as well, and not there: %s.", terminal.Names(p.absent))
}

// unknown is what is wrong with a name or glob that means no site.
func (p *profiles) unknown(pattern string) *hcl.Diagnostic {
	names := p.concrete()
	detail := fmt.Sprintf("No site in %s is called %q.", p.places(), pattern)
	if slices.ContainsFunc(p.sites, func(s *rules.Site) bool { return s.Abstract && s.Name == pattern }) {
		detail = fmt.Sprintf("The site %q is abstract: others build on it, it is no place itself.", pattern)
	}
	return mistake("Unknown site", fmt.Sprintf("%s There is: %s.%s%s", detail, terminal.Names(names), diagnostic.DidYouMean(pattern, names), p.notThere()))
}

// onlyExample is what is wrong where no site is meant but the example, which was
// not called by its name.
func (p *profiles) onlyExample() *hcl.Diagnostic {
	return mistake("No site of one's own", fmt.Sprintf("In %s nothing but the example that linecheck ships is meant by that, whose addresses are for documentation: nobody has them. "+
		"Copy it to sites.d/NAME.hcl, and give the site its own name and addresses.%s", p.places(), p.notThere()))
}
