package icmp

import (
	"context"
	"os"
)

// A RawID is the ICMP identifier of a raw socket, by which it knows the answers
// to its own requests: every raw socket is handed those of all others, too.
type RawID uint16

// maxRaw bounds the probes that use raw sockets at a time. Each socket buffers
// the answers of all, and with many of them packets are lost on the way from
// the kernel.
const maxRaw = 16

// rawIDs holds the identifiers that are free. They are drawn from the process
// number, so that two processes rarely use the same.
var rawIDs = func() chan RawID {
	ids := make(chan RawID, maxRaw)
	for i := range maxRaw {
		ids <- RawID(os.Getpid()*maxRaw + i)
	}
	return ids
}()

// TakeRawID waits for a free identifier.
func TakeRawID(ctx context.Context) (RawID, error) {
	select {
	case id := <-rawIDs:
		return id, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Release hands the identifier to the next who waits.
func (id RawID) Release() { rawIDs <- id }

// A SocketError says that a socket could not be opened, which says nothing
// about the network.
type SocketError struct{ error }

// Unwrap is what the system said.
func (e *SocketError) Unwrap() error { return e.error }
