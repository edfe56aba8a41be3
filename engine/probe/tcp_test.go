package probe

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

func number(n int) cty.Value { return cty.NumberIntVal(int64(n)) }

var unknownICMP = map[string]any{"type": unknown, "code": unknown, "name": unknown, "sender": unknown, "mtu": unknown}

var noICMP = map[string]any{"type": nil, "code": nil, "name": nil, "sender": nil, "mtu": nil}

func TestTCPConnects(t *testing.T) {
	port := listenLocally(t, func(net.Conn) {})
	result := mustAsk(t, "tcp", &engine.World{}, "127.0.0.1", map[string]cty.Value{"port": number(port)})
	want{
		"connected": true, "refused": false, "timed_out": false, "address": "127.0.0.1",
		"received": unknown, "local_error": nil,
	}.check(t, "result", result)
	if ms, ok := plain(result.GetAttr("connect_ms")).(float64); !ok || ms <= 0 || ms > 5000 {
		t.Errorf("connect_ms = %v", ms)
	}
}

func TestTCPRefusedByTheHost(t *testing.T) {
	result := mustAsk(t, "tcp", &engine.World{}, "127.0.0.1",
		map[string]cty.Value{"port": number(closedPort(t)), "expect_bytes": number(1)})
	want{
		"connected": false, "refused": true, "timed_out": false, "address": "127.0.0.1",
		"connect_ms": nil, "received": "", "local_error": nil,
	}.check(t, "result", result)
	if runtime.GOOS == "linux" {
		want{"icmp": noICMP}.check(t, "result", result)
	}
}

func TestTCPSourceThatIsNotOurs(t *testing.T) {
	port := listenLocally(t, func(net.Conn) {})
	result := mustAsk(t, "tcp", &engine.World{}, "127.0.0.1",
		map[string]cty.Value{"port": number(port), "source": cty.StringVal("192.0.2.1")})
	want{"connected": false, "timed_out": false, "local_error": "address_unavailable"}.check(t, "result", result)
}

func TestTCPReceives(t *testing.T) {
	for name, test := range map[string]struct {
		serve  func(net.Conn)
		send   string
		expect int
		want   string
	}{
		"banner, cut to what is wanted": {func(c net.Conn) { io.WriteString(c, "SSH-2.0-x\r\n") }, "", 8, "SSH-2.0-"},
		"peer closes before":            {func(c net.Conn) { io.WriteString(c, "hi\r\n") }, "", 100, "hi\r\n"},
		"in pieces": {func(c net.Conn) {
			for _, b := range "pieces" {
				io.WriteString(c, string(b))
			}
		}, "", 6, "pieces"},
		"binary":  {func(c net.Conn) { c.Write([]byte("a\x00\x1b[31m\xff\u202eé")) }, "", 100, `a\x00\x1b[31m\xff\u202eé`},
		"nothing": {func(net.Conn) {}, "", 1, ""},
		"an answer": {func(c net.Conn) {
			question := make([]byte, 6)
			io.ReadFull(c, question)
			io.WriteString(c, strings.ToUpper(string(question)))
		}, "ping\r\n", 6, "PING\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			result := mustAsk(t, "tcp", &engine.World{}, "127.0.0.1", map[string]cty.Value{
				"port": number(listenLocally(t, test.serve)), "send": cty.StringVal(test.send), "expect_bytes": number(test.expect),
			})
			want{"connected": true, "received": test.want}.check(t, "result", result)
		})
	}
}

func TestTCPSilentPeerIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		result := mustAsk(t, "tcp", serving(silentServer), "192.0.2.1",
			map[string]cty.Value{"port": number(25), "send": cty.StringVal("x"), "expect_bytes": number(1)})
		want{"connected": true, "received": "", "icmp": unknownICMP}.check(t, "result", result)
		if took := time.Since(began); took != readPatience {
			t.Errorf("took %v, want %v", took, readPatience)
		}
	})
}

// dialEach is a dial func with one outcome an address: an error, or a
// connection for nil; an address that is not listed stays silent.
func dialEach(outcomes map[string]error) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, address string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(address)
		err, ok := outcomes[host]
		if !ok {
			<-ctx.Done()
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
		}
		if err != nil {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
		}
		ours, theirs := net.Pipe()
		theirs.Close()
		return ours, nil
	}
}

func TestTCPSeveralAddresses(t *testing.T) {
	addresses := []string{"2001:db8::1", "192.0.2.1", "192.0.2.2"}
	for name, test := range map[string]struct {
		outcomes map[string]error
		took     time.Duration
		want     want
	}{
		"first accepts": {map[string]error{"2001:db8::1": nil}, 0,
			want{"connected": true, "address": "2001:db8::1"}},
		"last accepts": {map[string]error{"2001:db8::1": syscall.ENETUNREACH, "192.0.2.1": syscall.ECONNREFUSED, "192.0.2.2": nil}, 0,
			want{"connected": true, "refused": false, "address": "192.0.2.2", "local_error": nil}},
		"an answer weighs more than silence": {map[string]error{"192.0.2.1": syscall.ECONNREFUSED}, 2 * netconn.Patience,
			want{"connected": false, "refused": true, "timed_out": false, "address": "192.0.2.1", "connect_ms": nil}},
		"silence weighs more than no route": {map[string]error{"2001:db8::1": syscall.ENETUNREACH}, 2 * netconn.Patience,
			want{"connected": false, "timed_out": true, "address": "192.0.2.1", "local_error": nil}},
		"the first of equals": {map[string]error{"2001:db8::1": syscall.ENETUNREACH, "192.0.2.1": syscall.EPERM, "192.0.2.2": syscall.EACCES}, 0,
			want{"connected": false, "timed_out": false, "address": "2001:db8::1", "local_error": "no_route"}},
		"all silent": {nil, 3 * netconn.Patience,
			want{"connected": false, "timed_out": true, "address": "2001:db8::1"}},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS != "linux" {
				t.Skip("the errors are Linux's")
			}
			synctest.Test(t, func(t *testing.T) {
				w := &engine.World{Dial: dialEach(test.outcomes), Lookup: hosts(map[string][]string{"mail.example": addresses})}
				began := time.Now()
				result := mustAsk(t, "tcp", w, "mail.example", map[string]cty.Value{"port": number(25)})
				test.want.check(t, "result", result)
				if took := time.Since(began); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
			})
		})
	}
}

// No kind accuses a host whose name has no address, or can't be looked up: what
// it would have observed stays unknown, and the kind dns is there to tell why.
func TestNameWithoutAddress(t *testing.T) {
	for _, test := range []struct {
		kind string
		args map[string]cty.Value
	}{
		{"ping", nil},
		{"tcp", map[string]cty.Value{"port": number(25), "expect_bytes": number(1)}},
		{"smtp", nil},
		{"trace", nil},
		{"mtu", nil},
	} {
		for what, lookup := range map[string]func(context.Context, string, string) ([]netip.Addr, error){
			"no address":        hosts(nil),
			"nobody to ask for": func(context.Context, string, string) ([]netip.Addr, error) { return nil, os.ErrPermission },
		} {
			p := probeOf(t, test.kind)
			result, err := p.Observe(t.Context(), &engine.World{Lookup: lookup}, query(t, p, "nowhere.example", test.args))
			if err == nil || !strings.HasPrefix(err.Error(), "resolve nowhere.example: ") {
				t.Errorf("%s, %s: error %v", test.kind, what, err)
			}
			if result == cty.NilVal {
				continue
			}
			for name, v := range result.AsValueMap() {
				if v.IsKnown() && !v.Type().IsObjectType() {
					t.Errorf("%s, %s: %s is known: %#v", test.kind, what, name, v)
				}
			}
		}
	}
}

func TestTCPCutOff(t *testing.T) {
	nothing := want{
		"connected": unknown, "refused": unknown, "timed_out": unknown, "address": unknown, "connect_ms": unknown,
		"received": unknown, "local_error": unknown, "icmp": unknownICMP,
	}
	for name, test := range map[string]struct {
		patience time.Duration
		cancel   bool
		want     want
	}{
		"the check's time is over":                {2 * time.Second, false, want{"connected": false, "timed_out": true, "address": "192.0.2.1"}},
		"over before an answer could be expected": {500 * time.Millisecond, false, nothing},
		"interrupted, however long it was waited": {4 * time.Second, true, nothing},
		"interrupted before the attempt":          {0, true, nothing},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.patience)
				if test.cancel {
					cancel()
					ctx, cancel = context.WithCancel(t.Context())
					time.AfterFunc(test.patience, cancel)
					if test.patience == 0 {
						cancel()
					}
				}
				defer cancel()
				began := time.Now()
				result, err := ask(t, ctx, "tcp", &engine.World{Dial: dialEach(nil)}, "192.0.2.1", map[string]cty.Value{"port": number(25)})
				if err != nil {
					t.Fatal(err)
				}
				test.want.check(t, "result", result)
				if took := time.Since(began); took != test.patience {
					t.Errorf("took %v, want %v", took, test.patience)
				}
			})
		})
	}
}

func TestTCPQuestionThatCannotBeAsked(t *testing.T) {
	w := &engine.World{Dial: dialEach(map[string]error{"192.0.2.1": syscall.EMFILE})}
	_, err := ask(t, t.Context(), "tcp", w, "192.0.2.1", map[string]cty.Value{"port": number(25)})
	if !errors.Is(err, syscall.EMFILE) {
		t.Errorf("error %v, want EMFILE", err)
	}
}

func TestArgumentChecks(t *testing.T) {
	for _, test := range []struct {
		kind, argument string
		value          cty.Value
		want           string // "" for a valid one
	}{
		{"tcp", "port", number(65535), ""},
		{"tcp", "port", number(0), "must be a whole number from 1 to 65535, not 0"},
		{"tcp", "port", number(65536), "must be a whole number from 1 to 65535, not 65536"},
		{"tcp", "port", cty.NumberFloatVal(25.5), "must be a whole number from 1 to 65535, not 25.5"},
		{"tcp", "port", cty.PositiveInfinity, "must be a whole number from 1 to 65535, not +Inf"},
		{"tcp", "source", cty.StringVal("fe80::1%eth0"), ""},
		{"tcp", "source", cty.StringVal("eth0"), `must be an IP address, not "eth0"`},
		{"smtp", "ehlo", cty.StringVal("[IPv6:2001:db8::1]"), ""},
		{"smtp", "ehlo", cty.StringVal("me\r\nDATA"), "must be a host name or an address literal such as [192.0.2.1]"},
		{"smtp", "ehlo", cty.StringVal(""), "must be a host name or an address literal such as [192.0.2.1]"},
		{"smtp", "starttls", cty.StringVal("always"), `must be "off", "try" or "require", not "always"`},
		{"dns", "type", cty.StringVal("MX"), `must be "A" or "AAAA", not "MX"`},
		{"dns", "servers", cty.ListVal([]cty.Value{cty.StringVal("10.2.0.53"), cty.StringVal("[fe80::1%eth0]:5353")}), ""},
		{"dns", "servers", cty.ListVal([]cty.Value{cty.StringVal("ns.example")}), `must hold IP addresses, some perhaps with a port (10.2.0.53:5353), not "ns.example"`},
		{"dns", "servers", cty.ListVal([]cty.Value{cty.StringVal("10.2.0.53:0")}), `must hold IP addresses, some perhaps with a port (10.2.0.53:5353), not "10.2.0.53:0"`},
		{"dns", "servers", cty.ListVal([]cty.Value{cty.NullVal(cty.String)}), "must not hold a null"},
		{"log", "pattern", cty.StringVal(`^220[ -]`), ""},
		{"log", "pattern", cty.StringVal(`(220`), "must be a regular expression in RE2 syntax: error parsing regexp: missing closing ): `(220`"},
		{"log", "tail", cty.StringVal("64MiB"), ""},
		{"log", "tail", cty.StringVal("1 GB"), `must be from 1B to 64MiB, not "1 GB"`},
		{"log", "tail", cty.StringVal("0"), `must be from 1B to 64MiB, not "0"`},
		{"log", "tail", cty.StringVal("much"), `must be a size such as "64KiB" or "1MiB", not "much"`},
	} {
		p := probeOf(t, test.kind)
		i := slices.IndexFunc(p.Args, func(a language.Attribute) bool { return a.Name == test.argument })
		got := ""
		if err := p.Args[i].Validate(test.value); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s %s = %#v: %q, want %q", test.kind, test.argument, test.value, got, test.want)
		}
	}
}
