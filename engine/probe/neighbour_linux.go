package probe

import (
	"context"
	"errors"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

func observeNeighbour(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	return neighbourKind.UnknownResult(), errors.New("neighbour: not observed")
}
