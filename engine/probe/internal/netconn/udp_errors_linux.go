package netconn

import (
	"cmp"
	"net"
	"strings"
	"syscall"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// ReceivesICMP: the system hands on the ICMP errors of UDP packets.
const ReceivesICMP = true

// receiveICMP has the kernel keep the ICMP errors of a socket's packets
// (IP_RECVERR of ip(7)). Without it a UDP socket hears of refusals only.
func receiveICMP(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "udp") {
		return nil
	}
	var err error
	controlErr := c.Control(func(fd uintptr) { err = icmp.SetErrorQueue(int(fd), network == "udp6", true) })
	return cmp.Or(controlErr, err)
}

// LastICMP empties a socket's queue of errors and returns the last ICMP
// error in it, nil if there is none.
func LastICMP(conn net.Conn) *icmp.Error {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return nil
	}
	var last *icmp.Error
	raw.Control(func(fd uintptr) {
		for {
			e, ok := icmp.ReadErrorQueue(int(fd))
			if !ok {
				return
			}
			if e.ICMP != nil {
				last = e.ICMP
			}
		}
	})
	return last
}
