//go:build !linux

package netconn

import (
	"net"
	"syscall"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// ReceivesICMP: only Linux hands on the ICMP errors of UDP packets with
// their senders; elsewhere a refusal is all that is heard of them.
const ReceivesICMP = false

// receiveICMP does nothing here.
func receiveICMP(string, string, syscall.RawConn) error { return nil }

// LastICMP is never one here.
func LastICMP(net.Conn) *icmp.Error { return nil }
