package resolver

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseResolvConf(t *testing.T) {
	for name, test := range map[string]struct {
		text, hostname string
		want           Config
	}{
		"nothing":                   {"", "", Config{ndots: 1}},
		"own domain":                {"", "gw.corp.example", Config{Search: []string{"corp.example"}, ndots: 1}},
		"own domain is overruled":   {"search a.example b.example", "gw.corp.example", Config{Search: []string{"a.example", "b.example"}, ndots: 1}},
		"the last of search counts": {"search a.example\ndomain b.example c.example\n", "", Config{Search: []string{"b.example"}, ndots: 1}},
		"the root is nothing":       {"search .\n", "gw.corp.example", Config{ndots: 1}},
		"comments":                  {"#nameserver 10.0.0.1\n;nameserver 10.0.0.2\n", "", Config{ndots: 1}},
		"options":                   {"options rotate ndots:2 timeout:1\noptions ndots:99\n", "", Config{ndots: 15, InTurn: true}},
		"options that are none":     {"options ndots:x ndots:-1 ndots:\n", "", Config{ndots: 1}},
		"lines as Go reads them alone": {"nameserver 10.0.0.1\r\n nameserver 10.0.0.2\n\toptions rotate\n", "",
			Config{ndots: 1, odd: true, Problems: []string{`"nameserver 10.0.0.1\r"`, `" nameserver 10.0.0.2"`}}},
		"a port": {"nameserver 10.0.0.1:53\nnameserver 10.0.0.2\n", "",
			Config{ndots: 1, Servers: []netip.Addr{netip.MustParseAddr("10.0.0.2")}, Problems: []string{`"nameserver 10.0.0.1:53"`}}},
		"three servers": {"nameserver 10.0.0.1\nnameserver ::1\nnameserver\nnameserver 10.0.0.2 # two\nnameserver 10.0.0.3\n", "",
			Config{Servers: []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("::1"), netip.MustParseAddr("10.0.0.2")}, ndots: 1}},
	} {
		got := parseResolvConf(test.text, test.hostname)
		if d := cmp.Diff(test.want, got, cmp.AllowUnexported(Config{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestCandidates(t *testing.T) {
	conf := Config{Search: []string{"a.example", "b.example"}, ndots: 2}
	for name, want := range map[string]string{
		"x":      "x.a.example. x.b.example. x.",
		"x.y":    "x.y.a.example. x.y.b.example. x.y.",
		"x.y.z":  "x.y.z. x.y.z.a.example. x.y.z.b.example.",
		"x.":     "x.",
		"x.y.z.": "x.y.z.",
	} {
		var got []string
		for candidate := range conf.Candidates(name) {
			got = append(got, candidate)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, " "), want)
		}
		for range conf.Candidates(name) {
			break // stopping early is allowed
		}
	}
}

func FuzzParseResolvConf(f *testing.F) {
	f.Add("nameserver 10.0.0.1\nsearch a.example\noptions ndots:3\n", "gw.corp.example", "mail")
	f.Add("domain .\n;\n#", ".", "mail.")
	f.Fuzz(func(t *testing.T, text, hostname, name string) {
		conf := parseResolvConf(text, hostname)
		if len(conf.Servers) > maxNameservers || conf.ndots < 0 || conf.ndots > maxNdots || slices.Contains(conf.Search, "") {
			t.Fatalf("%+v", conf)
		}
		asItStands := 0
		for candidate, domain := range conf.Candidates(name) {
			if !strings.HasSuffix(candidate, ".") || !strings.HasPrefix(candidate, strings.TrimSuffix(name, ".")) {
				t.Fatalf("candidate %q for %q", candidate, name)
			}
			if domain == "" {
				asItStands++
			}
		}
		if asItStands != 1 {
			t.Fatalf("%q is asked for as it stands %d times", name, asItStands)
		}
	})
}

func FuzzParseHosts(f *testing.F) {
	f.Add("127.0.0.1 localhost # me\n::1 localhost\n\tfe80::1%eth0\ta  B\r\n", "b")
	f.Add("10.0.0.1\n10.0.0.x y\n#", "")
	f.Fuzz(func(t *testing.T, text, target string) {
		for i, entry := range parseHosts(text) {
			if !entry.Address.IsValid() || len(entry.Names) == 0 {
				t.Fatalf("entry %d: %+v", i, entry)
			}
			for _, name := range entry.Names {
				if name == "" || strings.ContainsAny(name, "# \n") || name != strings.ToLower(name) {
					t.Fatalf("name %s", strconv.Quote(name))
				}
			}
			if !entry.About(entry.Address.String()) {
				t.Fatalf("%+v is not about its address", entry)
			}
			entry.About(target)
		}
	})
}
