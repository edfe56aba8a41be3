package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/linecheck/linecheck/engine/probe/internal/resolver"
	"github.com/linecheck/linecheck/rules/panics"
	"golang.org/x/net/publicsuffix"
)

// identityPatience is how long the look-ups about a greeting's name may take:
// they run beside the dialogue, and the DNS has just answered about the target.
const identityPatience = 2 * time.Second

// identityWords are how the name in a greeting may be related to the host that
// was asked for.
var identityWords = []string{"name", "domain", "address", "elsewhere", "unknown_name", "unresolved"}

// A greetingIdentity is who it is that greets, as far as names can tell.
type greetingIdentity struct {
	name      string // "" where the greeting names none
	relation  string // of identityWords, "" where nothing can be compared
	looked    bool   // the name was looked up, and an answer came
	addresses []netip.Addr
	nearer    *nearerEnd // the connection is answered before the host is reached; nil: that was not seen
}

func (i *greetingIdentity) set(r *result) {
	r.set("greeting_name", nullIfEmpty(i.name))
	r.set("greeting_relation", nullIfEmpty(i.relation))
	r.set("answered_nearer", i.nearer != nil)
	r.set("nearer_hop", nil)
	r.set("nearer_router", nil)
	if i.nearer != nil {
		r.set("nearer_hop", i.nearer.hop)
		r.set("nearer_router", i.nearer.router)
	}
	if !i.looked {
		return
	}
	texts := []string{}
	for _, address := range i.addresses {
		texts = append(texts, address.String())
	}
	r.set("greeting_addresses", texts)
}

// hostName is a host name as RFC 1123, 2.1 has it, with the underscore that
// some have; numeric top levels are versions and codes, not names.
var hostName = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\.)*[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$`)

// notNames are words that some servers put before their name.
var notNames = map[string]bool{"esmtp": true, "smtp": true, "welcome": true, "to": true, "hello": true, "from": true, "this": true, "is": true}

// greetingName is the host that a greeting names: its first word (RFC 5321,
// 4.2), in lower case; "" where that is no name.
func greetingName(greeting smtpReply) string {
	if len(greeting.text) == 0 {
		return ""
	}
	for word := range strings.FieldsSeq(greeting.text[0]) {
		word = strings.ToLower(strings.TrimSuffix(strings.TrimRight(word, ",;:!"), "."))
		if notNames[word] {
			continue
		}
		if len(word) <= maxHostName && hostName.MatchString(word) {
			return word
		}
		return ""
	}
	return ""
}

// maxHostName is the most characters that a name has (RFC 1035, 2.3.4).
const maxHostName = 253

// identify relates the name of a greeting to the target and the address that
// was connected to. Where the two names are of one domain nothing is looked up;
// where nothing shows who greets to be the target, it looks whether the
// connection is answered before the host is reached.
func identify(ctx context.Context, w *engine.World, name, target string, connected netip.AddrPort) greetingIdentity {
	i := greetingIdentity{name: name}
	if i.relation = related(name, []string{target}); i.relation != "" {
		return i
	}
	telling := strings.Count(name, ".") >= 2 && organisation(name) != "" // a bare domain or a word stands for anything
	if telling {
		i.lookUp(ctx, w, target, connected.Addr())
	}
	if i.isTarget() || w.Dial != nil || ipaddr.IsOwn(connected.Addr()) {
		return i
	}
	i.nearer = answeredNearer(ctx, connected)
	if i.nearer != nil && !telling && strings.Contains(name, ".") {
		// A private name may be the host's in the DNS of its place. To look that up
		// takes time where nobody knows it, and only now hangs something on it.
		private := greetingIdentity{name: name}
		if private.lookUp(ctx, w, target, connected.Addr()); private.isTarget() {
			return private
		}
	}
	return i
}

// isTarget reports whether the name shows who greets to be the target.
func (i *greetingIdentity) isTarget() bool {
	return i.relation == "name" || i.relation == "domain" || i.relation == "address"
}

// lookUp relates a name that is not the target's by itself, with what the DNS
// knows of both.
func (i *greetingIdentity) lookUp(ctx context.Context, w *engine.World, target string, address netip.Addr) {
	limited, cancel := context.WithTimeout(ctx, identityPatience)
	defer cancel()
	var err error
	var names []string
	var all panics.Group
	all.Go(func() { i.addresses, err = resolver.Lookup(limited, w, "ip", i.name) })
	all.Go(func() { names = resolver.Names(limited, w, target, address) })
	all.Wait()
	i.looked = err == nil || isNotFound(err)

	compared := func(s string) bool { return organisation(s) != "" }
	switch i.relation = related(i.name, names); {
	case i.relation != "":
	case slices.Contains(i.addresses, address.WithZone("")):
		i.relation = "address"
	case !slices.ContainsFunc(append(names, target), compared):
		// An address, or a private name: there is no organisation to compare.
	case err == nil:
		i.relation = "elsewhere"
	case isNotFound(err):
		i.relation = "unknown_name"
	default:
		i.relation = "unresolved"
	}
}

// related is how a name is related to any of the others: the same, or the first
// label of one, of the same domain, or "".
func related(name string, others []string) string {
	relation := ""
	for _, other := range others {
		other = strings.ToLower(strings.TrimSuffix(other, "."))
		label, _, _ := strings.Cut(other, ".")
		if name != "" && (name == other || name == label && hostName.MatchString(other)) {
			return "name"
		}
		if o := organisation(other); o != "" && o == organisation(name) {
			relation = "domain"
		}
	}
	return relation
}

// organisation is the label of a name under its public suffix, which names
// whose it is: corp of mail.corp.example and of mail.corp.co.uk. It is "" for
// what is no host name and for names under a suffix that nobody registers in,
// such as .local, .lan, .internal or .home.arpa; those for examples and tests (RFC 2606)
// count as the names that they stand for.
func organisation(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if !hostName.MatchString(name) {
		return ""
	}
	suffix, managed := publicsuffix.PublicSuffix(name)
	for !managed && strings.Contains(suffix, ".") { // one of a provider's, below a registry's
		_, suffix, _ = strings.Cut(suffix, ".")
		suffix, managed = publicsuffix.PublicSuffix(suffix)
	}
	if !managed && suffix != "example" && suffix != "test" || suffix == "arpa" || strings.HasSuffix(suffix, ".arpa") {
		return ""
	}
	rest, found := strings.CutSuffix(name, "."+suffix)
	if !found {
		return ""
	}
	return rest[strings.LastIndexByte(rest, '.')+1:]
}

// isNotFound reports whether a look-up was answered: there is no such name, or
// it has no address.
func isNotFound(err error) bool {
	var dnsErr *net.DNSError
	return errors.As(err, &dnsErr) && dnsErr.IsNotFound
}
