package icmp

import (
	"encoding/binary"
)

// Lengths of headers, in bytes.
const (
	HeaderLen     = 8  // of every ICMP message (RFC 792, RFC 4443)
	IPv4HeaderLen = 20 // without options
	// LongestIPv4Header has all options that one can have (RFC 791, 3.1).
	LongestIPv4Header = 60
	IPv6HeaderLen     = 40 // without extensions
)

// echoRequest is an ICMP echo request.
func echoRequest(v6 bool, id, seq uint16, data []byte) []byte {
	m := make([]byte, HeaderLen+len(data))
	copy(m[HeaderLen:], data)
	PutEchoHeader(m, v6, id, seq)
	return m
}

// PutEchoHeader makes an echo request of a message that has its data already.
// The kernel fills in what it knows better: the checksum of ICMPv6, and on a
// ping socket the identifier and the checksum in any case.
func PutEchoHeader(m []byte, v6 bool, id, seq uint16) {
	clear(m[:HeaderLen])
	m[0] = icmp4Echo
	if v6 {
		m[0] = icmp6Echo
	}
	binary.BigEndian.PutUint16(m[4:], id)
	binary.BigEndian.PutUint16(m[6:], seq)
	if !v6 {
		binary.BigEndian.PutUint16(m[2:], internetChecksum(m))
	}
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

// An echo is what identifies an echo request, and its reply.
type echo struct {
	ID, Seq uint16
	Data    []byte
}

// ParseEchoReply decodes an ICMP message, without the IP header before it;
// false for one that is no echo reply.
func ParseEchoReply(v6 bool, m []byte) (echo, bool) {
	if v6 {
		return parseEcho(m, icmp6EchoReply)
	}
	return parseEcho(m, icmp4EchoReply)
}

// ParseEchoRequest decodes the start of an echo request, which an ICMP error
// quotes; false where it is none.
func ParseEchoRequest(v6 bool, m []byte) (echo, bool) {
	if v6 {
		return parseEcho(m, icmp6Echo)
	}
	return parseEcho(m, icmp4Echo)
}

func parseEcho(m []byte, typ byte) (echo, bool) {
	if len(m) < HeaderLen || m[0] != typ {
		return echo{}, false
	}
	return echo{
		ID: binary.BigEndian.Uint16(m[4:]), Seq: binary.BigEndian.Uint16(m[6:]), Data: m[HeaderLen:],
	}, true
}

// Intact is an ICMP message whose checksum is right (RFC 792), else nil: a raw
// IPv4 socket is handed all there are, while the kernel checks those of ping
// sockets (icmp_rcv) and of ICMPv6 (rawv6_rcv) itself.
func Intact(m []byte) []byte {
	if len(m) < HeaderLen || internetChecksum(m) != 0 {
		return nil
	}
	return m
}

// WithoutIPv4Header is what a raw IPv4 socket received, from the ICMP message
// on; nil where the header is broken.
func WithoutIPv4Header(packet []byte) []byte {
	if len(packet) < IPv4HeaderLen {
		return nil
	}
	if header := int(packet[0]&0x0f) * 4; header >= IPv4HeaderLen && header <= len(packet) {
		return packet[header:]
	}
	return nil
}
