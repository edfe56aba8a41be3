package netconn

import (
	"maps"
	"slices"
	"testing"
)

func TestLocalErrors(t *testing.T) {
	declared, used := slices.Sorted(slices.Values(LocalErrors)), slices.Compact(slices.Sorted(maps.Values(localErrorWords)))
	if !slices.Equal(declared, used) {
		t.Errorf("declared are %q, used %q", declared, used)
	}
}
