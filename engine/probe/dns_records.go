package probe

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/linecheck/linecheck/rules/terminal"
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

// maxExplained bounds what is quoted of a server's own words, in characters.
const maxExplained = 120

// extendedError is what a server adds to its code (RFC 8914), on one line: the
// meaning of its number and its own words; "" for nothing.
func extendedError(m *dns.Msg) string {
	opt := m.IsEdns0()
	if opt == nil {
		return ""
	}
	for _, option := range opt.Option {
		e, ok := option.(*dns.EDNS0_EDE)
		if !ok {
			continue
		}
		text, known := dns.ExtendedErrorCodeToString[e.InfoCode]
		if !known {
			text = "extended error " + strconv.Itoa(int(e.InfoCode))
		}
		if words := []rune(terminal.Spell(e.ExtraText, "")); len(words) > maxExplained {
			text += ": " + string(words[:maxExplained]) + "…"
		} else if len(words) > 0 {
			text += ": " + string(words)
		}
		return text
	}
	return ""
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

// rcodeWords are the names of all response codes up to the last that IANA has
// assigned, those without a mnemonic among them.
var rcodeWords = func() []string {
	var words []string
	for rcode := range dns.RcodeBadCookie + 1 {
		words = append(words, rcodeName(rcode))
	}
	return words
}()

// rcodeName is the mnemonic of a response code (RFC 6895, 2.3); one without
// is RCODEn.
func rcodeName(rcode int) string {
	if rcode == dns.RcodeBadVers { // shares its number with TSIG's BADSIG
		return "BADVERS"
	}
	if name, ok := dns.RcodeToString[rcode]; ok {
		return name
	}
	return "RCODE" + strconv.Itoa(rcode)
}
