package main

import (
	"github.com/linecheck/linecheck/engine/farend"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/spf13/cobra"
)

// newVantage is the far side of a vantage that is reached through a command.
// Nobody types it: "linecheck run" does.
func newVantage(c *console) *cobra.Command {
	allowExec := false
	cmd := &cobra.Command{
		Use:    farend.ServeCommand,
		Hidden: true,
		Short:  "Observe for a linecheck that runs on another computer",
		Long: `Is started by "linecheck run" on another computer, by way of the command that a
site's profile gives as "via". It observes what it is asked over standard input
and answers on standard output, until its input ends.

As the only command that a key may run (sshd(8), command="linecheck vantage") it
gives whoever has the key linecheck's probes and nothing else.`,
		Example: `  ssh admin@10.2.0.25 linecheck vantage`,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			ctx, cancel := interruptible(0)
			defer cancel()
			return farend.Serve(ctx, &farend.Side{Version: version, Probes: probe.All(), AllowExec: allowExec}, c.in, c.out)
		},
	}
	cmd.Flags().BoolVar(&allowExec, farend.AllowExecFlag[len("--"):], false, "run probes that run commands")
	return cmd
}
