package report_test

import (
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// partial is a ladder of which much was left out, and of which nothing failed:
// each kind of skip, a waiver that holds and two that ran out.
func partial() *engine.Report {
	r := gatewayDown()
	skipped := func(address, layer, title string, skip engine.SkipKind, reason string) *engine.CheckReport {
		c := notRun(address, layer, title, engine.Skipped, reason)
		c.Skip = skip
		return c
	}
	over := &engine.WaiverReport{Reason: "The carrier's tunnel, ticket 42", Expires: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), Expired: true}
	lossy := passed("check.remote_subnet", "ip", "A host on a remote subnet answers", "10.2.0.25", "2 of 3 replies, 14.2 ms", ping(2, 14.21))
	lossy.Status, lossy.Cause, lossy.Waiver, lossy.Reason = engine.Warn, "packet_loss", over, "its waiver ran out on 2026-01-31 (ticket 42)"
	lossy.Explain, lossy.Remedy = "1 of 3 packets to 10.2.0.25 was lost.", "Ask the carrier for the error counters of the line."
	lossy.Untried = []string{"check.local_subnet", "check.default_gateway"}
	adapter := passed("check.adapter", "ip", "The network adapter is up", "", "eth0 up, 10.1.0.10/24", cty.NilVal)
	adapter.Waiver, adapter.Reason = over, lossy.Reason
	waived := skipped("check.path_mtu", "ip", "Large packets get through", engine.SkipWaived, "waived until 2027-01-31: The carrier's tunnel, ticket 4711")
	waived.Waived = true
	waived.Waiver = &engine.WaiverReport{Reason: "The carrier's tunnel, ticket 4711", Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)}
	r.Sites[0].Unseen = []string{"host"}
	r.Sites[0].Vantages[0].Empty = []string{"check.branch"}
	lossy.TimedOut = 2 * time.Second
	r.Sites[0].Vantages[0].Checks = []*engine.CheckReport{
		adapter,
		skipped("check.local_subnet", "ip", "A host on this subnet answers", engine.SkipNoValue, "no value for the variable subnet_host"),
		skipped("check.default_gateway", "ip", "The default gateway answers", engine.SkipFiltered, "left out by --skip default_gateway"),
		lossy, waived,
		skipped("check.dns", "ip", "The mail host's name is found", engine.SkipNotApplicable, `does not apply: "when" is false`),
		passed("check.smtp", "tcp", "The mail host greets", "mail.corp.example", "220 greeting", cty.NilVal),
		skipped("check.smtp_log", "log", "The greeting is in the log", engine.SkipNotApplicable, "no value for the variable smtp_log"),
		passed("check.web", "web", "The web site answers", "www.corp.example", "connected", cty.NilVal),
		skipped("check.web_again", "web", "The web site answers twice", engine.SkipUpstream, "its target is not known, because check.dns was skipped"),
		skipped("check.ntp", "ntp", "The clock is right", engine.SkipNotAllowed, "runs a command, which nobody has allowed (--allow-exec)"),
	}
	return r
}

// replayed is a recording that was judged again.
func replayed() *engine.Report {
	r := partial()
	r.Replayed = &engine.Replayed{
		File: "dublin.jsonl", RecordedAt: r.StartedAt, Linecheck: "0.4.0", Interrupted: true,
		Runbook: engine.RunbookInfo{Name: "mail-gateway", Version: "0.0.9"},
	}
	return r
}
