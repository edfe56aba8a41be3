package probe

import (
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// wholeNumber is an argument check: a whole number from least to most.
func wholeNumber(least, most int64) func(cty.Value) error {
	return func(v cty.Value) error {
		n, accuracy := v.AsBigFloat().Int64()
		if accuracy != big.Exact || n < least || n > most {
			return fmt.Errorf("must be a whole number from %d to %d", least, most)
		}
		return nil
	}
}

// ipAddress is an argument check: an IPv4 or IPv6 address, with a zone where
// it needs one.
func ipAddress(v cty.Value) error {
	if _, err := netip.ParseAddr(v.AsString()); err != nil {
		return fmt.Errorf("must be an IP address, not %q", v.AsString())
	}
	return nil
}

// intArg is an argument that wholeNumber has checked.
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

// oneOf is an argument check: one of words.
func oneOf(words ...string) func(cty.Value) error {
	return func(v cty.Value) error {
		if slices.Contains(words, v.AsString()) {
			return nil
		}
		quoted := make([]string, len(words))
		for i, word := range words {
			quoted[i] = strconv.Quote(word)
		}
		last := len(quoted) - 1
		return fmt.Errorf("must be %s or %s, not %q", strings.Join(quoted[:last], ", "), quoted[last], v.AsString())
	}
}
