package survey

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/zclconf/go-cty/cty"
)

// documentation are the addresses that stand in examples and that nobody has
// (RFC 5737, 3849 and 9637).
var documentation = []netip.Prefix{
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("3fff::/20"),
}

// forDocumentation finds an address in a value that nobody has; "" for none.
func forDocumentation(v cty.Value) string {
	if v == cty.NilVal || v.ContainsMarked() || v.IsNull() || !v.IsWhollyKnown() {
		return ""
	}
	switch {
	case v.Type() == cty.String:
		text := v.AsString()
		a, err := netip.ParseAddr(strings.Trim(text, "[]"))
		if err != nil {
			return ""
		}
		a = a.Unmap().WithZone("")
		if slices.ContainsFunc(documentation, func(p netip.Prefix) bool { return p.Contains(a) }) {
			return text
		}
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			if _, el := it.Element(); forDocumentation(el) != "" {
				return forDocumentation(el)
			}
		}
	}
	return ""
}

// placeholder warns of an address of a profile that nobody has.
func placeholder(variable, address string, at hcl.Range) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagWarning, Summary: "Address for documentation", Subject: &at,
		Detail: fmt.Sprintf("%s, the value of %s, is an address for documentation: nobody has it, and what is sent to it leads nowhere. Give the site's own.", address, variable),
	}
}

// Placeholders warns of the values that a plan has from profiles and that are
// addresses which nobody has.
func Placeholders(plan *engine.Plan) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, o := range plan.Origins() {
		fromProfile := o.Layer == engine.LayerParent || o.Layer == engine.LayerSite || o.Layer == engine.LayerVantage
		if address := forDocumentation(o.Value); fromProfile && o.Range != nil && address != "" {
			diags = append(diags, placeholder(o.Variable.Name, address, *o.Range))
		}
	}
	return diags
}

// PlaceholdersIn is Placeholders for all values of a site, whether a run would use
// them or not.
func PlaceholdersIn(rb *rules.Runbook, s *rules.Site) hcl.Diagnostics {
	if rb == nil || s == nil {
		return nil
	}
	vars := slices.Clone(s.Vars)
	for _, v := range s.Vantages {
		if v != nil {
			vars = append(vars, v.Vars...)
		}
	}
	var diags hcl.Diagnostics
	for _, v := range vars {
		variable := rb.Variable(v.Name)
		if address := forDocumentation(v.Value); address != "" && variable != nil && !variable.Sensitive {
			diags = diagnostic.AppendNew(diags, hcl.Diagnostics{placeholder(v.Name, address, v.Range)})
		}
	}
	return diags
}
