package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
)

// An exitCode is what the program leaves to whoever started it. As an error it
// says that everything else has been said already.
type exitCode int

// The exit codes, the same in every output format.
const (
	exitOK       exitCode = 0 // all is well; warnings too
	exitFailed   exitCode = 1 // a check failed
	exitWrong    exitCode = 2 // files, a profile or the command line are wrong
	exitUnproved exitCode = 3 // something could not be observed, or nothing ran
)

// exitCodes says what the codes of a run mean, in the order in which they are
// considered.
var exitCodes = []struct {
	code exitCode
	doc  string
}{
	{exitFailed, "a check failed"},
	{exitWrong, "files, a profile or the command line are wrong"},
	{exitUnproved, "not all was observed or written, nothing ran, or --fail-on-skip"},
	{exitOK, "all is well; warnings too"},
}

// exitHelp lists the codes of a run for its help.
func exitHelp() string {
	var lines []string
	for i, e := range exitCodes {
		or := "else if "
		switch i {
		case 0:
			or = "if "
		case len(exitCodes) - 1:
			or = "else: "
		}
		lines = append(lines, fmt.Sprintf("  %d  %s%s", e.code, or, e.doc))
	}
	return strings.Join(lines, "\n")
}

func (e exitCode) Error() string { return "exit status " + strconv.Itoa(int(e)) }

// verdictCode is the exit code of a run.
func verdictCode(verdict engine.Status, failOnWarn bool) exitCode {
	switch verdict {
	case engine.Fail:
		return exitFailed
	case engine.Warn:
		if failOnWarn {
			return exitFailed
		}
		return exitOK
	case engine.Pass:
		return exitOK
	default:
		return exitUnproved
	}
}

// A strictness is what of a run that did not fail does not pass either.
type strictness struct {
	warn bool // warnings: --fail-on-warn
	skip bool // steps that have a target and were not run: --fail-on-skip
}

// runCode is the exit code of a run: a failure outweighs a site that was
// refused, which outweighs what could not be observed or was left out.
func runCode(r *engine.Report, s strictness) exitCode {
	code := verdictCode(r.Verdict(), s.warn)
	switch {
	case code == exitFailed:
	case slices.ContainsFunc(r.Sites, func(s *engine.SiteReport) bool { return s.Refused.HasErrors() }):
		return exitWrong
	case s.skip && len(leftOut(r)) > 0:
		return exitUnproved
	}
	return code
}

// leftOut are the checks that have a target, or need none, and were not run all
// the same. One that does not apply at the site is not left out.
func leftOut(r *engine.Report) []*engine.CheckReport {
	var all []*engine.CheckReport
	for _, s := range r.Sites {
		for _, v := range s.Vantages {
			for _, c := range v.Checks {
				if c.Status == engine.Skipped && c.Skip != engine.SkipNotApplicable && !c.Untargeted {
					all = append(all, c)
				}
			}
		}
	}
	return all
}

// leave says what err has to say and is the code to exit with.
func (c *console) leave(err error) int {
	var code exitCode
	var diag *hcl.Diagnostic
	var diags hcl.Diagnostics
	var lost lostError
	switch {
	case err == nil:
		return int(exitOK)
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &diags):
		c.diagnose(nil, diags)
	case errors.As(err, &diag):
		c.diagnose(nil, hcl.Diagnostics{diag})
	case errors.As(err, &lost):
		return int(exitUnproved) // said by results.exit
	default:
		c.diagnose(nil, hcl.Diagnostics{mistake(err.Error(), "")})
	}
	return int(exitWrong)
}

// mistake is an error about the command line or the files that it names.
func mistake(summary, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail}
}
