//go:build !linux

package probe

import "context"

// A witness listens for ICMP errors on Linux. Here it only says what kind of
// socket to ping with.
type witness struct {
	raw  bool
	id   rawID
	sent bool

	refused error
}

// witnessSees: this system shows no ICMP errors.
const witnessSees = false

// openWitness takes the identifier of a raw socket where the system has no
// other kind.
func openWitness(ctx context.Context, o pingOptions) (*witness, error) {
	if !pingNeedsRaw {
		return &witness{}, nil
	}
	id, err := takeRawID(ctx)
	return &witness{raw: true, id: id}, err
}

func (w *witness) release() {
	if w.raw {
		w.id.release()
	}
}

func (w *witness) seen() *icmpError { return nil }
