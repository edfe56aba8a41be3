package probe

import (
	"fmt"
	"net/netip"

	"github.com/zclconf/go-cty/cty"
)

// ipAddress is an argument check: an IPv4 or IPv6 address, with a zone where
// it needs one.
func ipAddress(v cty.Value) error {
	if _, err := netip.ParseAddr(v.AsString()); err != nil {
		return fmt.Errorf("must be an IP address, not %q", v.AsString())
	}
	return nil
}

// intArg is an argument of rules.WholeBetween.
func intArg(v cty.Value) int {
	n, _ := v.AsBigFloat().Int64()
	return int(n)
}

// stringArg is a string argument, "" where it was left out.
func stringArg(v cty.Value) string {
	if v == cty.NilVal || v.IsNull() {
		return ""
	}
	return v.AsString()
}
