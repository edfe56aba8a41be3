package probe

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/miekg/dns"
	"github.com/zclconf/go-cty/cty"
)

// zone are records by name and type, in zone file form; a name that is not
// there is NXDOMAIN, a type that is not there NOERROR without an answer.
type zone map[string][]string

func (z zone) ServeDNS(w dns.ResponseWriter, query *dns.Msg) {
	m := new(dns.Msg).SetReply(query)
	m.Rcode = dns.RcodeNameError
	question := query.Question[0]
	for name := question.Name; ; {
		lines, ok := z[strings.ToLower(name)]
		if !ok {
			break
		}
		m.Rcode = dns.RcodeSuccess
		alias := ""
		for _, line := range lines {
			record, err := dns.NewRR(name + " 300 IN " + line)
			if err != nil {
				panic(err)
			}
			if c, ok := record.(*dns.CNAME); ok {
				alias = c.Target
			}
			if t := record.Header().Rrtype; t == question.Qtype || t == dns.TypeCNAME {
				m.Answer = append(m.Answer, record)
			}
		}
		if alias == "" || len(m.Answer) > 20 {
			break
		}
		name = alias
	}
	w.WriteMsg(m)
}

// answering gives every question the same rcode.
func answering(rcode int) dns.HandlerFunc {
	return func(w dns.ResponseWriter, query *dns.Msg) { w.WriteMsg(new(dns.Msg).SetRcode(query, rcode)) }
}

// serveDNS serves UDP and TCP on the same port of loopback until the test
// ends, and returns its address.
func serveDNS(t testing.TB, handler dns.Handler) string {
	t.Helper()
	for range 10 {
		packets, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		streams, err := net.Listen("tcp", packets.LocalAddr().String())
		if err != nil {
			packets.Close()
			continue // somebody has that port
		}
		for _, server := range []*dns.Server{{PacketConn: packets, Handler: handler}, {Listener: streams, Handler: handler}} {
			started, ended := make(chan struct{}), make(chan struct{})
			server.NotifyStartedFunc = func() { close(started) }
			go func() {
				server.ActivateAndServe()
				close(ended)
			}()
			<-started
			t.Cleanup(func() {
				server.Shutdown()
				<-ended
			})
		}
		return packets.LocalAddr().String()
	}
	t.Fatal("no port is free for both UDP and TCP")
	return ""
}

// quiet is a world without a system resolver and its files.
func quiet() *engine.World {
	return &engine.World{Lookup: hosts(nil), Open: files(nil)}
}

// serverList is the servers argument.
func serverList(servers ...string) map[string]cty.Value {
	var list []cty.Value
	for _, server := range servers {
		list = append(list, cty.StringVal(server))
	}
	return map[string]cty.Value{"servers": cty.ListVal(list)}
}

// askOne asks one server of the quiet world and returns the whole result and
// the server's entry.
func askOne(t *testing.T, w *engine.World, server, name string) (result, entry map[string]any) {
	t.Helper()
	result = plain(mustAsk(t, "dns", w, name, serverList(server))).(map[string]any)
	entries := result["servers"].([]any)
	if len(entries) != 1 {
		t.Fatalf("%d servers, want 1", len(entries))
	}
	return result, entries[0].(map[string]any)
}

func TestDNSAnswers(t *testing.T) {
	z := zone{
		"mail.example.":  {"A 192.0.2.25", "A 192.0.2.3", "AAAA 2001:DB8:0::19", "A 192.0.2.25"},
		"alias.example.": {"CNAME two.example."},
		"two.example.":   {"CNAME mail.example."},
		"text.example.":  {`TXT "no address"`},
		"loop.example.":  {"CNAME pool.example."},
		"pool.example.":  {"CNAME loop.example."},
	}
	addresses := []any{"192.0.2.3", "192.0.2.25", "2001:db8::19"}
	for name, test := range map[string]struct {
		handler       dns.Handler
		target        string
		result, entry map[string]any
	}{
		"addresses": {z, "mail.example",
			map[string]any{"rcode": "NOERROR", "addresses": addresses, "search_domain": nil},
			map[string]any{"answered": true, "rcode": "NOERROR", "addresses": addresses, "canonical_name": "mail.example", "ttl_s": 300.0,
				"truncated": false, "refused": false, "timed_out": false, "local_error": nil}},
		"upper case, final dot": {z, "MAIL.Example.",
			map[string]any{"rcode": "NOERROR", "addresses": addresses},
			map[string]any{"canonical_name": "mail.example"}},
		"aliases": {z, "alias.example",
			map[string]any{"rcode": "NOERROR", "addresses": addresses},
			map[string]any{"canonical_name": "mail.example", "addresses": addresses}},
		"no such name": {z, "nowhere.example",
			map[string]any{"rcode": "NXDOMAIN", "addresses": []any{}, "search_domain": nil},
			map[string]any{"answered": true, "rcode": "NXDOMAIN", "addresses": []any{}, "canonical_name": nil, "ttl_s": nil, "timed_out": false}},
		"no address": {z, "text.example",
			map[string]any{"rcode": "NOERROR", "addresses": []any{}},
			map[string]any{"answered": true, "rcode": "NOERROR", "canonical_name": nil, "ttl_s": nil}},
		"aliases in a circle": {z, "loop.example",
			map[string]any{"rcode": "NOERROR", "addresses": []any{}},
			map[string]any{"answered": true, "canonical_name": nil}},
		"REFUSED": {answering(dns.RcodeRefused), "mail.example",
			map[string]any{"rcode": "REFUSED", "addresses": []any{}},
			map[string]any{"answered": true, "rcode": "REFUSED", "refused": false}},
		"SERVFAIL": {answering(dns.RcodeServerFailure), "mail.example",
			map[string]any{"rcode": "SERVFAIL"}, map[string]any{"answered": true, "rcode": "SERVFAIL"}},
		"a code of the future": {answering(12), "mail.example",
			map[string]any{"rcode": "RCODE12"}, map[string]any{"answered": true, "rcode": "RCODE12"}},
		"no EDNS": {dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
			if query.IsEdns0() != nil {
				answering(dns.RcodeFormatError)(w, query)
				return
			}
			z.ServeDNS(w, query)
		}), "mail.example",
			map[string]any{"rcode": "NOERROR", "addresses": addresses}, map[string]any{"answered": true}},
		"FORMERR whatever is asked, without a question": {dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
			m := new(dns.Msg).SetRcode(query, dns.RcodeFormatError)
			m.Question = nil
			w.WriteMsg(m)
		}), "mail.example",
			map[string]any{"rcode": "FORMERR"}, map[string]any{"answered": true, "rcode": "FORMERR"}},
		"too long for UDP": {dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
			if w.RemoteAddr().Network() == "udp" {
				m := new(dns.Msg).SetReply(query)
				m.Truncated = true
				w.WriteMsg(m)
				return
			}
			z.ServeDNS(w, query)
		}), "mail.example",
			map[string]any{"rcode": "NOERROR", "addresses": addresses}, map[string]any{"answered": true, "truncated": true, "addresses": addresses}},
		"forgeries first": {dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
			for _, forge := range []func(*dns.Msg){
				func(m *dns.Msg) { m.Id++ },
				func(m *dns.Msg) { m.Question[0].Name = "evil.example." },
				func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeMX },
				func(m *dns.Msg) { m.Response = false },
				func(m *dns.Msg) { m.Opcode = dns.OpcodeNotify },
				func(m *dns.Msg) { m.Question = nil },
			} {
				m := new(dns.Msg).SetReply(query)
				m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: query.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(6, 6, 6, 6)}}
				forge(m)
				w.WriteMsg(m)
			}
			w.Write([]byte("noise"))
			z.ServeDNS(w, query)
		}), "mail.example",
			map[string]any{"rcode": "NOERROR", "addresses": addresses}, map[string]any{"ttl_s": 300.0}},
		"records that are none of its business": {dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
			m := new(dns.Msg).SetReply(query)
			m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: "other.example.", Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(6, 6, 6, 6)}}
			w.WriteMsg(m)
		}), "mail.example",
			map[string]any{"rcode": "NOERROR", "addresses": []any{}}, map[string]any{"answered": true}},
		"one type fails, the other answers": {dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
			if query.Question[0].Qtype == dns.TypeAAAA {
				answering(dns.RcodeServerFailure)(w, query)
				return
			}
			z.ServeDNS(w, query)
		}), "mail.example",
			map[string]any{"rcode": "NOERROR", "addresses": []any{"192.0.2.3", "192.0.2.25"}}, map[string]any{"answered": true}},
		"one type fails, the other is not there": {dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
			if query.Question[0].Qtype == dns.TypeAAAA {
				answering(dns.RcodeServerFailure)(w, query)
				return
			}
			z.ServeDNS(w, query)
		}), "text.example",
			map[string]any{"rcode": "SERVFAIL"}, map[string]any{"answered": true, "rcode": "SERVFAIL"}},
	} {
		t.Run(name, func(t *testing.T) {
			result, entry := askOne(t, quiet(), serveDNS(t, test.handler), test.target)
			some(t, "result", test.result, result)
			some(t, "entry of the server", test.entry, entry)
			if ms, ok := entry["rtt_ms"].(float64); !ok || ms <= 0 {
				t.Errorf("rtt_ms = %v", entry["rtt_ms"])
			}
		})
	}
}

// dnsAttempt is how long the kind says that a server is waited for.
const dnsAttempt = 2 * time.Second

// Where a computer says how it looks names up.
const (
	resolvConfFile = "/etc/resolv.conf"
	hostsFile      = "/etc/hosts"
)
