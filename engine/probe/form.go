package probe

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/linecheck/linecheck/engine/probe/internal/dnsclient"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/miekg/dns"
)

// The texts that several kinds observe, or that are a form of their own.
var (
	anAddress = language.Written("an IP address in canonical spelling", isCanonicalAddress)
	aServer   = language.Written("an IP address in canonical spelling, with a port where it is not 53", isServerName)
	aPrefix   = language.Written("a prefix such as 10.2.0.0/24", isPrefix)
	aMAC      = language.Written("a link-layer address such as 02:00:00:00:00:01", linkLayerAddress.MatchString)
	aHostName = language.Written("a host name in lower case", isLowerHostName)
	aLine     = language.Written(fmt.Sprintf("one line of at most %d characters, none of them a control character", maxText), isOneLine)

	aTLSVersion = language.Written(`a version such as "TLS 1.3"`, tlsVersionName.MatchString)
	anRcode     = language.OneOf(rcodeWords...).OrWritten(`"RCODE" and the number of one without a name, up to 4095`, isOtherRcode)
)

var (
	// linkLayerAddress has at most MAX_ADDR_LEN bytes (linux/netdevice.h).
	linkLayerAddress = regexp.MustCompile(`^[0-9a-f]{2}(:[0-9a-f]{2}){0,31}$`)
	tlsVersionName   = regexp.MustCompile(`^TLS 1\.[0-9]$`)
	otherRouteKind   = regexp.MustCompile(`^type [0-9]{1,3}$`)
)

func isCanonicalAddress(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.String() == s
}

func isServerName(s string) bool {
	if isCanonicalAddress(s) {
		return true
	}
	server, err := netip.ParseAddrPort(s)
	return err == nil && dnsclient.ServerName(server) == s
}

func isPrefix(s string) bool {
	prefix, err := netip.ParsePrefix(s)
	return err == nil && prefix.String() == s
}

func isLowerHostName(s string) bool {
	return len(s) <= maxHostName && hostName.MatchString(s) && strings.ToLower(s) == s
}

// mostComposed is how many characters may be made of one where a text becomes a
// value of the language, which has it composed (Unicode Standard Annex 15, NFC).
const mostComposed = 3

// isOneLine reports whether oneLine, of whatever version, can have written a text:
// what is printable changes with Unicode.
func isOneLine(s string) bool {
	breaks := func(r rune) bool { return r != '\t' && unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }
	return utf8.RuneCountInString(s) <= mostComposed*maxText && strings.IndexFunc(s, breaks) < 0
}

// maxRcode is the largest response code, 12 bits with EDNS (RFC 6891, 6.1.3).
const maxRcode = 1<<12 - 1

// isOtherRcode reports whether a text is one of rcodeName's that rcodeWords lacks.
func isOtherRcode(s string) bool {
	for rcode := dns.RcodeBadCookie + 1; rcode <= maxRcode; rcode++ {
		if dnsclient.RcodeName(rcode) == s {
			return true
		}
	}
	return false
}
