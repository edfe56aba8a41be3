package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// subcommands lists the subcommands, sorted by name.
func subcommands(c *console) []*cobra.Command {
	return []*cobra.Command{
		newCompletion(c),
		newDoc(c),
		newExplain(c),
		newFmt(c),
		newGraph(c),
		newInit(c),
		newInspect(c),
		newLint(c),
		newLock(c),
		newManual(c),
		newPack(c),
		newPull(c),
		newPush(c),
		newRun(c),
		newSchema(c),
		newSign(c),
		newSites(c),
		newTest(c),
		newUnpack(c),
		newValidate(c),
		newVantage(c),
		newVendor(c),
		newVerify(c),
		newVersion(c),
	}
}

// execute runs the command line and is the code to exit with.
func execute(c *console, args []string) int {
	out := &results{w: c.out}
	c.out = out
	return out.exit(c, c.guarded(args, func() int {
		root := newRoot(c)
		args = doubleDashes(root, args)
		if err := misused(root, args); err != nil {
			return c.leave(err)
		}
		root.SetArgs(args)
		return c.leave(root.Execute())
	}))
}

func newRoot(c *console) *cobra.Command {
	root := &cobra.Command{
		Use:                   "linecheck COMMAND",
		DisableFlagsInUseLine: true,
		Short:                 "Says which rung of the ladder is broken, and why",
		Long: `linecheck climbs a ladder of checks between this computer and a mail host,
stops where a rung gives way, and names the root cause with its evidence.
The checks are text files: use the shipped ones, change them, add your own.`,
		Example: `  linecheck run                                    climb the shipped ladder from here
  linecheck run --var mail_host=mail.corp.example  with a value
  linecheck run --site dublin                      with all values of a site's profile
  linecheck validate checks.d                      prove check files before they are run`,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			if args[0] == "help" {
				if args = args[1:]; len(args) == 0 {
					return cmd.Help()
				}
			}
			var names []string
			for _, sub := range cmd.Commands() {
				if sub.Name() == args[0] {
					return sub.Help()
				}
				names = append(names, sub.Name())
			}
			return mistake("Unknown command", fmt.Sprintf(
				"linecheck has no command %q.%s \"linecheck --help\" lists the commands.", args[0], diagnostic.DidYouMean(args[0], names)))
		},
	}
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(flagMistake)
	root.SetUsageTemplate(usageTemplate)
	root.CompletionOptions.DisableDefaultCmd = true
	cobra.EnableCommandSorting = false
	root.AddCommand(subcommands(c)...)
	// "linecheck help run" is answered by root itself.
	root.SetHelpCommand(&cobra.Command{Hidden: true, Use: "no-help-command"})
	return root
}

// usageTemplate is cobra's, in our words and within 80 columns.
const usageTemplate = `Usage:
  {{.UseLine}}{{if .HasAvailableSubCommands}}
  linecheck help COMMAND

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsagesWrapped 80 | trimTrailingWhitespaces}}{{end}}
`

// doubleDashes gives the second dash to flags that were written with one, as
// Terraform's are (-var, -json).
func doubleDashes(root *cobra.Command, args []string) []string {
	long := map[string]bool{"help": true}
	for _, sub := range root.Commands() {
		sub.LocalFlags().VisitAll(func(f *pflag.Flag) { long[f.Name] = true })
	}
	args = slices.Clone(args)
	for i, arg := range args {
		if arg == "--" {
			break
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		if strings.HasPrefix(arg, "-") && long[name] {
			args[i] = "-" + arg
		}
	}
	return args
}

// misused refuses two values for a flag that takes one: the flag parser would
// take the last and say nothing of the other. It refuses an empty value too,
// which most often is a variable of the shell that was never set, and would be
// taken as if the flag were not there: --trusted-keys "$KEYS" must not end in
// trusting everybody. It parses without setting anything, and leaves what can't
// be parsed to the parser's own words. So it is with arguments: nothing is not "here".
func misused(root *cobra.Command, args []string) error {
	cmd, args, err := root.Find(args)
	if err != nil {
		return nil
	}
	given := map[string]string{}
	var found error
	err = cmd.Flags().ParseAll(args, func(f *pflag.Flag, value string) error {
		if _, repeatable := f.Value.(pflag.SliceValue); repeatable {
			return nil
		}
		before, again := given[f.Name]
		switch {
		case found != nil:
		case value == "" && f.Value.Type() == "string":
			found = mistake("Flag without a value", fmt.Sprintf("\"--%s\" needs %s, and was given an empty one. If that was a variable of the shell, it is not set; else leave the flag out.", f.Name, wants(f)))
		case again && before != value:
			found = mistake("Two values of one flag", fmt.Sprintf(
				"\"--%s\" takes one value and was given two: %q and %q. Leave one of them out.", f.Name, before, value))
		}
		given[f.Name] = value
		return nil
	})
	switch {
	case err != nil:
		return nil
	case found == nil && cmd != root && slices.Contains(cmd.Flags().Args(), ""):
		// As a path it would be the current folder.
		return mistake("Empty argument", fmt.Sprintf("An argument of \"%s\" is empty. If that was a variable of the shell, it is not set; a dot means the current folder.", cmd.CommandPath()))
	}
	return found
}

// flagMistake puts an error of the flag parser into words.
func flagMistake(cmd *cobra.Command, err error) error {
	help := fmt.Sprintf(" %q lists the flags.", cmd.CommandPath()+" --help")
	var unknown *pflag.NotExistError
	var noValue *pflag.ValueRequiredError
	var badValue *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		if unknown.GetSpecifiedShortnames() != "" {
			// -sit was read as -s -i -t: answer what was meant.
			name = unknown.GetSpecifiedShortnames()
		}
		return mistake("Unknown flag", fmt.Sprintf("%s has no flag %q.%s%s", cmd.CommandPath(), "--"+name, diagnostic.DidYouMean("--"+name, names), help))
	case errors.As(err, &noValue):
		return mistake("Flag without a value", fmt.Sprintf("\"--%s\" needs %s.%s", noValue.GetFlag().Name, wants(noValue.GetFlag()), help))
	case errors.As(err, &badValue):
		return mistake("Wrong value of a flag", fmt.Sprintf("\"--%s\" needs %s, not %q.%s",
			badValue.GetFlag().Name, wants(badValue.GetFlag()), badValue.GetValue(), help))
	}
	return mistake("Wrong command line", err.Error()+"."+help)
}

// wants says in words what kind of value a flag takes.
func wants(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "int":
		return "a whole number"
	case "duration":
		return "a duration such as 500ms, 30s or 2m"
	case "bool":
		return "no value, or true or false"
	}
	placeholder, _ := pflag.UnquoteUsage(f)
	return "a value: --" + f.Name + " " + placeholder
}
