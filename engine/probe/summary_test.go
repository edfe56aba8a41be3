package probe

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/gocty"
	"pgregory.net/rapid"
)

// saw is a result of a kind with these attributes seen and the others unknown.
func saw(t *testing.T, name string, attrs map[string]any) (summary string) {
	t.Helper()
	for _, p := range All() {
		if p.Name != name {
			continue
		}
		values := p.UnknownResult().AsValueMap()
		for k, v := range attrs {
			ty := p.ResultType().AttributeType(k)
			if v, ok := v.(map[string]any); ok {
				nested := values[k].AsValueMap()
				for k, v := range v {
					nested[k] = toValue(t, ty.AttributeType(k), v)
				}
				values[k] = cty.ObjectVal(nested)
				continue
			}
			values[k] = toValue(t, ty, v)
		}
		return p.Summary(cty.ObjectVal(values))
	}
	t.Fatalf("no kind %q", name)
	return ""
}

func toValue(t *testing.T, ty cty.Type, v any) cty.Value {
	t.Helper()
	if v == nil {
		return cty.NullVal(ty)
	}
	value, err := gocty.ToCtyValue(v, ty)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestSummaries(t *testing.T) {
	type attrs = map[string]any
	for _, test := range []struct {
		kind  string
		attrs attrs
		want  string
	}{
		{"ping", attrs{"sent": 3, "received": 3, "rtt_avg_ms": 0.4123, "local_error": nil, "icmp": attrs{"name": nil}}, "3 of 3 replies, 0.412 ms"},
		{"ping", attrs{"sent": 3, "received": 0, "rtt_avg_ms": nil}, "0 of 3 replies"},
		{"ping", attrs{"sent": 3, "received": 0, "icmp": attrs{"name": "host_unreachable", "sender": "10.1.0.1"}}, "0 of 3 replies, host unreachable says 10.1.0.1"},
		{"ping", attrs{"sent": 0, "received": 0, "local_error": "no_route"}, "not sent: no route"},
		{"tcp", attrs{"connected": true, "connect_ms": 1.5}, "connected, 1.5 ms"},
		{"tcp", attrs{"connected": false, "refused": true, "timed_out": false}, "refused"},
		{"tcp", attrs{"connected": false, "refused": false, "timed_out": true}, "no answer"},
		{"tcp", attrs{"connected": false, "refused": false, "timed_out": false, "local_error": "no_route"}, "not sent: no route"},
		{"smtp", attrs{"connected": true, "code": 220, "greeting": "220 mail", "greeting_ms": 12.34}, "220, 12.3 ms"},
		{"smtp", attrs{"connected": true, "code": nil, "greeting": "SSH-2.0"}, "connected, no SMTP greeting"},
		{"smtp", attrs{"connected": true, "code": nil, "greeting": nil}, "connected, no greeting"},
		{"smtp", attrs{"connected": false, "refused": true}, "refused"},
		{"dns", attrs{"rcode": "NOERROR", "addresses": []string{"10.2.0.25", "10.2.0.26"}}, "10.2.0.25 and 1 more"},
		{"dns", attrs{"rcode": "NOERROR", "addresses": []string{}}, "no address"},
		{"dns", attrs{"rcode": "NXDOMAIN", "addresses": []string{}}, "NXDOMAIN"},
		{"dns", attrs{"hosts_file": true, "system": attrs{"addresses": []string{"10.2.0.25"}}}, "10.2.0.25, from the hosts file"},
		{"route", attrs{"found": false}, "no route"},
		{"route", attrs{"found": true, "kind": "unicast", "on_link": false, "gateway": "10.1.0.1", "interface": "eth0"}, "via 10.1.0.1, eth0"},
		{"route", attrs{"found": true, "kind": "unicast", "on_link": true, "interface": "eth0"}, "on this subnet, eth0"},
		{"route", attrs{"found": true, "kind": "blackhole"}, "blackhole"},
		{"neighbour", attrs{"state": "reachable", "mac": "02:00:00:00:00:01"}, "reachable, 02:00:00:00:00:01"},
		{"interface", attrs{"found": true, "name": "eth0", "admin_up": true, "carrier": true, "addresses": []string{"10.1.0.10", "fd00::10"}}, "eth0 up, 10.1.0.10 and 1 more"},
		{"interface", attrs{"found": true, "name": "eth0", "admin_up": false, "carrier": false, "addresses": []string{}}, "eth0 switched off"},
		{"interface", attrs{"found": true, "name": "eth0", "admin_up": true, "carrier": false, "addresses": []string{}}, "eth0 no carrier"},
		{"interface", attrs{"found": false}, "not found"},
		{"resolver", attrs{"servers": []string{}}, "no DNS server"},
		{"resolver", attrs{"servers": []string{"192.0.2.53"}}, "192.0.2.53"},
		{"listener", attrs{"listeners": []attrs{}}, "listens on 0 ports"},
		{"listener", attrs{"listeners": []attrs{{"address": "::", "port": 25}, {"address": "0.0.0.0", "port": 25}}}, "listens on 1 port"},
		{"listener", attrs{"own_addresses": []string{"127.0.0.1"}}, ""},
		{"trace", attrs{"loop": true, "last_sender": "10.9.0.1"}, "a loop, 10.9.0.1"},
		{"trace", attrs{"loop": false, "reached": false, "silent_after": 2, "last_sender": "10.9.0.1"}, "silent beyond hop 2, 10.9.0.1"},
		{"mtu", attrs{"mtu": 1500, "black_hole": false}, "1500 bytes"},
		{"mtu", attrs{"mtu": 1400, "black_hole": true}, "1400 bytes, larger ones vanish"},
		{"mtu", attrs{"mtu": 1500, "black_hole": false, "measured_by": "tcp"}, "1500 bytes, by TCP"},
		{"mtu", attrs{"mtu": 1400, "black_hole": true, "measured_by": "tcp", "direction": "out"}, "1400 bytes, larger ones vanish, by TCP"},
		{"mtu", attrs{"mtu": nil, "black_hole": true, "measured_by": "tcp", "direction": "back"}, "large answers vanish, by TCP"},
		{"mtu", attrs{"mtu": nil, "black_hole": nil, "measured_by": nil}, "larger ones not tested"},
		{"exec", attrs{"exit_code": 2, "stdout": "", "truncated": false, "duration_ms": 3}, "exit code 2"},
		{"exec", attrs{"exit_code": nil, "truncated": true}, "ended by a signal, output cut off"},
		{"log", attrs{"found": false, "matched": false}, "no such file"},
		{"log", attrs{"found": true, "matched": false}, "no such line"},
		{"log", attrs{"found": true, "matched": true, "age_s": 3}, "found, 3 s old"},
	} {
		if got := saw(t, test.kind, test.attrs); got != test.want {
			t.Errorf("%s %v: %q, want %q", test.kind, test.attrs, got, test.want)
		}
	}
}

// TestSummariesOfAnything hands every kind results of which any attribute is
// null, unknown or there.
func TestSummariesOfAnything(t *testing.T) {
	for _, p := range All() {
		t.Run(p.Name, func(t *testing.T) {
			if got := p.Summary(p.UnknownResult()); got != "" {
				t.Errorf("of nothing: %q", got)
			}
			rapid.Check(t, func(t *rapid.T) {
				got := p.Summary(anything(t, p.ResultType()))
				if strings.Contains(got, "not observed") || strings.Contains(got, "none") || strings.HasPrefix(got, ",") {
					t.Errorf("%q", got)
				}
			})
		})
	}
}

// anything draws a value of an object type, whose attributes may be missing.
func anything(t *rapid.T, ty cty.Type) cty.Value {
	switch {
	case ty.IsObjectType():
		attrs := map[string]cty.Value{}
		for name, at := range ty.AttributeTypes() {
			switch {
			case at.IsObjectType():
				attrs[name] = anything(t, at)
			case rapid.Bool().Draw(t, name+" unknown"):
				attrs[name] = cty.UnknownVal(at)
			case rapid.Bool().Draw(t, name+" null"):
				attrs[name] = cty.NullVal(at)
			default:
				attrs[name] = anything(t, at)
			}
		}
		return cty.ObjectVal(attrs)
	case ty.IsListType():
		n := rapid.IntRange(0, 3).Draw(t, "n")
		if n == 0 {
			return cty.ListValEmpty(ty.ElementType())
		}
		elems := make([]cty.Value, n)
		for i := range elems {
			elems[i] = anything(t, ty.ElementType())
		}
		return cty.ListVal(elems)
	case ty == cty.Number:
		return cty.NumberFloatVal(rapid.Float64Range(0, 1e6).Draw(t, "number"))
	case ty == cty.Bool:
		return cty.BoolVal(rapid.Bool().Draw(t, "bool"))
	}
	return cty.StringVal(rapid.SampledFrom([]string{"", "a", "a_b"}).Draw(t, "string"))
}
