package probe

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// sizeUnits in the order in which they are tried: every unit that ends like
// another stands before it.
var sizeUnits = []struct {
	name  string
	bytes int64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
	{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9},
	{"B", 1}, {"", 1},
}

// parseSize reads a size in bytes: a whole number and a unit (B, KiB, MiB,
// GiB, or the decimal kB, MB, GB), with or without a space between.
func parseSize(s string) (int64, error) {
	for _, unit := range sizeUnits {
		digits, ok := strings.CutSuffix(s, unit.name)
		if !ok {
			continue
		}
		digits = strings.TrimSuffix(digits, " ")
		n, err := strconv.ParseUint(digits, 10, 63)
		if err != nil || int64(n) > math.MaxInt64/unit.bytes {
			break
		}
		return int64(n) * unit.bytes, nil
	}
	return 0, fmt.Errorf("%q is not a size such as 64KiB or 1MiB", s)
}

// sizeWithin holds sizes from least to most bytes.
func sizeWithin(least, most int64) language.Domain {
	return language.Judged(func(v cty.Value) error {
		n, err := parseSize(v.AsString())
		if err != nil {
			return fmt.Errorf(`must be a size such as "64KiB" or "1MiB", not %q`, v.AsString())
		}
		if n < least || n > most {
			return fmt.Errorf("must be from %s to %s, not %q", formatSize(least), formatSize(most), v.AsString())
		}
		return nil
	})
}

// formatSize writes a size as parseSize reads it, in the largest binary unit
// that divides it.
func formatSize(n int64) string {
	for _, unit := range []int{2, 1, 0} {
		if u := sizeUnits[unit]; n >= u.bytes && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10) + "B"
}
