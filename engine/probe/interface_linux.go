package probe

import (
	"context"
	"errors"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

func observeInterface(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	return interfaceKind.UnknownResult(), errors.New("interface: not observed")
}
