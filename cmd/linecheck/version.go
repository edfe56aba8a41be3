package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the version of linecheck and of everything in this module.
const version = "0.1.0"

// revision is the commit as packaging/build sets it through the linker. What Go
// notes by itself depends on the checkout (its tags, how deep it is), and a
// release is to be the same from all of them.
var revision string

func newVersion(c *console) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Prints the version of linecheck, the commit that it was built from and the\nplatform.",
		Example: "  linecheck version",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(c.out, "linecheck %s%s %s %s/%s\n", version, commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// commit is " (COMMIT)" where the build knows it.
func commit() string {
	if revision != "" {
		return " (" + revision + ")"
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	commit, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = ", modified"
		}
	}
	if commit == "" {
		return ""
	}
	return " (" + commit + modified + ")"
}

// noArguments refuses arguments and says what was wrong about them.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return mistake("Too many arguments", fmt.Sprintf("%s takes no arguments; %q is one too many.", cmd.CommandPath(), args[0]))
}
