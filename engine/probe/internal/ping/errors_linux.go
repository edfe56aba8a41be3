package ping

import (
	"context"
	"errors"
	"syscall"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// An errorListener hears of the ICMP errors that a ping provokes, which go-ping
// does not. Where ping sockets are allowed it sends one request of its own, before
// all others since routers report few errors, and reads its socket's error
// queue. Else it has a raw socket, sends nothing, and knows the errors about
// go-ping's requests by the identifier that both sockets share.
type errorListener struct {
	raw  bool       // ping with a raw socket
	id   icmp.RawID // and this identifier
	sent bool       // a request left this computer

	// refused is why it did not, where go-ping would not be told.
	refused error

	socket  *icmp.Socket
	release func()
}

// showsErrors: this system shows ICMP errors.
const showsErrors = true

// listenForErrors opens the listener of a ping and sends its request. release must
// be called in the end.
func listenForErrors(ctx context.Context, o Options) (*errorListener, error) {
	socket, release, err := icmp.Open(ctx, icmp.Options{Destination: o.Destination, Source: o.Source})
	if err != nil {
		return nil, err
	}
	l := &errorListener{raw: socket.Raw, id: icmp.RawID(socket.ID), socket: socket, release: release}
	if l.raw {
		return l, nil
	}
	if err := socket.SetTTL(o.TTL); err != nil {
		release()
		return nil, err
	}
	_, err = socket.Send(0, o.Size)
	l.sent = err == nil
	if errors.Is(err, syscall.EPERM) && socket.V6 {
		l.refused = err
	}
	return l, nil
}

// firstError is the first ICMP error that came. A redirect tells of no failure:
// any other error counts more. Nothing was read so far, which costs nothing: a
// socket buffers some hundred errors.
func (l *errorListener) firstError() *icmp.Error {
	var seen *icmp.Error
	l.socket.Control(func(fd int) error {
		for until := time.Now().Add(time.Second); ; {
			answer, ok := l.socket.Next(fd, until)
			if !ok {
				return nil
			}
			if answer.Err != nil && (seen == nil || seen.Name() == "redirect") {
				seen = answer.Err
			}
		}
	})
	return seen
}
