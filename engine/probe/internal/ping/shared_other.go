//go:build !linux

package ping

import "context"

// sharedSockets are Linux's: elsewhere the kernel says of no reply when it came
// in, nor of an ICMP error which request it is about.
type sharedSockets struct{}

func (*sharedSockets) ping(context.Context, Options) (*Outcome, error) {
	return nil, errNotShared
}
