package probe

import (
	"context"
	"os"
)

// A rawID is the ICMP identifier of a raw socket, by which it knows the answers
// to its own requests: every raw socket is handed those of all others, too.
type rawID uint16

// maxRaw bounds the probes that use raw sockets at a time. Each socket buffers
// the answers of all, and with many of them packets are lost on the way from
// the kernel.
const maxRaw = 16

// rawIDs holds the identifiers that are free. They are drawn from the process
// number, so that two processes rarely use the same.
var rawIDs = func() chan rawID {
	ids := make(chan rawID, maxRaw)
	for i := range maxRaw {
		ids <- rawID(os.Getpid()*maxRaw + i)
	}
	return ids
}()

// takeRawID waits for a free identifier.
func takeRawID(ctx context.Context) (rawID, error) {
	select {
	case id := <-rawIDs:
		return id, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// release hands the identifier to the next who waits.
func (id rawID) release() { rawIDs <- id }

// A socketError says that a socket could not be opened, which says nothing
// about the network.
type socketError struct{ error }

func (e *socketError) Unwrap() error { return e.error }
