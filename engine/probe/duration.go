package probe

import (
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// durationFrom is an argument check: a duration like "200ms" from least to most.
func durationFrom(least, most time.Duration) func(cty.Value) error {
	return func(v cty.Value) error {
		d, err := time.ParseDuration(v.AsString())
		if err != nil || d < least || d > most {
			return fmt.Errorf(`must be a duration from %s to %s, such as "200ms" or "2s", not %q`, least, most, v.AsString())
		}
		return nil
	}
}

// durationArg is an argument that durationFrom has checked.
func durationArg(v cty.Value) time.Duration {
	d, _ := time.ParseDuration(v.AsString())
	return d
}
