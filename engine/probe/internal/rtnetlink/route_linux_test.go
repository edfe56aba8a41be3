package rtnetlink

import (
	"maps"
	"slices"
	"testing"
)

func TestKinds(t *testing.T) {
	declared, used := slices.Sorted(slices.Values(Kinds)), slices.Compact(slices.Sorted(maps.Values(kindWords)))
	if !slices.Equal(declared, used) {
		t.Errorf("declared are %q, used %q", declared, used)
	}
}
