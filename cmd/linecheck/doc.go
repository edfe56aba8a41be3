package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/engine/survey"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/linecheck/linecheck/rules/document"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"
)

type docOptions struct {
	placeOptions
	format    string
	reference bool
}

// docFormats lists the ways to write a document, the default first.
var docFormats = []struct {
	name, doc string
	write     func(io.Writer, *document.Article) error
}{
	{"markdown", "Markdown, for a wiki or a repository", document.Markdown},
	{"html", "one HTML file that needs nothing else and prints on A4", document.HTML},
}

func newDoc(c *console) *cobra.Command {
	o := &docOptions{}
	var formats strings.Builder
	for _, f := range docFormats {
		fmt.Fprintf(&formats, "  %-10s %s\n", f.name, f.doc)
	}
	cmd := &cobra.Command{
		Use:   "doc [RUNBOOK …]",
		Short: "Write the runbook as a document to do by hand or to audit",
		Long: `Writes a runbook as a document: its purpose and variables, each step with its
target, what passes, what each failure means and what to do, and a drawing of
the order. With --site, or other values, the real addresses are filled in, and
there are boxes to tick and room for date, name and ticket. Nothing is sent.

` + runbookHelp + `

Formats:
` + formats.String() + `
With --reference it is the reference of the check language instead: blocks,
probe kinds with what they take and observe, functions, statuses, exit codes.`,
		Example: `  linecheck doc > runbook.md
  linecheck doc --format html=runbook.html
  linecheck doc --site dublin --from gateway --format html=dublin.html
  linecheck doc --reference --format html=reference.html`,
		ValidArgsFunction: completeRunbook,
		RunE:              func(_ *cobra.Command, args []string) error { return o.run(c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.format, "format", docFormats[0].name, "write it as `NAME[=FILE]`")
	o.flags(c, cmd, completeRunbooks)
	f.BoolVar(&o.reference, "reference", false, "write the reference of the check language")
	must(cmd.RegisterFlagCompletionFunc("format", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, f := range docFormats {
			names = append(names, cobra.CompletionWithDesc(f.name, f.doc))
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}))
	return cmd
}

func (o *docOptions) run(c *console, args []string) error {
	write, file, err := o.output(c)
	if err != nil {
		return err
	}
	var article *document.Article
	switch {
	case o.reference && (len(args) > 0 || o.given()):
		return mistake("Reference of what?", "The reference is that of the language, the same for every runbook and site. Leave the others out, or --reference.")
	case o.reference:
		article = document.Reference(languageTerms())
	default:
		d, err := o.describe(c, args)
		if err != nil {
			return err
		}
		article = d.Page()
	}
	if file == "" {
		return write(c.out, article)
	}
	var buf bytes.Buffer
	if err := write(&buf, article); err != nil {
		return err
	}
	to := destination{file, "--format " + o.format}
	if err := c.refuseInputs(to); err != nil {
		return err
	}
	err = heldBack(func() error { return c.writeFile(file, buf.Bytes()) })
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		c.diagnose(nil, hcl.Diagnostics{notWritten(fmt.Sprintf("%s can't be written: %v.", to.flag, disk.Cause(err)))})
		return exitUnproved
	}
	return err
}

// output is what --format names.
func (o *docOptions) output(c *console) (write func(io.Writer, *document.Article) error, file string, err error) {
	name, file, toFile := strings.Cut(o.format, "=")
	var names []string
	for _, f := range docFormats {
		names = append(names, f.name)
		if f.name == name {
			write = f.write
		}
	}
	switch {
	case write == nil:
		return nil, "", mistake("Unknown format", fmt.Sprintf("There is no format %q.%s There is: %s.", name, diagnostic.DidYouMean(name, names), strings.Join(names, ", ")))
	case toFile && file == "":
		return nil, "", mistake("No file to write to", fmt.Sprintf("No file's name stands behind --format %s. Write --format %s=FILE, or --format %s for standard output.", o.format, name, name))
	case file == "-", !toFile:
		return write, "", nil
	}
	return write, file, c.provable("", destination{file, "--format " + o.format})
}

// placeOptions are the flags that bind a runbook to the values of a site
// without observing anything.
type placeOptions struct {
	runbookOptions
	values valueOptions
}

// flags declares them; runbooks finds the RUNBOOK arguments among others.
func (o *placeOptions) flags(c *console, cmd *cobra.Command, runbooks func(args []string) []string) {
	f := cmd.Flags()
	f.StringArrayVar(&o.sites.names, "site", nil, "fill in the values of the site `NAME`")
	f.StringVar(&o.sites.profiles, "sites", "", "`FILE` or folder of site profiles, instead of sites.d")
	f.StringVar(&o.sites.from, "from", "", "only as this `VANTAGE` of the site sees it")
	o.values.flags(f)
	o.packages.flags(f)
	names := func(pick func(*rules.Site) []string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			source, err := c.findHere(&o.runbookOptions, runbooks(args))
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			rb, _ := rules.Load(probe.Kinds(), source.overlays...)
			profiles, _ := o.sites.load(c, rb, source)
			var names []string
			if profiles != nil {
				for _, s := range profiles.sites {
					if !s.Abstract {
						names = append(names, pick(s)...)
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		}
	}
	must(cmd.RegisterFlagCompletionFunc("site", names(func(s *rules.Site) []string { return []string{s.Name} })))
	must(cmd.RegisterFlagCompletionFunc("from", names(func(s *rules.Site) []string {
		var names []string
		for _, v := range s.Vantages {
			names = append(names, v.Name)
		}
		return names
	})))
}

func completeRunbooks(args []string) []string { return args }

// given reports whether a site or values were named.
func (o *placeOptions) given() bool {
	return len(o.sites.names) > 0 || o.sites.profiles != "" || o.sites.from != "" || len(o.values.vars) > 0 || len(o.values.files) > 0
}

// describe loads a runbook and binds it where a site or values were given.
func (o *placeOptions) describe(c *console, args []string) (*document.Document, error) {
	rb, source, err := c.useRunbook(&o.runbookOptions, args)
	if err != nil {
		return nil, err
	}
	if !o.given() {
		return described(rb, nil)
	}
	site, diags := o.bind(c, rb, source)
	c.diagnose(rb.Files, diags)
	if diags.HasErrors() {
		return nil, exitWrong
	}
	return described(rb, site)
}

// described is document.New with an error that is nil where nothing is wrong.
func described(rb *rules.Runbook, site *document.Site) (*document.Document, error) {
	d, diags := document.New(rb, site)
	if diags.HasErrors() {
		return nil, diags
	}
	return d, nil
}

// bind binds the runbook to one site, from each of its vantages.
func (o *placeOptions) bind(c *console, rb *rules.Runbook, source *runbookSource) (*document.Site, hcl.Diagnostics) {
	values, diags := o.values.values(c, c.environ)
	profile, vantages, more := o.place(c, rb, source)
	diags = append(diags, more...)
	if diags.HasErrors() {
		return nil, diags
	}
	site := &document.Site{}
	if profile != nil {
		site.Title = profile.Title
	}
	for _, vantage := range vantages {
		plan, planDiags := engine.NewPlan(rb, engine.Settings{Site: profile, Vantage: vantage, Values: values})
		diags = append(diags, planDiags...)
		if diags.HasErrors() {
			return nil, diags
		}
		site.Name = plan.Site()
		v := document.Vantage{Name: plan.Vantage(), Vars: map[string]cty.Value{}}
		for _, o := range plan.Origins() {
			v.Vars[o.Variable.Name] = o.Value
		}
		if vantage != nil {
			v.Title, v.Via = vantage.Title, vantage.Via
		}
		for _, s := range plan.Checks() {
			v.Checks = append(v.Checks, document.Step(s))
		}
		for _, s := range plan.Facts() {
			v.Facts = append(v.Facts, document.Step(s))
		}
		site.Vantages = append(site.Vantages, v)
	}
	return site, diags
}

// place is the one site that is meant, and its vantages, those on other computers
// too: nothing is run.
func (o *placeOptions) place(c *console, rb *rules.Runbook, source *runbookSource) (*rules.Site, []*rules.Vantage, hcl.Diagnostics) {
	if len(o.sites.names) == 0 && o.sites.profiles == "" {
		_, diags := o.sites.choose(c, rb, source)
		return nil, []*rules.Vantage{nil}, diags
	}
	profiles, diags := o.sites.load(c, rb, source)
	if diags.HasErrors() {
		return nil, nil, diags
	}
	chosen, err := o.sites.match(profiles)
	if err != nil {
		return nil, nil, append(diags, err)
	}
	if len(chosen) > 1 {
		var names []string
		for _, s := range chosen {
			names = append(names, s.Name)
		}
		return nil, nil, append(diags, mistake("Several sites", fmt.Sprintf("A document is for one site, and %s are meant. Name one with --site NAME.", terminal.Names(names))))
	}
	vantages, err := survey.Vantages(chosen[0], o.sites.from)
	if err != nil {
		diags = append(diags, err)
	}
	return chosen[0], vantages, diags
}

// languageTerms is what the reference describes.
func languageTerms() document.Language {
	l := document.Language{Version: version, Kinds: probe.Kinds()}
	for _, s := range engine.Statuses() {
		l.Statuses = append(l.Statuses, document.Term{Name: string(s), Doc: s.Doc()})
	}
	for _, e := range exitCodes {
		l.Exits = append(l.Exits, document.Term{Name: strconv.Itoa(int(e.code)), Doc: terminal.Capital(e.doc) + "."})
	}
	return l
}
