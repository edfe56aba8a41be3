//go:build !linux

package netconn

import (
	"net"
	"syscall"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// receivesErrors: only Linux hands on the ICMP errors of UDP packets with
// their senders; elsewhere a refusal is all that is heard of them.
const ReceivesICMP = false

func ReceiveICMP(string, string, syscall.RawConn) error { return nil }

func LastICMP(net.Conn) *icmp.Error { return nil }
