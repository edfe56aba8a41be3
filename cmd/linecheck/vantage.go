package main

import (
	"github.com/linecheck/linecheck/engine/farend"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/spf13/cobra"
)

// newVantage is the far side of a vantage that is reached through a command.
// Nobody types it: "linecheck run" does.
func newVantage(c *console) *cobra.Command {
	side := &farend.Side{Version: version}
	var allowRead []string
	cmd := &cobra.Command{
		Use:    farend.ServeCommand,
		Hidden: true,
		Short:  "Observe for a linecheck that runs on another computer",
		Long: `Is started by "linecheck run" on another computer, by way of the command that a
site's profile gives as "via". It observes what it is asked over standard input
and answers on standard output, until its input ends.

As the only command that a key may run (sshd(8), command="linecheck vantage") it
gives whoever has the key linecheck's probes and nothing else: those that run a
command or read a file only with the flags below, which are ignored if they are
not part of that command.`,
		Example: `  ssh admin@10.2.0.25 linecheck vantage`,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			ctx, cancel := interruptible(0)
			defer cancel()
			var err error
			if side.AllowRead, err = readable(allowRead); err != nil {
				return err
			}
			side.Probes = probe.All()
			return farend.Serve(ctx, side, c.in, c.out)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&side.AllowExec, farend.AllowExecFlag[len("--"):], false, "run probes that run commands")
	cmd.Flags().StringArrayVar(&allowRead, farend.AllowReadFlag[len("--"):], nil, "let probes read this file, or everything below this folder, a `PATH`; repeatable")
	return cmd
}
