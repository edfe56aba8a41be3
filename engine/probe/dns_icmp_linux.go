package probe

import (
	"cmp"
	"net"
	"strings"
	"syscall"
)

// receivesErrors: the system hands on the ICMP errors of UDP packets.
const receivesErrors = true

// receiveErrors has the kernel keep the ICMP errors of a socket's packets
// (IP_RECVERR of ip(7)). Without it a UDP socket hears of refusals only.
func receiveErrors(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "udp") {
		return nil
	}
	var err error
	controlErr := c.Control(func(fd uintptr) { err = setErrorQueue(int(fd), network == "udp6", true) })
	return cmp.Or(controlErr, err)
}

// lastICMPError empties a socket's queue of errors and returns the last ICMP
// error in it, nil if there is none.
func lastICMPError(conn net.Conn) *icmpError {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return nil
	}
	var last *icmpError
	raw.Control(func(fd uintptr) {
		for {
			e, ok := readErrorQueue(int(fd))
			if !ok {
				return
			}
			if e.icmp != nil {
				last = e.icmp
			}
		}
	})
	return last
}
