//go:build !linux

package probe

import "net"

// otherEndIsHere is not to be found out here: no table of the sockets is open
// to everybody.
func otherEndIsHere(net.Conn) bool { return false }
