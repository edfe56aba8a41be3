package probe

import (
	"context"
	"errors"
	"syscall"
	"time"
)

// A witness hears of the ICMP errors that a ping provokes, which go-ping does
// not. Where ping sockets are allowed it sends one request of its own, before
// all others since routers report few errors, and reads its socket's error
// queue. Else it has a raw socket, sends nothing, and knows the errors about
// go-ping's requests by the identifier that both sockets share.
type witness struct {
	raw  bool  // ping with a raw socket
	id   rawID // and this identifier
	sent bool  // a request left this computer

	// refused is why it did not, where go-ping would not be told.
	refused error

	socket  *echoSocket
	release func()
}

// witnessSees: this system shows ICMP errors.
const witnessSees = true

// openWitness opens the witness of a ping and sends its request. release must
// be called in the end.
func openWitness(ctx context.Context, o pingOptions) (*witness, error) {
	socket, release, err := openAnyEcho(ctx, echoOptions{destination: o.destination, source: o.source})
	if err != nil {
		return nil, err
	}
	w := &witness{raw: socket.raw, id: rawID(socket.id), socket: socket, release: release}
	if w.raw {
		return w, nil
	}
	if err := socket.setTTL(o.ttl); err != nil {
		release()
		return nil, err
	}
	_, err = socket.send(0, o.size)
	w.sent = err == nil
	if errors.Is(err, syscall.EPERM) && socket.v6 {
		w.refused = err
	}
	return w, nil
}

// seen is the first ICMP error that came. A redirect tells of no failure: any
// other error counts more. Nothing was read so far, which costs nothing: a
// socket buffers some hundred errors.
func (w *witness) seen() *icmpError {
	var seen *icmpError
	w.socket.control(func(fd int) error {
		for until := time.Now().Add(time.Second); ; {
			answer, ok := w.socket.next(fd, until)
			if !ok {
				return nil
			}
			if answer.err != nil && (seen == nil || seen.name() == "redirect") {
				seen = answer.err
			}
		}
	})
	return seen
}
