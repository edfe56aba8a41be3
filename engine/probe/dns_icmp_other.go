//go:build !linux

package probe

import (
	"net"
	"syscall"
)

// receivesErrors: only Linux hands on the ICMP errors of UDP packets with
// their senders; elsewhere a refusal is all that is heard of them.
const receivesErrors = false

func receiveErrors(string, string, syscall.RawConn) error { return nil }

func lastICMPError(net.Conn) *icmpError { return nil }
