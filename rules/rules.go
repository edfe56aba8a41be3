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
// What the language consists of stands in package language, as data; what an
// expression is and how it is evaluated in package expression. The parts of this
// package are the nouns (runbook.go), loading (load.go, import.go, decode.go), the
// proof of a whole runbook (prove.go, view.go, names.go, graph.go), profiles of
// sites (site.go) and tests (testfile.go).
//
// The exported nouns (Runbook, Check, Fact, Cause, Site …) keep their meaning
// within a major version; the text of messages does not.
package rules
