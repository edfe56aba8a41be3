package resolver

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"

	"github.com/linecheck/linecheck/engine"
)

// ErrUnknown: this system looks names up in a way that this program can't
// follow, so that nobody knows what other programs are told.
var ErrUnknown = errors.New("this system's look-up uses services that this program can't ask")

// A nameService is one service of the hosts line of nsswitch.conf(5), and what
// follows from each of its statuses.
type nameService struct {
	name      string
	returning map[string]bool // by status, lower case
}

// nameStatuses are the statuses that a service may end with, and whether each
// ends the search unless the line says otherwise.
var nameStatuses = map[string]bool{"success": true, "notfound": false, "unavail": false, "tryagain": false}

// parseNameServices reads the services for hosts as the GNU C library does: the
// last such line counts, without one it is "files dns". False where the line
// can't be understood.
func parseNameServices(text string) ([]nameService, bool) {
	services := "files dns"
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		name, rest, ok := strings.Cut(strings.TrimSpace(line), ":")
		if ok && strings.TrimSpace(name) == "hosts" {
			services = rest
		}
	}
	return parseServiceList(services)
}

func parseServiceList(text string) (list []nameService, ok bool) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		if text[0] == '[' {
			criteria, rest, closed := strings.Cut(text[1:], "]")
			if !closed || len(list) == 0 || !list[len(list)-1].apply(criteria) {
				return nil, false
			}
			text = rest
			continue
		}
		end := strings.IndexFunc(text, func(r rune) bool { return r == '[' || r == ' ' || r == '\t' })
		if end < 0 {
			end = len(text)
		}
		service := nameService{name: text[:end], returning: map[string]bool{}}
		for status, returns := range nameStatuses {
			service.returning[status] = returns
		}
		list, text = append(list, service), text[end:]
	}
	return list, true
}

// apply takes in what stands in brackets: [!]STATUS=ACTION, several of them
// with blanks between.
func (s *nameService) apply(criteria string) bool {
	for _, criterion := range strings.Fields(strings.ToLower(criteria)) {
		status, action, ok := strings.Cut(criterion, "=")
		status, negated := strings.CutPrefix(status, "!")
		if _, known := nameStatuses[status]; !ok || !known || action != "return" && action != "continue" {
			return false // "merge" is for groups only
		}
		for other := range nameStatuses {
			if (other == status) != negated {
				s.returning[other] = action == "return"
			}
		}
	}
	return true
}

// A switchPath is how a look-up goes.
type switchPath int

const (
	pathDefault switchPath = iota + 1 // Go's own resolver gives what programs get
	pathNowhere                       // the search ends before DNS is asked
	pathLibrary                       // only the C library knows
)

// switchPathOf follows the services for a name; listed tells whether the hosts
// file has it. rest tells whether others are asked once DNS has failed.
func switchPathOf(services []nameService, host string, listed bool) (way switchPath, rest bool) {
	for i, s := range services {
		switch {
		case s.passes(host):
			if s.returning["unavail"] || s.returning["notfound"] && s.name == "myhostname" {
				return pathLibrary, false
			}
		case s.name == "files" && listed:
			return defaultIf(s.returning["success"]), false
		case s.name == "files":
			if s.returning["notfound"] {
				return pathNowhere, false
			}
		case s.name == "dns" && listed:
			// Go's resolver reads the hosts file first, but for this order.
			return defaultIf(isDNSFirst(services)), false
		case s.name == "dns":
			others := func(s nameService) bool { return s.name != "files" && s.name != "dns" && !s.passes(host) }
			return defaultIf(s.returning["success"]), slices.ContainsFunc(services[i+1:], others)
		default:
			return pathLibrary, false
		}
	}
	return pathNowhere, false
}

func defaultIf(ordinary bool) switchPath {
	if ordinary {
		return pathDefault
	}
	return pathLibrary
}

// isDNSFirst reports whether the services are "dns" or "dns files" without
// anything in brackets that changes what they mean.
func isDNSFirst(services []nameService) bool {
	return len(services) <= 2 && services[0].name == "dns" && maps.Equal(services[0].returning, nameStatuses) &&
		(len(services) == 1 || services[1].name == "files" && maps.Equal(services[1].returning, nameStatuses))
}

// passes reports whether a service has nothing to say of a name: mDNS, of names
// that don't end in .local (RFC 6762, 3); myhostname (nss-myhostname(8)), of all
// but this computer's own and a few others, which have no dot.
func (s nameService) passes(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	switch s.name {
	case "mdns_minimal", "mdns4_minimal", "mdns6_minimal":
		return strings.Contains(host, ".") && !strings.HasSuffix(host, ".local")
	case "myhostname":
		return strings.Contains(host, ".") && !strings.HasSuffix(host, ".localhost") && !strings.HasSuffix(host, ".localdomain") && !isOwnHostname(host)
	}
	return false
}

// lookupSwitched looks a name up along the services that nsswitch.conf names,
// as every program that uses the C library does. A build without that library
// (CGO_ENABLED=0) does the same: where it can't follow it has getent(1) ask.
func lookupSwitched(ctx context.Context, w *engine.World, network, host string) ([]netip.Addr, error) {
	if nameSwitchPath == "" {
		return lookupDefault(ctx, network, host)
	}
	text, err := readFile(w, nameSwitchPath)
	if err != nil {
		return lookupByLibrary(ctx, network, host)
	}
	services, ok := parseNameServices(text)
	if !ok {
		return lookupByLibrary(ctx, network, host)
	}
	entries, _ := ReadHosts(w) // a file that can't be read is no help to the library either
	listed := slices.ContainsFunc(entries, func(e HostsEntry) bool {
		return e.About(host) && len(ofNetwork([]netip.Addr{e.Address}, network)) > 0
	})
	way, rest := switchPathOf(services, host, listed)
	switch way {
	case pathNowhere:
		return nil, &net.DNSError{Err: "not found, and " + nameSwitchPath + " lets nobody ask DNS for it", Name: host, IsNotFound: true}
	case pathDefault:
		if conf, _, err := ReadConfig(w); err == nil && conf.odd {
			return unmapped(host)(lookupByGetent(ctx, network, host))
		}
		addresses, err := lookupDefault(ctx, network, host)
		if err != nil && rest && !libraryLinked && ctx.Err() == nil {
			return lookupByLibrary(ctx, network, host)
		}
		return addresses, err
	}
	return lookupByLibrary(ctx, network, host)
}

// lookupByLibrary has the C library look a name up.
func lookupByLibrary(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if libraryLinked {
		return lookupDefault(ctx, network, host)
	}
	return unmapped(host)(lookupByGetent(ctx, network, host))
}

// LookupAgain looks a name up once more, by the C library where that is at hand:
// it hears of errors that Go's resolver, which waits on, does not.
func LookupAgain(ctx context.Context, w *engine.World, network, host string) ([]netip.Addr, error) {
	if w.Lookup != nil || nameSwitchPath == "" {
		return LookupNow(ctx, w, network, host)
	}
	addresses, err := unmapped(host)(lookupByGetent(ctx, network, host))
	switch {
	case errors.Is(err, ErrUnknown):
		return LookupNow(ctx, w, network, host)
	case err != nil: // which may mean that nobody answered
		return nil, &net.DNSError{Err: "not found", Name: host, IsTemporary: true}
	}
	return addresses, nil
}

// isOwnHostname reports whether a name is this computer's.
func isOwnHostname(host string) bool {
	own, err := os.Hostname()
	return err != nil || strings.EqualFold(own, host)
}
