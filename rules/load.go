package rules

import (
	"io/fs"

	"github.com/hashicorp/hcl/v2"
)

// An Overlay is one folder of check files.
type Overlay struct {
	// Name stands before the file names in diagnostics and says in reports
	// where a block came from: a path, or "embedded".
	Name string
	FS   fs.FS
}

type index struct {
	checks map[string]*Check
	facts  map[string]*Fact
}

// Load reads the check files of overlays, the later laid over the earlier, and
// proves them against kinds.
func Load(kinds []*Kind, overlays ...Overlay) (*Runbook, hcl.Diagnostics) {
	return &Runbook{}, nil
}

// LoadSites reads the site profiles of a folder (or of the one file that fsys
// holds) and proves their values against the runbook's variables.
func LoadSites(rb *Runbook, source Overlay) ([]*Site, hcl.Diagnostics) {
	return nil, nil
}
