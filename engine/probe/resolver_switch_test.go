package probe

import (
	"context"
	"net/netip"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

func TestSwitchPath(t *testing.T) {
	const name, local = "mail.corp.example", "printer.local"
	for line, want := range map[string]struct {
		absent, listed switchPath // the name, which the hosts file lacks or has
		rest           bool
	}{
		"hosts: files dns":                                 {pathDefault, pathDefault, false},
		"hosts:files   dns # and no more":                  {pathDefault, pathDefault, false},
		"\t hosts :\tfiles\tdns":                           {pathDefault, pathDefault, false},
		"HOSTS: files":                                     {pathDefault, pathDefault, false}, // no such line: the default
		"":                                                 {pathDefault, pathDefault, false},
		"passwd: files":                                    {pathDefault, pathDefault, false},
		"# hosts: files":                                   {pathDefault, pathDefault, false},
		"hosts: dns\nhosts: files":                         {pathNowhere, pathDefault, false},
		"hosts: files":                                     {pathNowhere, pathDefault, false},
		"hosts:":                                           {pathNowhere, pathNowhere, false},
		"hosts: dns files":                                 {pathDefault, pathDefault, false},
		"hosts: dns":                                       {pathDefault, pathDefault, false},
		"hosts: dns [!UNAVAIL=return] files":               {pathDefault, pathLibrary, false},
		"hosts: files [NOTFOUND=return] dns":               {pathNowhere, pathDefault, false},
		"hosts: files[notfound=RETURN]dns":                 {pathNowhere, pathDefault, false},
		"hosts: files [!SUCCESS=return] dns":               {pathNowhere, pathDefault, false},
		"hosts: files [SUCCESS=continue] dns":              {pathDefault, pathLibrary, false},
		"hosts: files [UNAVAIL=return] dns":                {pathDefault, pathDefault, false},
		"hosts: files dns [SUCCESS=return]":                {pathDefault, pathDefault, false},
		"hosts: files dns [SUCCESS=continue] files":        {pathLibrary, pathDefault, false},
		"hosts: files mdns4_minimal [NOTFOUND=return] dns": {pathDefault, pathDefault, false},
		"hosts: mdns4_minimal [UNAVAIL=return] dns":        {pathLibrary, pathLibrary, false},
		"hosts: files mdns4 dns":                           {pathLibrary, pathDefault, false},
		"hosts: files myhostname dns":                      {pathDefault, pathDefault, false},
		"hosts: myhostname [NOTFOUND=return] dns":          {pathLibrary, pathLibrary, false},
		"hosts: files dns myhostname":                      {pathDefault, pathDefault, false},
		"hosts: files dns mymachines":                      {pathDefault, pathDefault, true},
		"hosts: mymachines files dns":                      {pathLibrary, pathLibrary, false},
		"hosts: files resolve [!UNAVAIL=return] dns":       {pathLibrary, pathDefault, false},
		"hosts: files winbind":                             {pathLibrary, pathDefault, false},
	} {
		services, ok := parseNameServices(line)
		if !ok {
			t.Errorf("%q is not understood", line)
			continue
		}
		for listed, wanted := range map[bool]switchPath{false: want.absent, true: want.listed} {
			way, rest := switchPathOf(services, name, listed)
			if way != wanted || rest != (want.rest && !listed) {
				t.Errorf("%q, listed %t: path %d, rest %t, want %d", line, listed, way, rest, wanted)
			}
		}
	}
	services, _ := parseNameServices("hosts: files mdns4_minimal [NOTFOUND=return] dns")
	if way, _ := switchPathOf(services, local, false); way != pathLibrary {
		t.Errorf("a name of mDNS goes path %d", way)
	}
	services, _ = parseNameServices("hosts: files myhostname dns")
	if way, _ := switchPathOf(services, "localhost", false); way != pathLibrary {
		t.Errorf("localhost goes path %d", way)
	}
}

func TestNameServicesThatCannotBeRead(t *testing.T) {
	for _, line := range []string{"hosts: [NOTFOUND=return] dns", "hosts: files [NOTFOUND=return dns", "hosts: files [NOTFOUND] dns",
		"hosts: files [LOST=return] dns", "hosts: files [NOTFOUND=stop] dns", "hosts: files [SUCCESS=merge] dns"} {
		if services, ok := parseNameServices(line); ok {
			t.Errorf("%q is understood: %v", line, services)
		}
	}
}

func TestParseGetent(t *testing.T) {
	const text = "192.0.2.25      STREAM mail.corp.example\n192.0.2.25      DGRAM  \n2001:db8::25    STREAM \n::ffff:192.0.2.26 RAW\nnoise\n"
	for network, want := range map[string][]netip.Addr{
		"ip":  addrs("192.0.2.25", "2001:db8::25", "192.0.2.26"),
		"ip4": addrs("192.0.2.25", "192.0.2.26"),
		"ip6": addrs("2001:db8::25"),
	} {
		diff(t, network, spelled(want), spelled(parseGetent(text, network)))
	}
}

func addrs(texts ...string) []netip.Addr {
	var list []netip.Addr
	for _, text := range texts {
		list = append(list, netip.MustParseAddr(text))
	}
	return list
}

// What the dns probe found is what the rest of the run connects to.
func TestLookupIsRemembered(t *testing.T) {
	all := All()
	probe := func(name string) *engine.Probe {
		for _, p := range all {
			if p.Name == name {
				return p
			}
		}
		t.Fatalf("no kind %s", name)
		return nil
	}
	asked := 0
	world := func() *engine.World {
		return &engine.World{Open: files(nil), Lookup: func(context.Context, string, string) ([]netip.Addr, error) {
			asked++
			return addrs("127.0.0.2", "127.0.0.1"), nil
		}}
	}
	observe := func(w *engine.World, kind, target string, args map[string]cty.Value) map[string]any {
		t.Helper()
		v, err := probe(kind).Observe(t.Context(), w, query(t, probe(kind), target, args))
		if err != nil {
			t.Fatal(err)
		}
		return plain(v).(map[string]any)
	}
	port := map[string]cty.Value{"port": number(1)} // nobody listens there
	first, second := world(), world()
	observe(first, "tcp", "mail.example", port)
	observe(first, "dns", "mail.example", serverList("127.0.0.1:1"))
	observe(first, "dns", "mail.example", serverList("127.0.0.1:1"))
	if asked != 3 {
		t.Errorf("the system was asked %d times, want 3: only the dns probe's answers are kept, and not for itself", asked)
	}
	some(t, "tcp", map[string]any{"address": "127.0.0.2"}, observe(first, "tcp", "Mail.Example", port))
	if asked != 3 {
		t.Errorf("a name that the run knows was looked up again")
	}
	observe(second, "tcp", "mail.example", port)
	if asked != 4 {
		t.Errorf("another run was not asked for itself")
	}
}
