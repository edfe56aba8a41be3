package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/linecheck/linecheck/engine/survey"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
)

type runOptions struct {
	runbookOptions
	values     valueOptions
	only, skip []string
	formats    []string
	parallel   int
	timeout    time.Duration
	allowExec  bool
	allowRead  []string
	readable   []string // allowRead as engine.Settings has it
	strict     strictness
	explain    []string
	record     string
	replay     string
}

// everyCheck is what --explain-evidence means without an address.
const everyCheck = "*"

func newRun(c *console) *cobra.Command {
	o := &runOptions{}
	cmd := &cobra.Command{
		Use:   "run [RUNBOOK …]",
		Short: "Climb the ladder and say which rung is broken, and why",
		Long: `Runs the checks of a runbook in the order of what they depend on, stops
climbing where a rung gives way, and names the root cause with its evidence.

` + runbookHelp + `

` + trustHelp + `

Values of variables come, the later the stronger, from the runbook's defaults,
the site's profile, its vantage, the environment (` + envPrefix + `NAME),
--var-file and --var. A check without a value for its target is skipped and
says so.

A file is read only where such a value is its path (one that came with a package
or stands in a check file does not count), or --allow-read names it, or a folder
above it: one that only another computer has ends with a slash.

A site's vantages are looked from at the same time. For one with "via" in the
profile, such as ["ssh", "admin@10.2.0.25"], linecheck is started on that
computer behind the command (which can't ask for a password: use a key) and
observes from there; the checks stay here. One that can't be reached is an error
in the command's own words and leaves the others' verdicts as they are.

The report goes to standard output. Its formats:
` + formatHelp() + `
Before anything is sent it is proved that each file of --format and --record can
be written, that no two are one, and that none is read here. One that is there
keeps its mode and owner; a link to it stays a link. What is read are regular
files, and pipes of the shell's where a flag names them: --var-file <(command).

Exit status:
` + exitHelp(),
		Example: `  linecheck run --var mail_host=mail.corp.example --var remote_host=10.2.0.25
  linecheck run --site dublin --from gateway
  linecheck run --site 'emea-*' --format json=report.json --format text
  linecheck run embedded ./our-checks --only check.smtp
  linecheck run mail-line-1.0.0.oci.tar --trusted-keys ./keys
  linecheck run --explain-evidence=check.default_gateway
  linecheck run --record today.jsonl
  linecheck run --replay today.jsonl ./our-checks`,
		ValidArgsFunction: completeRunbook,
		RunE:              func(_ *cobra.Command, args []string) error { return o.run(c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVar(&o.sites.names, "site", nil, "site to look at, a `NAME`, a glob or all; repeatable")
	f.StringVar(&o.sites.profiles, "sites", "", "site profiles, a `FILE` or folder, in place of sites.d")
	f.StringVar(&o.sites.from, "from", "", "look only from this `VANTAGE` of the site, which is this computer")
	o.values.flags(f)
	f.StringArrayVar(&o.only, "only", nil, "run only this check and what it reads, an `ADDRESS`, glob or tag:NAME; repeatable")
	f.StringArrayVar(&o.skip, "skip", nil, "leave this check out, an `ADDRESS`, glob or tag:NAME; repeatable")
	f.StringArrayVar(&o.formats, "format", nil, "write the report as `NAME[=FILE]`; repeatable (default text)")
	f.IntVar(&o.parallel, "parallel", engine.DefaultParallel, "most probes in flight at the same time, a `NUMBER`")
	f.DurationVar(&o.timeout, "timeout", 0, "end the run after this `DURATION` (30s, 2m) and report what is known")
	f.BoolVar(&o.allowExec, "allow-exec", false, "let checks run commands (probe \"exec\"); without it they are skipped")
	f.StringArrayVar(&o.allowRead, "allow-read", nil, "let checks read this file, or everything below this folder (probe \"log\"), a `PATH`; repeatable")
	f.BoolVar(&o.strict.warn, "fail-on-warn", false, "exit with status 1 on warnings too")
	f.BoolVar(&o.strict.skip, "fail-on-skip", false, "exit with status 3 where a check that has a target was not run")
	f.StringArrayVar(&o.explain, "explain-evidence", nil, "show all that was observed and how each condition came out, of one check (=`ADDRESS`) or all; repeatable")
	f.Lookup("explain-evidence").NoOptDefVal = everyCheck
	f.StringVar(&o.record, "record", "", "write what is observed to a `FILE`, without what is sensitive")
	f.StringVar(&o.replay, "replay", "", "send nothing: judge what a `FILE` of --record holds, with its values")
	o.packages.flags(f)
	o.complete(c, cmd)
	return cmd
}

// run looks and reports.
func (o *runOptions) run(c *console, args []string) error {
	outputs, files, err := o.check(c)
	if err != nil {
		return err
	}
	if most := mostParallel(); o.parallel > most {
		fmt.Fprintf(c.err, "--parallel %d: %d are in flight at most, %d for each processor, lest it be measured how busy this computer is.\n", o.parallel, most, parallelEach)
		o.parallel = most
	}
	rb, source, err := c.useRunbook(&o.runbookOptions, args)
	if err != nil {
		return err
	}
	sites, err := o.survey(c, rb, source)
	if err != nil {
		return err
	}
	places := sites.Places()
	explain, err := o.explained(rb, places)
	if err != nil {
		return err
	}
	if err := explainable(explain, outputs); err != nil {
		return err
	}
	if err := c.refuseInputs(files...); err != nil {
		return err
	}

	ctx, cancel := interruptible(o.timeout)
	defer cancel()
	if len(places) > 1 {
		collectOften()
	}
	options := survey.Options{Options: engine.Options{Probes: probe.All(), Parallel: o.parallel}, Version: version}
	if o.record != "" {
		options.Recording = &offline.Recording{}
	}
	r, diags := c.runShown(ctx, sites, options)
	c.diagnose(rb.Files, diags)

	var lost hcl.Diagnostics
	if !diags.HasErrors() {
		lost = o.writeRecording(c, options.Recording)
	}
	lost = append(lost, c.writeReport(outputs, r, report.Options{Version: version, ASCII: c.outTTY.ascii, Explain: explain})...)
	c.diagnose(nil, lost)
	code := runCode(r, o.strict)
	if (lost.HasErrors() || diags.HasErrors()) && code == exitOK {
		return exitUnproved // a failure found outweighs one of ours
	}
	return code
}

// parallelEach bounds the probes in flight for each processor. With four times
// as many a thousand sites took no less time, and answers waited so long to be
// read that DNS servers and mail hosts were called slow.
const parallelEach = 128

// mostParallel is the largest --parallel that is heeded; the usual one always is.
func mostParallel() int { return max(engine.DefaultParallel, parallelEach*runtime.GOMAXPROCS(0)) }

// survey binds the runbook to the sites of the profiles, or to the places of a
// recording. What is wrong with any of them is said of all of them. Where there is
// nothing else, or what is wrong is the command line, nothing is sent at all.
func (o *runOptions) survey(c *console, rb *rules.Runbook, source *runbookSource) (*survey.Survey, error) {
	if o.replay != "" {
		return o.replayed(c, rb)
	}
	values, diags := o.values.values(c, c.environ)
	chosen, more := o.sites.choose(c, rb, source)
	diags = append(diags, more...)
	if diags.HasErrors() {
		for _, s := range chosen.sites {
			if s != nil {
				diags = diagnostic.AppendNew(diags, s.Problems)
			}
		}
		o.refuse(c, rb, chosen, diags)
		return nil, exitWrong
	}
	sites, more := survey.New(rb, chosen.sites, survey.Settings{
		From: o.sites.from, Values: values, Only: o.only, Skip: o.skip, AllowExec: o.allowExec, AllowRead: o.readable,
	})
	o.refuse(c, rb, chosen, diagnostic.AppendNew(diags, more))
	if len(sites.Places()) == 0 {
		return nil, exitWrong
	}
	return sites, nil
}

// refuse says what is wrong with the sites that were chosen, and with others.
func (o *runOptions) refuse(c *console, rb *rules.Runbook, chosen choice, diags hcl.Diagnostics) {
	c.diagnose(rb.Files, diags)
	if len(chosen.alsoWrong) > 0 {
		fmt.Fprintf(c.err, "There are errors in profiles that are not looked at now: %s. \"linecheck validate\" shows them.\n", terminal.Names(chosen.alsoWrong))
	}
}

// explained tells the checks that --explain-evidence names from the others;
// nil without the flag.
func (o *runOptions) explained(rb *rules.Runbook, places []*survey.Place) (func(*engine.CheckReport) bool, error) {
	if len(o.explain) == 0 {
		return nil, nil
	}
	var names []string
	for _, c := range rb.Checks {
		names = append(names, c.Address())
	}
	instances := slices.Clone(names)
	for _, p := range places {
		for _, step := range p.Plan().Checks() {
			instances = append(instances, step.Address)
		}
	}
	for _, pattern := range o.explain {
		if !slices.ContainsFunc(instances, func(n string) bool { return rules.MatchAddress(pattern, n) }) {
			hint := diagnostic.DidYouMean(expression.AddressOf(language.RefCheck, rules.ShortAddress(pattern)), names)
			if strings.Contains(pattern, "[") {
				hint = diagnostic.DidYouMean(pattern, instances)
			}
			return nil, mistake("Unknown check", fmt.Sprintf("--explain-evidence=%s names no check of this runbook.%s", pattern, hint))
		}
	}
	return func(c *engine.CheckReport) bool {
		return slices.ContainsFunc(o.explain, func(pattern string) bool { return rules.MatchAddress(pattern, c.Address) })
	}, nil
}

// explainable refuses an explanation that no output would show.
func explainable(explain func(*engine.CheckReport) bool, outputs []output) error {
	if explain == nil || slices.ContainsFunc(outputs, func(o output) bool { return o.format.Name == "text" }) {
		return nil
	}
	return mistake("Explanation without a reader", "--explain-evidence shows in the text format only. Add --format text, with =FILE if another format is on standard output.")
}
