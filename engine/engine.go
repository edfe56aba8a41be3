// Package engine evaluates a runbook on the network: it binds a site's values,
// observes in dependency order, judges, and names the root cause.
//
// Start with [NewPlan] and [Plan.Run]:
//
//	runbook, diags := rules.Load(probe.Kinds(), overlay)
//	plan, diags := engine.NewPlan(runbook, engine.Settings{})
//	report := plan.Run(ctx, engine.World{Probes: probe.All()})
//
// A probe kind of one's own is a value of [Probe] in World.Probes.
// The Go types of [Report] follow the versioned JSON report: fields are added,
// never changed, within a major version.
package engine
