package probe

import (
	"math"
	"net/netip"

	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// icmpAttribute is the ICMP error that belongs to what a probe sent.
var icmpAttribute = rules.Attribute{Name: "icmp",
	Doc: "The ICMP error that answered (RFC 792, RFC 4443); its attributes are null when none was seen, unknown where the system shows none. Routers send few of them: one is proof, none proves nothing.",
	Attrs: []rules.Attribute{
		{Name: "type", Type: cty.Number, Domain: rules.WholeBetween(0, 255),
			Doc: "ICMP or ICMPv6 type."},
		{Name: "code", Type: cty.Number, Domain: rules.WholeBetween(0, 255),
			Doc: "ICMP or ICMPv6 code."},
		{Name: "name", Type: cty.String,
			Domain: rules.OneOf("net_unreachable", "host_unreachable", "protocol_unreachable", "port_unreachable", "admin_prohibited", "unreachable",
				"too_big", "ttl_exceeded", "reassembly_timeout", "parameter_problem", "redirect", "other"),
			Doc: `What the error says, in one word for IPv4 and IPv6: "net_unreachable" (no route), "host_unreachable", "protocol_unreachable", "port_unreachable", "admin_prohibited" (a filter), "unreachable" (for another reason, see code), "too_big", "ttl_exceeded", "reassembly_timeout", "parameter_problem", "redirect" or "other".`},
		{Name: "sender", Type: cty.String, Domain: anAddress,
			Doc: "Address of the host or router that sent the error. It is an own address where this computer's kernel gave up itself (a neighbour that does not answer, a firewall rule that rejects)."},
		{Name: "mtu", Type: cty.Number, Domain: rules.WholeBetween(1, math.MaxUint32),
			Doc: "Bytes of the largest packet that the next hop takes (RFC 1191, RFC 8201), of too_big only; null where the sender states none."},
	},
	Never: []rules.Contradiction{
		excludes(none("type"), there("code"), there("name"), there("sender"), there("mtu")),
		excludes(there("type"), none("code"), none("name")),
		excludes(isOther("name", "too_big"), there("mtu")),
		excludes(of(misnamed, "type", "code", "name")),
	},
}

// misnamed reports whether a type and a code have another name, in either family.
func misnamed(of []*rules.Item) bool {
	if of[0].IsNull() || of[1].IsNull() || of[2].IsNull() {
		return false
	}
	typ, code, name := int(of[0].Number), int(of[1].Number), of[2].AsString()
	return icmp4Name(typ, code) != name && icmp6Name(typ, code) != name
}

// An icmpError is an ICMP error that belongs to a packet of ours.
type icmpError struct {
	v6         bool
	typ, code  int
	sender     netip.Addr
	nextHopMTU int // bytes; 0: not stated
}

// fields are the attributes of icmpAttribute; nil for no error.
func (e *icmpError) fields() fields {
	if e == nil {
		return nil
	}
	f := fields{"type": e.typ, "code": e.code, "name": e.name(), "sender": e.sender, "mtu": nil}
	if e.nextHopMTU > 0 {
		f["mtu"] = e.nextHopMTU
	}
	return f
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

// name is what the error says, in one word for both families, so that a rule
// need not ask which family it looks at.
func (e *icmpError) name() string {
	if e.v6 {
		return icmp6Name(e.typ, e.code)
	}
	return icmp4Name(e.typ, e.code)
}

// icmp4Name: codes of RFC 792, RFC 1122 (3.2.2.1) and RFC 1812 (5.2.7.1).
func icmp4Name(typ, code int) string {
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

// icmp6Name: codes of RFC 4443 (3); codes 5 and 6 of type 1 are "more
// informative subsets of code 1".
func icmp6Name(typ, code int) string {
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
