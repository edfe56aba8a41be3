// Package checks embeds the shipped runbook: the ladder from a mail gateway to
// its mail host, and an example site.
//
// [FS] is what `linecheck run` uses where no other runbook is found, and what
// an embedder hands to rules.Load.
package checks

import "embed"

// FS holds the check files, the example profile below sites.d, and the tests.
//
//go:embed *.hcl sites.d/*.hcl tests/*.hcl
var FS embed.FS
