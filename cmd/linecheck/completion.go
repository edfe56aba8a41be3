package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/spf13/cobra"
)

// shells lists the shells that can be told how to complete linecheck.
var shells = []struct {
	name  string
	write func(root *cobra.Command, c *console) error
}{
	{"bash", func(root *cobra.Command, c *console) error { return root.GenBashCompletionV2(c.out, true) }},
	{"fish", func(root *cobra.Command, c *console) error { return root.GenFishCompletion(c.out, true) }},
	{"powershell", func(root *cobra.Command, c *console) error { return root.GenPowerShellCompletionWithDesc(c.out) }},
	{"zsh", func(root *cobra.Command, c *console) error { return root.GenZshCompletion(c.out) }},
}

func newCompletion(c *console) *cobra.Command {
	var names []string
	for _, s := range shells {
		names = append(names, s.name)
	}
	return &cobra.Command{
		Use:   "completion " + strings.Join(names, "|"),
		Short: "Print a script that teaches your shell to complete linecheck",
		Long: `Prints a script for your shell. With it, the Tab key completes commands, flags,
and the names of checks, sites, vantages, variables and formats.`,
		Example: `  linecheck completion bash > /etc/bash_completion.d/linecheck
  linecheck completion zsh > "${fpath[1]}/_linecheck"
  linecheck completion fish > ~/.config/fish/completions/linecheck.fish
  linecheck completion powershell >> $PROFILE`,
		ValidArgs: names,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return mistake("Which shell?", fmt.Sprintf("Name one shell: %s. For example: linecheck completion bash.", strings.Join(names, ", ")))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, s := range shells {
				if s.name == args[0] {
					return s.write(cmd.Root(), c)
				}
			}
			return mistake("Unknown shell", fmt.Sprintf("There is no completion for %q.%s There is: %s.", args[0], diagnostic.DidYouMean(args[0], names), strings.Join(names, ", ")))
		},
	}
}

// complete teaches the flags of run to complete by what the runbook and its
// profiles hold.
func (o *runOptions) complete(c *console, cmd *cobra.Command) {
	lookup := func(flag string, candidates func(rb *rules.Runbook, source *runbookSource) []string, directive cobra.ShellCompDirective) {
		must(cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			source, err := c.findHere(&o.runbookOptions, args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			// A runbook with errors still has names.
			rb, _ := rules.Load(probe.Kinds(), source.overlays...)
			return candidates(rb, source), directive
		}))
	}
	plain, open := cobra.ShellCompDirectiveNoFileComp, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace
	lookup("only", func(rb *rules.Runbook, _ *runbookSource) []string { return checkNames(rb, true) }, plain)
	lookup("skip", func(rb *rules.Runbook, _ *runbookSource) []string { return checkNames(rb, true) }, plain)
	lookup("explain-evidence", func(rb *rules.Runbook, _ *runbookSource) []string { return checkNames(rb, false) }, plain)
	lookup("site", func(rb *rules.Runbook, source *runbookSource) []string {
		profiles, _ := o.sites.load(c, rb, source)
		if profiles == nil {
			return nil
		}
		return profiles.concrete()
	}, plain)
	lookup("from", func(rb *rules.Runbook, source *runbookSource) []string {
		profiles, _ := o.sites.load(c, rb, source)
		if profiles == nil {
			return nil
		}
		var names []string
		sites, _ := o.sites.match(profiles)
		for _, s := range sites {
			for _, v := range s.Vantages {
				names = appendNew(names, v.Name)
			}
		}
		return names
	}, plain)
	lookup("var", func(rb *rules.Runbook, _ *runbookSource) []string {
		var names []string
		for _, v := range rb.Variables {
			names = append(names, cobra.CompletionWithDesc(v.Name+"=", v.Description))
		}
		return names
	}, open)
	must(cmd.RegisterFlagCompletionFunc("format", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, f := range report.All() {
			names = append(names, cobra.CompletionWithDesc(f.Name, f.Doc))
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}))
	for _, flag := range []string{"parallel", "timeout"} {
		must(cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions))
	}
}

func checkNames(rb *rules.Runbook, tags bool) []string {
	var names []string
	for _, c := range rb.Checks {
		names = append(names, c.Address())
	}
	if tags {
		for _, c := range rb.Checks {
			for _, t := range c.Tags {
				names = appendNew(names, "tag:"+t)
			}
		}
	}
	return names
}

// must is for what can only fail by a slip in this package: a completion for a
// flag that does not exist.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// completeRunbook completes a RUNBOOK argument by folders and files.
func completeRunbook(_ *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	if toComplete != "" && strings.HasPrefix(embedded, toComplete) {
		return []string{embedded}, cobra.ShellCompDirectiveDefault
	}
	return nil, cobra.ShellCompDirectiveDefault
}

// findHere is findRunbook for completions, which must not wait for a registry.
func (c *console) findHere(o *runbookOptions, args []string) (*runbookSource, error) {
	if slices.ContainsFunc(args, inRegistry) {
		return nil, errors.New("a package in a registry completes nothing")
	}
	return c.findRunbook(o, args)
}

// appendNew adds what is not yet in a list.
func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
