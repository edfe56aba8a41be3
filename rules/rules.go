// Package rules is the check language of linecheck: it turns the HCL text of a
// runbook into typed, proved rules and runs nothing.
//
// Start with [Load]. It reads one or more overlays (each an [fs.FS] with
// *.hcl and *.hcl.json files), proves every expression against the types of
// the probe kinds that it is handed, and returns a [Runbook] together with
// everything that is wrong in [hcl.Diagnostics]. The Runbook beside an error
// holds what could be understood; it must not be run, but editors and
// formatters may use it. [LoadSites] reads the profiles of sites, and
// [Variable.Bind] gives a variable its value.
//
// The language is data: [CheckFile] and [SiteFile] say what may stand where,
// what each attribute may refer to and what it means, [Functions] what can be
// called. Loading, completion and the reference pages follow from them.
//
// The exported nouns (Runbook, Check, Fact, Cause, Site, Kind …) keep their
// meaning within a major version; the text of messages does not.
package rules
