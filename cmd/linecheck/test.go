package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
)

// testsDir is the folder beside the check files that tests are looked for in.
const testsDir = "tests"

type testOptions struct {
	runbookOptions
	tests    string
	run      []string
	format   string
	coverage string
}

// How --coverage shows: as a table, or below it as annotated source too.
const (
	coverageTable  = "table"
	coverageSource = "source"
)

func newTest(c *console) *cobra.Command {
	o := &testOptions{}
	var formats strings.Builder
	for _, f := range offline.Formats() {
		fmt.Fprintf(&formats, "  %-10s %s\n", f.Name, f.Doc)
	}
	cmd := &cobra.Command{
		Use:   "test [RUNBOOK …]",
		Short: "Run a runbook's offline tests: given these results, is this what it says?",
		Long: `Runs the tests in the folder ` + testsDir + ` beside the check files, NAME.test.hcl. Each
gives the results of probes and what must follow from them. Nothing is sent, no
time is waited for, and the environment's values of variables are not used.

  run "the gateway is switched off" {
    site = "example"

    result "check.default_gateway" { received = 0 }
    result "fact.gateway_neighbour" {
      state     = "failed"
      reachable = false
    }

    expect {
      verdict    = "fail"
      root_cause = check.default_gateway
      cause      = "gateway_down"
      status     = { smtp = "blocked" }
      explain    = "The gateway 192.0.2.1 …"
    }
  }

What a result leaves out is unknown; what no probe can observe, such as
connected = false beside connect_ms = 3, is an error. A probe that is reached
without a result fails the test, and so does a result that nothing asks for.
Results in NAME.mock.hcl beside the tests are shared: a test has those of its
own over them. With recording = "FILE" a test uses what run --record wrote
instead. In the texts … and * stand for anything.

--coverage tells which checks, causes and conditions no test has shown both
ways. A condition that can't come out one way has a comment on the line before:
  # linecheck:never-false result.found: else the check had passed

` + runbookHelp + `
Of several, the tests are those of the last, and shared results those of all.

The formats are:
` + formats.String() + `
Exit status: 0 if all tests passed; 1 if one failed; 2 if files or the command
line are wrong; 3 if there is no test to run.`,
		Example: `  linecheck test
  linecheck test ./our-checks --run 'gateway*'
  linecheck test --coverage
  linecheck test --format junit > report.xml`,
		ValidArgsFunction: completeRunbook,
		RunE:              func(_ *cobra.Command, args []string) error { return o.test(c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVar(&o.run, "run", nil, "run only the tests whose names match `PATTERN`, with … or * for anything; may be given several times")
	f.StringVar(&o.format, "format", "text", "`NAME` of the format that the results are written in")
	f.StringVar(&o.coverage, "coverage", "", "show `HOW` far the tests go: as a table, or with =source in the source as well")
	f.Lookup("coverage").NoOptDefVal = coverageTable
	f.StringVar(&o.tests, "tests", "", "`FOLDER` of tests, instead of "+testsDir+" beside the checks")
	f.StringVar(&o.sites.profiles, "sites", "", "`FILE` or folder of site profiles, instead of sites.d beside the checks")
	o.packages.flags(f)
	must(cmd.RegisterFlagCompletionFunc("run", cobra.NoFileCompletions))
	must(cmd.RegisterFlagCompletionFunc("coverage", cobra.FixedCompletions([]string{coverageTable, coverageSource}, cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("format", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, f := range offline.Formats() {
			names = append(names, cobra.CompletionWithDesc(f.Name, f.Doc))
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}))
	return cmd
}

func (o *testOptions) test(c *console, args []string) error {
	format, err := o.check()
	if err != nil {
		return err
	}
	rb, source, err := c.useRunbook(&o.runbookOptions, args)
	if err != nil {
		return err
	}
	suite, folders, diags := o.suite(c, rb, source)
	if !diags.HasErrors() && len(suite.Tests.Runs) == 0 {
		return c.noTest(fmt.Sprintf("There is no NAME.test.hcl with a run block in %s. A runbook without a test proves nothing; write one, or name the folder with --tests.", strings.Join(folders, ", ")))
	}
	var outcomes []*offline.Outcome
	if !diags.HasErrors() {
		if missed := o.missed(suite.Tests.Runs); missed != "" {
			return c.noTest(missed)
		}
		if o.coverage != "" {
			suite.Coverage = offline.NewCoverage(rb)
		}
		ctx, cancel := interruptible(0)
		defer cancel()
		outcomes, diags = suite.Run(ctx, o.match)
	}
	c.diagnose(rb.Files, diags)
	if diags.HasErrors() {
		return exitWrong
	}
	results := &offline.Results{Outcomes: outcomes, Coverage: suite.Coverage, Files: rb.Files}
	err = format.Write(c.out, results, offline.Options{Version: version, Colour: c.outTTY.colour, Source: o.coverage == coverageSource})
	if results.Failed() > 0 {
		return exitFailed
	}
	return err
}

// noTest says that nothing was tested, which must not pass.
func (c *console) noTest(detail string) error {
	c.diagnose(nil, hcl.Diagnostics{mistake("No test found", detail)})
	return exitUnproved
}

// check proves the flags that need no runbook.
func (o *testOptions) check() (offline.Format, error) {
	if o.coverage != "" && o.coverage != coverageTable && o.coverage != coverageSource {
		return offline.Format{}, mistake("Wrong value of a flag", fmt.Sprintf("--coverage=%s: write --coverage for a table, or --coverage=%s for the annotated source as well.%s",
			o.coverage, coverageSource, diagnostic.DidYouMean(o.coverage, []string{coverageTable, coverageSource})))
	}
	var names []string
	for _, f := range offline.Formats() {
		if f.Name == o.format {
			if o.coverage == coverageSource && f.Name != "text" {
				return f, mistake("Source without a reader", "--coverage=source shows in the text format only. Leave --format out, or =source.")
			}
			return f, nil
		}
		names = append(names, f.Name)
	}
	return offline.Format{}, mistake("Unknown format", fmt.Sprintf("There is no format %q.%s There is: %s.", o.format, diagnostic.DidYouMean(o.format, names), strings.Join(names, ", ")))
}

// match reports whether a test is one of those that --run names.
func (o *testOptions) match(t *rules.TestRun) bool {
	return len(o.run) == 0 || slices.ContainsFunc(o.run, func(pattern string) bool { return offline.MatchText(pattern, t.Name) })
}

// missed says which --run names no test, "" if each names one.
func (o *testOptions) missed(tests []*rules.TestRun) string {
	var names []string
	for _, t := range tests {
		names = append(names, t.Name)
	}
	for _, pattern := range o.run {
		if !slices.ContainsFunc(names, func(name string) bool { return offline.MatchText(pattern, name) }) {
			return fmt.Sprintf("None of %s is called like --run %s.%s", terminal.Count(len(names), "test"), pattern, diagnostic.DidYouMean(pattern, names))
		}
	}
	return ""
}

// suite loads the tests and the sites that they may name.
func (o *testOptions) suite(c *console, rb *rules.Runbook, source *runbookSource) (*offline.Suite, []string, hcl.Diagnostics) {
	folders := source.tests
	if o.tests != "" {
		if info, err := os.Stat(o.tests); err != nil || !info.IsDir() {
			return nil, nil, hcl.Diagnostics{mistake("No such tests", fmt.Sprintf("%s is no folder. Name one that holds NAME.test.hcl with --tests.", o.tests))}
		}
		// The shared results of the runbook hold there as well.
		folders = append(folders, rules.Overlay{Name: filepath.ToSlash(filepath.Clean(o.tests)), FS: c.folder(o.tests)})
	}
	suite := &offline.Suite{Runbook: rb, Probes: probe.All()}
	own := *source
	own.profiles, own.absent = slices.Clone(source.beside), nil // a test is about the profiles of its runbook
	for i := range own.profiles {
		own.profiles[i].FromPackage = false // nobody goes anywhere by them here
	}
	profiles, diags := o.sites.load(c, rb, &own)
	if profiles != nil {
		suite.Sites = profiles.sites
	}
	tests, more := rules.LoadTests(rb, folders...)
	suite.Tests = tests
	return suite, []string{folders[len(folders)-1].Name}, append(diags, more...)
}

// testsBeside is the folder of tests beside check files, which need not be
// there.
func testsBeside(overlay rules.Overlay) (rules.Overlay, error) {
	tests, err := fs.Sub(overlay.FS, testsDir)
	return rules.Overlay{Name: overlay.Name + "/" + testsDir, FS: tests}, err
}
