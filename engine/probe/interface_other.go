//go:build !linux

package probe

import (
	"context"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// observeInterface observes nothing: only Linux is asked so far.
func observeInterface(context.Context, *engine.World, engine.Query) (cty.Value, error) {
	return interfaceKind.UnknownResult(), nil
}
