package probe

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

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
		want    icmpError
	}{
		{"too big", tooBig, icmpError{typ: 3, code: 4, sender: netip.MustParseAddr("192.0.2.1"), nextHopMTU: 1400}},
		{"prohibited", prohibited, icmpError{v6: true, typ: 1, code: 1, sender: netip.MustParseAddr("2001:db8::1")}},
		{"behind another control message", append(queueEntry(unix.SOL_SOCKET, unix.SCM_TIMESTAMP, 0, 0, 0, 0, 0, nil), prohibited...),
			icmpError{v6: true, typ: 1, code: 1, sender: netip.MustParseAddr("2001:db8::1")}},
		{"without a sender", tooBig[:len(tooBig)-unix.SizeofSockaddrInet4], icmpError{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, ok := parseQueuedError(test.control)
			if test.want == (icmpError{}) {
				if ok {
					t.Errorf("got %+v from a message that is cut short", e)
				}
				return
			}
			if !ok || e.icmp == nil || *e.icmp != test.want {
				t.Errorf("got %+v, want %+v", e.icmp, test.want)
			}
		})
	}
	if e, ok := parseQueuedError(local); !ok || e.icmp != nil || e.errno != unix.EMSGSIZE || e.mtu != 1500 {
		t.Errorf("the own system's error became %+v", e)
	}
}

// What the kernel has to say of an earlier request, or of another socket's, it
// says instead of sending: the request must go out all the same, and the answer
// must not get lost.
func TestEchoSocketSendsPastErrors(t *testing.T) {
	p, f := newPath(t), families[0]
	nft(t, p.first, "forward", "reject")
	id := rawID(4711)
	for name, raw := range map[string]*rawID{"ping socket": nil, "raw socket": &id} {
		t.Run(name, func(t *testing.T) {
			p.here.Sysctl("net.ipv4.ping_group_range", "0 65534")
			p.here.Do(func() {
				s, err := openEcho(echoOptions{destination: f.there, raw: raw})
				if err != nil {
					t.Fatal(err)
				}
				defer s.close()
				const first = 7
				if _, err := s.send(first, minEchoData); err != nil {
					t.Fatal(err)
				}
				// Wait for the error without taking it.
				fds := []unix.PollFd{{Fd: int32(s.file.Fd()), Events: unix.POLLERR}}
				if n, err := unix.Poll(fds, 5000); n != 1 {
					t.Fatalf("no error came: %v", err)
				}
				pending, err := s.send(first+1, minEchoData)
				if err != nil {
					t.Errorf("the second request was not sent: %v", err)
				}
				if len(pending) == 0 {
					// The kernel kept it for the next who asks.
					answer, err := s.receive(time.Now().Add(time.Second))
					if err != nil {
						t.Fatal(err)
					}
					pending = append(pending, answer)
				}
				if a := pending[0]; a.seq != first || a.sender != f.first || a.err.name() != "port_unreachable" {
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
		e, ok := parseQueuedError(bytes.Clone(control))
		if !ok {
			return
		}
		if e.icmp != nil && e.icmp.name() == "" {
			t.Errorf("an error without a name: %+v", e.icmp)
		}
	})
}
