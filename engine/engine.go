// Package engine evaluates a runbook on the network: it binds a site's values,
// observes in dependency order, judges, and names the root cause.
//
// Start with [NewPlan] and [Plan.Run]:
//
//	runbook, diags := rules.Load(probe.Kinds(), overlay)
//	plan, diags := engine.NewPlan(runbook, engine.Settings{})
//	report := plan.Run(ctx, engine.Options{Probes: probe.All()})
//
// A probe kind of one's own is a value of [Probe] in Options.Probes. [Event] says
// what is told while a run goes on. Many sites, or several vantages, are what
// package survey looks at with the plans of this one.
//
// The Go types of [Report] and [Event] follow the versioned JSON report: fields
// are added, never changed, within a major version.
package engine
