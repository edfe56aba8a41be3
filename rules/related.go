package rules

import "github.com/hashicorp/hcl/v2"

// Related is the Extra of a diagnostic that has more than one place: where a
// name was defined first, or the edges of a cycle.
type Related []Place

// A Place is one place beside the subject of a diagnostic.
type Place struct {
	Note  string // short, without a full stop: "first defined here"
	Range hcl.Range
}
