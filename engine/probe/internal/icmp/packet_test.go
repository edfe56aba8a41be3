package icmp

import (
	"bytes"
	"testing"
)

func TestICMPNames(t *testing.T) {
	for _, test := range []struct {
		v6        bool
		typ, code int
		want      string
	}{
		{false, 3, 0, "net_unreachable"},
		{false, 3, 1, "host_unreachable"},
		{false, 3, 2, "protocol_unreachable"},
		{false, 3, 3, "port_unreachable"},
		{false, 3, 4, "too_big"},
		{false, 3, 5, "unreachable"},
		{false, 3, 9, "admin_prohibited"},
		{false, 3, 10, "admin_prohibited"},
		{false, 3, 13, "admin_prohibited"},
		{false, 5, 1, "redirect"},
		{false, 11, 0, "ttl_exceeded"},
		{false, 11, 1, "reassembly_timeout"},
		{false, 12, 0, "parameter_problem"},
		{false, 8, 0, "other"},
		{true, 1, 0, "net_unreachable"},
		{true, 1, 1, "admin_prohibited"},
		{true, 1, 2, "unreachable"},
		{true, 1, 3, "host_unreachable"},
		{true, 1, 4, "port_unreachable"},
		{true, 1, 5, "admin_prohibited"},
		{true, 1, 6, "admin_prohibited"},
		{true, 2, 0, "too_big"},
		{true, 3, 0, "ttl_exceeded"},
		{true, 3, 1, "reassembly_timeout"},
		{true, 4, 1, "parameter_problem"},
		{true, 137, 0, "redirect"},
		{true, 128, 0, "other"},
	} {
		e := &Error{V6: test.v6, Type: test.typ, Code: test.code}
		if got := e.Name(); got != test.want {
			t.Errorf("type %d code %d (IPv6 %v) is %q, want %q", test.typ, test.code, test.v6, got, test.want)
		}
	}
}

func TestInternetChecksum(t *testing.T) {
	// The example of RFC 1071, 3.
	if got, want := internetChecksum([]byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}), ^uint16(0xddf2); got != want {
		t.Errorf("got %#04x, want %#04x", got, want)
	}
	for _, message := range [][]byte{echoRequest(false, 1, 2, nil), echoRequest(false, 1, 2, []byte("odd"))} {
		if sum := internetChecksum(message); sum != 0 {
			t.Errorf("the sum over %x is %#04x, want 0", message, sum)
		}
	}
}

func FuzzEchoReply(f *testing.F) {
	reply := echoRequest(false, 7, 8, []byte("token"))
	reply[0] = icmp4EchoReply
	f.Add(reply)
	f.Add(append(bytes.Repeat([]byte{0x45}, 20), reply...))
	reply6 := echoRequest(true, 7, 8, []byte("token"))
	reply6[0] = icmp6EchoReply
	f.Add(reply6)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, packet []byte) {
		for _, v6 := range []bool{false, true} {
			for _, message := range [][]byte{packet, WithoutIPv4Header(packet)} {
				reply, ok := ParseEchoReply(v6, message)
				if !ok {
					continue
				}
				// What was understood, made anew, is understood again.
				again := echoRequest(v6, reply.ID, reply.Seq, reply.Data)
				request, ok := ParseEchoRequest(v6, again)
				if !ok || request.ID != reply.ID || request.Seq != reply.Seq || !bytes.Equal(request.Data, reply.Data) {
					t.Errorf("%x was read as %+v, then as %+v", message, reply, request)
				}
			}
		}
	})
}
