package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/linecheck/linecheck/rules"
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

// run climbs and reports.
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
	climbs, sites, recording, err := o.climbs(c, rb, source)
	if err != nil {
		return err
	}
	explain, err := o.explained(rb, climbs)
	if err != nil {
		return err
	}
	if err := explainable(explain, outputs); err != nil {
		return err
	}
	if err := c.spared(files...); err != nil {
		return err
	}

	ctx, cancel := interruptible(o.timeout)
	defer cancel()
	if len(climbs) > 1 {
		collectOften()
	}
	r := o.climb(ctx, c, rb, climbs)
	c.changedSince(climbs)
	if recording != nil {
		asRecorded(r, o.replay, recording, climbs)
	}
	c.conclude(rb, r)
	addRefused(r, sites)
	addUnseen(r, sites)

	lost := append(o.writeRecording(c, rb, climbs, r),
		c.writeReport(outputs, r, report.Options{Version: version, ASCII: c.outTTY.ascii, Explain: explain})...)
	c.diagnose(nil, lost)
	code := runCode(r, o.strict)
	if lost.HasErrors() && code == exitOK {
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

// A climb is a plan and the place that it is for.
type climb struct {
	place
	plan     *engine.Plan // nil when it is done, unless it is recorded
	settings engine.Settings
	recorder *offline.Recorder
	replay   *offline.Replay // nil: the probes are run
	recorded *offline.Place  // what it replays
	// unreached is why nobody got to the place when it was recorded.
	unreached string
	others    *meeting       // of the site's vantages; nil: nobody to wait for
	report    *engine.Report // when it is done
}

// climbs are what is to be run: the places of the profiles, or those of a
// recording. The sites are those of the profiles in their order, of which some
// may be refused; the recording is nil unless one is replayed.
func (o *runOptions) climbs(c *console, rb *rules.Runbook, source *runbookSource) ([]climb, []candidate, *offline.Recording, error) {
	if o.replay != "" {
		climbs, recording, err := o.replayed(c, rb)
		return climbs, nil, recording, err
	}
	climbs, sites, err := o.plan(c, rb, source)
	return climbs, sites, nil, err
}

// plan binds the runbook to each place. What is wrong with any of them is said
// of all of them. A site with errors is refused and nothing is sent for it; the
// others are looked at all the same. Where there is no other, or what is wrong
// is the command line, nothing is sent at all.
func (o *runOptions) plan(c *console, rb *rules.Runbook, source *runbookSource) ([]climb, []candidate, error) {
	values, diags := o.values.values(c, c.environ)
	chosen, more := o.sites.chooseEach(c, rb, source)
	diags = append(diags, more...)
	stop := diags.HasErrors()
	var climbs []climb
	for i := range chosen.candidates {
		site := &chosen.candidates[i]
		if !stop && !site.wrong.HasErrors() {
			var here []climb
			if here, more = o.planSite(rb, site.places, values, climbs); more.HasErrors() {
				site.wrong = more
			} else {
				diags = appendNewDiagnostics(diags, more)
				climbs = append(climbs, here...)
			}
		}
		// What several sites inherit, or --var says, is wrong once.
		diags = appendNewDiagnostics(diags, site.wrong)
	}
	c.diagnose(rb.Files, diags)
	if len(chosen.alsoWrong) > 0 {
		fmt.Fprintf(c.err, "There are errors in profiles that are not looked at now: %s. \"linecheck validate\" shows them.\n", terminal.Names(chosen.alsoWrong))
	}
	if stop || len(climbs) == 0 {
		return nil, nil, exitWrong
	}
	return climbs, chosen.candidates, nil
}

// planSite binds the runbook to the places of one site. Others are bound already.
func (o *runOptions) planSite(rb *rules.Runbook, places []place, values []engine.Values, others []climb) ([]climb, hcl.Diagnostics) {
	var climbs []climb
	var diags hcl.Diagnostics
	for _, p := range places {
		settings := engine.Settings{Site: p.site, Vantage: p.vantage, Values: values, Only: o.only, Skip: o.skip, AllowExec: o.allowExec, AllowRead: o.readable}
		bound := settings
		if len(others) > 0 {
			bound.Beside = others[0].plan
		}
		plan, more := engine.NewPlan(rb, bound)
		diags = appendNewDiagnostics(diags, more)
		if !more.HasErrors() {
			diags = appendNewDiagnostics(diags, placeholders(plan))
		}
		climbs = append(climbs, climb{place: p, plan: plan, settings: settings})
	}
	return climbs, diags
}

// addRefused gives the sites that were refused their places in the report.
func addRefused(r *engine.Report, sites []candidate) {
	order := map[string]int{}
	for i, s := range sites {
		order[s.name] = i
		if s.wrong.HasErrors() {
			r.Sites = append(r.Sites, &engine.SiteReport{Name: s.name, Title: s.title, Refused: s.wrong})
		}
	}
	slices.SortStableFunc(r.Sites, func(a, b *engine.SiteReport) int { return order[a.Name] - order[b.Name] })
}

// appendNewDiagnostics adds those that are not there yet.
func appendNewDiagnostics(diags, more hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range more {
		if !slices.ContainsFunc(diags, func(e *hcl.Diagnostic) bool { return sameDiagnostic(d, e) }) {
			diags = append(diags, d)
		}
	}
	return diags
}

func sameDiagnostic(a, b *hcl.Diagnostic) bool {
	return a.Summary == b.Summary && a.Detail == b.Detail && (a.Subject == b.Subject || a.Subject != nil && b.Subject != nil && *a.Subject == *b.Subject)
}

// climb runs the plans side by side and makes one report of theirs.
func (o *runOptions) climb(ctx context.Context, c *console, rb *rules.Runbook, climbs []climb) *engine.Report {
	progress := c.startProgress()
	defer progress.stop()
	started := time.Now()
	reports := make([]*engine.Report, len(climbs))
	// All places share one bound on probes in flight; more places than that at
	// the same time would only wait for one another.
	inFlight := make(chan struct{}, o.parallel)
	probes := probe.All() // one set, whose pings know of each other
	var one sync.Mutex    // plans notify side by side
	runAll(batches(climbs, o.parallel > 1), o.parallel, func(cl *climb) {
		world := engine.World{
			Probes:   probes,
			Parallel: o.parallel,
			InFlight: inFlight,
			Brief:    len(o.explain) == 0,
			Notify: func(e engine.Event) {
				one.Lock()
				defer one.Unlock()
				progress.notify(cl.prefix(len(climbs)), e)
			},
		}
		if o.record != "" {
			cl.recorder = &offline.Recorder{}
			world.Observed = cl.recorder.Observe
		}
		if cl.replay != nil {
			world.Answer = cl.replay.Answer
		}
		cl.report = cl.run(ctx, rb, world)
		if cl.recorder == nil {
			cl.plan = nil // with hundreds of sites, those to come need the room
		}
	})
	for i := range climbs {
		reports[i] = climbs[i].report
	}
	return merge(reports, started, time.Since(started))
}

// prefix tells events of this climb from those of others.
func (cl climb) prefix(of int) string {
	switch {
	case of == 1 || cl.site == nil:
		return ""
	case cl.vantage == nil:
		return cl.site.Name + ":"
	default:
		return cl.site.Name + "/" + cl.vantage.Name + ":"
	}
}

// merge makes one report of those of several places, vantages of one site
// under that site.
func merge(reports []*engine.Report, started time.Time, elapsed time.Duration) *engine.Report {
	merged := &engine.Report{Runbook: reports[0].Runbook, StartedAt: started, Elapsed: elapsed}
	for _, r := range reports {
		merged.Interrupted = merged.Interrupted || r.Interrupted
		for _, s := range r.Sites {
			if n := len(merged.Sites); n > 0 && merged.Sites[n-1].Name == s.Name {
				last := merged.Sites[n-1]
				last.Vantages = append(last.Vantages, s.Vantages...)
				continue
			}
			merged.Sites = append(merged.Sites, s)
		}
	}
	return merged
}

// explained tells the checks that --explain-evidence names from the others;
// nil without the flag.
func (o *runOptions) explained(rb *rules.Runbook, climbs []climb) (func(*engine.CheckReport) bool, error) {
	if len(o.explain) == 0 {
		return nil, nil
	}
	var names []string
	for _, c := range rb.Checks {
		names = append(names, c.Address())
	}
	instances := slices.Clone(names)
	for _, cl := range climbs {
		for _, step := range cl.plan.Checks() {
			instances = append(instances, step.Address)
		}
	}
	for _, pattern := range o.explain {
		if !slices.ContainsFunc(instances, func(n string) bool { return rules.MatchAddress(pattern, n) }) {
			hint := rules.DidYouMean(rules.AddressOf(rules.RefCheck, rules.ShortAddress(pattern)), names)
			if strings.Contains(pattern, "[") {
				hint = rules.DidYouMean(pattern, instances)
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
