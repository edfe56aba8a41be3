package main

import (
	"fmt"

	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/document"
	"github.com/spf13/cobra"
)

type explainOptions struct {
	placeOptions
}

func newExplain(c *console) *cobra.Command {
	o := &explainOptions{}
	cmd := &cobra.Command{
		Use:   "explain ADDRESS [RUNBOOK …]",
		Short: "Explain one check, fact, variable, probe kind or function",
		Long: `Explains one thing. Of a check: what it does, to whom, what passes, what it
depends on, every cause with its meaning and remedy, and the facts that it uses.
With --site, or other values, the real addresses are filled in. Nothing is sent.

An ADDRESS is check.NAME (or just NAME), fact.NAME, var.NAME, local.NAME,
probe.KIND or the name of a function.

` + runbookHelp,
		Example: `  linecheck explain default_gateway
  linecheck explain check.smtp --site dublin --from gateway
  linecheck explain fact.way_out
  linecheck explain var.mail_host
  linecheck explain probe.dns
  linecheck explain cidrhost`,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return completeRunbook(cmd, args, toComplete)
			}
			source, err := c.findHere(&o.runbookOptions, nil)
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			rb, _ := rules.Load(probe.Kinds(), source.overlays...)
			d, err := described(rb, nil)
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return d.Addresses(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error { return o.run(c, args) },
	}
	cmd.Flags().SortFlags = false
	o.flags(c, cmd, func(args []string) []string { return args[min(1, len(args)):] })
	return cmd
}

func (o *explainOptions) run(c *console, args []string) error {
	if len(args) == 0 {
		return mistake("Explain what?", "Name a check, fact, variable, probe kind or function, for example: linecheck explain default_gateway.")
	}
	d, err := o.describe(c, args[1:])
	if err != nil {
		return err
	}
	article, suggestion, found := d.Explain(args[0])
	if !found {
		return mistake("Nothing to explain", fmt.Sprintf(
			"There is no check, fact, variable, local, probe kind or function %q.%s \"linecheck graph\" lists the checks and facts of a runbook.", args[0], suggestion))
	}
	return document.Terminal(c.out, article, document.TerminalOptions{Width: c.outTTY.width, Colour: c.outTTY.colour, ASCII: c.outTTY.ascii})
}
