package probe

import (
	"maps"
	"slices"
	"testing"
)

func TestKinds(t *testing.T) {
	declared, used := slices.Sorted(slices.Values(routeKindWords)), slices.Compact(slices.Sorted(maps.Values(routeKinds)))
	if !slices.Equal(declared, used) {
		t.Errorf("declared are %q, used %q", declared, used)
	}
}
