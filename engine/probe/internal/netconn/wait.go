package netconn

import (
	"context"
	"errors"
	"net"
	"time"
)

// minSilence is how long nothing must have come before a deadline of the
// check, shorter than the probe's own patience, may be called silence: a
// round trip around the earth and one retransmission of TCP's (RFC 6298, 2.1)
// fit in. Cut off sooner, a probe knows nothing.
const minSilence = time.Second

// SilenceCounts reports whether a wait that ctx ended means that the other
// side stayed silent: the check's time is over, and the wait was long enough.
// After an interrupt it never is.
func SilenceCounts(ctx context.Context, began time.Time) bool {
	return errors.Is(ctx.Err(), context.DeadlineExceeded) && time.Since(began) >= minSilence
}

// Interruptible lets ctx end every wait on conn; stop ends that.
func Interruptible(ctx context.Context, conn net.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() { conn.SetDeadline(Past) })
}

// SetDeadline gives the next waits on conn so much time, or none if ctx has
// ended.
func SetDeadline(ctx context.Context, conn net.Conn, patience time.Duration) {
	conn.SetDeadline(time.Now().Add(patience))
	// If ctx ended a moment ago, the line above has undone what interruptible
	// did.
	if ctx.Err() != nil {
		conn.SetDeadline(Past)
	}
}

// Past is a deadline that is over.
var Past = time.Unix(1, 0)

// IsTimeout reports whether err says that a deadline passed.
func IsTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
