package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/lint"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
)

// exitFindings is what lint leaves where it found something.
const exitFindings exitCode = 1

// A lintFormat is a form in which findings are written.
type lintFormat struct {
	name, doc string
	write     func(c *console, l lintResult) error
}

// lintResult is a runbook with what was found in it.
type lintResult struct {
	*rules.Runbook
	source   *runbookSource
	findings []lint.Finding
}

// lintFormats lists the formats, sorted by name.
var lintFormats = []lintFormat{
	{"json", "for programs", func(c *console, l lintResult) error { return lint.JSON(c.out, l.findings) }},
	{"sarif", "SARIF 2.1.0, for code hosts and editors", func(c *console, l lintResult) error {
		return lint.SARIF(c.out, l.findings, version, l.Files)
	}},
	{"text", "for people (the default)", lintText},
}

type lintOptions struct {
	runbookOptions
	format string
}

func newLint(c *console) *cobra.Command {
	o := &lintOptions{}
	cmd := &cobra.Command{
		Use:   "lint [RUNBOOK …]",
		Short: "Find what is valid in a runbook and yet hardly meant",
		Long: `Looks through a valid runbook for what its author can hardly have meant. Nothing
is sent to anywhere.

` + runbookHelp + `

The rules:

` + lintRules() + `A comment switches rules off for its line, or, where it stands alone, for the
next one; IDs are separated by commas, and what follows them is the reason:
  fact "spare" { # linecheck:ignore fact-unused: our overlay reads it
What is found in the embedded runbook is left out where folders lie over it.

` + asksHelp + `

Exit status: 0 if nothing was found; 1 if something was; 2 if files are wrong.`,
		Example: `  linecheck lint
  linecheck lint ./our-checks
  linecheck lint --format sarif embedded ./our-checks > linecheck.sarif`,
		ValidArgsFunction: completeRunbook,
		RunE:              func(_ *cobra.Command, args []string) error { return o.run(c, args) },
	}
	var docs []string
	for _, f := range lintFormats {
		docs = append(docs, f.name+": "+f.doc)
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&o.format, "format", "text", "`NAME` of the output's format; "+strings.Join(docs, "; "))
	o.packages.flags(cmd.Flags())
	must(cmd.RegisterFlagCompletionFunc("format", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return lintFormatNames(), cobra.ShellCompDirectiveNoFileComp
	}))
	return cmd
}

func (o *lintOptions) run(c *console, args []string) error {
	format, err := findLintFormat(o.format)
	if err != nil {
		return err
	}
	rb, source, err := c.useRunbook(&o.runbookOptions, args)
	if err != nil {
		return err
	}
	findings, diags := lint.Run(rb)
	if diags.HasErrors() {
		return diags
	}
	c.noteAsked(asks(rb))
	l := lintResult{rb, source, findings}
	if len(source.overlays) > 1 {
		// What an overlay makes of the embedded runbook nobody can put right there.
		l.findings = slices.DeleteFunc(l.findings, func(f lint.Finding) bool {
			return strings.HasPrefix(f.Range.Filename, embedded+"/")
		})
	}
	err = format.write(c, l)
	if len(l.findings) > 0 {
		return exitFindings
	}
	return err
}

func findLintFormat(name string) (*lintFormat, error) {
	for i := range lintFormats {
		if lintFormats[i].name == name {
			return &lintFormats[i], nil
		}
	}
	names := lintFormatNames()
	return nil, mistake("Unknown format", fmt.Sprintf("There is no format %q.%s There is: %s.", name, diagnostic.DidYouMean(name, names), strings.Join(names, ", ")))
}

func lintFormatNames() []string {
	var names []string
	for _, f := range lintFormats {
		names = append(names, f.name)
	}
	return names
}

func lintText(c *console, l lintResult) error {
	var diags hcl.Diagnostics
	for i := range l.findings {
		diags = append(diags, l.findings[i].Diagnostic())
	}
	if err := diagnostic.Text(c.out, diags, l.Files, c.outTTY.style()); err != nil {
		return err
	}
	found := "nothing"
	if n := len(l.findings); n > 0 {
		found = terminal.Count(n, "finding")
	}
	_, err := fmt.Fprintf(c.out, "In the runbook %s: %s.\n", l.source.names(), found)
	return err
}

// lintRules lists the rules for the help.
func lintRules() string {
	const indent = "      "
	wrap := terminal.Wrap{Columns: terminal.DefaultWidth - len(indent), Whole: true}
	var b strings.Builder
	for _, r := range lint.All() {
		fmt.Fprintf(&b, "  %s\n", r.ID)
		for _, line := range wrap.Lines(r.Doc) {
			b.WriteString(indent + line + "\n")
		}
	}
	return b.String()
}
