package main

import (
	"fmt"

	"github.com/linecheck/linecheck/engine/survey"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
)

type validateOptions struct {
	runbookOptions
	json bool
}

func newValidate(c *console) *cobra.Command {
	o := &validateOptions{}
	cmd := &cobra.Command{
		Use:   "validate [RUNBOOK …]",
		Short: "Prove check files and site profiles without sending anything",
		Long: `Proves every file of a runbook and the site profiles beside it: names, types,
references, conditions that could never hold. Nothing is sent to anywhere.

` + runbookHelp + `

` + asksHelp + `

Exit status: 0 if all is well, warnings too; 2 if there are errors.`,
		Example: `  linecheck validate
  linecheck validate ./our-checks
  linecheck validate -json embedded ./our-checks`,
		ValidArgsFunction: completeRunbook,
		RunE:              func(_ *cobra.Command, args []string) error { return o.run(c, args) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&o.json, "json", false, "print the findings as JSON, in the shape of Terraform's validate")
	cmd.Flags().StringVar(&o.sites.profiles, "sites", "", "site profiles, a `FILE` or folder, in place of sites.d")
	o.packages.flags(cmd.Flags())
	return cmd
}

func (o *validateOptions) run(c *console, args []string) error {
	rb, source, diags := c.loadRunbook(&o.runbookOptions, args)
	var files map[string][]byte
	sites := 0
	if rb != nil {
		c.note(source)
		profiles, siteDiags := o.sites.load(c, rb, source)
		if profiles != nil {
			sites = len(profiles.sites)
			for _, s := range profiles.sites {
				siteDiags = diagnostic.AppendNew(siteDiags, waivers(s, today()))
				if s != profiles.example {
					siteDiags = diagnostic.AppendNew(siteDiags, survey.PlaceholdersIn(rb, s))
				}
			}
		}
		if !diags.HasErrors() {
			c.noteAsked(asks(rb))
		}
		diags = append(diags, siteDiags...)
		files = rb.Files
	}
	var err error
	if o.json {
		err = diagnostic.JSON(c.out, diags, files)
	} else {
		err = diagnostic.Text(c.out, diags, files, c.outTTY.style())
		if err == nil && !diags.HasErrors() {
			_, err = fmt.Fprintf(c.out, "The runbook %s is valid: %s, %s, %s.\n", source.names(),
				terminal.Count(len(rb.Checks), "check"), terminal.Count(len(rb.Facts), "fact"), terminal.Count(sites, "site"))
		}
	}
	if diags.HasErrors() {
		return exitWrong
	}
	return err
}
