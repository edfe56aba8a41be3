package probe

import (
	"encoding/binary"
	"net/netip"
)

// An echoAnswer is what came back for an echo request of ours: its reply, or an
// ICMP error about it.
type echoAnswer struct {
	reply   bool
	id, seq uint16
	sender  netip.Addr // zero where it is not in the message
	data    []byte     // of a reply
	err     *icmpError // of an error; its sender is the packet's

	// destination is where the request that an error is about was sent to;
	// zero where the error does not say.
	destination netip.Addr
}

const (
	echoHeaderLen = 8 // of any ICMP message (RFC 792, RFC 4443)
	ipv4HeaderLen = 20
	ipv6HeaderLen = 40

	protocolICMP         = 1
	protocolICMPv6       = 58
	protocolIPv6Fragment = 44
)

// headerLen is what an echo request needs beside its data, in bytes.
func headerLen(v6 bool) int {
	if v6 {
		return ipv6HeaderLen + echoHeaderLen
	}
	return ipv4HeaderLen + echoHeaderLen
}

// echoRequest is an ICMP echo request. The kernel fills in what it knows
// better: the checksum of ICMPv6, and all of the identifier and the checksum on
// a ping socket.
func echoRequest(v6 bool, id, seq uint16, data []byte) []byte {
	m := make([]byte, echoHeaderLen, echoHeaderLen+len(data))
	m[0] = icmp4Echo
	if v6 {
		m[0] = icmp6Echo
	}
	binary.BigEndian.PutUint16(m[4:], id)
	binary.BigEndian.PutUint16(m[6:], seq)
	m = append(m, data...)
	if !v6 {
		binary.BigEndian.PutUint16(m[2:], internetChecksum(m))
	}
	return m
}

// internetChecksum is that of RFC 1071.
func internetChecksum(b []byte) uint16 {
	var sum uint32
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// parseEchoAnswer decodes an ICMP message, without the IP header before it;
// false for one that is neither an echo reply nor an error about a request.
func parseEchoAnswer(v6 bool, m []byte) (echoAnswer, bool) {
	if len(m) < echoHeaderLen {
		return echoAnswer{}, false
	}
	typ, code, body := int(m[0]), int(m[1]), m[echoHeaderLen:]
	if !v6 && typ == icmp4EchoReply || v6 && typ == icmp6EchoReply {
		return echoAnswer{
			reply: true, data: body,
			id: binary.BigEndian.Uint16(m[4:]), seq: binary.BigEndian.Uint16(m[6:]),
		}, true
	}

	e := &icmpError{v6: v6, typ: typ, code: code}
	switch {
	case !v6 && typ == icmp4Unreachable:
		if e.name() == "too_big" {
			e.nextHopMTU = int(binary.BigEndian.Uint16(m[6:])) // RFC 1191, 4
		}
	case v6 && typ == icmp6TooBig:
		e.nextHopMTU = int(binary.BigEndian.Uint32(m[4:]))
	case !v6 && (typ == icmp4TimeExceeded || typ == icmp4ParamProblem || typ == icmp4Redirect):
	case v6 && (typ == icmp6Unreachable || typ == icmp6TimeExceeded || typ == icmp6ParamProblem):
	default:
		return echoAnswer{}, false
	}
	a, ok := parseQuoted(v6, body)
	a.err = e
	return a, ok
}

// parseQuoted decodes the start of our packet that an ICMP error quotes: its
// IP header and at least eight bytes behind it.
func parseQuoted(v6 bool, packet []byte) (echoAnswer, bool) {
	var a echoAnswer
	if v6 {
		if len(packet) < ipv6HeaderLen || packet[0]>>4 != 6 {
			return a, false
		}
		next, payload := packet[6], packet[ipv6HeaderLen:]
		if next == protocolIPv6Fragment && len(payload) >= 8 {
			if binary.BigEndian.Uint16(payload[2:])>>3 != 0 {
				return a, false // not the first piece: it has no ICMP header
			}
			next, payload = payload[0], payload[8:]
		}
		if next != protocolICMPv6 {
			return a, false
		}
		a.destination = netip.AddrFrom16([16]byte(packet[24:40]))
		return a, a.fromRequest(payload, icmp6Echo)
	}
	if len(packet) < ipv4HeaderLen || packet[0]>>4 != 4 {
		return a, false
	}
	header := int(packet[0]&0x0f) * 4
	firstPiece := binary.BigEndian.Uint16(packet[6:])&0x1fff == 0
	if header < ipv4HeaderLen || len(packet) < header || packet[9] != protocolICMP || !firstPiece {
		return a, false
	}
	a.destination = netip.AddrFrom4([4]byte(packet[16:20]))
	return a, a.fromRequest(packet[header:], icmp4Echo)
}

// fromRequest takes identifier and sequence number from the start of an echo
// request; false where it is none.
func (a *echoAnswer) fromRequest(m []byte, echo byte) bool {
	if len(m) < echoHeaderLen || m[0] != echo {
		return false
	}
	a.id, a.seq = binary.BigEndian.Uint16(m[4:]), binary.BigEndian.Uint16(m[6:])
	return true
}

// withoutIPv4Header is what a raw IPv4 socket received, from the ICMP message
// on; nil where the header is broken.
func withoutIPv4Header(packet []byte) []byte {
	if len(packet) < ipv4HeaderLen {
		return nil
	}
	if header := int(packet[0]&0x0f) * 4; header >= ipv4HeaderLen && header <= len(packet) {
		return packet[header:]
	}
	return nil
}
