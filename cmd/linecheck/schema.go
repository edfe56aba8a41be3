package main

import (
	"fmt"
	"strings"

	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/schema"
	"github.com/spf13/cobra"
)

// schemas lists the schemas, the default first.
var schemas = []struct {
	name, doc string
	write     func() ([]byte, error)
}{
	{"checks", "check files, *.hcl.json", func() ([]byte, error) { return schema.Checks(probe.Kinds()) }},
	{"overrides", "override files, *_override.hcl.json", func() ([]byte, error) { return schema.Overrides(probe.Kinds()) }},
	{"sites", "site profiles, sites.d/*.hcl.json", schema.Sites},
}

func newSchema(c *console) *cobra.Command {
	var list strings.Builder
	var names []string
	for _, s := range schemas {
		fmt.Fprintf(&list, "  %-10s %s\n", s.name, s.doc)
		names = append(names, s.name)
	}
	return &cobra.Command{
		Use:   "schema [" + strings.Join(names, "|") + "]",
		Short: "Print the JSON Schema of check files in JSON",
		Long: `Prints a JSON Schema (draft 2020-12) of the JSON form of files, for editors that
complete, explain and underline by one, and for programs that write such files.
Of the files that it accepts "linecheck validate" proves the rest: types and
references.

` + list.String(),
		Example: `  linecheck schema > checks.schema.json
  linecheck schema sites > sites.schema.json`,
		ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = names[:1]
			}
			if len(args) > 1 {
				return mistake("Which schema?", fmt.Sprintf("Name one: %s.", strings.Join(names, ", ")))
			}
			for _, s := range schemas {
				if s.name != args[0] {
					continue
				}
				text, err := s.write()
				if err == nil {
					_, err = c.out.Write(text)
				}
				return err
			}
			return mistake("Unknown schema", fmt.Sprintf("There is no schema of %q.%s There is: %s.", args[0], diagnostic.DidYouMean(args[0], names), strings.Join(names, ", ")))
		},
	}
}
