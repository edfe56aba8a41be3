package probe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// resultOf is a result of a kind with these attributes, as result.set takes them,
// and all others unknown.
func resultOf(kind string, attrs fields) (*language.Kind, cty.Value) {
	for _, k := range Kinds() {
		if k.Name == kind {
			r := newResult(k)
			for name, value := range attrs {
				r.set(name, value)
			}
			return k, r.value()
		}
	}
	panic("no kind " + kind)
}

// What no probe comes back with is refused, with the attributes that are at fault;
// its healthy twin is not.
func TestMisfit(t *testing.T) {
	args := func(name string, v cty.Value) map[string]cty.Value { return map[string]cty.Value{name: v} }
	hop := func(f fields) []fields { return []fields{f} }
	for _, test := range []struct {
		kind  string
		attrs fields
		args  map[string]cty.Value
		want  string
		twin  fields
	}{
		// Numbers out of range.
		{kind: "ping", attrs: fields{"rtt_max_ms": -0.5}, want: "-0.5 for rtt_max_ms, which must be a number from 0", twin: fields{"rtt_max_ms": 0.0}},
		{kind: "ping", attrs: fields{"loss_pct": 100.5}, want: "100.5 for loss_pct, which must be a number from 0 to 100", twin: fields{"loss_pct": 99.9}},
		{kind: "ping", attrs: fields{"duplicates": 1.5}, want: "1.5 for duplicates, which must be a whole number from 0", twin: fields{"duplicates": 1}},
		{kind: "ping", attrs: fields{"sent": 4}, args: args("count", cty.NumberIntVal(3)), want: "4 for sent, which must be a whole number from 0 to 3, its argument count", twin: fields{"sent": 3}},
		{kind: "ping", attrs: fields{"icmp": fields{"code": 256}}, want: "256 for icmp.code, which must be a whole number from 0 to 255", twin: fields{"icmp": fields{"code": 255}}},
		{kind: "smtp", attrs: fields{"code": 199}, want: "199 for code", twin: fields{"code": 554}},
		{kind: "smtp", attrs: fields{"nearer_hop": 0}, want: "0 for nearer_hop, which must be a whole number from 1 to 255", twin: fields{"nearer_hop": 1}},
		{kind: "listener", attrs: fields{"listeners": []fields{{"port": 25}, {"port": 65536}}}, want: "65536 for listeners[1].port", twin: fields{"listeners": []fields{{"port": 25}, {"port": 65535}}}},
		{kind: "interface", attrs: fields{"prefix_lengths": []int{64, 129}}, want: "129 for prefix_lengths[1], which must be a whole number from 0 to 128", twin: fields{"prefix_lengths": []int{64, 128}}},
		{kind: "trace", attrs: fields{"hops": hop(fields{"ttl": 0})}, want: "0 for hops[0].ttl, which must be a whole number from 1", twin: fields{"hops": hop(fields{"ttl": 1})}},
		{kind: "exec", attrs: fields{"exit_code": -1}, want: "-1 for exit_code", twin: fields{"exit_code": 255}},
		{kind: "log", attrs: fields{"age_s": -3600}, want: "-3600 for age_s", twin: fields{"age_s": 0.5}},
		{kind: "dns", attrs: fields{"servers": []fields{{"ttl_s": 1e12}}}, want: "for servers[0].ttl_s", twin: fields{"servers": []fields{{"ttl_s": 0}}}},
		{kind: "route", attrs: fields{"table": -1}, want: "-1 for table", twin: fields{"table": 254}},
		{kind: "mtu", attrs: fields{"mtu": 9000}, args: args("largest", cty.NumberIntVal(1500)), want: "9000 for mtu, which must be a whole number from 1 to 1500, its argument largest", twin: fields{"mtu": 1492}},

		// Words and forms.
		{kind: "neighbour", attrs: fields{"state": "asleep"}, want: `"asleep" for state, which must be "reachable"`, twin: fields{"state": "stale"}},
		{kind: "tcp", attrs: fields{"local_error": "tired"}, want: `"tired" for local_error`, twin: fields{"local_error": "no_route"}},
		{kind: "dns", attrs: fields{"rcode": "NOPE"}, want: `"NOPE" for rcode`, twin: fields{"rcode": "RCODE3841"}},
		{kind: "dns", attrs: fields{"rcode": "RCODE4096"}, want: `"RCODE4096" for rcode`, twin: fields{"rcode": "NXDOMAIN"}},
		{kind: "dns", attrs: fields{"servers": []fields{{"unanswered": []string{"A", "MX"}}}}, want: `"MX" for servers[0].unanswered[1]`, twin: fields{"servers": []fields{{"unanswered": []string{"A", "AAAA"}}}}},
		{kind: "dns", attrs: fields{"answered_by": "10.2.0.53:53"}, want: `"10.2.0.53:53" for answered_by`, twin: fields{"answered_by": "[fe80::1%eth0]:5353"}},
		{kind: "ping", attrs: fields{"address": "010.1.0.1"}, want: `"010.1.0.1" for address, which must be an IP address in canonical spelling`, twin: fields{"address": "fe80::1%eth0"}},
		{kind: "route", attrs: fields{"gateways": []string{"10.0.0.1", "FE80::1"}}, want: `"FE80::1" for gateways[1]`, twin: fields{"gateways": []string{"10.0.0.1", "fe80::1%eth0"}}},
		{kind: "route", attrs: fields{"prefix": "10.2.0.0/33"}, want: `"10.2.0.0/33" for prefix`, twin: fields{"prefix": "::/0"}},
		{kind: "route", attrs: fields{"kind": "type many"}, want: `"type many" for kind`, twin: fields{"kind": "type 9"}},
		{kind: "interface", attrs: fields{"mac": "02:00:00:00:00"}, twin: fields{"mac": "02:00:00:00:00:01"}}, // an adapter's may have any length
		{kind: "interface", attrs: fields{"mac": "02-00-00-00-00-01"}, want: `"02-00-00-00-00-01" for mac`, twin: fields{"mac": "0a:00:00:01"}},
		{kind: "smtp", attrs: fields{"greeting_name": "Mail.Corp.example"}, want: `"Mail.Corp.example" for greeting_name`, twin: fields{"greeting_name": "mail.corp.example"}},
		{kind: "smtp", attrs: fields{"greeting": "220 a\r\n220 \x1b[31mb"}, want: "for greeting, which must be one line", twin: fields{"greeting": `220 a\n220 \x1b[31mb`}},
		{kind: "smtp", attrs: fields{"tls": fields{"version": "SSL 9"}}, want: `"SSL 9" for tls.version`, twin: fields{"tls": fields{"version": "TLS 1.2"}}},

		// What contradicts itself.
		{kind: "ping", attrs: fields{"sent": 2, "received": 3}, want: "3 for received and 2 for sent, which are never observed together", twin: fields{"sent": 3, "received": 3}},
		{kind: "ping", attrs: fields{"received": 2, "loss_pct": 50}, args: args("count", cty.NumberIntVal(3)), want: "2 for received, 50 for loss_pct and 3 for its argument count", twin: fields{"received": 2, "loss_pct": 33}},
		{kind: "ping", attrs: fields{"sent": 3, "received": 1, "loss_pct": 10, "local_error": nil}, want: "for loss_pct", twin: fields{"sent": 3, "received": 1, "loss_pct": 66.7, "local_error": nil}},
		{kind: "ping", attrs: fields{"rtt_min_ms": 5, "rtt_avg_ms": 4}, want: "5 for rtt_min_ms and 4 for rtt_avg_ms", twin: fields{"rtt_min_ms": 4, "rtt_avg_ms": 4}},
		{kind: "ping", attrs: fields{"strangers": 0, "answered_by": "10.0.0.9"}, want: "for strangers", twin: fields{"strangers": 1, "answered_by": "10.0.0.9"}},
		{kind: "ping", attrs: fields{"icmp": fields{"type": 3, "code": 1, "name": "too_big"}}, want: `3 for icmp.type, 1 for icmp.code and "too_big" for icmp.name`, twin: fields{"icmp": fields{"type": 3, "code": 1, "name": "host_unreachable"}}},
		{kind: "tcp", attrs: fields{"connected": true, "refused": true}, want: "true for connected and true for refused", twin: fields{"connected": false, "refused": true}},
		{kind: "tcp", attrs: fields{"timed_out": true, "icmp": fields{"name": "host_unreachable"}}, want: "true for timed_out and an object for icmp", twin: fields{"timed_out": false, "icmp": fields{"name": "host_unreachable"}}},
		{kind: "tcp", attrs: fields{"connected": false, "received": "hello"}, want: `"hello" for received and false for connected`, twin: fields{"connected": false, "received": ""}},
		{kind: "smtp", attrs: fields{"connected": false, "greeting": "220 a"}, want: "false for connected", twin: fields{"connected": false, "greeting": nil}},
		{kind: "smtp", attrs: fields{"code": 554, "dialogue": "completed"}, want: "554 for code", twin: fields{"code": 220, "dialogue": "completed"}},
		{kind: "smtp", attrs: fields{"greeting_ms": 30, "total_ms": 20}, want: "30 for greeting_ms and 20 for total_ms", twin: fields{"greeting_ms": 20, "total_ms": 20}},
		{kind: "smtp", attrs: fields{"tls": fields{"offered": false, "version": "TLS 1.3"}}, args: args("starttls", cty.StringVal("try")), want: `false for tls.offered and "TLS 1.3" for tls.version`, twin: fields{"tls": fields{"offered": true, "version": "TLS 1.3"}}},
		{kind: "smtp", attrs: fields{"attempts": []fields{{"connected": true, "local_error": "filtered"}}}, want: "true for attempts[0].connected", twin: fields{"attempts": []fields{{"connected": false, "local_error": "filtered"}}}},
		{kind: "dns", attrs: fields{"servers": []fields{{"answered": false, "rcode": "NOERROR"}}}, want: `false for servers[0].answered and "NOERROR" for servers[0].rcode`, twin: fields{"servers": []fields{{"answered": true, "rcode": "NOERROR"}}}},
		{kind: "dns", attrs: fields{"rcode": "NXDOMAIN", "addresses": []string{"10.0.0.1"}}, want: `"NXDOMAIN" for rcode and a list of 1 for addresses`, twin: fields{"rcode": "NXDOMAIN", "addresses": []string{}}},
		{kind: "dns", attrs: fields{"system": fields{"found": true, "problem": "no such host"}}, want: "for system.found", twin: fields{"system": fields{"found": false, "problem": "no such host"}}},
		{kind: "route", attrs: fields{"found": false, "source": "10.0.0.2"}, want: "false for found", twin: fields{"found": false, "source": nil}},
		{kind: "route", attrs: fields{"on_link": true, "gateway": "10.0.0.1"}, want: "true for on_link", twin: fields{"on_link": false, "gateway": "10.0.0.1"}},
		{kind: "neighbour", attrs: fields{"state": "failed", "reachable": true}, want: `"failed" for state`, twin: fields{"state": "permanent", "reachable": false}},
		{kind: "interface", attrs: fields{"addresses": []string{"10.0.0.1"}, "prefix_lengths": []int{64}}, want: "for prefix_lengths", twin: fields{"addresses": []string{"2001:db8::1"}, "prefix_lengths": []int{64}}},
		{kind: "interface", attrs: fields{"admin_up": false, "carrier": true}, want: "true for carrier", twin: fields{"admin_up": true, "carrier": true}},
		{kind: "listener", attrs: fields{"shown": false, "listeners": []fields{{"port": 25}}}, want: "false for shown", twin: fields{"shown": true, "listeners": []fields{{"port": 25}}}},
		{kind: "log", attrs: fields{"matched": true, "line": nil}, want: "null for line", twin: fields{"matched": true, "line": ""}},
		{kind: "mtu", attrs: fields{"black_hole": false, "direction": "out"}, want: `"out" for direction`, twin: fields{"black_hole": true, "direction": "out"}},
		{kind: "trace", attrs: fields{"reached": true, "loop": true}, want: "true for loop", twin: fields{"reached": false, "loop": true}},
		{kind: "trace", attrs: fields{"hops": hop(fields{"ttl": 1}), "silent_after": 2}, want: "2 for silent_after", twin: fields{"hops": hop(fields{"ttl": 1}), "silent_after": 1}},
		{kind: "trace", attrs: fields{"hops": hop(fields{"ttl": 2})}, want: "which must be at the distances 1, 2, 3", twin: fields{"hops": hop(fields{"ttl": 1})}},
	} {
		t.Run(fmt.Sprint(test.kind, test.attrs), func(t *testing.T) {
			kind, v := resultOf(test.kind, test.attrs)
			err := kind.Misfit(v, test.args)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if kind, v = resultOf(test.kind, test.twin); kind.Misfit(v, test.args) != nil {
				t.Errorf("its healthy twin: %v", kind.Misfit(v, test.args))
			}
		})
	}
}

// With an argument that makes it possible, what is impossible otherwise is true.
func TestMisfitHeedsTheQuestion(t *testing.T) {
	kind, v := resultOf("smtp", fields{"tls": fields{"offered": false, "version": "TLS 1.3"}})
	for starttls, want := range map[string]bool{"off": false, "try": false, "require": true} {
		if err := kind.Misfit(v, map[string]cty.Value{"starttls": cty.StringVal(starttls)}); (err == nil) != want {
			t.Errorf("starttls %q: %v", starttls, err)
		}
	}
	if err := kind.Misfit(v, nil); err != nil {
		t.Errorf("nobody knows what was asked for: %v", err)
	}
}

// Every attribute and argument that a contradiction names is there: a claim about
// another never holds. And of what nobody observed, none does.
func TestContradictionsAreAboutWhatIsDeclared(t *testing.T) {
	for _, k := range Kinds() {
		claims := 0
		check := func(attrs []language.Attribute, never []language.Contradiction) {
			for _, c := range never {
				for _, claim := range append([]language.Claim{c.Claim}, c.Beside...) {
					claims++
					for _, name := range claim.Of {
						if !declares(k, attrs, name) {
							t.Errorf("%s: nothing is called %s", k.Name, name)
						}
					}
				}
			}
		}
		check(k.Result, k.Never)
		for i := range k.Result {
			check(k.Result[i].Attrs, k.Result[i].Never)
		}
		if claims == 0 && k.Name != "exec" && k.Name != "resolver" {
			t.Errorf("%s says of nothing that it contradicts itself", k.Name)
		}
	}
}

func declares(k *language.Kind, attrs []language.Attribute, name string) bool {
	name, within, nested := strings.Cut(name, ".")
	if name == "argument" {
		attrs, name, nested = k.Args, within, false
	}
	for i := range attrs {
		if attrs[i].Name == name {
			return !nested || declares(k, attrs[i].Attrs, within)
		}
	}
	return false
}

// BenchmarkMisfit is what holding an observation against its kind costs a run.
func BenchmarkMisfit(b *testing.B) {
	for kind, attrs := range map[string]fields{
		"ping": {"sent": 3, "received": 3, "loss_pct": 0, "rtt_min_ms": 1.1, "rtt_avg_ms": 1.2, "rtt_max_ms": 1.3, "rtt_stddev_ms": 0.1,
			"duplicates": 0, "strangers": 0, "answered_by": nil, "address": "10.0.0.1", "socket": "own", "local_error": nil, "icmp": nil},
		"tcp": {"connected": true, "refused": false, "timed_out": false, "address": "10.0.0.1", "connect_ms": 3.4, "local_error": nil, "icmp": nil},
	} {
		b.Run(kind, func(b *testing.B) {
			k, v := resultOf(kind, attrs)
			args := map[string]cty.Value{"count": cty.NumberIntVal(3), "expect_bytes": cty.Zero}
			b.ReportAllocs()
			for b.Loop() {
				if err := k.Misfit(v, args); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
