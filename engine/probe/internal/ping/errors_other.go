//go:build !linux

package ping

import (
	"context"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// An errorListener listens for ICMP errors on Linux. Here it only says what kind
// of socket to ping with.
type errorListener struct {
	raw  bool
	id   icmp.RawID
	sent bool

	refused error
}

// showsErrors: this system shows no ICMP errors.
const showsErrors = false

// listenForErrors takes the identifier of a raw socket where the system has no
// other kind.
func listenForErrors(ctx context.Context, o Options) (*errorListener, error) {
	if !pingNeedsRaw {
		return &errorListener{}, nil
	}
	id, err := icmp.TakeRawID(ctx)
	return &errorListener{raw: true, id: id}, err
}

func (l *errorListener) release() {
	if l.raw {
		l.id.Release()
	}
}

func (l *errorListener) firstError() *icmp.Error { return nil }
