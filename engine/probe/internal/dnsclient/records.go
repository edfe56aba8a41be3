package dnsclient

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// addressesIn follows the aliases of an answer (RFC 1034, 3.6.2) from name to
// the addresses: records that do not lead there are nobody's, and neither are
// those of another class. ttl is the least on the way.
func addressesIn(m *dns.Msg, name string, qtype uint16) (addresses []netip.Addr, canonical string, ttl uint32) {
	ttl = ^uint32(0)
	for range m.Answer { // a chain can't be longer, a loop could
		alias := ""
		for _, record := range m.Answer {
			if c, ok := record.(*dns.CNAME); ok && isFor(record, name) {
				alias, ttl = c.Target, min(ttl, c.Hdr.Ttl)
				break
			}
		}
		if alias == "" {
			break
		}
		name = alias
	}
	for _, record := range m.Answer {
		if record.Header().Rrtype != qtype || !isFor(record, name) {
			continue
		}
		var addr netip.Addr
		switch r := record.(type) {
		case *dns.A:
			addr, _ = netip.AddrFromSlice(r.A)
		case *dns.AAAA:
			addr, _ = netip.AddrFromSlice(r.AAAA)
		}
		if addr.IsValid() {
			addresses = append(addresses, addr.Unmap())
			ttl = min(ttl, record.Header().Ttl)
		}
	}
	return addresses, name, ttl
}

// isFor reports whether a record is of the internet and belongs to a name.
func isFor(record dns.RR, name string) bool {
	return record.Header().Class == dns.ClassINET && strings.EqualFold(record.Header().Name, name)
}

// hasAlias reports whether an answer says that the name is an alias.
func hasAlias(m *dns.Msg, name string) bool {
	return slices.ContainsFunc(m.Answer, func(record dns.RR) bool {
		_, ok := record.(*dns.CNAME)
		return ok && isFor(record, name)
	})
}

// isReferral reports whether an answer only points to other servers (RFC 1034,
// 4.3.2): the server does not ask them for its clients.
func isReferral(m *dns.Msg) bool {
	isNS := func(record dns.RR) bool { return record.Header().Rrtype == dns.TypeNS }
	return m.Rcode == dns.RcodeSuccess && len(m.Answer) == 0 && !m.Authoritative && !m.RecursionAvailable && slices.ContainsFunc(m.Ns, isNS)
}

// An ExtendedError is what a server adds to its code (RFC 8914); the zero is
// nothing.
type ExtendedError struct {
	Meaning string // of its number
	Words   string // the server's own, as they came
}

// extendedErrorIn is the first that an answer holds.
func extendedErrorIn(m *dns.Msg) ExtendedError {
	opt := m.IsEdns0()
	if opt == nil {
		return ExtendedError{}
	}
	for _, option := range opt.Option {
		e, ok := option.(*dns.EDNS0_EDE)
		if !ok {
			continue
		}
		meaning, known := dns.ExtendedErrorCodeToString[e.InfoCode]
		if !known {
			meaning = "extended error " + strconv.Itoa(int(e.InfoCode))
		}
		return ExtendedError{meaning, e.ExtraText}
	}
	return ExtendedError{}
}

// exchangersIn are the mail hosts that an answer names for a domain (RFC 5321,
// 5.1), the preferred first, in lower case and without the final dot. The root
// in their place says that the domain takes no mail (RFC 7505).
func exchangersIn(m *dns.Msg, name string) []string {
	var records []*dns.MX
	for _, record := range m.Answer {
		if mx, ok := record.(*dns.MX); ok && isFor(record, name) && mx.Mx != "." {
			records = append(records, mx)
		}
	}
	slices.SortStableFunc(records, func(a, b *dns.MX) int { return int(a.Preference) - int(b.Preference) })
	hosts := []string{}
	for _, mx := range records {
		hosts = append(hosts, strings.ToLower(strings.TrimSuffix(mx.Mx, ".")))
	}
	return hosts
}

// RcodeName is the mnemonic of a response code (RFC 6895, 2.3); one without
// is RCODEn.
func RcodeName(rcode int) string {
	if rcode == dns.RcodeBadVers { // shares its number with TSIG's BADSIG
		return "BADVERS"
	}
	if name, ok := dns.RcodeToString[rcode]; ok {
		return name
	}
	return "RCODE" + strconv.Itoa(rcode)
}
