package netconn

import (
	"strings"
	"syscall"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"golang.org/x/sys/unix"
)

// A socketWatch keeps a connecting socket open behind the back of net.Dialer,
// which closes it on failure, before its error queue (ip(7), IP_RECVERR) could
// be read. It needs no privilege.
type socketWatch struct {
	ttl    int
	device string
	opened bool
	fd     int // own descriptor of the socket, meaningful once opened
	v6     bool
	queued bool // the kernel queues errors
}

// control prepares the socket before it is bound and connects.
func (s *socketWatch) control(network, address string, c syscall.RawConn) error {
	s.v6 = strings.HasSuffix(network, "6")
	var err error
	controlErr := c.Control(func(descriptor uintptr) {
		fd := int(descriptor)
		if s.ttl > 0 {
			if err = icmp.SetHopLimit(fd, s.v6, s.ttl); err != nil {
				return
			}
		}
		if s.device != "" {
			if err = unix.BindToDevice(fd, s.device); err != nil {
				return
			}
		}
		s.queued = icmp.SetErrorQueue(fd, s.v6, true) == nil
		s.fd, err = unix.FcntlInt(descriptor, unix.F_DUPFD_CLOEXEC, 0)
		s.opened = err == nil
	})
	if controlErr != nil {
		return controlErr
	}
	return err
}

// finish notes what the socket knows of the attempt.
func (s *socketWatch) finish(c *Connection) {
	if !s.opened {
		return
	}
	if c.Conn != nil {
		// Left on, any later ICMP error would end the connection.
		c.ICMPObserved = s.queued
		icmp.SetErrorQueue(s.fd, s.v6, false)
		return
	}
	if s.queued {
		c.ICMPObserved = true
		for {
			e, ok := icmp.ReadErrorQueue(s.fd)
			if !ok {
				break
			}
			if e.ICMP != nil && e.ICMP.Name() != "redirect" {
				c.ICMP = e.ICMP
				break
			}
		}
	}
	if c.ICMP == nil && neverLeft(s.fd) {
		c.LocalError = "filtered"
	}
}

func (s *socketWatch) close() {
	if s.opened {
		unix.Close(s.fd)
	}
}

// neverLeft reports whether the own firewall drops what the connecting socket
// sends. TCP takes that for loss on the way and says nothing, but counts a
// retransmission as outstanding only if it could be sent
// (__tcp_retransmit_skb, net/ipv4/tcp_output.c). It shows with the first
// retransmission, one second after the SYN.
func neverLeft(fd int) bool {
	info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	return err == nil && info.State == unix.BPF_TCP_SYN_SENT && info.Total_retrans > 0 && info.Retrans == 0
}
