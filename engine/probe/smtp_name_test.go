package probe

import (
	"context"
	"errors"
	"net/netip"
	"reflect"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/traceroute"
)

func TestGreetingName(t *testing.T) {
	for text, want := range map[string]string{
		"mail.corp.example ESMTP Postfix":     "mail.corp.example",
		"EXCH01.Corp.Local Microsoft ESMTP":   "exch01.corp.local",
		"mail.corp.example. ready":            "mail.corp.example",
		"ESMTP mail.corp.example":             "mail.corp.example",
		"Welcome to mail.corp.example, hello": "mail.corp.example",
		"mail_1.corp.example ESMTP":           "mail_1.corp.example",
		"xn--mller-kva.example ESMTP":         "xn--mller-kva.example",
		"ready":                               "ready",
		"ESMTP":                               "",
		"":                                    "",
		"[192.0.2.25] ESMTP":                  "",
		"192.0.2.25 ESMTP":                    "",
		"4.3.2 too busy":                      "",
		"************2**0** **":               "",
		"größe.example ESMTP":                 "",
		"see www.policy.example first":        "see",
		"-mail.corp.example":                  "",
	} {
		if got := greetingName(smtpReply{code: 220, text: []string{text, "other.host.example"}}); got != want {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
	if got := greetingName(smtpReply{}); got != "" {
		t.Errorf("nothing names %q", got)
	}
}

func TestOrganisation(t *testing.T) {
	for name, want := range map[string]string{
		"mail.corp.example":       "corp",
		"mail.corp.co.uk":         "corp",
		"MAIL.corp.com.":          "corp",
		"a.b.mail.corp.test":      "corp",
		"corp.de":                 "corp",
		"mail.corp.github.io":     "github", // a provider's suffix is below a registry's
		"x.amazonaws.com":         "amazonaws",
		"mail.corp.local":         "",
		"mail.corp.lan":           "",
		"mail.corp.internal":      "",
		"mail.corp.corp":          "",
		"mail.home.arpa":          "",
		"mail.corp.localdomain":   "",
		"mail.corp.intranet":      "",
		"mail.corp.private":       "",
		"mail.corp.dmz":           "",
		"mail":                    "",
		"com":                     "",
		"co.uk":                   "",
		"192.0.2.25":              "",
		"2001:db8::25":            "",
		"":                        "",
		"mail.corp.invalid":       "",
		"25.2.0.192.in-addr.arpa": "",
	} {
		if got := organisation(name); got != want {
			t.Errorf("%s is of %q, want %q", name, got, want)
		}
	}
}

func TestIdentify(t *testing.T) {
	known := hosts(map[string][]string{
		"mx.carrier.example": {"203.0.113.66"}, "mx.same.example": {"192.0.2.1", "203.0.113.66"}, "mx.six.example": {"2001:db8::1"},
	})
	fails := func(context.Context, string, string) ([]netip.Addr, error) { return nil, errors.New("refused") }
	for _, test := range []struct {
		name, target, address string
		lookup                func(context.Context, string, string) ([]netip.Addr, error)
		want                  string
		looked                bool
	}{
		{"mail.corp.example", "mail.corp.example", "192.0.2.1", fails, "name", false},
		{"mail.corp.example", "MAIL.corp.example", "192.0.2.1", fails, "name", false},
		{"backend.corp.example", "mail.corp.example", "192.0.2.1", fails, "domain", false},
		{"mail.corp.test", "mail.corp.example", "192.0.2.1", fails, "domain", false}, // the same label below another suffix
		{"corp.example", "mail.corp.example", "192.0.2.1", fails, "domain", false},
		{"exch01.corp.local", "exch01.corp.local", "192.0.2.1", fails, "name", false},
		{"mail", "mail.corp.example", "192.0.2.1", fails, "name", false},
		{"mail", "mail", "192.0.2.1", fails, "name", false},
		{"mx.same.example", "mail.corp.example", "192.0.2.1", known, "address", true},
		{"mx.six.example", "mail.corp.example", "2001:db8::1", known, "address", true},
		{"mx.carrier.example", "mail.corp.example", "192.0.2.1", known, "elsewhere", true},
		{"mx.nobody.example", "mail.corp.example", "192.0.2.1", known, "unknown_name", true},
		{"mx.carrier.example", "mail.corp.example", "192.0.2.1", fails, "unresolved", false},
		// Nothing to compare.
		{"mx.carrier.example", "192.0.2.1", "192.0.2.1", known, "", true},
		{"mx.same.example", "192.0.2.1", "192.0.2.1", known, "address", true},
		{"mx.carrier.example", "mail.corp.local", "192.0.2.1", known, "", true},
		{"mx.carrier.example", "mail", "192.0.2.1", known, "", true},
		{"exch01.corp.local", "mail.corp.example", "192.0.2.1", known, "", false},
		{"carrier.example", "mail.corp.example", "192.0.2.1", known, "", false},
		{"ready", "mail.corp.example", "192.0.2.1", known, "", false},
		{"", "mail.corp.example", "192.0.2.1", known, "", false},
	} {
		w := serving(silentServer)
		w.Lookup = test.lookup
		got := identify(t.Context(), w, test.name, test.target, netip.AddrPortFrom(netip.MustParseAddr(test.address), 25))
		if got.name != test.name || got.relation != test.want || got.looked != test.looked || got.nearer != nil {
			t.Errorf("%s for %s: %+v, want relation %q, looked %v", test.name, test.target, got, test.want, test.looked)
		}
	}
}

func TestNearerThan(t *testing.T) {
	router := func(n byte) traceroute.Hop {
		return traceroute.Hop{Sender: netip.AddrFrom4([4]byte{203, 0, 113, n}), ICMP: &icmp.Error{Type: 11}}
	}
	host := traceroute.Hop{Sender: netip.MustParseAddr("192.0.2.25"), Target: true}
	silent, translated := traceroute.Hop{}, traceroute.Hop{Sender: host.Sender, Target: true, ICMP: router(2).ICMP}
	for name, test := range map[string]struct {
		connections, pings []traceroute.Hop
		want               *nearerEnd
	}{
		"at the same distance":          {[]traceroute.Hop{router(1), host}, []traceroute.Hop{router(1), host}, nil},
		"behind what answers pings":     {[]traceroute.Hop{router(1), router(2), host}, []traceroute.Hop{router(1), host}, nil},
		"pings are filtered on the way": {[]traceroute.Hop{router(1), router(2), host}, []traceroute.Hop{router(1)}, nil},
		"pings are filtered there":      {[]traceroute.Hop{router(1), host}, []traceroute.Hop{router(1)}, nil},
		"no ping is answered":           {[]traceroute.Hop{host}, nil, nil},
		"at the gateway":                {[]traceroute.Hop{host}, []traceroute.Hop{router(1), host}, &nearerEnd{hop: 1, router: router(1).Sender}},
		"at a router":                   {[]traceroute.Hop{router(1), host}, []traceroute.Hop{router(1), router(2), host}, &nearerEnd{hop: 2, router: router(2).Sender}},
		"the host is off":               {[]traceroute.Hop{router(1), host}, []traceroute.Hop{router(1), router(2)}, &nearerEnd{hop: 2, router: router(2).Sender}},
		"the host is off, beyond":       {[]traceroute.Hop{host}, []traceroute.Hop{router(1), router(2)}, &nearerEnd{hop: 1, router: router(1).Sender}},
		"at a router that is silent":    {[]traceroute.Hop{silent, host}, []traceroute.Hop{router(1), silent, router(3)}, &nearerEnd{hop: 2}},
		"behind address translation":    {[]traceroute.Hop{router(1), translated}, []traceroute.Hop{router(1), translated}, nil},
		"the translator answers":        {[]traceroute.Hop{router(1), host}, []traceroute.Hop{router(1), translated}, nil},
		"time is up at the translator":  {[]traceroute.Hop{router(1), translated}, []traceroute.Hop{router(1), router(2), host}, nil},
		"on another way":                {[]traceroute.Hop{router(7), host}, []traceroute.Hop{router(1), router(2), host}, nil},
		"nobody answers":                {[]traceroute.Hop{router(1), router(2)}, []traceroute.Hop{router(1), router(2), router(3)}, nil},
		"nothing was sent":              {nil, []traceroute.Hop{router(1)}, nil},
	} {
		if got := nearerThan(test.connections, test.pings); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

// The name is looked up beside the dialogue, and stands in the result.
func TestSMTPIdentity(t *testing.T) {
	w := serving(smtpServer("220 mx.carrier.example ESMTP\r\n", ordinary, nil))
	w.Lookup = hosts(map[string][]string{"mail.corp.example": {"192.0.2.1"}, "mx.carrier.example": {"203.0.113.66"}})
	want{"greeting_name": "mx.carrier.example", "greeting_relation": "elsewhere", "greeting_addresses": []any{"203.0.113.66"}, "answered_nearer": false, "nearer_hop": nil, "nearer_router": nil, "code": 220.0}.
		check(t, "result", mustAsk(t, "smtp", w, "mail.corp.example", nil))
	same := serving(smtpServer("220 mail.corp.example ESMTP\r\n", ordinary, nil))
	same.Lookup = hosts(map[string][]string{"mail.corp.example": {"192.0.2.1"}})
	want{"greeting_name": "mail.corp.example", "greeting_relation": "name", "greeting_addresses": unknown}.
		check(t, "result", mustAsk(t, "smtp", same, "mail.corp.example", nil))
}
