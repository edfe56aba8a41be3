package icmp

import (
	"encoding/binary"
	"errors"
	mathrand "math/rand/v2"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
	"golang.org/x/sys/unix"
)

// A BatchSocket sends and receives ICMP messages by the dozen, for whoever they
// are. It is a ping socket or a raw one, as Socket is, and the kernel stamps
// on each message when it left and when it came in.
type BatchSocket struct {
	Packets net.PacketConn
	batches batches
	conn    syscall.RawConn
	V6, Raw bool
	ID      uint16 // of a raw socket
	ttl     int    // that is set; 0: the system's own
}

// batches is what ipv4.PacketConn and ipv6.PacketConn have in common.
type batches interface {
	WriteBatch(ms []ipv4.Message, flags int) (int, error)
}

// BatchSize is how many messages are handed to the kernel, or taken from it, at
// a time. It bounds how long one call takes, some 0.3 ms.
const BatchSize = 64

// bufferBytes is how many bytes a socket asks to keep what was not read
// yet: the kernel counts some 800 for a small reply or a time stamp, and a
// thousand targets may answer five times while the program is busy elsewhere.
// Ordinary users get as much as net.core.rmem_max lets them have.
const bufferBytes = 4 << 20

// OpenBatch opens a ping socket where that is allowed, else a raw one, which is
// bound to source where that is not zero.
func OpenBatch(v6 bool, source netip.Addr) (*BatchSocket, error) {
	s, pingErr := openBatchOf(v6, false, source)
	var denied *SocketError
	if pingErr == nil || !errors.As(pingErr, &denied) {
		return s, pingErr
	}
	s, rawErr := openBatchOf(v6, true, source)
	if rawErr != nil {
		return nil, bothDenied(pingErr, rawErr)
	}
	return s, nil
}

func openBatchOf(v6, raw bool, source netip.Addr) (*BatchSocket, error) {
	fd, err := socketOfICMP(v6, raw)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "icmp")
	defer file.Close() // FilePacketConn has a duplicate
	if source.IsValid() {
		sockaddr, err := SockaddrOf(source)
		if err != nil {
			return nil, err
		}
		if err := unix.Bind(fd, sockaddr); err != nil {
			return nil, os.NewSyscallError("bind", err)
		}
	}
	if err := SetErrorQueue(fd, v6, true); err != nil {
		return nil, &SocketError{os.NewSyscallError("setsockopt", err)}
	}
	s := &BatchSocket{V6: v6, Raw: raw}
	if raw {
		s.ID = uint16(mathrand.Uint32())
		if err := passReplies(fd, v6, s.ID); err != nil {
			return nil, &SocketError{os.NewSyscallError("setsockopt", err)}
		}
	}
	setBuffers(fd)
	setStamps(fd)
	if s.Packets, err = net.FilePacketConn(file); err != nil {
		return nil, &SocketError{err}
	}
	if s.conn, err = s.Packets.(syscall.Conn).SyscallConn(); err != nil {
		s.Packets.Close()
		return nil, &SocketError{err}
	}
	s.batches = ipv4.NewPacketConn(s.Packets)
	if v6 {
		s.batches = ipv6.NewPacketConn(s.Packets)
	}
	return s, nil
}

// setBuffers enlarges the socket's buffers as far as the system lets it.
func setBuffers(fd int) {
	for _, option := range []struct{ forced, polite int }{
		{unix.SO_RCVBUFFORCE, unix.SO_RCVBUF},
		{unix.SO_SNDBUFFORCE, unix.SO_SNDBUF},
	} {
		if unix.SetsockoptInt(fd, unix.SOL_SOCKET, option.forced, bufferBytes) != nil {
			unix.SetsockoptInt(fd, unix.SOL_SOCKET, option.polite, bufferBytes)
		}
	}
}

// setStamps has the kernel note when each message leaves, in the error queue,
// and when it comes in (Documentation/networking/timestamping.rst). Linux before
// 5.1 can't; a round trip is then measured by the program's own looks at the
// clock.
func setStamps(fd int) {
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW,
		unix.SOF_TIMESTAMPING_TX_SOFTWARE|unix.SOF_TIMESTAMPING_RX_SOFTWARE|unix.SOF_TIMESTAMPING_SOFTWARE)
}

// Close ends whatever waits on the socket.
func (s *BatchSocket) Close() { s.Packets.Close() }

// SetTTL sets the hop limit of the requests to come.
func (s *BatchSocket) SetTTL(ttl int) error {
	if s.ttl == ttl {
		return nil
	}
	if err := s.do(func(fd int) error { return SetHopLimit(fd, s.V6, ttl) }); err != nil {
		return err
	}
	s.ttl = ttl
	return nil
}

func (s *BatchSocket) do(f func(fd int) error) error {
	var err error
	if controlErr := s.conn.Control(func(fd uintptr) { err = f(int(fd)) }); controlErr != nil {
		return controlErr
	}
	return err
}

// Write hands messages to the kernel without waiting and says how many it took.
// An error is about the first of them.
func (s *BatchSocket) Write(ms []ipv4.Message) (int, error) {
	n, err := s.batches.WriteBatch(ms, unix.MSG_DONTWAIT)
	if n > 0 {
		return n, nil
	}
	return 0, err
}

// Read takes messages into a batch, as many as there are and it has room for,
// and does not wait. Flags MSG_ERRQUEUE takes them from the error queue.
func (s *BatchSocket) Read(b *Batch, flags int) (n int) {
	s.do(func(fd int) error {
		for range maxFailures {
			var err error
			if n, err = b.fill(fd, flags); err == nil || err == unix.EAGAIN {
				return nil
			}
			// A queued error, reported once more.
		}
		return nil
	})
	return n
}

// Wait returns when something may have come in, or the read deadline is over.
// An error says that the socket was closed.
func (s *BatchSocket) Wait() error {
	err := s.conn.Read(func(fd uintptr) bool { return pollOnce(int(fd)) != 0 })
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return err
}

// Pending says what there is to be read without waiting: messages, the error
// queue.
func (s *BatchSocket) Pending() (messages, queue bool) {
	var events int16
	s.do(func(fd int) error {
		events = pollOnce(fd)
		return nil
	})
	return events&unix.POLLIN != 0, events&unix.POLLERR != 0
}

// pollOnce is what poll(2) says of a file now.
func pollOnce(fd int) int16 {
	fds := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	if _, err := unix.Poll(fds[:], 0); err != nil {
		return unix.POLLIN | unix.POLLERR // look
	}
	return fds[0].Revents
}

// Dropped counts the messages that came in and that there was no room for
// (SK_MEMINFO_DROPS in linux/sock_diag.h). SO_RXQ_OVFL says the same, but with
// the next message, and the last one has none.
func (s *BatchSocket) Dropped() uint32 {
	const drops, infos = 8, 9
	var info [infos]uint32
	size := uint32(unsafe.Sizeof(info))
	s.do(func(fd int) error {
		_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, unix.SO_MEMINFO,
			uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
		if errno != 0 {
			info = [infos]uint32{} // Linux before 4.12
		}
		return nil
	})
	return info[drops]
}

// Timestamp is the kernel's time stamp in the control messages of a packet, in
// nanoseconds since 1970; 0 where there is none.
func Timestamp(control []byte) int64 {
	for len(control) >= unix.SizeofCmsghdr {
		header, data, rest, err := unix.ParseOneSocketControlMessage(control)
		if err != nil {
			return 0
		}
		// struct scm_timestamping64: three times, of which the first is the software's.
		if header.Level == unix.SOL_SOCKET && header.Type == unix.SO_TIMESTAMPING_NEW && len(data) >= 16 {
			seconds, nanoseconds := binary.NativeEndian.Uint64(data), binary.NativeEndian.Uint64(data[8:])
			return int64(seconds)*int64(time.Second) + int64(nanoseconds)
		}
		control = rest
	}
	return 0
}
