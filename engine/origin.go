package engine

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// Layer names what a value lies in. The zero value is invalid.
type Layer string

// The layers, the weakest first.
const (
	LayerDefault Layer = "default" // of the runbook's variable block
	LayerParent  Layer = "parent"  // a profile that the site's extends
	LayerSite    Layer = "site"    // the site's own profile
	LayerVantage Layer = "vantage" // the vantage's part of a profile
	LayerGiven   Layer = "given"   // beside the profile: see Settings.Values
)

// A VarOrigin is the value of a variable and where it comes from.
type VarOrigin struct {
	Variable *rules.Variable
	Value    cty.Value // marked where it is sensitive
	Layer    Layer
	// Name is that of the profile that the value stands in, and of Values what
	// their Origin says; "" for a default.
	Name string
	// Range is where it stands; nil where that is not in a file.
	Range *hcl.Range
}

// Origins says of each variable where its value comes from, in the order of
// the runbook.
func (p *Plan) Origins() []VarOrigin {
	if p.runbook == nil { // no NewPlan made it
		return nil
	}
	origins := make([]VarOrigin, 0, len(p.runbook.Variables))
	for _, v := range p.runbook.Variables {
		o := VarOrigin{Variable: v, Value: p.vars[v.Name], Layer: LayerDefault, Range: &v.DeclRange}
		if g, isGiven := p.given[v.Name]; isGiven {
			o.Layer, o.Name, o.Range = g.layer, g.name, nil
			if g.at != (hcl.Range{}) {
				o.Range = &g.at
			}
		}
		origins = append(origins, o)
	}
	return origins
}
