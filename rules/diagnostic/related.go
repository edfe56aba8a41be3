package diagnostic

import "github.com/hashicorp/hcl/v2"

// Related is the Extra of a diagnostic that has more than one place: where a
// name was defined first, or the edges of a cycle.
type Related []Place

// A Place is one place beside the subject of a diagnostic.
type Place struct {
	Note  string // short, without a full stop: "first defined here"
	Range hcl.Range
}

// Confidential is the Extra of a diagnostic about a secret: its place may be
// named, but what stands there must not be quoted. It wraps the Extra that the
// diagnostic has besides.
type Confidential struct{ Extra any }

// UnwrapDiagnosticExtra implements hcl.DiagnosticExtraUnwrapper.
func (c Confidential) UnwrapDiagnosticExtra() any { return c.Extra }
