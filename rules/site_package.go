package rules

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
)

// Refusals say what in a profile that came with a package has no force there:
// a command that reaches a vantage, unless one vantage is named (from) as which
// this computer looks itself, and keys that are to be trusted. Whoever packed
// the profile does not decide that for this computer. There are none of a
// profile that lies outside of packages.
func (s *Site) Refusals(from string) hcl.Diagnostics {
	const remedy = "Read the profile, and copy it to ./sites.d if that is what you want: a profile of your own stands in the place of the package's."
	var diags hcl.Diagnostics
	if !s.FromPackage {
		return nil
	}
	if s.TrustedKeys != "" {
		diags = append(diags, diagnostic.ErrorAt(s.TrustedKeysRange, "Trusted keys in a package's profile",
			"This profile came with a package, which may not name the keys that this computer trusts. %s", remedy))
	}
	for _, v := range s.Vantages {
		if len(v.Via) > 0 && from == "" {
			diags = append(diags, diagnostic.ErrorAt(v.ViaRange, "Command in a package's profile",
				"This profile came with a package, which may not name a command that this computer starts, as via does to reach vantage %q. %s On the computer that is the vantage, --from %s needs no command.",
				v.Name, remedy, ShellQuote(v.Name)))
		}
	}
	return diags
}
