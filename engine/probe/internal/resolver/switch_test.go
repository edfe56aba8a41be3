package resolver

import (
	"net/netip"
	"slices"
	"testing"
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
		if got := parseGetent(text, network); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", network, got, want)
		}
	}
}

func addrs(texts ...string) []netip.Addr {
	var list []netip.Addr
	for _, text := range texts {
		list = append(list, netip.MustParseAddr(text))
	}
	return list
}
