package probe

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

	"golang.org/x/sys/unix"
)

// An echoSocket sends echo requests to one host and receives their replies and
// the ICMP errors about them, which are taken from its error queue. It is a
// ping socket (icmp(7), ping_group_range), which needs no privilege, or a raw
// one, which needs CAP_NET_RAW and is told of everybody's replies and errors.
//
// One goroutine may send while another receives; close ends both.
type echoSocket struct {
	file        *os.File
	conn        syscall.RawConn
	destination netip.Addr
	sockaddr    unix.Sockaddr
	v6, raw     bool
	id          uint16 // of a raw socket
	token       []byte // in every request, to know its reply by
	hasSent     bool
	adapterMTU  int // bytes that the adapter takes; 0 unless it was asked for more
	received    []byte
}

// An echoAnswer is what came back for an echo request: its reply or, where err
// is set, an ICMP error about it.
type echoAnswer struct {
	seq    uint16
	sender netip.Addr
	err    *icmpError
}

// echoOptions say how to open an echoSocket.
type echoOptions struct {
	destination netip.Addr
	source      netip.Addr // zero: the system chooses
	// raw asks for a raw socket, whose requests have this identifier.
	raw *rawID
}

// openEcho opens a ping socket or, with o.raw, a raw one.
func openEcho(o echoOptions) (*echoSocket, error) {
	s := &echoSocket{
		destination: o.destination, v6: o.destination.Is6(), raw: o.raw != nil,
		token: make([]byte, 8), received: make([]byte, receivedBytes),
	}
	if s.raw && !s.v6 {
		s.received = make([]byte, largestIPv4) // to check its checksum
	}
	rand.Read(s.token)
	var err error
	if s.sockaddr, err = sockaddrOf(o.destination); err != nil {
		return nil, err
	}

	if s.raw {
		s.id = uint16(*o.raw)
	}
	fd, err := socketOfICMP(s.v6, s.raw)
	if err != nil {
		return nil, err
	}
	s.file = os.NewFile(uintptr(fd), "icmp")
	if err := s.prepare(fd, o); err != nil {
		s.close()
		return nil, err
	}
	if s.conn, err = s.file.SyscallConn(); err != nil {
		s.close()
		return nil, &socketError{err}
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
		return -1, &socketError{os.NewSyscallError("socket", err)}
	}
	return fd, nil
}

// openAnyEcho opens a ping socket where that is allowed, else a raw one.
// release gives up the socket, and must be called.
func openAnyEcho(ctx context.Context, o echoOptions) (s *echoSocket, release func(), err error) {
	s, pingErr := openEcho(o)
	if pingErr == nil {
		return s, s.close, nil
	}
	var denied *socketError
	if !errors.As(pingErr, &denied) {
		return nil, nil, pingErr
	}
	id, err := takeRawID(ctx)
	if err != nil {
		return nil, nil, err
	}
	o.raw = &id
	s, rawErr := openEcho(o)
	if rawErr != nil {
		id.release()
		return nil, nil, bothDenied(pingErr, rawErr)
	}
	return s, func() {
		s.close()
		id.release()
	}, nil
}

// bothDenied says what to do when neither a ping socket nor a raw one may be
// opened. It is raw's error where that is not about permission.
func bothDenied(ping, raw error) error {
	var denied *socketError
	if !errors.As(raw, &denied) || !errors.Is(raw, os.ErrPermission) {
		return raw
	}
	return fmt.Errorf("may not open an ICMP socket: let this process's group into the sysctl net.ipv4.ping_group_range, or give the program CAP_NET_RAW (ping socket: %w; raw socket: %w)", ping, raw)
}

func (s *echoSocket) prepare(fd int, o echoOptions) error {
	if err := setErrorQueue(fd, s.v6, true); err != nil {
		return &socketError{os.NewSyscallError("setsockopt", err)}
	}
	if s.raw {
		if err := passReplies(fd, s.v6, s.id); err != nil {
			return &socketError{os.NewSyscallError("setsockopt", err)}
		}
	}
	// A route that prohibits and a broadcast address give the same error,
	// unless broadcasts are allowed.
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BROADCAST, 1); err != nil {
		return &socketError{os.NewSyscallError("setsockopt", err)}
	}
	if !o.source.IsValid() {
		return nil
	}
	sockaddr, err := sockaddrOf(o.source)
	if err != nil {
		return err
	}
	return os.NewSyscallError("bind", unix.Bind(fd, sockaddr))
}

func (s *echoSocket) close() { s.file.Close() }

// setTTL sets the hop limit of the requests to come.
func (s *echoSocket) setTTL(ttl int) error {
	return s.control(func(fd int) error { return setHopLimit(fd, s.v6, ttl) })
}

// setDontFragment makes every request go out in one piece, whatever the kernel
// believes of the path's MTU (ip(7), IP_PMTUDISC_PROBE).
func (s *echoSocket) setDontFragment() error {
	return s.control(func(fd int) error {
		if s.v6 {
			return errors.Join(
				unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE),
				unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_DONTFRAG, 1))
		}
		return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE)
	})
}

func (s *echoSocket) control(f func(fd int) error) error {
	var err error
	if controlErr := s.conn.Control(func(fd uintptr) { err = f(int(fd)) }); controlErr != nil {
		return controlErr
	}
	return err
}

// send sends a request with size bytes of data, at least minEchoData. Its error
// is the own system's refusal. A pending ICMP error, which the kernel would
// return in its place, is handed out instead.
func (s *echoSocket) send(seq uint16, size int) (pending []echoAnswer, err error) {
	data := append(bytes.Clone(s.token), make([]byte, size-len(s.token))...)
	message := echoRequest(s.v6, s.id, seq, data)
	controlErr := s.control(func(fd int) error {
		sendOnce := func() error {
			answers, err := s.trySend(fd, message)
			pending = append(pending, answers...)
			return err
		}
		if first := !s.hasSent; first && s.v6 && !s.raw {
			err = sendNoticed(sendOnce)
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
func (s *echoSocket) trySend(fd int, message []byte) (pending []echoAnswer, err error) {
	for {
		err := unix.Sendto(fd, message, unix.MSG_DONTWAIT, s.sockaddr)
		if err == nil || err == unix.ENOBUFS {
			// The adapter's queue threw it away, for want of a carrier, say. Without
			// an error queue the kernel keeps that to itself: it is a loss.
			return pending, nil
		}
		again := false
		for {
			e, ok := readErrorQueue(fd)
			if !ok {
				break
			}
			if e.icmp == nil && e.errno == unix.EMSGSIZE {
				s.adapterMTU = e.mtu
			}
			again = again || e.icmp != nil
			if a, ok := s.queuedAnswer(e); ok {
				pending = append(pending, a)
			}
		}
		if !again {
			return pending, os.NewSyscallError("sendto", err)
		}
	}
}

// sendNoticed sends, and notices when the own firewall drops what was sent: a
// ping socket of IPv6 does not return that (icmpv6_push_pending_frames throws
// the error away), but the kernel counts it. The counter is everybody's, hence
// three attempts, each of which must be counted.
func sendNoticed(send func() error) error {
	for range 3 {
		before, known := discardedIPv6()
		if err := send(); err != nil || !known {
			return err
		}
		if after, known := discardedIPv6(); !known || after == before {
			return nil
		}
	}
	return os.NewSyscallError("sendto", unix.EPERM)
}

// discardedIPv6 is how many IPv6 packets this computer failed to send
// (ipIfStatsOutDiscards, RFC 4293); false where the kernel does not tell.
func discardedIPv6() (string, bool) {
	counters, err := readNetTable("snmp6")
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
const receivedBytes = longestIPv4Header + echoHeaderLen + minEchoData

// largestIPv4 is the length of the largest IPv4 packet (RFC 791, 3.1).
const largestIPv4 = 65535

// receive waits for the next answer, until then at most
// (os.ErrDeadlineExceeded). A closed socket gives os.ErrClosed.
func (s *echoSocket) receive(until time.Time) (echoAnswer, error) {
	if err := s.file.SetReadDeadline(until); err != nil {
		return echoAnswer{}, err
	}
	var answer echoAnswer
	err := s.conn.Read(func(fd uintptr) (done bool) {
		answer, done = s.next(int(fd), until)
		return done
	})
	return answer, err
}

// next takes the next answer that is there already. Until then only, since a
// raw socket may see others' answers without end.
func (s *echoSocket) next(fd int, until time.Time) (echoAnswer, bool) {
	for failures := 0; failures < maxFailures && time.Now().Before(until); {
		for {
			e, ok := readErrorQueue(fd)
			if !ok {
				break
			}
			if a, ok := s.queuedAnswer(e); ok {
				return a, true
			}
		}
		n, from, err := unix.Recvfrom(fd, s.received, unix.MSG_DONTWAIT)
		if err == unix.EAGAIN {
			return echoAnswer{}, false
		}
		if err != nil {
			failures++
			continue // a queued error, reported once more: taken in the next round
		}
		if a, ok := s.receivedAnswer(s.received[:n], addrOfSockaddr(from)); ok {
			return a, true
		}
	}
	return echoAnswer{}, false
}

// maxFailures is more than a socket reports in a row while its queue is read.
const maxFailures = 100

// queuedAnswer is what an entry of the error queue says about a request.
func (s *echoSocket) queuedAnswer(e queuedError) (echoAnswer, bool) {
	request, ok := parseEchoRequest(s.v6, e.packet)
	if !ok || e.icmp == nil || s.raw && (request.id != s.id || e.destination.WithZone("") != s.destination.WithZone("")) {
		return echoAnswer{}, false
	}
	return echoAnswer{seq: request.seq, sender: e.icmp.sender, err: e.icmp}, true
}

// receivedAnswer is the reply that a packet holds; one from another address is
// nobody's answer.
func (s *echoSocket) receivedAnswer(packet []byte, from netip.Addr) (echoAnswer, bool) {
	if s.raw && !s.v6 {
		packet = intact(withoutIPv4Header(packet))
	}
	reply, ok := parseEchoReply(s.v6, packet)
	if !ok || s.raw && reply.id != s.id || !sameHost(from, s.destination) || !bytes.HasPrefix(reply.data, s.token) {
		return echoAnswer{}, false
	}
	return echoAnswer{seq: reply.seq, sender: from}, true
}

func sockaddrOf(addr netip.Addr) (unix.Sockaddr, error) {
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
		return withZone(netip.AddrFrom16(s.Addr).Unmap(), s.ZoneId)
	}
	return netip.Addr{}
}
