package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/survey"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

type sitesOptions struct {
	runbookOptions
	values valueOptions
	format string
}

// sitesFormats lists the ways to write the list, the default first.
var sitesFormats = []struct {
	name, doc string
	write     func(w io.Writer, sites []listedSite) error
}{
	{"text", "a table a site, for people", listSites},
	{"json", "the same, for programs; versioned", encodeSites},
}

func newSites(c *console) *cobra.Command {
	o := &sitesOptions{}
	var formats strings.Builder
	var names []string
	for _, f := range sitesFormats {
		fmt.Fprintf(&formats, "  %-10s %s\n", f.name, f.doc)
		names = append(names, f.name)
	}
	cmd := &cobra.Command{
		Use:   "sites [RUNBOOK …]",
		Short: "List the sites, their values and where each value comes from",
		Long: `Lists the site profiles beside a runbook, or those that --site names: from
where each is looked at, and for each variable the value that a run would use
and where it comes from. Nothing is sent. Sensitive values are not shown.

A value comes, the later the stronger, from the runbook's default, a parent
(a profile that the site's extends), the site's profile, its vantage, the
environment (` + envPrefix + `NAME), a file of --var-file, or --var.

` + runbookHelp + `

Formats:
` + formats.String() + `
Exit status: 0 if all is well; 2 if a profile is wrong, beside what is listed.`,
		Example: `  linecheck sites
  linecheck sites --site 'emea-*'
  linecheck sites embedded ./our-checks --site dublin --format json`,
		ValidArgsFunction: completeRunbook,
		RunE:              func(_ *cobra.Command, args []string) error { return o.run(c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVar(&o.sites.names, "site", nil, "list only this site, a `NAME` or glob; repeatable (default all)")
	f.StringVar(&o.sites.profiles, "sites", "", "site profiles, a `FILE` or folder, in place of sites.d")
	o.values.flags(f)
	f.StringVar(&o.format, "format", names[0], "write it as `NAME`")
	o.packages.flags(f)
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// A listedSite is a site with the values of each of its vantages, or what is
// wrong with it.
type listedSite struct {
	name, title string
	profile     *rules.Site // nil for a file that can't be read
	vantages    []listedVantage
	wrong       hcl.Diagnostics
	example     bool // that linecheck ships
}

type listedVantage struct {
	name, title string
	via         []string
	values      []engine.VarOrigin
}

func (o *sitesOptions) run(c *console, args []string) error {
	var names []string
	for _, f := range sitesFormats {
		names = append(names, f.name)
	}
	format := slices.Index(names, o.format)
	if format < 0 {
		return mistake("Unknown format", fmt.Sprintf("There is no format %q.%s There is: %s.",
			o.format, diagnostic.DidYouMean(o.format, names), strings.Join(names, ", ")))
	}
	rb, source, err := c.useRunbook(&o.runbookOptions, args)
	if err != nil {
		return err
	}
	if len(o.sites.names) == 0 {
		o.sites.names = []string{everySite}
	}
	o.sites.examples = true // nothing is sent
	values, diags := o.values.values(c, c.environ)
	chosen, more := o.sites.choose(c, rb, source)
	diags = append(diags, more...)
	stop := diags.HasErrors()
	var sites []listedSite
	for _, s := range chosen.sites {
		if stop {
			break
		}
		site := list(rb, s, values)
		diags = diagnostic.AppendNew(diags, site.wrong)
		sites = append(sites, site)
	}
	c.diagnose(rb.Files, diags)
	if stop {
		return exitWrong
	}
	err = sitesFormats[format].write(c.out, sites)
	if diags.HasErrors() {
		return exitWrong
	}
	return err
}

// list finds the values of a site.
func list(rb *rules.Runbook, s *rules.Site, values []engine.Values) listedSite {
	site := listedSite{name: s.Name, title: s.Title, wrong: s.Problems}
	if site.wrong.HasErrors() {
		return site
	}
	vantages, _ := survey.Vantages(s, "") // all of them are never wrong
	site.profile, site.example = s, isExample(rb, s)
	for _, vantage := range vantages {
		plan, diags := engine.NewPlan(rb, engine.Settings{Site: s, Vantage: vantage, Values: values})
		site.wrong = diagnostic.AppendNew(site.wrong, diags)
		v := listedVantage{name: plan.Vantage(), values: plan.Origins()}
		if vantage != nil {
			v.title, v.via = vantage.Title, vantage.Via
		}
		site.vantages = append(site.vantages, v)
		if !site.example && !diags.HasErrors() {
			site.wrong = diagnostic.AppendNew(site.wrong, survey.Placeholders(plan))
		}
	}
	site.wrong = diagnostic.AppendNew(site.wrong, waivers(site.profile, today()))
	if site.wrong.HasErrors() {
		site.vantages = nil
	}
	return site
}

// listSites writes a table a site and vantage.
func listSites(w io.Writer, sites []listedSite) error {
	var b strings.Builder
	for i, s := range sites {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(shownName(s.name, s.title))
		switch {
		case s.wrong.HasErrors():
			b.WriteString("  WRONG: " + terminal.Line(firstError(s.wrong)) + "\n")
			continue
		case s.profile.Extends != "":
			b.WriteString(", extends " + s.profile.Extends)
		case s.example:
			b.WriteString(", the example that linecheck ships: no place")
		}
		fmt.Fprintf(&b, "  [%s:%d]\n", terminal.Line(s.profile.DeclRange.Filename), s.profile.DeclRange.Start.Line)
		for _, v := range s.vantages {
			if len(s.profile.Vantages) > 0 {
				b.WriteString("  seen from " + shownName(v.name, v.title))
				if len(v.via) > 0 {
					b.WriteString(", via " + terminal.Line(strings.Join(v.via, " ")))
				}
				b.WriteByte('\n')
			}
			listValues(&b, v.values)
		}
		for _, waiver := range s.profile.Waivers {
			until := ""
			if !waiver.Expires.IsZero() {
				until = " until " + waiver.Expires.Format("2006-01-02")
			}
			waives := "waives"
			if ranOut(waiver, today()) {
				waives, until = "no longer waives", until+", which is over"
			}
			fmt.Fprintf(&b, "  %s %s%s: %s\n", waives, terminal.Line(waiver.Check), until, terminal.Line(waiver.Reason))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// listValues writes name, value and origin, each in a column.
func listValues(b *strings.Builder, origins []engine.VarOrigin) {
	// A long value does not push all others' origins off the screen.
	const most = 40
	table := &terminal.Table{Indent: len("    "), Most: most}
	for _, o := range origins {
		table.Row(terminal.Line(o.Variable.Name), shownValue(o.Value), shownOrigin(o))
	}
	b.WriteString(table.String())
}

func shownName(name, title string) string {
	if title == "" || title == name {
		return terminal.Line(name)
	}
	return terminal.Line(name + " (" + title + ")")
}

// shownOrigin is where a value comes from, and where it stands.
func shownOrigin(o engine.VarOrigin) string {
	kind, name := originOf(o)
	text, at := kind, ""
	if o.Range != nil && o.Layer != engine.LayerDefault {
		at = diagnostic.Where(*o.Range)
	}
	switch {
	case kind == "var-file":
		text += " " + at
	case at != "":
		text += " " + name + ", " + at
	}
	return terminal.Line(text)
}

// originOf is the kind of place that a value comes from, and its name where
// there are several.
func originOf(o engine.VarOrigin) (kind, name string) {
	switch {
	case o.Layer != engine.LayerGiven:
		return string(o.Layer), o.Name
	case o.Name == "environment":
		return "environment", ""
	case o.Name == "--var":
		return "flag", ""
	default:
		return "var-file", o.Name
	}
}

// shownValue is a value as it is written in a profile, on one line.
func shownValue(v cty.Value) string {
	if plain, _ := v.UnmarkDeep(); plain.IsNull() {
		return "null"
	}
	return terminal.Line(terminal.Written(v))
}

func firstError(diags hcl.Diagnostics) string {
	for _, d := range diags {
		switch {
		case d.Severity != hcl.DiagError:
		case d.Subject == nil:
			return d.Summary
		default:
			return diagnostic.Where(*d.Subject) + ": " + d.Summary
		}
	}
	return ""
}

// The shape of sites --format json; keys are added, never changed.
type (
	jsonSites struct {
		FormatVersion string     `json:"format_version"`
		Sites         []jsonSite `json:"sites"`
	}
	jsonSite struct {
		Site     string        `json:"site"`
		Title    *string       `json:"title"`
		Extends  *string       `json:"extends"`
		Reason   *string       `json:"reason"`  // what is wrong with it
		Example  bool          `json:"example"` // that linecheck ships: no place
		Vantages []jsonVantage `json:"vantages"`
		Waivers  []jsonWaiver  `json:"waivers"`
	}
	jsonVantage struct {
		Vantage string      `json:"vantage"`
		Title   *string     `json:"title"`
		Via     []string    `json:"via"`
		Values  []jsonValue `json:"values"`
	}
	jsonValue struct {
		Variable  string          `json:"variable"`
		Value     json.RawMessage `json:"value"` // null where it is sensitive
		Sensitive bool            `json:"sensitive"`
		From      string          `json:"from"`
		Name      *string         `json:"name"`
		Range     *jsonPlace      `json:"range"`
	}
	jsonWaiver struct {
		Check   string  `json:"check"`
		Reason  string  `json:"reason"`
		Expires *string `json:"expires"`
		Expired bool    `json:"expired"`
	}
	jsonPlace struct {
		Filename string `json:"filename"`
		Line     int    `json:"line"`
	}
)

func encodeSites(w io.Writer, sites []listedSite) error {
	doc := jsonSites{FormatVersion: "1.0", Sites: []jsonSite{}}
	for _, s := range sites {
		site := jsonSite{Site: s.name, Title: orNull(s.title), Reason: orNull(firstError(s.wrong)), Example: s.example, Vantages: []jsonVantage{}, Waivers: []jsonWaiver{}}
		for _, v := range s.vantages {
			vantage := jsonVantage{Vantage: v.name, Title: orNull(v.title), Via: append([]string{}, v.via...), Values: []jsonValue{}}
			for _, o := range v.values {
				vantage.Values = append(vantage.Values, toJSONValue(o))
			}
			site.Vantages = append(site.Vantages, vantage)
		}
		if s.profile != nil {
			site.Extends = orNull(s.profile.Extends)
			for _, waiver := range s.profile.Waivers {
				expires := ""
				if !waiver.Expires.IsZero() {
					expires = waiver.Expires.Format("2006-01-02")
				}
				site.Waivers = append(site.Waivers, jsonWaiver{waiver.Check, waiver.Reason, orNull(expires), ranOut(waiver, today())})
			}
		}
		doc.Sites = append(doc.Sites, site)
	}
	return writeJSON(w, doc)
}

func toJSONValue(o engine.VarOrigin) jsonValue {
	kind, name := originOf(o)
	v := jsonValue{Variable: o.Variable.Name, Value: json.RawMessage("null"), Sensitive: o.Value.ContainsMarked(), From: kind, Name: orNull(name)}
	if text, err := ctyjson.Marshal(o.Value, o.Value.Type()); err == nil && !v.Sensitive {
		v.Value = text
	}
	if o.Range != nil {
		v.Range = &jsonPlace{o.Range.Filename, o.Range.Start.Line}
	}
	return v
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
