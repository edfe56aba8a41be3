//go:build !linux

package probe

import "net/netip"

// listeningSockets lists nothing: only Linux is asked so far.
func listeningSockets() (sockets []netip.AddrPort, known bool, err error) { return nil, false, nil }
