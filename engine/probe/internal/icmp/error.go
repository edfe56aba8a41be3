package icmp

import (
	"net/netip"
)

// An Error is an ICMP error that belongs to a packet of ours.
type Error struct {
	V6         bool
	Type, Code int
	Sender     netip.Addr
	NextHopMTU int // bytes; 0: not stated
}

// ICMP types (RFC 792) and ICMPv6 types (RFC 4443, RFC 4861) that answer a
// packet.
const (
	icmp4EchoReply    = 0
	icmp4Unreachable  = 3
	icmp4Redirect     = 5
	icmp4Echo         = 8
	icmp4TimeExceeded = 11
	icmp4ParamProblem = 12

	icmp6Unreachable  = 1
	icmp6TooBig       = 2
	icmp6TimeExceeded = 3
	icmp6ParamProblem = 4
	icmp6Echo         = 128
	icmp6EchoReply    = 129
	icmp6Redirect     = 137
)

// Name is what the error says, in one word for both families, so that a rule
// need not ask which family it looks at.
func (e *Error) Name() string { return Name(e.V6, e.Type, e.Code) }

// Name is the word for errors of a type and code of ICMPv6 or ICMP.
func Name(v6 bool, typ, code int) string {
	if v6 {
		return name6(typ, code)
	}
	return name4(typ, code)
}

// name4: codes of RFC 792, RFC 1122 (3.2.2.1) and RFC 1812 (5.2.7.1).
func name4(typ, code int) string {
	switch typ {
	case icmp4Unreachable:
		switch code {
		case 0, 6, 11:
			return "net_unreachable"
		case 1, 7, 12:
			return "host_unreachable"
		case 2:
			return "protocol_unreachable"
		case 3:
			return "port_unreachable"
		case 4:
			return "too_big"
		case 9, 10, 13:
			return "admin_prohibited"
		}
		return "unreachable"
	case icmp4Redirect:
		return "redirect"
	case icmp4TimeExceeded:
		if code == 1 {
			return "reassembly_timeout"
		}
		return "ttl_exceeded"
	case icmp4ParamProblem:
		return "parameter_problem"
	}
	return "other"
}

// name6: codes of RFC 4443 (3); codes 5 and 6 of type 1 are "more
// informative subsets of code 1".
func name6(typ, code int) string {
	switch typ {
	case icmp6Unreachable:
		switch code {
		case 0:
			return "net_unreachable"
		case 1, 5, 6:
			return "admin_prohibited"
		case 3:
			return "host_unreachable"
		case 4:
			return "port_unreachable"
		}
		return "unreachable"
	case icmp6TooBig:
		return "too_big"
	case icmp6TimeExceeded:
		if code == 1 {
			return "reassembly_timeout"
		}
		return "ttl_exceeded"
	case icmp6ParamProblem:
		return "parameter_problem"
	case icmp6Redirect:
		return "redirect"
	}
	return "other"
}
