package probe

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"runtime"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/miekg/dns"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"
)

func TestDNSPortRefused(t *testing.T) {
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := packets.LocalAddr().String()
	packets.Close()

	result, entry := askOne(t, quiet(), server, "mail.example")
	some(t, "result", map[string]any{"rcode": nil, "addresses": []any{}}, result)
	some(t, "entry", map[string]any{"server": server, "answered": false, "rcode": nil, "refused": true, "timed_out": false,
		"rtt_ms": nil, "local_error": nil, "addresses": []any{}, "canonical_name": nil, "ttl_s": nil, "truncated": false}, entry)
	if runtime.GOOS == "linux" {
		some(t, "entry", map[string]any{"icmp": map[string]any{"type": 3.0, "code": 3.0, "name": "port_unreachable", "sender": "127.0.0.1", "mtu": nil}}, entry)
	}
}

// inMemoryDNS is a dial func that reaches servers by address, in memory:
// each is a func that answers a packet, or not with nil. A server that is not
// listed can't be reached.
func inMemoryDNS(servers map[string]func(query *dns.Msg) *dns.Msg) func(context.Context, string, string) (net.Conn, error) {
	return func(_ context.Context, network, address string) (net.Conn, error) {
		answer, ok := servers[address]
		if !ok || network != "udp" {
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ENETUNREACH}
		}
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			packet := make([]byte, dns.MaxMsgSize)
			for {
				n, err := theirs.Read(packet)
				if err != nil {
					return
				}
				query := new(dns.Msg)
				if query.Unpack(packet[:n]) != nil {
					continue
				}
				go func() {
					if m := answer(query); m != nil {
						b, err := m.Pack()
						if err != nil {
							panic(err)
						}
						theirs.Write(b)
					}
				}()
			}
		}()
		return ours, nil
	}
}

// memory answers like a handler, after a delay.
func memory(handler dns.Handler, delay time.Duration) func(*dns.Msg) *dns.Msg {
	return func(query *dns.Msg) *dns.Msg {
		time.Sleep(delay)
		var w recorder
		handler.ServeDNS(&w, query)
		return w.msg
	}
}

type recorder struct {
	dns.ResponseWriter
	msg *dns.Msg
}

func (r *recorder) WriteMsg(m *dns.Msg) error {
	r.msg = m
	return nil
}

func deadServer(*dns.Msg) *dns.Msg { return nil }

var oneName = zone{"mail.example.": {"A 192.0.2.25"}}

func TestDNSServersAreAskedSideBySide(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the error is Linux's")
	}
	synctest.Test(t, func(t *testing.T) {
		w := quiet()
		w.Dial = inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{
			"10.0.0.1:53":   deadServer,
			"10.0.0.2:5353": memory(answering(dns.RcodeServerFailure), 50*time.Millisecond),
			"10.0.0.3:53":   memory(oneName, 100*time.Millisecond),
		})
		began := time.Now()
		result := plain(mustAsk(t, "dns", w, "mail.example", serverList("10.0.0.1", "10.0.0.2:5353", "10.0.0.3", "10.0.0.4"))).(map[string]any)
		if took := time.Since(began); took != 2*dnsAttempt {
			t.Errorf("took %v, want %v: what the dead server takes", took, 2*dnsAttempt)
		}
		some(t, "result", map[string]any{"rcode": "SERVFAIL", "addresses": []any{}}, result)
		entries := result["servers"].([]any)
		for i, wanted := range []map[string]any{
			{"server": "10.0.0.1", "answered": false, "timed_out": true, "refused": false, "rcode": nil, "rtt_ms": nil, "local_error": nil, "icmp": unknownICMP},
			{"server": "10.0.0.2:5353", "answered": true, "timed_out": false, "rcode": "SERVFAIL", "rtt_ms": 50.0},
			{"server": "10.0.0.3", "answered": true, "rcode": "NOERROR", "addresses": []any{"192.0.2.25"}, "rtt_ms": 100.0},
			{"server": "10.0.0.4", "answered": false, "timed_out": false, "local_error": "no_route"},
		} {
			some(t, "entry of a server", wanted, entries[i].(map[string]any))
		}
	})
}

func TestDNSAnswersForOneTypeOnly(t *testing.T) {
	for name, test := range map[string]struct {
		zone          zone
		result, entry map[string]any
	}{
		"with an address": {oneName,
			map[string]any{"rcode": "NOERROR", "addresses": []any{"192.0.2.25"}, "search_domain": nil},
			map[string]any{"answered": true, "timed_out": true, "addresses": []any{"192.0.2.25"}}},
		// The other type may have one.
		"without": {zone{"mail.example.": {`TXT "x"`}},
			map[string]any{"rcode": "NOERROR", "addresses": unknown, "search_domain": unknown},
			map[string]any{"answered": true, "timed_out": true, "rcode": "NOERROR", "addresses": unknown, "canonical_name": unknown, "ttl_s": unknown}},
		// What is missing is missing for all types.
		"that the name is missing": {zone{"mail.example.corp.example.": {"A 192.0.2.26"}},
			map[string]any{"rcode": "NOERROR", "addresses": []any{"192.0.2.26"}, "search_domain": "corp.example"},
			map[string]any{"answered": true, "timed_out": true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := quiet()
				w.Open = files(map[string]string{resolvConfFile: "search corp.example"})
				w.Dial = inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{"10.0.0.1:53": func(query *dns.Msg) *dns.Msg {
					if query.Question[0].Qtype == dns.TypeAAAA {
						return nil
					}
					return memory(test.zone, 0)(query)
				}})
				result, entry := askOne(t, w, "10.0.0.1", "mail.example")
				some(t, "result", test.result, result)
				some(t, "entry", test.entry, entry)
			})
		})
	}
}

func TestDNSTypes(t *testing.T) {
	server := serveDNS(t, zone{"mail.example.": {"A 192.0.2.25", "AAAA 2001:db8::25"}})
	for qtype, wanted := range map[string]struct{ address, network string }{"A": {"192.0.2.25", "ip4"}, "AAAA": {"2001:db8::25", "ip6"}} {
		w := quiet()
		w.Lookup = func(_ context.Context, network, host string) ([]netip.Addr, error) {
			if network != wanted.network || host != "mail.example" {
				t.Errorf("the system was asked for %s %s", network, host)
			}
			return []netip.Addr{netip.MustParseAddr(wanted.address)}, nil
		}
		args := serverList(server)
		args["type"] = cty.StringVal(qtype)
		want{"addresses": []any{wanted.address}, "system": map[string]any{"found": true, "addresses": []any{wanted.address}, "problem": nil}}.
			check(t, qtype, mustAsk(t, "dns", w, "mail.example", args))
	}
}

func TestDNSSearch(t *testing.T) {
	z := zone{
		"mail.corp.example.": {"A 192.0.2.1"}, "mail.site.corp.example.": {"A 192.0.2.2"}, "mail.": {"A 192.0.2.3"},
		"www.mail.corp.example.": {"A 192.0.2.4"}, "bare.site.corp.example.": {`TXT "x"`}, "bare.corp.example.": {"A 192.0.2.5"},
		"empty.corp.example.": {`TXT "x"`},
	}
	const conf = "search site.corp.example. corp.example\n"
	for name, test := range map[string]struct {
		conf, target string
		result       map[string]any
		canonical    any
	}{
		"the first domain that has it":                 {conf, "mail", map[string]any{"rcode": "NOERROR", "addresses": []any{"192.0.2.2"}, "search_domain": "site.corp.example"}, "mail.site.corp.example"},
		"a final dot forbids completion":               {conf, "mail.", map[string]any{"addresses": []any{"192.0.2.3"}, "search_domain": nil}, "mail"},
		"a long name is tried first":                   {conf, "mail.corp.example", map[string]any{"addresses": []any{"192.0.2.1"}, "search_domain": nil}, "mail.corp.example"},
		"a long name is completed after":               {conf, "www.mail", map[string]any{"addresses": []any{"192.0.2.4"}, "search_domain": "corp.example"}, "www.mail.corp.example"},
		"ndots":                                        {conf + "options ndots:3 timeout:1\n", "mail.corp.example", map[string]any{"addresses": []any{"192.0.2.1"}, "search_domain": nil}, "mail.corp.example"},
		"no address there, one behind":                 {conf, "bare", map[string]any{"addresses": []any{"192.0.2.5"}, "search_domain": "corp.example"}, "bare.corp.example"},
		"a name without address counts more than none": {conf, "empty", map[string]any{"rcode": "NOERROR", "addresses": []any{}, "search_domain": nil}, nil},
		"nowhere":    {conf, "nowhere", map[string]any{"rcode": "NXDOMAIN", "search_domain": nil}, nil},
		"not at all": {"", "mail", map[string]any{"addresses": []any{"192.0.2.3"}, "search_domain": nil}, "mail"},
	} {
		t.Run(name, func(t *testing.T) {
			w := quiet()
			w.Open = files(map[string]string{resolvConfFile: test.conf})
			result, entry := askOne(t, w, serveDNS(t, z), test.target)
			some(t, "result", test.result, result)
			diff(t, "canonical name", test.canonical, entry["canonical_name"])
		})
	}
}

func TestDNSSystemsServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &engine.World{
			Lookup: hosts(map[string][]string{"mail.example": {"192.0.2.25"}}),
			Open:   files(map[string]string{resolvConfFile: "nameserver fe80::53%eth0\nnameserver 127.0.0.53\n"}),
			Dial: inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{
				"[fe80::53%eth0]:53": memory(oneName, 0), "127.0.0.53:53": memory(oneName, 0),
			}),
		}
		result := plain(mustAsk(t, "dns", w, "mail.example", nil)).(map[string]any)
		some(t, "result", map[string]any{"rcode": "NOERROR", "addresses": []any{"192.0.2.25"}, "hosts_file": false,
			"system": map[string]any{"found": true, "addresses": []any{"192.0.2.25"}, "problem": nil}}, result)
		for i, server := range []string{"fe80::53%eth0", "127.0.0.53"} {
			some(t, "entry", map[string]any{"server": server, "answered": true}, result["servers"].([]any)[i].(map[string]any))
		}
	})
}

func TestDNSNoServers(t *testing.T) {
	for name, conf := range map[string]map[string]string{"no file": nil, "an empty file": {resolvConfFile: ""}} {
		w := &engine.World{Lookup: hosts(nil), Open: files(conf)}
		want{"rcode": nil, "addresses": []any{}, "servers": []any{}, "hosts_file": false, "search_domain": nil,
			"system": map[string]any{"found": false, "addresses": []any{}, "problem": "no such host"}}.
			check(t, name, mustAsk(t, "dns", w, "mail.example", nil))
	}
}

func TestDNSAddressAsTarget(t *testing.T) {
	for target, canonical := range map[string]string{"192.0.2.25": "192.0.2.25", "2001:DB8:0::19": "2001:db8::19", "::ffff:192.0.2.1": "192.0.2.1"} {
		want{"rcode": nil, "addresses": []any{canonical}, "servers": []any{}, "hosts_file": false, "search_domain": nil,
			"system": map[string]any{"found": true, "addresses": []any{canonical}, "problem": nil}}.
			check(t, target, mustAsk(t, "dns", quiet(), target, serverList("10.0.0.1")))
	}
}

func TestDNSHostsFile(t *testing.T) {
	const file = "127.0.0.1 localhost\n192.0.2.99 Mail.Example mail # old\n"
	for name, test := range map[string]struct {
		target    string
		system    []string
		hostsFile bool
	}{
		"overrules":           {"mail.example", []string{"192.0.2.99"}, true},
		"by a short name":     {"mail", []string{"192.0.2.99"}, true},
		"with a final dot":    {"mail.example.", []string{"192.0.2.99"}, true},
		"not asked":           {"mail.example", []string{"192.0.2.25"}, false},
		"only part of it":     {"mail.example", []string{"192.0.2.25", "192.0.2.99"}, false},
		"another name's line": {"localhost.example", []string{"127.0.0.1"}, false},
		"nothing":             {"nowhere.example", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := &engine.World{
				Lookup: hosts(map[string][]string{test.target: test.system}),
				Open:   files(map[string]string{hostsFile: file}),
			}
			want{"hosts_file": test.hostsFile}.check(t, "result", mustAsk(t, "dns", w, test.target, nil))
		})
	}
}

func TestDNSSystemProblem(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"with a server": {&net.DNSError{Err: "server misbehaving", Name: "mail.example", Server: "10.0.0.1:53"}, "server misbehaving (10.0.0.1:53)"},
		"another error": {errors.New("out of order"), "out of order"},
	} {
		w := quiet()
		w.Lookup = func(context.Context, string, string) ([]netip.Addr, error) { return nil, test.err }
		want{"system": map[string]any{"found": false, "addresses": []any{}, "problem": test.want}}.
			check(t, name, mustAsk(t, "dns", w, "mail.example", nil))
	}
}

// A system resolver tries dead servers for long. It is waited for only while
// there is hope.
func TestDNSSlowSystem(t *testing.T) {
	after := func(d time.Duration) func(context.Context, string, string) ([]netip.Addr, error) {
		return func(ctx context.Context, _, _ string) ([]netip.Addr, error) {
			select {
			case <-time.After(d):
				return []netip.Addr{netip.MustParseAddr("192.0.2.25")}, nil
			case <-ctx.Done():
				return nil, &net.DNSError{Err: ctx.Err().Error()}
			}
		}
	}
	gaveUp := func(problem string) want {
		return want{"hosts_file": false, "system": map[string]any{"found": false, "addresses": []any{}, "problem": problem}}
	}
	found := want{"system": map[string]any{"found": true, "addresses": []any{"192.0.2.25"}, "problem": nil}}
	for name, test := range map[string]struct {
		conf    string
		args    map[string]cty.Value
		system  time.Duration
		timeout time.Duration
		took    time.Duration
		want    want
	}{
		"first server dead, second good":        {"nameserver 10.0.0.1\nnameserver 10.0.0.2\n", nil, 5 * time.Second, time.Minute, 5 * time.Second, found},
		"all dead":                              {"nameserver 10.0.0.1\n", nil, 10 * time.Second, time.Minute, 2 * dnsAttempt, gaveUp("no answer within 4 s")},
		"none":                                  {"", nil, 10 * time.Second, time.Minute, 2 * dnsAttempt, gaveUp("no answer within 4 s")},
		"other servers asked, all of them dead": {"", serverList("10.0.0.1"), 5 * time.Second, time.Minute, 5 * time.Second, found},
		"never":                                 {"nameserver 10.0.0.2\n", nil, time.Hour, time.Minute, systemPatience, gaveUp("no answer within 12 s")},
		"the check's time is over":              {"nameserver 10.0.0.2\n", nil, 5 * time.Second, 3 * time.Second, 3 * time.Second, gaveUp("no answer within 3 s")},
		"over before an answer could come": {"nameserver 10.0.0.1\n", nil, 5 * time.Second, 500 * time.Millisecond, 500 * time.Millisecond,
			want{"rcode": unknown, "addresses": unknown, "search_domain": unknown, "hosts_file": unknown,
				"system": map[string]any{"found": unknown, "addresses": unknown, "problem": unknown}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &engine.World{
					Lookup: after(test.system),
					Open:   files(map[string]string{resolvConfFile: test.conf}),
					Dial:   inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{"10.0.0.1:53": deadServer, "10.0.0.2:53": memory(oneName, 0)}),
				}
				ctx, cancel := context.WithTimeout(t.Context(), test.timeout)
				defer cancel()
				began := time.Now()
				result, err := ask(t, ctx, "dns", w, "mail.example", test.args)
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
				test.want.check(t, "result", result)
			})
		})
	}
}

func TestLinkLocalAddressWithoutAdapter(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the error is Linux's")
	}
	for _, address := range []string{"fe80::53", "fe80::53%nosuch0"} {
		w := &engine.World{Lookup: hosts(nil), Open: files(nil)}
		result := plain(mustAsk(t, "dns", w, "mail.example", serverList(address))).(map[string]any)
		some(t, address, map[string]any{"answered": false, "timed_out": false, "local_error": "no_route"}, result["servers"].([]any)[0].(map[string]any))
		want{"connected": false, "timed_out": false, "local_error": "no_route"}.
			check(t, address, mustAsk(t, "tcp", w, address, map[string]cty.Value{"port": number(25)}))
	}
}

func TestDNSQuestionThatCannotBeAsked(t *testing.T) {
	unreadable := func(name string) (io.ReadSeekCloser, error) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrClosed}
	}
	broken := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("out of order") }
	for name, test := range map[string]struct {
		world  *engine.World
		target string
		want   string
	}{
		"no name":            {quiet(), "mail..example", `"mail..example" is not a domain name`},
		"not ASCII":          {quiet(), "bücher.example", `"bücher.example" is not written in ASCII; write an international name in its xn-- form`},
		"no configuration":   {&engine.World{Open: unreadable}, "mail.example", "open " + resolvConfFile + ": file already closed"},
		"no socket anywhere": {&engine.World{Open: files(nil), Lookup: hosts(nil), Dial: broken}, "mail.example", "out of order"},
	} {
		_, err := ask(t, t.Context(), "dns", test.world, test.target, serverList("10.0.0.1"))
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: error %v, want %s", name, err, test.want)
		}
	}
}

func TestDNSLeavesNothingBehind(t *testing.T) {
	server := serveDNS(t, answering(dns.RcodeNameError))
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, ctx := range []context.Context{t.Context(), ctx} {
		if _, err := ask(t, ctx, "dns", quiet(), "mail.example", serverList(server)); err != nil {
			t.Error(err)
		}
	}
}
