package report_test

import (
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

const ms = time.Millisecond

func str(s string) cty.Value  { return cty.StringVal(s) }
func num(n float64) cty.Value { return cty.NumberFloatVal(n) }

func at(line int) hcl.Range {
	return hcl.Range{Filename: "checks.d/20-ip.hcl", Start: hcl.Pos{Line: line, Column: 1}}
}

// ping is the result of a ping that sent three.
func ping(received int64, avg float64) cty.Value {
	rtt := num(avg)
	if received == 0 {
		rtt = cty.NullVal(cty.Number)
	}
	return cty.ObjectVal(map[string]cty.Value{
		"sent":       num(3),
		"received":   cty.NumberIntVal(received),
		"loss_pct":   num(float64(3-received) * 100 / 3),
		"rtt_avg_ms": rtt,
		"address":    cty.UnknownVal(cty.String),
		"icmp":       cty.ObjectVal(map[string]cty.Value{"code": cty.NullVal(cty.Number), "sender": cty.UnknownVal(cty.String)}),
	})
}

func passed(address, layer, title, target, summary string, result cty.Value) *engine.CheckReport {
	return &engine.CheckReport{
		Address: address, Layer: layer, Title: title, Kind: "ping", Status: engine.Pass,
		Target: str(target), Result: result, Summary: summary,
		Attempts: 1, Elapsed: 412 * ms, Range: at(3),
	}
}

func notRun(address, layer, title string, status engine.Status, reason string, by ...string) *engine.CheckReport {
	return &engine.CheckReport{
		Address: address, Layer: layer, Title: title, Kind: "ping", Status: status,
		Target: cty.NullVal(cty.String), Reason: reason, BlockedBy: by, Range: at(60),
	}
}

// gatewayDown is a ladder that broke at the default gateway.
func gatewayDown() *engine.Report {
	gateway := &engine.CheckReport{
		Address: "check.default_gateway", Layer: "ip", Title: "The default gateway answers", Kind: "ping",
		Status: engine.Fail, Target: str("10.1.0.1"), Result: ping(0, 0), Summary: "0 of 3 replies",
		Cause:   "gateway_down",
		Explain: "10.1.0.1 does not answer, not even to the question for its hardware address: the gateway is off, or it is not connected to this subnet.",
		Remedy:  "Look at the router itself: is it powered, and does the light of its port to this subnet shine?",
		Evidence: []engine.Evidence{
			{Ref: "result.received", Value: num(0)},
			{Ref: "fact.gateway_neighbour.state", Value: str("failed")},
		},
		NotRuledOut: []engine.Doubt{{
			Cause:   "gateway_filters_ping",
			Explain: "The gateway forwards traffic but does not answer pings itself.",
			Missing: []string{"fact.beyond.received"},
		}},
		Blocks:   []string{"check.remote_subnet", "check.dns", "check.smtp", "check.smtp_log"},
		Attempts: 1, Started: 801 * ms, Elapsed: 3402 * ms, Range: at(48),
		Evaluations: []engine.Evaluation{
			{Name: "pass", Outcome: "false", Evidence: []engine.Evidence{{Ref: "result.received", Value: num(0)}}},
			{Name: "gateway_address_wrong", Outcome: "false", Evidence: []engine.Evidence{{Ref: "fact.way_out.on_link", Value: cty.True}}},
			{Name: "gateway_down", Outcome: "true", Evidence: []engine.Evidence{
				{Ref: "result.received", Value: num(0)}, {Ref: "fact.gateway_neighbour.state", Value: str("failed")}}},
			{Name: "gateway_filters_ping", Outcome: "unknown", Evidence: []engine.Evidence{{Ref: "fact.beyond.received", Value: cty.UnknownVal(cty.Number)}}},
		},
	}
	by := gateway.Address
	return &engine.Report{
		Runbook:   engine.RunbookInfo{Name: "mail-gateway", Title: "From the mail gateway to the mail host", Version: "0.1.0", Overlays: []string{"checks.d"}},
		StartedAt: sampleStart,
		Elapsed:   4213 * ms,
		Sites: []*engine.SiteReport{{Name: "dublin", Title: "Dublin branch", Vantages: []*engine.VantageReport{{
			Name:      "gateway",
			StartedAt: sampleStart,
			Elapsed:   4213 * ms,
			Checks: []*engine.CheckReport{
				passed("check.loopback", "ip", "The loopback address answers", "127.0.0.1", "3 of 3 replies, 0.04 ms", ping(3, 0.041)),
				passed("check.adapter", "ip", "The network adapter is up", "", "eth0 up, 10.1.0.10/24", cty.NilVal),
				passed("check.local_subnet", "ip", "A host on this subnet answers", "10.1.0.20", "3 of 3 replies, 0.21 ms", ping(3, 0.2123456789)),
				gateway,
				notRun("check.remote_subnet", "ip", "A host on a remote subnet answers", engine.Blocked, "", by),
				notRun("check.dns", "ip", "The mail host's name is found", engine.Blocked, "", by),
				notRun("check.smtp", "tcp", "The mail host greets", engine.Blocked, "", by),
				notRun("check.path_mtu", "ip", "Large packets get through", engine.Skipped, "waived until 2027-01-31: The carrier's tunnel, ticket 4711"),
				notRun("check.smtp_log", "tcp", "The greeting is in the log", engine.Skipped, "var.smtp_log has no value"),
			},
			Facts: []*engine.FactReport{
				{Address: "fact.gateway_neighbour", Kind: "neighbour", Target: str("10.1.0.1"), Result: cty.ObjectVal(map[string]cty.Value{
					"state": str("failed"), "mac": cty.NullVal(cty.String), "waited_ms": num(3012.25)})},
				{Address: "fact.beyond", Kind: "ping", Target: str("10.2.0.25"), Result: cty.DynamicVal, Problem: "timed out"},
			},
		}}}},
	}
}

// sampleStart is when the samples began.
var sampleStart = time.Date(2026, 11, 24, 14, 3, 11, 0, time.UTC)

// severalSites are one that passes, one that warns from one of two vantages,
// and the broken one.
func severalSites() *engine.Report {
	r := gatewayDown()
	cork := &engine.SiteReport{Name: "cork", Title: "Cork office", Vantages: []*engine.VantageReport{{
		Name: "local", StartedAt: sampleStart, Elapsed: 900 * ms,
		Checks: []*engine.CheckReport{passed("check.loopback", "ip", "The loopback address answers", "127.0.0.1", "3 of 3 replies, 0.04 ms", ping(3, 0.041))},
	}}}
	lossy := passed("check.remote_subnet", "ip", "A host on a remote subnet answers", "10.2.0.25", "2 of 3 replies, 14.2 ms", ping(2, 14.21))
	lossy.Status, lossy.Cause = engine.Warn, "packet_loss"
	lossy.Explain = "1 of 3 packets to 10.2.0.25 was lost."
	lossy.Remedy = "Ask the carrier for the error counters of the line."
	galway := &engine.SiteReport{
		Name: "galway",
		Conclusions: []*engine.ConclusionReport{{
			Name: "one_way_out", Explain: "The way to the host is lossy, the way back is not.", Remedy: "Look at this side's line first.",
			Evidence: []engine.Evidence{{Ref: "vantage.gateway.check.remote_subnet.result.received", Value: num(2)}},
		}},
		Vantages: []*engine.VantageReport{
			{Name: "gateway", StartedAt: sampleStart, Elapsed: 900 * ms, Checks: []*engine.CheckReport{lossy}},
			{Name: "host", StartedAt: sampleStart.Add(12 * ms), Elapsed: 800 * ms, Checks: []*engine.CheckReport{passed("check.remote_subnet", "ip", "A host on a remote subnet answers", "10.1.0.10", "3 of 3 replies, 14.2 ms", ping(3, 14.21))}},
		},
	}
	lyon := &engine.SiteReport{Name: "lyon", Refused: hcl.Diagnostics{{
		Severity: hcl.DiagError, Summary: "Unknown variable", Detail: `The runbook has no variable "mail_hots". Did you mean "mail_host"?`,
		Subject: &hcl.Range{Filename: "sites.d/lyon.hcl", Start: hcl.Pos{Line: 3, Column: 5}},
	}, {
		Severity: hcl.DiagError, Summary: "Value of no place", Detail: "It comes from --var.",
	}}}
	r.Sites[0].Vantages[0].Checks[6].Waived = true
	r.Sites = []*engine.SiteReport{cork, galway, r.Sites[0], lyon}
	return r
}

// interrupted is a ladder that somebody did not wait for.
func interrupted() *engine.Report {
	r := gatewayDown()
	v := r.Sites[0].Vantages[0]
	v.Checks = v.Checks[:4]
	c := notRun("check.default_gateway", "ip", "The default gateway answers", engine.Error, "interrupted after 1.2 s")
	c.Interrupted = true
	v.Checks[3] = c
	r.Interrupted = true
	return r
}

// nothingRan is a ladder without a value to start from.
func nothingRan() *engine.Report {
	r := gatewayDown()
	r.Runbook.Title = ""
	r.Sites = []*engine.SiteReport{{Name: "local", Vantages: []*engine.VantageReport{{
		Name:   "local",
		Checks: []*engine.CheckReport{notRun("check.local_subnet", "", "", engine.Skipped, "var.subnet_host has no value")},
	}}}}
	return r
}
