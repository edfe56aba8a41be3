//go:build !linux

package probe

import "context"

// trace observes nothing: only Linux shows the errors that a trace lives on to
// everybody.
func trace(ctx context.Context, o traceOptions) (*traceOutcome, error) {
	return nil, nil
}

// reversePathDrops are not counted: only Linux shows them to everybody.
func reversePathDrops() (count uint64, ok bool) { return 0, false }
