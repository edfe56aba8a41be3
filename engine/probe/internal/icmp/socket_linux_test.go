package icmp

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"golang.org/x/sys/unix"
)

// queueEntry is the control message of an error queue entry, as the kernel
// makes it.
func queueEntry(level, typ int32, errno uint32, origin, icmpType, icmpCode byte, info uint32, sender []byte) []byte {
	data := binary.NativeEndian.AppendUint32(nil, errno)
	data = append(data, origin, icmpType, icmpCode, 0)
	data = binary.NativeEndian.AppendUint32(data, info)
	data = binary.NativeEndian.AppendUint32(data, 0)
	data = append(data, sender...)

	message := make([]byte, unix.CmsgSpace(len(data)))
	binary.NativeEndian.PutUint64(message, uint64(unix.CmsgLen(len(data))))
	binary.NativeEndian.PutUint32(message[8:], uint32(level))
	binary.NativeEndian.PutUint32(message[12:], uint32(typ))
	copy(message[unix.CmsgLen(0):], data)
	return message
}

func sockaddr4(addr string) []byte {
	b := make([]byte, unix.SizeofSockaddrInet4)
	binary.NativeEndian.PutUint16(b, unix.AF_INET)
	copy(b[4:], netip.MustParseAddr(addr).AsSlice())
	return b
}

func sockaddr6(addr string) []byte {
	b := make([]byte, unix.SizeofSockaddrInet6)
	binary.NativeEndian.PutUint16(b, unix.AF_INET6)
	copy(b[8:], netip.MustParseAddr(addr).AsSlice())
	return b
}

func TestParseQueuedError(t *testing.T) {
	tooBig := queueEntry(unix.IPPROTO_IP, unix.IP_RECVERR, uint32(unix.EMSGSIZE), unix.SO_EE_ORIGIN_ICMP, 3, 4, 1400, sockaddr4("192.0.2.1"))
	prohibited := queueEntry(unix.IPPROTO_IPV6, unix.IPV6_RECVERR, uint32(unix.EACCES), unix.SO_EE_ORIGIN_ICMP6, 1, 1, 0, sockaddr6("2001:db8::1"))
	local := queueEntry(unix.IPPROTO_IP, unix.IP_RECVERR, uint32(unix.EMSGSIZE), unix.SO_EE_ORIGIN_LOCAL, 0, 0, 1500, nil)
	for _, test := range []struct {
		name    string
		control []byte
		want    Error
	}{
		{"too big", tooBig, Error{Type: 3, Code: 4, Sender: netip.MustParseAddr("192.0.2.1"), NextHopMTU: 1400}},
		{"prohibited", prohibited, Error{V6: true, Type: 1, Code: 1, Sender: netip.MustParseAddr("2001:db8::1")}},
		{"behind another control message", append(queueEntry(unix.SOL_SOCKET, unix.SCM_TIMESTAMP, 0, 0, 0, 0, 0, nil), prohibited...),
			Error{V6: true, Type: 1, Code: 1, Sender: netip.MustParseAddr("2001:db8::1")}},
		{"without a sender", tooBig[:len(tooBig)-unix.SizeofSockaddrInet4], Error{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, ok := ParseQueuedError(test.control)
			if test.want == (Error{}) {
				if ok {
					t.Errorf("got %+v from a message that is cut short", e)
				}
				return
			}
			if !ok || e.ICMP == nil || *e.ICMP != test.want {
				t.Errorf("got %+v, want %+v", e.ICMP, test.want)
			}
		})
	}
	if e, ok := ParseQueuedError(local); !ok || e.ICMP != nil || e.Errno != unix.EMSGSIZE || e.mtu != 1500 {
		t.Errorf("the own system's error became %+v", e)
	}
}

// What the kernel has to say of an earlier request, or of another socket's, it
// says instead of sending: the request must go out all the same, and the answer
// must not get lost.
func TestEchoSocketSendsPastErrors(t *testing.T) {
	p, f := netnstest.NewPath(t), netnstest.Families[0]
	netnstest.NFT(t, p.First, "forward", "reject")
	id := RawID(4711)
	for name, raw := range map[string]*RawID{"ping socket": nil, "raw socket": &id} {
		t.Run(name, func(t *testing.T) {
			p.Here.Sysctl("net.ipv4.ping_group_range", "0 65534")
			p.Here.Do(func() {
				s, err := open(Options{Destination: f.There, raw: raw})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				const first = 7
				if _, err := s.Send(first, minEchoData); err != nil {
					t.Fatal(err)
				}
				// Wait for the error without taking it.
				fds := []unix.PollFd{{Fd: int32(s.file.Fd()), Events: unix.POLLERR}}
				if n, err := unix.Poll(fds, 5000); n != 1 {
					t.Fatalf("no error came: %v", err)
				}
				pending, err := s.Send(first+1, minEchoData)
				if err != nil {
					t.Errorf("the second request was not sent: %v", err)
				}
				if len(pending) == 0 {
					// The kernel kept it for the next who asks.
					answer, err := s.Receive(time.Now().Add(time.Second))
					if err != nil {
						t.Fatal(err)
					}
					pending = append(pending, answer)
				}
				if a := pending[0]; a.Seq != first || a.Sender != f.First || a.Err.Name() != "port_unreachable" {
					t.Errorf("got %+v, want the error about the first", a)
				}
			})
		})
	}
}

func FuzzParseQueuedError(f *testing.F) {
	f.Add(queueEntry(unix.IPPROTO_IP, unix.IP_RECVERR, uint32(unix.EMSGSIZE), unix.SO_EE_ORIGIN_ICMP, 3, 4, 1400, sockaddr4("192.0.2.1")))
	f.Add(queueEntry(unix.IPPROTO_IPV6, unix.IPV6_RECVERR, uint32(unix.EACCES), unix.SO_EE_ORIGIN_ICMP6, 1, 1, 0, sockaddr6("fe80::1")))
	f.Add(queueEntry(unix.IPPROTO_IP, unix.IP_RECVERR, 0, unix.SO_EE_ORIGIN_LOCAL, 0, 0, 0, nil))
	f.Fuzz(func(t *testing.T, control []byte) {
		e, ok := ParseQueuedError(bytes.Clone(control))
		if !ok {
			return
		}
		if e.ICMP != nil && e.ICMP.Name() == "" {
			t.Errorf("an error without a name: %+v", e.ICMP)
		}
	})
}
