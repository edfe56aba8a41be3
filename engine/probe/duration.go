package probe

import (
	"time"

	"github.com/zclconf/go-cty/cty"
)

// durationArg is an argument of rules.DurationBetween.
func durationArg(v cty.Value) time.Duration {
	d, _ := time.ParseDuration(v.AsString())
	return d
}
