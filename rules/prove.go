package rules

import "github.com/hashicorp/hcl/v2"

func prove(rb *Runbook) hcl.Diagnostics { return nil }
