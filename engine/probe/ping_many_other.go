//go:build !linux

package probe

import "context"

// sharedSockets are Linux's: elsewhere the kernel says of no reply when it came
// in, nor of an ICMP error which request it is about.
type sharedSockets struct{}

func (*sharedSockets) ping(context.Context, pingOptions) (*pingOutcome, error) {
	return nil, errNotShared
}
