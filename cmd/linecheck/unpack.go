package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
)

func newUnpack(c *console) *cobra.Command {
	o := &packageOptions{}
	cmd := &cobra.Command{
		Use:   "unpack PACKAGE FOLDER",
		Short: "Write a package's files into a new folder",
		Long: `Writes the files of a package into a folder that is not there yet: all of them
or, if anything is wrong, nothing. To run a package it need not be unpacked.
Unpacked, its profiles are taken for your own: read them first.

` + packageHelp + `

With --trusted-keys, or keys in /etc/linecheck/` + trustedKeysDir + `, it must be signed
with one of them.

Exit status: 0 if it was unpacked, 2 if not.`,
		Example: `  linecheck unpack mail-line-1.0.0.oci.tar ./mail-line
  linecheck unpack oci://registry.example/runbooks/mail-line ./mail-line --trusted-keys ./keys`,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return nil, cobra.ShellCompDirectiveFilterDirs
			}
			return completePackage(cmd, args, toComplete)
		},
		RunE: func(_ *cobra.Command, args []string) error { return o.unpack(c, args) },
	}
	cmd.Flags().SortFlags = false
	o.flags(cmd.Flags())
	return cmd
}

func (o *packageOptions) unpack(c *console, args []string) error {
	if len(args) != 2 {
		return mistake("Unpack what, and where?", "Name the package and a folder that is not there yet, for example: linecheck unpack mail-line-1.0.0.oci.tar ./mail-line.")
	}
	folder := filepath.Clean(args[1]) // a slash at its end, as completion writes it
	if d := noFolder(folder); d != nil {
		return d
	}
	ctx, cancel := interruptible(0)
	defer cancel()
	_, p, err := o.receiveAndOpen(ctx, c, args[0])
	if err != nil {
		return err
	}
	if err := p.Unpack(folder); err != nil {
		return notUnpacked(folder, err)
	}
	asked, _, err := asksOfPackage(folder, p.FS())
	if err != nil {
		return err
	}
	for i := range asked.refused { // no longer, in a folder of one's own
		c.noteWrapped(terminal.Line(fmt.Sprintf("Look at %s before you use that profile: %s. What lies in a folder has the force of your own.", diagnostic.Where(*asked.refused[i].Subject), asked.refused[i].Summary)))
	}
	_, err = fmt.Fprintf(c.out, "Unpacked %s, %s, to %s: %s\n%s\n", p.title(), p.trust(), folder, terminal.Count(len(p.Files()), "file"), p.Digest)
	return err
}

// notUnpacked says why a package could not be written to a folder.
func notUnpacked(dir string, err error) error {
	var refusal *bundle.Refusal
	if errors.As(err, &refusal) {
		return mistake("Not unpacked", refusal.Reason)
	}
	return mistake("Can't write there", fmt.Sprintf("%s: %v. Name a folder to be made where there is room and you may write.", dir, disk.Cause(err)))
}
