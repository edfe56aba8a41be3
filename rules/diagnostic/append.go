package diagnostic

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// AppendNew adds the diagnostics that are not there yet, told by their words and
// their place.
func AppendNew(diags, more hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range more {
		if !slices.ContainsFunc(diags, func(e *hcl.Diagnostic) bool { return same(d, e) }) {
			diags = append(diags, d)
		}
	}
	return diags
}

func same(a, b *hcl.Diagnostic) bool {
	return a.Summary == b.Summary && a.Detail == b.Detail && (a.Subject == b.Subject || a.Subject != nil && b.Subject != nil && *a.Subject == *b.Subject)
}
