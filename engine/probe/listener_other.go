//go:build !linux

package probe

import (
	"errors"
	"net/netip"
)

// listeningSockets lists nothing: only Linux is asked so far.
func listeningSockets() ([]netip.AddrPort, error) { return nil, errors.ErrUnsupported }
