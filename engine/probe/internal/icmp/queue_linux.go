package icmp

import (
	"encoding/binary"
	"net/netip"
	"syscall"

	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"golang.org/x/sys/unix"
)

// A queuedError is one entry of a socket's error queue (ip(7), IP_RECVERR).
type queuedError struct {
	ICMP  *Error        // nil for an error of the own system
	Errno syscall.Errno // what the kernel makes of it
	mtu   int           // EMSGSIZE only: bytes that the adapter or the path takes

	// packet is the start of the packet that it is about, from the transport
	// header on, and destination where that was sent to.
	packet      []byte
	destination netip.Addr
}

// SetErrorQueue makes the kernel queue the errors of a socket, or no longer.
func SetErrorQueue(fd int, v6, on bool) error {
	value := 0
	if on {
		value = 1
	}
	if v6 {
		return unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVERR, value)
	}
	return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVERR, value)
}

// SetHopLimit sets the time to live of what a socket sends.
func SetHopLimit(fd int, v6 bool, ttl int) error {
	if v6 {
		return unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_UNICAST_HOPS, ttl)
	}
	return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_TTL, ttl)
}

// quotedBytes is as much of a packet as an error queue entry needs to be
// matched: the headers of ICMP and TCP, and a token behind the former.
const quotedBytes = 64

// ReadErrorQueue takes the next entry from a socket's error queue; false when
// there is none. It does not wait.
func ReadErrorQueue(fd int) (queuedError, bool) {
	packet, control := make([]byte, quotedBytes), make([]byte, 256)
	for {
		n, oobn, _, to, err := unix.Recvmsg(fd, packet, control, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return queuedError{}, false
		}
		if e, ok := ParseQueuedError(control[:oobn]); ok {
			e.packet, e.destination = packet[:n], addrOfSockaddr(to)
			return e, true
		}
	}
}

// ParseQueuedError decodes the control messages of an error queue entry:
// struct sock_extended_err (linux/errqueue.h) and, behind it, the address of
// the sender.
func ParseQueuedError(control []byte) (queuedError, bool) {
	for len(control) >= unix.SizeofCmsghdr {
		header, data, rest, err := unix.ParseOneSocketControlMessage(control)
		if err != nil {
			return queuedError{}, false
		}
		control = rest
		v6 := header.Level == unix.IPPROTO_IPV6 && header.Type == unix.IPV6_RECVERR
		v4 := header.Level == unix.IPPROTO_IP && header.Type == unix.IP_RECVERR
		if !v4 && !v6 || len(data) < sizeofExtendedErr {
			continue
		}
		errno := syscall.Errno(binary.NativeEndian.Uint32(data))
		origin, typ, code := data[4], int(data[5]), int(data[6])
		info := binary.NativeEndian.Uint32(data[8:])

		e := queuedError{Errno: errno}
		if errno == unix.EMSGSIZE {
			e.mtu = int(info)
		}
		if origin == unix.SO_EE_ORIGIN_ICMP || origin == unix.SO_EE_ORIGIN_ICMP6 {
			e.ICMP = &Error{
				V6: origin == unix.SO_EE_ORIGIN_ICMP6, Type: typ, Code: code,
				Sender: parseSockaddr(data[sizeofExtendedErr:]), NextHopMTU: e.mtu,
			}
		}
		return e, true
	}
	return queuedError{}, false
}

const sizeofExtendedErr = 16

// parseSockaddr decodes a struct sockaddr_in or sockaddr_in6; zero for another.
func parseSockaddr(b []byte) netip.Addr {
	if len(b) < 2 {
		return netip.Addr{}
	}
	switch family := binary.NativeEndian.Uint16(b); {
	case family == unix.AF_INET && len(b) >= unix.SizeofSockaddrInet4:
		return netip.AddrFrom4([4]byte(b[4:8]))
	case family == unix.AF_INET6 && len(b) >= unix.SizeofSockaddrInet6:
		addr := netip.AddrFrom16([16]byte(b[8:24])).Unmap()
		return ipaddr.WithZone(addr, binary.NativeEndian.Uint32(b[24:]))
	}
	return netip.Addr{}
}
