package offline_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
)

const observing = `
variable "n" { default = 3 }
check "a" {
  target = "192.0.2.1"
  probe "ping" { count = var.n }
  pass    = result.received > 0
  explain = "No answer."
}
check "port" {
  target = "192.0.2.1"
  probe "tcp" { port = 25 }
  pass    = result.connected
  explain = "No connection."
}
fact "way" {
  target = "192.0.2.1"
  probe "route" {}
}`

// impossible are results of the checks and facts of observing that no probe comes
// back with, as a recording has them, and what is said of them.
var impossible = []struct{ address, kind, result, want string }{
	{"check.a", "ping", `{"rtt_avg_ms":-1}`, "-1 for rtt_avg_ms, which must be a number from 0"},
	{"check.a", "ping", `{"icmp":{"type":99999}}`, "99999 for icmp.type, which must be a whole number from 0 to 255"},
	{"check.a", "ping", `{"icmp":{"name":"evil"}}`, `"evil" for icmp.name, which must be "net_unreachable"`},
	{"check.a", "ping", `{"strangers":0.5}`, "0.5 for strangers, which must be a whole number from 0"},
	{"check.a", "ping", `{"answered_by":"the gateway"}`, `"the gateway" for answered_by, which must be an IP address`},
	{"check.a", "ping", `{"received":0,"rtt_max_ms":2}`, "0 for received and 2 for rtt_max_ms, which are never observed together"},
	{"check.port", "tcp", `{"connected":false,"connect_ms":3}`, "false for connected and 3 for connect_ms"},
	{"check.port", "tcp", `{"refused":true,"timed_out":true}`, "true for refused and true for timed_out"},
	{"check.port", "tcp", `{"connected":true,"local_error":"filtered"}`, `true for connected and "filtered" for local_error`},
	{"fact.way", "route", `{"found":false,"gateway":"192.0.2.9"}`, `false for found and "192.0.2.9" for gateway`},
	{"fact.way", "route", `{"gateways":["192.0.2.9","192.0.2.09"]}`, `"192.0.2.09" for gateways[1]`},
	{"fact.way", "route", `{"prefix":"192.0.2.0/99"}`, `"192.0.2.0/99" for prefix`},
}

// A recording of what can't be is not judged, and its line is told.
func TestBindRefusesWhatCanNotBe(t *testing.T) {
	rb := load(t, observing)
	bind := func(address, kind, args, result string) string {
		text := fmt.Sprintf(`{"answer":{"address":%q,"kind":%q,"args":%s,"result":%s}}`, address, kind, args, result)
		rec, diags := offline.Read("f", strings.NewReader(head+local+text))
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		_, _, diags = rec.Places[0].Bind(rb)
		if !diags.HasErrors() {
			return ""
		}
		if line := diags[0].Subject.Start.Line; line != 3 {
			t.Errorf("%s: line %d", result, line)
		}
		return diags[0].Detail
	}
	for _, test := range impossible {
		got := bind(test.address, test.kind, `{}`, test.result)
		if want := "The result of " + test.address + " is not what a probe of kind"; !strings.HasPrefix(got, want) || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q\nwant %s", test.result, got, test.want)
		}
	}
	// It is held against what was asked then, not what is asked today.
	if got := bind("check.a", "ping", `{"count":5}`, `{"sent":6}`); !strings.Contains(got, "from 0 to 5, its argument count") {
		t.Errorf("six of five: %q", got)
	}
	for _, twin := range [][4]string{
		{"check.a", "ping", `{"count":10}`, `{"sent":10,"received":10,"loss_pct":0}`},
		{"check.a", "ping", `{"count":"ten"}`, `{"sent":10}`},
		{"check.port", "tcp", `{}`, `{"connected":true,"connect_ms":3}`},
		{"fact.way", "route", `null`, `{"found":true,"gateway":"192.0.2.9"}`},
	} {
		if got := bind(twin[0], twin[1], twin[2], twin[3]); got != "" {
			t.Errorf("%v: %s", twin, got)
		}
	}
}

// No run lasts less than no time.
func TestReadRefusesTimesThatCanNotBe(t *testing.T) {
	for times, wrong := range map[string]bool{
		`"started_ms":-1`: true, `"elapsed_ms":-0.5`: true, `"elapsed_ms":1e300`: true, `"started_ms":1e13,"elapsed_ms":1`: true,
		`"started_ms":0,"elapsed_ms":0`: false, `"started_ms":86400000`: false,
	} {
		_, diags := offline.Read("f", strings.NewReader(head+local+`{"answer":{"address":"check.a","kind":"ping","result":{},`+times+`}}`))
		if diags.HasErrors() != wrong {
			t.Errorf("%s: %v", times, diags)
		}
	}
}

// A test that gives what can't be proves nothing: it is wrong itself.
func TestTestsRefuseWhatCanNotBe(t *testing.T) {
	rb := load(t, observing)
	tests := func(address, result string) (*rules.Tests, string, int) {
		var attrs map[string]json.RawMessage
		if err := json.Unmarshal([]byte(result), &attrs); err != nil {
			t.Fatal(err)
		}
		body := ""
		for _, name := range slices.Sorted(maps.Keys(attrs)) {
			body += fmt.Sprintf("    %s = %s\n", name, attrs[name])
		}
		src := fmt.Sprintf("run \"r\" {\n  result %q {\n%s  }\n  expect { verdict = \"pass\" }\n}\n", address, body)
		all, diags := rules.LoadTests(rb, rules.Overlay{Name: "tests", FS: files{"a.test.hcl": src}.fs()})
		if len(diags) == 0 {
			return all, "", 0
		}
		return all, diags[0].Error(), diags[0].Subject.Start.Line
	}
	for _, test := range impossible {
		_, got, line := tests(test.address, test.result)
		if !strings.Contains(got, "Impossible result") || !strings.Contains(got, test.want) || !strings.Contains(got, test.address) {
			t.Errorf("%s: %q\nwant %s", test.result, got, test.want)
		}
		if line < 3 {
			t.Errorf("%s: line %d, want that of the attribute", test.result, line)
		}
	}
	all, got, _ := tests("check.a", `{"sent":3,"received":2,"loss_pct":33.3}`)
	if got != "" {
		t.Fatal(got)
	}
	// How many are asked for shows when they are.
	s := &offline.Suite{Runbook: rb, Tests: all, Probes: probe.All()}
	if _, diags := s.Run(t.Context(), nil); diags.HasErrors() {
		t.Errorf("two of three: %v", diags)
	}
	all, got, _ = tests("check.a", `{"sent":5,"received":5}`)
	if got != "" {
		t.Fatal(got)
	}
	s.Tests = all
	if outcomes, diags := s.Run(t.Context(), nil); !strings.Contains(diags.Error(), "5 for sent, which must be a whole number from 0 to 3, its argument count") || len(outcomes) > 0 {
		t.Errorf("five of three: %v", diags)
	}
}
