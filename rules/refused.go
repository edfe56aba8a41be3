package rules

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
)

// Refused says why a runbook can't be planned, linted or printed: there is none,
// [Load] did not make it, or Load found errors in it, beside which it holds only
// what could be understood. It is nil for a runbook that was proved.
func (rb *Runbook) Refused() hcl.Diagnostics {
	switch {
	case rb == nil:
		return hcl.Diagnostics{diagnostic.Error("No runbook", "A runbook is needed here, and there is none. Hand over the one that rules.Load returns.")}
	case rb.proved:
		return nil
	}
	return hcl.Diagnostics{diagnostic.Error("Runbook not proved", "This runbook was not made by rules.Load, or has errors, which Load returns beside it: what stands in it is not all there is, and can't be relied on. Put the errors right first.")}
}

// unread refuses a runbook that no file was read for, and that nothing can be
// held against therefore.
func (rb *Runbook) unread() hcl.Diagnostics {
	if rb != nil && rb.Files != nil {
		return nil
	}
	return rb.Refused()
}
