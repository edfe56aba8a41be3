//go:build !linux

package probe

import "context"

// pathMTU observes nothing: only Linux shows a router's "too big" to everybody.
func pathMTU(ctx context.Context, o mtuOptions) (*mtuOutcome, error) {
	return nil, nil
}

// segmentMTU observes nothing: only Linux shows what became of a segment.
func segmentMTU(ctx context.Context, o mtuOptions) (*mtuOutcome, error) {
	return nil, nil
}
