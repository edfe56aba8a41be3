package probe

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/miekg/dns"
	"github.com/zclconf/go-cty/cty"
)

// altered is a handler whose answers are changed; nil for none.
func altered(next dns.Handler, change func(query, reply *dns.Msg) *dns.Msg) dns.HandlerFunc {
	return func(w dns.ResponseWriter, query *dns.Msg) {
		var heard recorder
		next.ServeDNS(&heard, query)
		if reply := change(query, heard.msg); reply != nil {
			w.WriteMsg(reply)
		}
	}
}

func TestDNSWhatStandsInAnAnswer(t *testing.T) {
	z := zone{
		"mail.example.":   {"A 192.0.2.25"},
		"gone.example.":   {"CNAME nowhere.example."},
		"empty.example.":  {"CNAME text.example."},
		"text.example.":   {`TXT "no address"`, "MX 20 MX2.example.", "MX 10 mx1.example."},
		"circle.example.": {"CNAME other.example."},
		"other.example.":  {"CNAME circle.example."},
		"nomail.example.": {"MX 0 ."},
	}
	coded := func(rcode int) func(_, reply *dns.Msg) *dns.Msg {
		return func(_, reply *dns.Msg) *dns.Msg { reply.Rcode = rcode; return reply }
	}
	for name, test := range map[string]struct {
		handler       dns.Handler
		target        string
		result, entry map[string]any
	}{
		"nothing remarkable": {z, "mail.example",
			map[string]any{"servers_disagree": false, "mail_exchangers": unknown},
			map[string]any{"addresses_known": true, "rotates": false, "alias": nil, "referral": false, "extended_error": nil, "tcp_error": nil,
				"edns_dropped": false, "lost": 0.0, "unanswered": []any{}, "answered_from": nil, "mismatched": false, "on_this_computer": true, "address": "127.0.0.1"}},
		"an alias of a missing name": {altered(z, func(_, reply *dns.Msg) *dns.Msg {
			if len(reply.Answer) > 0 {
				reply.Rcode = dns.RcodeNameError
			}
			return reply
		}), "gone.example",
			map[string]any{"rcode": "NXDOMAIN", "addresses": []any{}}, map[string]any{"alias": "nowhere.example", "canonical_name": nil}},
		"an alias of a name without address": {z, "Empty.example",
			map[string]any{"rcode": "NOERROR", "mail_exchangers": unknown}, map[string]any{"alias": "text.example"}},
		"aliases in a circle": {z, "circle.example.",
			map[string]any{"rcode": "NOERROR"}, map[string]any{"alias": "circle.example"}},
		"a mail domain": {z, "text.example",
			map[string]any{"rcode": "NOERROR", "mail_exchangers": []any{"mx1.example", "mx2.example"}}, map[string]any{"alias": nil}},
		"a domain without mail": {z, "nomail.example",
			map[string]any{"rcode": "NOERROR", "mail_exchangers": []any{}}, map[string]any{}},
		"no such name": {z, "nowhere.example",
			map[string]any{"rcode": "NXDOMAIN", "mail_exchangers": unknown}, map[string]any{}},
		"NXDOMAIN with an address": {altered(z, coded(dns.RcodeNameError)), "mail.example",
			map[string]any{"rcode": "NXDOMAIN", "addresses": []any{}}, map[string]any{"addresses": []any{}}},
		"BADVERS": {altered(z, func(_, reply *dns.Msg) *dns.Msg {
			reply.SetEdns0(1232, false)
			return coded(dns.RcodeBadVers)(nil, reply)
		}), "mail.example", map[string]any{"rcode": "BADVERS", "addresses": []any{}}, map[string]any{}},
		"why it failed": {altered(z, func(_, reply *dns.Msg) *dns.Msg {
			reply.Rcode = dns.RcodeServerFailure
			reply.SetEdns0(1232, false)
			reply.IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_EDE{InfoCode: dns.ExtendedErrorCodeDNSBogus, ExtraText: "no\x1b[1mkey"}}
			return reply
		}), "mail.example", map[string]any{"rcode": "SERVFAIL"}, map[string]any{"extended_error": `DNSSEC Bogus: no\x1b[1mkey`}},
		"another class": {altered(z, func(_, reply *dns.Msg) *dns.Msg {
			for _, record := range reply.Answer {
				record.Header().Class = dns.ClassCHAOS
			}
			return reply
		}), "mail.example", map[string]any{"rcode": "NOERROR", "addresses": []any{}}, map[string]any{"referral": false}},
		"a referral": {altered(z, func(_, reply *dns.Msg) *dns.Msg {
			ns, _ := dns.NewRR("example. 60 IN NS ns.example.")
			reply.Answer, reply.Ns = nil, []dns.RR{ns}
			return reply
		}), "mail.example", map[string]any{"rcode": "NOERROR", "mail_exchangers": unknown}, map[string]any{"referral": true}},
		"an answer of a server that knows there is none": {altered(z, func(_, reply *dns.Msg) *dns.Msg {
			ns, _ := dns.NewRR("example. 60 IN NS ns.example.")
			reply.Answer, reply.Ns, reply.Authoritative = nil, []dns.RR{ns}, true
			return reply
		}), "mail.example", map[string]any{"rcode": "NOERROR", "mail_exchangers": []any{}}, map[string]any{"referral": false}},
		"the other family is said to be missing": {altered(z, func(query, reply *dns.Msg) *dns.Msg {
			if query.Question[0].Qtype == dns.TypeAAAA {
				reply.Rcode = dns.RcodeNameError
			}
			return reply
		}), "text.example", map[string]any{"rcode": "NOERROR", "addresses": []any{}}, map[string]any{}},
		"REFUSED with EDNS": {altered(z, func(query, reply *dns.Msg) *dns.Msg {
			if query.IsEdns0() != nil {
				return new(dns.Msg).SetRcode(query, dns.RcodeRefused)
			}
			return reply
		}), "mail.example", map[string]any{"rcode": "NOERROR", "addresses": []any{"192.0.2.25"}}, map[string]any{"edns_dropped": false}},
	} {
		t.Run(name, func(t *testing.T) {
			result, entry := askOne(t, quiet(), serveDNS(t, test.handler), test.target)
			some(t, "result", test.result, result)
			some(t, "entry of the server", test.entry, entry)
		})
	}
}

// An answer that is cut short and can't be had whole is no answer.
func TestDNSCutAnswers(t *testing.T) {
	cut := func(tcp func(w dns.ResponseWriter)) dns.HandlerFunc {
		return func(w dns.ResponseWriter, query *dns.Msg) {
			if w.RemoteAddr().Network() == "tcp" {
				tcp(w)
				return
			}
			reply := new(dns.Msg).SetReply(query)
			reply.Truncated = true
			reply.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: query.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: net.IPv4(192, 0, 2, 25)}}
			w.WriteMsg(reply)
		}
	}
	for word, tcp := range map[string]func(w dns.ResponseWriter){
		"closed":    func(w dns.ResponseWriter) { w.Close() },
		"timed_out": func(dns.ResponseWriter) {},
	} {
		result, entry := askOne(t, quiet(), serveDNS(t, cut(tcp)), "mail.example")
		some(t, word, map[string]any{"rcode": "NOERROR", "addresses": unknown, "mail_exchangers": unknown}, result)
		some(t, word, map[string]any{"answered": true, "truncated": true, "tcp_error": word, "addresses": unknown, "addresses_known": false, "canonical_name": unknown}, entry)
	}
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{PacketConn: packets, Handler: cut(nil)}
	go server.ActivateAndServe()
	defer server.Shutdown()
	_, entry := askOne(t, quiet(), packets.LocalAddr().String(), "mail.example")
	some(t, "no TCP", map[string]any{"tcp_error": "refused", "addresses_known": false}, entry)
}

// The code for AAAA does not speak for a name whose A got no answer.
func TestDNSHalfAnswers(t *testing.T) {
	mute := func(qtype uint16, rcode int) func(*dns.Msg) *dns.Msg {
		return func(query *dns.Msg) *dns.Msg {
			if query.Question[0].Qtype == qtype {
				return nil
			}
			return new(dns.Msg).SetRcode(query, rcode)
		}
	}
	for name, test := range map[string]struct {
		server func(*dns.Msg) *dns.Msg
		rcode  any
		entry  map[string]any
	}{
		"AAAA NXDOMAIN": {mute(dns.TypeA, dns.RcodeNameError), unknown, map[string]any{"rcode": unknown, "addresses_known": false, "addresses": unknown, "unanswered": []any{"A"}}},
		"AAAA REFUSED":  {mute(dns.TypeA, dns.RcodeRefused), unknown, map[string]any{"rcode": unknown, "addresses_known": false}},
		"AAAA NOERROR":  {mute(dns.TypeA, dns.RcodeSuccess), "NOERROR", map[string]any{"rcode": "NOERROR", "addresses_known": false}},
		"A NXDOMAIN":    {mute(dns.TypeAAAA, dns.RcodeNameError), "NXDOMAIN", map[string]any{"addresses_known": true, "addresses": []any{}, "unanswered": []any{"AAAA"}}},
		"A SERVFAIL":    {mute(dns.TypeAAAA, dns.RcodeServerFailure), "SERVFAIL", map[string]any{"addresses_known": true}},
		"A NOERROR":     {mute(dns.TypeAAAA, dns.RcodeSuccess), "NOERROR", map[string]any{"addresses_known": false}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := quiet()
				w.Dial = inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{"10.0.0.1:53": test.server})
				result, entry := askOne(t, w, "10.0.0.1", "mail.example")
				some(t, "result", map[string]any{"rcode": test.rcode, "answered_by": "10.0.0.1"}, result)
				some(t, "entry", test.entry, entry)
			})
		})
	}
}

func TestDNSWithoutEDNS(t *testing.T) {
	plainOnly := func(query *dns.Msg) *dns.Msg {
		if query.IsEdns0() != nil {
			return nil
		}
		return memory(oneName, 10*time.Millisecond)(query)
	}
	var first atomic.Int32
	unlucky := func(query *dns.Msg) *dns.Msg {
		if first.Add(1) <= 2 {
			return nil
		}
		return memory(oneName, 10*time.Millisecond)(query)
	}
	for name, test := range map[string]struct {
		server func(*dns.Msg) *dns.Msg
		entry  map[string]any
	}{
		"dropped":      {plainOnly, map[string]any{"answered": true, "edns_dropped": true, "lost": 0.0}},
		"lost by luck": {unlucky, map[string]any{"answered": true, "edns_dropped": false, "lost": 2.0}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := quiet()
				w.Dial = inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{"10.0.0.1:53": test.server})
				args := serverList("10.0.0.1")
				args["type"] = cty.StringVal("A")
				result := plain(mustAsk(t, "dns", w, "mail.example", args)).(map[string]any)
				some(t, "entry", test.entry, result["servers"].([]any)[0].(map[string]any))
				time.Sleep(time.Minute) // until the server has noticed
			})
		})
	}
}

// What one server says is held against another's, and a pool is no quarrel.
func TestDNSServersCompared(t *testing.T) {
	at := func(addresses ...string) func(*dns.Msg) *dns.Msg {
		z := zone{"mail.example.": nil}
		for _, address := range addresses {
			z["mail.example."] = append(z["mail.example."], "A "+address)
		}
		return memory(z, 0)
	}
	inTurn := func(addresses ...string) func(*dns.Msg) *dns.Msg {
		var turn atomic.Int32
		return func(query *dns.Msg) *dns.Msg {
			if query.Question[0].Qtype != dns.TypeA {
				return new(dns.Msg).SetReply(query)
			}
			return at(addresses[int(turn.Add(1))%len(addresses)])(query)
		}
	}
	six := memory(zone{"mail.example.": {"AAAA 2001:db8::25"}}, 0)
	for name, test := range map[string]struct {
		one, two func(*dns.Msg) *dns.Msg
		system   string
		disagree bool
		rotates  []any
	}{
		"the same":           {at("192.0.2.1", "192.0.2.2"), at("192.0.2.2", "192.0.2.1"), "192.0.2.1", false, []any{false, false}},
		"part of a pool":     {at("192.0.2.1", "192.0.2.2"), at("192.0.2.2", "192.0.2.3"), "192.0.2.1", false, []any{false, false}},
		"nothing in common":  {at("192.0.2.1"), at("192.0.2.2"), "192.0.2.1", true, []any{false, false}},
		"one knows no name":  {at("192.0.2.1"), memory(answering(dns.RcodeNameError), 0), "192.0.2.1", false, []any{false, false}},
		"two families":       {at("192.0.2.1"), six, "192.0.2.1", false, []any{false, false}},
		"both in turn":       {inTurn("192.0.2.1", "192.0.2.2"), inTurn("192.0.2.3", "192.0.2.4"), "192.0.2.1", false, []any{true, true}},
		"the system's turn":  {inTurn("192.0.2.1", "192.0.2.2", "192.0.2.3"), six, "192.0.2.9", false, []any{true, false}},
		"the system's alone": {at("192.0.2.1"), at("192.0.2.1"), "192.0.2.9", false, []any{false, false}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &engine.World{
					Lookup: hosts(map[string][]string{"mail.example": {test.system}}),
					Open:   files(nil),
					Dial:   inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{"10.0.0.1:53": test.one, "10.0.0.2:53": test.two, "10.0.0.3:53": deadServer}),
				}
				began := time.Now()
				result := plain(mustAsk(t, "dns", w, "mail.example", serverList("10.0.0.1", "10.0.0.2", "10.0.0.3"))).(map[string]any)
				if took := time.Since(began); took != 2*dnsAttempt {
					t.Errorf("took %v, want %v: a dead server is not asked again", took, 2*dnsAttempt)
				}
				some(t, "result", map[string]any{"servers_disagree": test.disagree}, result)
				var rotates []any
				for _, entry := range result["servers"].([]any)[:2] {
					rotates = append(rotates, entry.(map[string]any)["rotates"])
				}
				diff(t, "rotates", test.rotates, rotates)
			})
		})
	}
}

// Without a configured server the system asks itself.
func TestDNSImpliedServer(t *testing.T) {
	for name, test := range map[string]struct {
		server  func(*dns.Msg) *dns.Msg
		servers int
	}{"somebody is there": {memory(oneName, 0), 1}, "nobody is": {deadServer, 0}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := quiet()
				w.Dial = inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{"127.0.0.1:53": test.server})
				result := plain(mustAsk(t, "dns", w, "mail.example", nil)).(map[string]any)
				if servers := result["servers"].([]any); len(servers) != test.servers {
					t.Errorf("%d servers, want %d", len(servers), test.servers)
				}
			})
		})
	}
}

// With "options use-vc" nobody asks over UDP.
func TestDNSOverTCPOnly(t *testing.T) {
	server := netip.MustParseAddrPort(serveDNS(t, dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
		if w.RemoteAddr().Network() == "udp" {
			t.Error("asked over UDP")
		}
		oneName.ServeDNS(w, query)
	})))
	w := quiet()
	w.Open = files(map[string]string{resolvConfFile: "nameserver 127.0.0.1\noptions use-vc\n"})
	w.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server.String())
	}
	want{"rcode": "NOERROR", "addresses": []any{"192.0.2.25"}}.check(t, "result", mustAsk(t, "dns", w, "mail.example", nil))
}

// Programs never see an answer that somebody else sends; the result says so.
func TestDNSAnsweredFromElsewhere(t *testing.T) {
	asked, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer asked.Close()
	other, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	go func() {
		buffer := make([]byte, dns.MaxMsgSize)
		for {
			n, from, err := asked.ReadFromUDP(buffer)
			if err != nil {
				return
			}
			query := new(dns.Msg)
			if query.Unpack(buffer[:n]) == nil {
				packet, _ := memory(oneName, 0)(query).Pack()
				other.WriteToUDP(packet, from)
			}
		}
	}()
	_, entry := askOne(t, quiet(), asked.LocalAddr().String(), "mail.example")
	some(t, "entry", map[string]any{"answered": false, "timed_out": true, "answered_from": other.LocalAddr().String()}, entry)
}

// A resolver that lost a packet waits long; another look-up beside it does not.
func TestDNSLossySystem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var count atomic.Int32
		w := quiet()
		w.Dial = inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{"10.0.0.1:53": memory(oneName, 0)})
		w.Lookup = func(ctx context.Context, _, _ string) ([]netip.Addr, error) {
			if count.Add(1) < 3 {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return []netip.Addr{netip.MustParseAddr("192.0.2.25")}, nil
		}
		began := time.Now()
		want{"system": map[string]any{"found": true, "addresses": []any{"192.0.2.25"}, "problem": nil}}.
			check(t, "result", mustAsk(t, "dns", w, "mail.example", serverList("10.0.0.1")))
		if took := time.Since(began); took != 2*systemRepeat {
			t.Errorf("took %v, want %v", took, 2*systemRepeat)
		}
	})
}

// Whatever a server sends in place of the answer is told apart from silence.
func TestDNSMismatchedAnswers(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(query, reply *dns.Msg) *dns.Msg{
		"another name": func(_, reply *dns.Msg) *dns.Msg { reply.Question[0].Name = "other.example."; return reply },
		"no question":  func(_, reply *dns.Msg) *dns.Msg { reply.Question = nil; return reply },
		"a question":   func(_, reply *dns.Msg) *dns.Msg { reply.Response = false; return reply },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, entry := askOne(t, quiet(), serveDNS(t, altered(oneName, change)), "mail.example")
			some(t, "entry", map[string]any{"answered": false, "mismatched": true, "timed_out": true}, entry)
		})
	}
}
