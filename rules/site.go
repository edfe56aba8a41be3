package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/decode"
	"github.com/linecheck/linecheck/rules/internal/parallel"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// LoadSites is LoadProfiles for whoever needs all profiles to be right.
func LoadSites(rb *Runbook, folder Overlay) ([]*Site, hcl.Diagnostics) {
	p := LoadProfiles(rb, folder)
	for _, s := range p.Sites {
		p.Diags = append(p.Diags, s.Refusals("")...)
	}
	return p.Sites, p.Diags
}

// Profiles are the site profiles of a folder.
type Profiles struct {
	Sites []*Site         // in the order of their files and lines, abstract ones among them
	Diags hcl.Diagnostics // all that is wrong
	// Strays are the errors among Diags that are no single profile's, of a file
	// that can't be read or parsed for instance. Beside them there may be
	// profiles that are not among Sites.
	Strays hcl.Diagnostics
}

// LoadProfiles reads the site profiles of a folder (or of the one file that it
// holds) and proves their values against the runbook's variables. What a
// profile has from the one that it extends is in it. What has no force in one
// that came with a package, Site.Refusals says. The bytes of the files
// are added to rb.Files, for diagnostics to quote, but for the values of
// sensitive variables.
//
// A runbook that has errors will do; what is missing in it is not missed again.
func LoadProfiles(rb *Runbook, folder Overlay) *Profiles {
	if diags := rb.unread(); diags.HasErrors() {
		return &Profiles{Diags: diags, Strays: diags}
	}
	return loadProfiles(rb, folder, rb.Files)
}

// ReadProfiles is LoadProfiles where no runbook has been opened yet, for what
// profiles demand of it: the keys that it must be signed with. Values are left
// out, and neither they nor waivers are proved.
func ReadProfiles(folder Overlay) *Profiles {
	return loadProfiles(nil, folder, map[string][]byte{})
}

func loadProfiles(rb *Runbook, folder Overlay, files map[string][]byte) *Profiles {
	sources, diags := readOverlays([]Overlay{folder}, new(int))
	blame := blame{of: map[string]hcl.Diagnostics{}, strays: slices.Clone(diags)}
	syntax.ParseAll(sources, language.SiteFile)
	for _, s := range sources {
		diags = append(diags, s.Diags...)
		blame.addFile(s)
	}
	blocks, more := syntax.LayOver(sources, language.SiteFile)
	diags = append(diags, more...)
	blame.add(more)

	sites := make([]*Site, len(blocks))
	secrets := make([][]hcl.Range, len(blocks))
	diags = append(diags, parallel.Run(len(blocks), parallel.Each(func(i int) hcl.Diagnostics {
		d := siteDecoder{rb: rb}
		sites[i] = d.site(blocks[i])
		sites[i].FromPackage = folder.FromPackage
		sites[i].Problems = d.Diags
		secrets[i] = d.secrets
		return d.Diags
	}))...)
	secretsOf := map[string][]hcl.Range{} // by file
	for _, rng := range slices.Concat(secrets...) {
		secretsOf[rng.Filename] = append(secretsOf[rng.Filename], rng)
	}
	for _, s := range sites {
		s.Problems = append(s.Problems, blame.of[s.Name]...)
	}
	diags = append(diags, inherit(sites)...)
	diags = append(diags, parallel.Run(len(sites), parallel.Each(func(i int) hcl.Diagnostics {
		wrong := validateSite(rb, sites[i])
		sites[i].Problems = append(slices.Clip(sites[i].Problems), wrong...)
		return wrong
	}))...)
	for _, s := range sources {
		// Where the syntax is wrong, it is not known what all of the secrets are:
		// nothing quotes the file then, nor its words.
		if s.Diags.HasErrors() && rb.holdsSecrets() {
			confidential(about(diags, s.Name), s.Src)
			continue
		}
		files[s.Name] = masked(s.Src, secretsOf[s.Name])
	}
	for _, s := range sites {
		s.Problems = diagnostic.Sort(s.Problems, syntax.NamesOf(sources))
	}
	return &Profiles{
		Sites:  sites,
		Diags:  diagnostic.Sort(diags, syntax.NamesOf(sources)), // what several profiles inherit is wrong once
		Strays: diagnostic.Sort(blame.strays, syntax.NamesOf(sources)),
	}
}

// about are the diagnostics about a place in the file.
func about(diags hcl.Diagnostics, file string) (in hcl.Diagnostics) {
	for _, d := range diags {
		if d.Subject != nil && d.Subject.Filename == file {
			in = append(in, d)
		}
	}
	return in
}

// blame finds the profile that an error stands in.
type blame struct {
	extents []extent
	of      map[string]hcl.Diagnostics // by the name of the profile
	strays  hcl.Diagnostics
}

// An extent is where a profile, or an override of one, stands.
type extent struct {
	site string
	at   hcl.Range
}

// addFile takes in what was parsed of a file.
func (b *blame) addFile(s *syntax.Source) {
	for _, block := range s.Body.Blocks {
		if language.SiteFile.Block(block.Type) == language.SiteBlock && len(block.Labels) == 1 {
			b.extents = append(b.extents, extent{block.Labels[0], block.Range()})
		}
	}
	for _, d := range s.Diags {
		b.stray(d) // where the syntax is wrong, a block may have lost its end
	}
}

func (b *blame) add(diags hcl.Diagnostics) {
	for _, d := range diags {
		i := slices.IndexFunc(b.extents, func(e extent) bool {
			return d.Subject != nil && d.Subject.Filename == e.at.Filename &&
				e.at.Start.Byte <= d.Subject.Start.Byte && d.Subject.Start.Byte < e.at.End.Byte
		})
		if i < 0 {
			b.stray(d)
		} else {
			b.of[b.extents[i].site] = append(b.of[b.extents[i].site], d)
		}
	}
}

// stray takes in an error that is no single profile's: none in its file can be
// relied on.
func (b *blame) stray(d *hcl.Diagnostic) {
	b.strays = append(b.strays, d)
	spoilt := map[string]bool{}
	for _, e := range b.extents {
		if d.Subject != nil && d.Subject.Filename == e.at.Filename && !spoilt[e.site] {
			spoilt[e.site] = true
			b.of[e.site] = append(b.of[e.site], d)
		}
	}
}

type siteDecoder struct {
	decoder
	rb      *Runbook    // nil: see ReadProfiles
	name    string      // of the profile
	secrets []hcl.Range // values that must not be shown
}

func (d *siteDecoder) site(l syntax.Layered) *Site {
	d.Diags = append(d.Diags, syntax.CheckComplete(l.Typ, l.Block)...)
	r := d.Reader(l.Typ, l.Block)
	d.name = r.Name()
	s := &Site{
		Name:        d.name,
		Title:       r.Str("title"),
		Extends:     r.Str("extends"),
		Abstract:    r.Boolean("abstract", false),
		TrustedKeys: r.Str("trusted_keys"),
		Vars:        d.vars(r),
		DeclRange:   l.DefRange(),
	}
	if attr := l.Body.Attributes["extends"]; attr != nil {
		s.extendsRange = attr.Expr.Range()
	}
	if attr := l.Body.Attributes["trusted_keys"]; attr != nil {
		s.TrustedKeysRange = attr.Expr.Range()
	}
	for _, b := range l.Body.Blocks {
		bt := language.SiteBlock.Block(b.Type)
		if bt == nil || len(b.Labels) != 1 {
			continue // said already
		}
		n := d.Reader(bt, b)
		switch b.Type {
		case "vantage":
			s.Vantages = append(s.Vantages, &Vantage{
				Name: n.Name(), Title: n.Str("title"), Via: n.Strs("via"), Vars: d.vars(n), DeclRange: b.DefRange(), ViaRange: n.RangeOf("via"),
			})
		case "waive":
			s.Waivers = append(s.Waivers, d.waiver(n))
		}
	}
	return s
}

func (d *siteDecoder) waiver(r decode.Reader) *Waiver {
	w := &Waiver{Check: r.Name(), Reason: r.Str("reason"), DeclRange: r.Block.DefRange()}
	if day := r.Str("expires"); day != "" {
		w.Expires, _ = time.Parse(time.DateOnly, day)
	}
	if d.rb == nil {
		return w
	}
	names := make([]string, len(d.rb.Checks))
	for i, c := range d.rb.Checks {
		if matchesAnyInstance(w.Check, c) {
			return w
		}
		names[i] = c.Name
	}
	if len(d.rb.Checks) > 0 {
		d.ErrorAt(r.Block.LabelRanges[0], "Waiver of nothing", "No check of the runbook matches %q.%s", w.Check, diagnostic.DidYouMean(ShortAddress(w.Check), names))
	}
	return w
}

// vars reads the values that a profile gives, each converted to its variable's
// type.
func (d *siteDecoder) vars(r decode.Reader) []VarValue {
	attr := r.Block.Body.Attributes["vars"]
	if attr == nil || d.rb == nil {
		return nil
	}
	object, ok := attr.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		if d.rb.holdsSecrets() {
			d.secrets = append(d.secrets, attr.Expr.Range())
		}
		d.ErrorAt(attr.Expr.Range(), "Values needed", "vars gives variables their values: vars = { NAME = value }.")
		return nil
	}
	values := make([]VarValue, 0, len(object.Items))
	seen := map[string]hcl.Range{}
	for _, item := range object.Items {
		if d.rb.isSecret(item) {
			d.secrets = append(d.secrets, item.ValueExpr.Range())
		}
		v, ok := d.varValue(item, seen)
		if ok {
			values = append(values, v)
		}
	}
	return values
}

func (d *siteDecoder) varValue(item hclsyntax.ObjectConsItem, seen map[string]hcl.Range) (VarValue, bool) {
	name := hcl.ExprAsKeyword(item.KeyExpr)
	if name == "" {
		key, ok := d.Constant("The name of a variable", item.KeyExpr)
		if !ok {
			return VarValue{}, false
		}
		if key.Type() != cty.String || key.IsNull() || !key.IsKnown() {
			d.ErrorAt(item.KeyExpr.Range(), "Invalid name", "A name of a variable is needed here.")
			return VarValue{}, false
		}
		name = key.AsString()
	}
	rng := item.KeyExpr.Range()
	if first, twice := seen[name]; twice {
		d.ErrorAt(rng, "Duplicate value", "Variable %q has its value already, at %s.", name, diagnostic.Where(first))
		return VarValue{}, false
	}
	seen[name] = rng
	variable := d.rb.Variable(name)
	if variable == nil || expression.Module(name) != "" {
		names := make([]string, len(d.rb.Variables))
		for i, v := range d.rb.Variables {
			names[i] = v.Name
		}
		d.ErrorAt(rng, "Unknown variable", "The runbook has no variable %q.%s", name, diagnostic.DidYouMean(name, names))
		return VarValue{}, false
	}
	before := len(d.Diags)
	val, ok := d.Constant("The value of a variable", item.ValueExpr)
	if !ok {
		if variable.Sensitive {
			confidential(d.Diags[before:], nil)
		}
		return VarValue{}, false
	}
	written := val
	val, err := variable.convert(written)
	if err != nil {
		d.Diags = append(d.Diags, variable.keep(variable.misfit(item.ValueExpr.Range(), err)))
		return VarValue{}, false
	}
	return VarValue{Name: name, Value: val, Written: written, Site: d.name, Range: item.ValueExpr.Range()}, true
}

// inherit gives each site what it has from the profile that it extends.
func inherit(sites []*Site) hcl.Diagnostics {
	var diags hcl.Diagnostics
	byName := make(map[string]*Site, len(sites))
	names := make([]string, len(sites))
	for i, s := range sites {
		byName[s.Name], names[i] = s, s.Name
	}
	const open, done = 1, 2
	state := make(map[*Site]int, len(sites))
	var line []*Site // those that are open, each extending the next
	var visit func(s *Site)
	visit = func(s *Site) {
		if s.Extends == "" {
			state[s] = done
			return
		}
		wrong := func(d *hcl.Diagnostic) {
			diags = append(diags, d)
			s.Problems = append(s.Problems, d)
		}
		state[s] = open
		line = append(line, s)
		defer func() {
			state[s] = done
			line = line[:len(line)-1]
		}()
		parent := byName[s.Extends]
		switch {
		case parent == nil:
			wrong(diagnostic.ErrorAt(s.extendsRange, "Unknown site", "There is no site %q to extend.%s", s.Extends, diagnostic.DidYouMean(s.Extends, names)))
			return
		case state[parent] == open:
			circle := line[slices.Index(line, parent):]
			wrong(diagnostic.ErrorAt(s.extendsRange, "Circle of sites", "%s Take one of these lines out.", circleOf(circle)))
			return
		case state[parent] == 0:
			visit(parent)
		}
		if s.depth = parent.depth + 1; s.depth == maxExtends {
			wrong(diagnostic.ErrorAt(s.extendsRange, "Too long a line of sites", "%d profiles extend one another in a line that ends here. Give them fewer steps.", maxExtends))
		}
		s.inheritFrom(parent)
	}
	for _, s := range sites {
		if state[s] == 0 {
			visit(s)
		}
	}
	return diags
}

// maxExtends bounds how many profiles may extend one another in a line, which
// is far more than anybody could follow.
const maxExtends = 100

// circleOf tells how profiles extend one another in a circle.
func circleOf(circle []*Site) string {
	if len(circle) == 1 {
		return fmt.Sprintf("Site %q extends itself.", circle[0].Name)
	}
	var steps []string
	for _, s := range circle {
		steps = append(steps, fmt.Sprintf("%q extends %q (%s)", s.Name, s.Extends, diagnostic.Where(s.extendsRange)))
	}
	return "Site " + strings.Join(steps, ", ") + "."
}

// inheritFrom fills in what a profile leaves to the one that it extends. What
// is wrong with that one is wrong with this one too.
func (s *Site) inheritFrom(parent *Site) {
	s.Problems = slices.Concat(s.Problems, parent.Problems)
	s.Vars = inheritVars(s.Vars, parent.Vars)
	if s.TrustedKeys == "" {
		s.TrustedKeys, s.TrustedKeysRange = parent.TrustedKeys, parent.TrustedKeysRange
	}
	var vantages []*Vantage
	for _, p := range parent.Vantages {
		v := *p
		if i := slices.IndexFunc(s.Vantages, func(own *Vantage) bool { return own.Name == p.Name }); i >= 0 {
			own := s.Vantages[i]
			v.Vars, v.DeclRange = inheritVars(own.Vars, p.Vars), own.DeclRange
			if own.Title != "" {
				v.Title = own.Title
			}
			if own.Via != nil {
				v.Via, v.ViaRange = own.Via, own.ViaRange
			}
		}
		vantages = append(vantages, &v)
	}
	for _, own := range s.Vantages {
		if !slices.ContainsFunc(parent.Vantages, func(p *Vantage) bool { return p.Name == own.Name }) {
			vantages = append(vantages, own)
		}
	}
	s.Vantages = vantages
	for _, w := range parent.Waivers {
		if !slices.ContainsFunc(s.Waivers, func(own *Waiver) bool { return own.Check == w.Check }) {
			s.Waivers = append(s.Waivers, w)
		}
	}
}

func inheritVars(own, inherited []VarValue) []VarValue {
	all := slices.Clone(own)
	for _, v := range inherited {
		if !slices.ContainsFunc(own, func(o VarValue) bool { return o.Name == v.Name }) {
			all = append(all, v)
		}
	}
	return all
}

// validateSite holds a profile's values, those of each vantage over the
// site's, against the validations of their variables. A variable that the
// profile leaves open is unknown here: it may be given elsewhere.
func validateSite(rb *Runbook, s *Site) hcl.Diagnostics {
	diags := validateVars(rb, s.Vars)
	for _, v := range s.Vantages {
		diags = append(diags, validateVars(rb, inheritVars(v.Vars, s.Vars))...)
	}
	return diags
}

func validateVars(rb *Runbook, values []VarValue) hcl.Diagnostics {
	all := func(name string) cty.Value {
		for _, v := range values {
			if v.Name == name {
				return v.Value
			}
		}
		return rb.Variable(name).unknown()
	}
	var diags hcl.Diagnostics
	handed := handedOn{rb: rb, values: map[string]handedValue{}}
	for _, v := range values {
		bound, more := rb.Variable(v.Name).Bind(v.Value, Binding{All: all, Range: v.Range})
		diags = append(diags, more...)
		if !more.HasErrors() {
			handed.values[v.Name] = handedValue{bound, v}
		}
	}
	if len(values) > 0 {
		for _, im := range rb.Imports {
			diags = append(diags, handed.to(im)...)
		}
	}
	return diags
}
