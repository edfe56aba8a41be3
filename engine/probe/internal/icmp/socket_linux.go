package icmp

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/hostfs"
	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"golang.org/x/sys/unix"
)

// A Socket sends echo requests to one host and receives their replies and
// the ICMP errors about them, which are taken from its error queue. It is a
// ping socket (icmp(7), ping_group_range), which needs no privilege, or a raw
// one, which needs CAP_NET_RAW and is told of everybody's replies and errors.
//
// One goroutine may send while another receives; close ends both.
type Socket struct {
	file        *os.File
	conn        syscall.RawConn
	destination netip.Addr
	sockaddr    unix.Sockaddr
	V6, Raw     bool
	ID          uint16 // of a raw socket
	token       []byte // in every request, to know its reply by
	hasSent     bool
	AdapterMTU  int // bytes that the adapter takes; 0 unless it was asked for more
	received    []byte
}

// An Answer is what came back for an echo request: its reply or, where err
// is set, an ICMP error about it.
type Answer struct {
	Seq    uint16
	Sender netip.Addr
	Err    *Error
}

// Options say how to open a Socket.
type Options struct {
	Destination netip.Addr
	Source      netip.Addr // zero: the system chooses
	// raw asks for a raw socket, whose requests have this identifier.
	raw *RawID
}

// open opens a ping socket or, with o.raw, a raw one.
func open(o Options) (*Socket, error) {
	s := &Socket{
		destination: o.Destination, V6: o.Destination.Is6(), Raw: o.raw != nil,
		token: make([]byte, 8), received: make([]byte, receivedBytes),
	}
	if s.Raw && !s.V6 {
		s.received = make([]byte, largestIPv4) // to check its checksum
	}
	rand.Read(s.token)
	var err error
	if s.sockaddr, err = SockaddrOf(o.Destination); err != nil {
		return nil, err
	}

	if s.Raw {
		s.ID = uint16(*o.raw)
	}
	fd, err := socketOfICMP(s.V6, s.Raw)
	if err != nil {
		return nil, err
	}
	s.file = os.NewFile(uintptr(fd), "icmp")
	if err := s.prepare(fd, o); err != nil {
		s.Close()
		return nil, err
	}
	if s.conn, err = s.file.SyscallConn(); err != nil {
		s.Close()
		return nil, &SocketError{err}
	}
	return s, nil
}

// socketOfICMP opens a ping socket or a raw one.
func socketOfICMP(v6, raw bool) (fd int, err error) {
	domain, protocol := unix.AF_INET, unix.IPPROTO_ICMP
	if v6 {
		domain, protocol = unix.AF_INET6, unix.IPPROTO_ICMPV6
	}
	typ := unix.SOCK_DGRAM
	if raw {
		typ = unix.SOCK_RAW
	}
	if fd, err = unix.Socket(domain, typ|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, protocol); err != nil {
		return -1, &SocketError{os.NewSyscallError("socket", err)}
	}
	return fd, nil
}

// Open opens a ping socket where that is allowed, else a raw one.
// release gives up the socket, and must be called.
func Open(ctx context.Context, o Options) (s *Socket, release func(), err error) {
	s, pingErr := open(o)
	if pingErr == nil {
		return s, s.Close, nil
	}
	var denied *SocketError
	if !errors.As(pingErr, &denied) {
		return nil, nil, pingErr
	}
	id, err := TakeRawID(ctx)
	if err != nil {
		return nil, nil, err
	}
	o.raw = &id
	s, rawErr := open(o)
	if rawErr != nil {
		id.Release()
		return nil, nil, bothDenied(pingErr, rawErr)
	}
	return s, func() {
		s.Close()
		id.Release()
	}, nil
}

// bothDenied says what to do when neither a ping socket nor a raw one may be
// opened. It is raw's error where that is not about permission.
func bothDenied(ping, raw error) error {
	var denied *SocketError
	if !errors.As(raw, &denied) || !errors.Is(raw, os.ErrPermission) {
		return raw
	}
	return fmt.Errorf("may not open an ICMP socket: let this process's group into the sysctl net.ipv4.ping_group_range, or give the program CAP_NET_RAW (ping socket: %w; raw socket: %w)", ping, raw)
}

func (s *Socket) prepare(fd int, o Options) error {
	if err := SetErrorQueue(fd, s.V6, true); err != nil {
		return &SocketError{os.NewSyscallError("setsockopt", err)}
	}
	if s.Raw {
		if err := passReplies(fd, s.V6, s.ID); err != nil {
			return &SocketError{os.NewSyscallError("setsockopt", err)}
		}
	}
	// A route that prohibits and a broadcast address give the same error,
	// unless broadcasts are allowed.
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BROADCAST, 1); err != nil {
		return &SocketError{os.NewSyscallError("setsockopt", err)}
	}
	if !o.Source.IsValid() {
		return nil
	}
	sockaddr, err := SockaddrOf(o.Source)
	if err != nil {
		return err
	}
	return os.NewSyscallError("bind", unix.Bind(fd, sockaddr))
}

// Close ends what is waited for.
func (s *Socket) Close() { s.file.Close() }

// SetTTL sets the hop limit of the requests to come.
func (s *Socket) SetTTL(ttl int) error {
	return s.Control(func(fd int) error { return SetHopLimit(fd, s.V6, ttl) })
}

// SetDontFragment makes every request go out in one piece, whatever the kernel
// believes of the path's MTU (ip(7), IP_PMTUDISC_PROBE).
func (s *Socket) SetDontFragment() error {
	return s.Control(func(fd int) error {
		if s.V6 {
			return errors.Join(
				unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE),
				unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_DONTFRAG, 1))
		}
		return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE)
	})
}

// Control runs f with the socket's descriptor.
func (s *Socket) Control(f func(fd int) error) error {
	var err error
	if controlErr := s.conn.Control(func(fd uintptr) { err = f(int(fd)) }); controlErr != nil {
		return controlErr
	}
	return err
}

// Send sends a request with size bytes of data, at least minEchoData. Its error
// is the own system's refusal. A pending ICMP error, which the kernel would
// return in its place, is handed out instead.
func (s *Socket) Send(seq uint16, size int) (pending []Answer, err error) {
	data := append(bytes.Clone(s.token), make([]byte, size-len(s.token))...)
	message := echoRequest(s.V6, s.ID, seq, data)
	controlErr := s.Control(func(fd int) error {
		sendOnce := func() error {
			answers, err := s.trySend(fd, message)
			pending = append(pending, answers...)
			return err
		}
		if first := !s.hasSent; first && s.V6 && !s.Raw {
			err = SendNoticed(sendOnce)
		} else {
			err = sendOnce()
		}
		s.hasSent = true
		return nil
	})
	return pending, errors.Join(controlErr, err)
}

// trySend sends a message, again as long as the kernel returns a queued ICMP
// error, of an earlier message or of another socket's, in place of sending.
func (s *Socket) trySend(fd int, message []byte) (pending []Answer, err error) {
	for {
		err := unix.Sendto(fd, message, unix.MSG_DONTWAIT, s.sockaddr)
		if err == nil || err == unix.ENOBUFS {
			// The adapter's queue threw it away, for want of a carrier, say. Without
			// an error queue the kernel keeps that to itself: it is a loss.
			return pending, nil
		}
		again := false
		for {
			e, ok := ReadErrorQueue(fd)
			if !ok {
				break
			}
			if e.ICMP == nil && e.Errno == unix.EMSGSIZE {
				s.AdapterMTU = e.mtu
			}
			again = again || e.ICMP != nil
			if a, ok := s.queuedAnswer(e); ok {
				pending = append(pending, a)
			}
		}
		if !again {
			return pending, os.NewSyscallError("sendto", err)
		}
	}
}

// SendNoticed sends, and notices when the own firewall drops what was sent: a
// ping socket of IPv6 does not return that (icmpv6_push_pending_frames throws
// the error away), but the kernel counts it. The counter is everybody's, hence
// three attempts, each of which must be counted.
func SendNoticed(send func() error) error {
	for range 3 {
		before, known := DiscardedIPv6()
		if err := send(); err != nil || !known {
			return err
		}
		if after, known := DiscardedIPv6(); !known || after == before {
			return nil
		}
	}
	return os.NewSyscallError("sendto", unix.EPERM)
}

// DiscardedIPv6 is how many IPv6 packets this computer failed to send
// (ipIfStatsOutDiscards, RFC 4293); false where the kernel does not tell.
func DiscardedIPv6() (string, bool) {
	counters, err := hostfs.ReadNetTable("snmp6")
	if err != nil {
		return "", false
	}
	_, after, found := bytes.Cut(counters, []byte("Ip6OutDiscards"))
	value, _, _ := bytes.Cut(after, []byte("\n"))
	return string(bytes.TrimSpace(value)), found
}

// minEchoData is the least data of a request of ours: the token.
const minEchoData = 8

// receivedBytes is as much of a reply as must be looked at: the longest IPv4
// header, that of ICMP and the token. The kernel cuts off what is more.
const receivedBytes = LongestIPv4Header + HeaderLen + minEchoData

// largestIPv4 is the length of the largest IPv4 packet (RFC 791, 3.1).
const largestIPv4 = 65535

// Receive waits for the next answer, until then at most
// (os.ErrDeadlineExceeded). A closed socket gives os.ErrClosed.
func (s *Socket) Receive(until time.Time) (Answer, error) {
	if err := s.file.SetReadDeadline(until); err != nil {
		return Answer{}, err
	}
	var answer Answer
	err := s.conn.Read(func(fd uintptr) (done bool) {
		answer, done = s.Next(int(fd), until)
		return done
	})
	return answer, err
}

// Next takes the next answer that is there already. Until then only, since a
// raw socket may see others' answers without end.
func (s *Socket) Next(fd int, until time.Time) (Answer, bool) {
	for failures := 0; failures < maxFailures && time.Now().Before(until); {
		for {
			e, ok := ReadErrorQueue(fd)
			if !ok {
				break
			}
			if a, ok := s.queuedAnswer(e); ok {
				return a, true
			}
		}
		n, from, err := unix.Recvfrom(fd, s.received, unix.MSG_DONTWAIT)
		if err == unix.EAGAIN {
			return Answer{}, false
		}
		if err != nil {
			failures++
			continue // a queued error, reported once more: taken in the next round
		}
		if a, ok := s.receivedAnswer(s.received[:n], addrOfSockaddr(from)); ok {
			return a, true
		}
	}
	return Answer{}, false
}

// maxFailures is more than a socket reports in a row while its queue is read.
const maxFailures = 100

// queuedAnswer is what an entry of the error queue says about a request.
func (s *Socket) queuedAnswer(e queuedError) (Answer, bool) {
	request, ok := ParseEchoRequest(s.V6, e.packet)
	if !ok || e.ICMP == nil || s.Raw && (request.ID != s.ID || e.destination.WithZone("") != s.destination.WithZone("")) {
		return Answer{}, false
	}
	return Answer{Seq: request.Seq, Sender: e.ICMP.Sender, Err: e.ICMP}, true
}

// receivedAnswer is the reply that a packet holds; one from another address is
// nobody's answer.
func (s *Socket) receivedAnswer(packet []byte, from netip.Addr) (Answer, bool) {
	if s.Raw && !s.V6 {
		packet = Intact(WithoutIPv4Header(packet))
	}
	reply, ok := ParseEchoReply(s.V6, packet)
	if !ok || s.Raw && reply.ID != s.ID || !ipaddr.SameHost(from, s.destination) || !bytes.HasPrefix(reply.Data, s.token) {
		return Answer{}, false
	}
	return Answer{Seq: reply.Seq, Sender: from}, true
}

// SockaddrOf is an address as system calls take it. An error means that the
// adapter of its zone is missing.
func SockaddrOf(addr netip.Addr) (unix.Sockaddr, error) {
	if addr.Is4() {
		return &unix.SockaddrInet4{Addr: addr.As4()}, nil
	}
	sockaddr := &unix.SockaddrInet6{Addr: addr.As16()}
	if zone := addr.Zone(); zone != "" {
		link, err := net.InterfaceByName(zone)
		if err != nil {
			return nil, fmt.Errorf("adapter of %s: %w", addr, err)
		}
		sockaddr.ZoneId = uint32(link.Index)
	}
	return sockaddr, nil
}

func addrOfSockaddr(sockaddr unix.Sockaddr) netip.Addr {
	switch s := sockaddr.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrFrom4(s.Addr)
	case *unix.SockaddrInet6:
		return ipaddr.WithZone(netip.AddrFrom16(s.Addr).Unmap(), s.ZoneId)
	}
	return netip.Addr{}
}
