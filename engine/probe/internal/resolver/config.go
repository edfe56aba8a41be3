package resolver

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/hostfs"
)

const (
	// maxNameservers is MAXNS of <resolv.h>: the system asks no further ones.
	maxNameservers = 3
	// maxNdots is RES_MAXNDOTS of <resolv.h>.
	maxNdots = 15
	// maxFile bounds what is read of a configuration file. Hosts files
	// that block advertisements reach a few megabytes.
	maxFile = 16 << 20
)

// Config is what resolv.conf(5) says.
type Config struct {
	Servers []netip.Addr
	Search  []string // without the final dot
	ndots   int
	UseTCP  bool // programs never ask over UDP
	InTurn  bool // programs begin with another server each time
	// Problems are what the C library does not take of the file: lines that were
	// meant as servers, quoted, or why it can't be read.
	Problems []string
	// odd: Go's resolver takes what the C library does not.
	odd bool
}

// ReadConfig reads the system's configuration. A file that is not there
// says nothing, which is no error; on a system that has no such file by design
// the configuration is not known.
func ReadConfig(w *engine.World) (conf Config, known bool, err error) {
	if resolvConfPath == "" {
		return Config{ndots: 1}, false, nil
	}
	text, err := readFile(w, resolvConfPath)
	if err != nil && !errors.Is(err, fs.ErrPermission) && !hostfs.IsNoRegularFile(err) {
		return Config{}, false, err
	}
	hostname := ""
	if w.Open == nil {
		hostname, _ = os.Hostname()
	}
	conf = parseResolvConf(text, hostname)
	if err != nil { // to the C library it says nothing then
		conf.Problems = []string{err.Error()}
	}
	return conf, true, nil
}

// parseResolvConf reads a configuration as the GNU C library does: words begin
// with the line, blanks and tabs stand between them, the first three servers
// count, the last domain or search line does, and without one the domain of the
// host's own name is searched.
func parseResolvConf(text, hostname string) Config {
	conf := Config{ndots: 1}
	if _, domain, ok := strings.Cut(hostname, "."); ok {
		conf.Search = searchList([]string{domain})
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		line = strings.TrimSuffix(line, "\n")
		fields := strings.FieldsFunc(line, isBlank)
		if len(fields) < 2 {
			continue
		}
		indented := isBlank(rune(line[0]))
		conf.odd = conf.odd || indented || strings.Contains(line, "\r")
		if indented && fields[0] != "nameserver" {
			continue
		}
		switch fields[0] {
		case "nameserver":
			switch addr, err := netip.ParseAddr(fields[1]); {
			case indented, err != nil:
				conf.Problems = append(conf.Problems, strconv.Quote(line))
			case len(conf.Servers) < maxNameservers:
				conf.Servers = append(conf.Servers, addr.Unmap())
			}
		case "domain":
			conf.Search = searchList(fields[1:2])
		case "search":
			conf.Search = searchList(fields[1:])
		case "options":
			for _, option := range fields[1:] {
				conf.UseTCP = conf.UseTCP || option == "use-vc"
				conf.InTurn = conf.InTurn || option == "rotate"
				digits, ok := strings.CutPrefix(option, "ndots:")
				if n, err := strconv.Atoi(digits); ok && err == nil && n >= 0 {
					conf.ndots = min(n, maxNdots)
				}
			}
		}
	}
	return conf
}

// isBlank reports whether a rune parts the words of resolv.conf.
func isBlank(r rune) bool { return r == ' ' || r == '\t' }

// searchList leaves out the root, which completes nothing.
func searchList(domains []string) []string {
	var list []string
	for _, domain := range domains {
		if domain = strings.TrimSuffix(domain, "."); domain != "" {
			list = append(list, domain)
		}
	}
	return list
}

// Candidates are the names to ask for, in order, with their final dots, and
// the search domain that each was completed with ("" for the name as it
// stands). A name with ndots dots or more is asked for as it stands first, a
// shorter one last; one with a final dot is never completed.
func (c Config) Candidates(name string) iter.Seq2[string, string] {
	return func(yield func(name, domain string) bool) {
		if strings.HasSuffix(name, ".") {
			yield(name, "")
			return
		}
		long := strings.Count(name, ".") >= c.ndots
		if long && !yield(name+".", "") {
			return
		}
		for _, domain := range c.Search {
			if !yield(name+"."+domain+".", domain) {
				return
			}
		}
		if !long {
			yield(name+".", "")
		}
	}
}

// A HostsEntry is one line of the hosts file.
type HostsEntry struct {
	Address netip.Addr
	Names   []string // lower case
}

// ReadHosts reads the system's hosts file.
func ReadHosts(w *engine.World) ([]HostsEntry, error) {
	text, err := readFile(w, hostsPath)
	if err != nil {
		return nil, err
	}
	return parseHosts(text), nil
}

// parseHosts reads lines as hosts(5) has them; those without a valid address
// or without a name say nothing.
func parseHosts(text string) []HostsEntry {
	var entries []HostsEntry
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		addr, err := netip.ParseAddr(fields[0])
		if err != nil {
			continue
		}
		for i, name := range fields[1:] {
			fields[i+1] = strings.ToLower(name)
		}
		entries = append(entries, HostsEntry{addr.Unmap(), fields[1:]})
	}
	return entries
}

// About reports whether the line holds target, a name or an address.
func (e HostsEntry) About(target string) bool {
	if addr, err := netip.ParseAddr(target); err == nil {
		return e.Address == addr.Unmap()
	}
	name := strings.ToLower(strings.TrimSuffix(target, "."))
	return slices.Contains(e.Names, name)
}

// readFile reads a configuration file; "" when there is none.
func readFile(w *engine.World, name string) (string, error) {
	f, err := hostfs.Open(w, name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	if len(text) > maxFile {
		return "", fmt.Errorf("read %s: larger than %dMiB", name, maxFile>>20)
	}
	return string(text), nil
}
