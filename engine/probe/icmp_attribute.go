package probe

import (
	"math"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// icmpAttribute is the ICMP error that belongs to what a probe sent.
var icmpAttribute = language.Attribute{Name: "icmp",
	Doc: "The ICMP error that answered (RFC 792, RFC 4443); its attributes are null when none was seen, unknown where the system shows none. Routers send few of them: one is proof, none proves nothing.",
	Attrs: []language.Attribute{
		{Name: "type", Type: cty.Number, Domain: language.WholeBetween(0, 255),
			Doc: "ICMP or ICMPv6 type."},
		{Name: "code", Type: cty.Number, Domain: language.WholeBetween(0, 255),
			Doc: "ICMP or ICMPv6 code."},
		{Name: "name", Type: cty.String,
			Domain: language.OneOf("net_unreachable", "host_unreachable", "protocol_unreachable", "port_unreachable", "admin_prohibited", "unreachable",
				"too_big", "ttl_exceeded", "reassembly_timeout", "parameter_problem", "redirect", "other"),
			Doc: `What the error says, in one word for IPv4 and IPv6: "net_unreachable" (no route), "host_unreachable", "protocol_unreachable", "port_unreachable", "admin_prohibited" (a filter), "unreachable" (for another reason, see code), "too_big", "ttl_exceeded", "reassembly_timeout", "parameter_problem", "redirect" or "other".`},
		{Name: "sender", Type: cty.String, Domain: anAddress,
			Doc: "Address of the host or router that sent the error. It is an own address where this computer's kernel gave up itself (a neighbour that does not answer, a firewall rule that rejects)."},
		{Name: "mtu", Type: cty.Number, Domain: language.WholeBetween(1, math.MaxUint32),
			Doc: "Bytes of the largest packet that the next hop takes (RFC 1191, RFC 8201), of too_big only; null where the sender states none."},
	},
	Never: []language.Contradiction{
		excludes(none("type"), there("code"), there("name"), there("sender"), there("mtu")),
		excludes(there("type"), none("code"), none("name")),
		excludes(isOther("name", "too_big"), there("mtu")),
		excludes(of(misnamed, "type", "code", "name")),
	},
}

// misnamed reports whether a type and a code have another name, in either family.
func misnamed(of []*language.Item) bool {
	if of[0].IsNull() || of[1].IsNull() || of[2].IsNull() {
		return false
	}
	typ, code, name := int(of[0].Number), int(of[1].Number), of[2].AsString()
	return icmp.Name(false, typ, code) != name && icmp.Name(true, typ, code) != name
}

// icmpFields are the attributes of icmpAttribute; nil for no error.
func icmpFields(e *icmp.Error) fields {
	if e == nil {
		return nil
	}
	f := fields{"type": e.Type, "code": e.Code, "name": e.Name(), "sender": e.Sender, "mtu": nil}
	if e.NextHopMTU > 0 {
		f["mtu"] = e.NextHopMTU
	}
	return f
}
