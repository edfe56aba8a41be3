package probe

import (
	"context"
	"errors"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

func observeRoute(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	return routeKind.UnknownResult(), errors.New("route: not observed")
}
