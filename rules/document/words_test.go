package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWords says conditions, and what they are without words.
func TestWords(t *testing.T) {
	for _, test := range []struct{ condition, words string }{
		{`result.received > 0`, "result.received is more than 0"},
		{`result.loss_pct >= 5.5 && target != null`, "result.loss_pct is at least 5.5 and var.host has a value"},
		{`!(result.received > 0)`, ""},
		{`result.icmp.code == null`, "result.icmp.code has no value"},
		{`result.local_error == "filtered" || result.sent == 0 || result.received < 2`, "either result.local_error is filtered, result.sent is 0, or result.received is less than 2"},
		{`result.received == 0 && (fact.way.on_link || fact.way.found)`, "result.received is 0 and either fact.way.on_link is true or fact.way.found is true"},
		{`(result.received == 0 && fact.way.on_link) || !fact.way.found`, "either (result.received is 0 and fact.way.on_link is true) or fact.way.found is false"},
		{`sameip(result.address, var.host)`, "result.address is the address var.host"},
		{`!contains(["local", "unicast"], fact.way.kind)`, "fact.way.kind is none of local, unicast"},
		{`anytrue([for s in fact.names.servers : s.refused])`, "for at least one s of fact.names.servers, s.refused is true"},
		{`alltrue([for s in fact.names.servers : s.rcode == "NOERROR"])`, "for every s of fact.names.servers, s.rcode is NOERROR"},
		{`length(setintersection(fact.names.addresses, fact.names.system.addresses)) > 0`, "the number of what fact.names.addresses and fact.names.system.addresses have in common is more than 0"},
		{`result.received + 1 > 2`, ""},
		{`result.icmp.code == null ? result.received > 0 : !fact.way.found`, "if result.icmp.code has no value: result.received is more than 0; else: fact.way.found is false"},
	} {
		rb := load(t, map[string]string{"a.hcl": `
variable "host" { type = string }
fact "way" {
  target = var.host
  probe "route" {}
}
fact "names" {
  target = var.host
  probe "dns" {}
}
check "x" {
  target = var.host
  probe "ping" {}
  pass    = ` + test.condition + `
  explain = "x"
}`})
		s := describe(t, rb, nil).parts[0].steps[0]
		words, ok := s.say(s.check.Pass)
		if !ok {
			words = nil
		}
		if diff := cmp.Diff(test.words, words.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.condition, diff)
		}
		lines := s.condition(s.check.Pass)
		if got := lines[len(lines)-1].String(); got != test.condition {
			t.Errorf("as written: %s, want %s", got, test.condition)
		}
	}
}

// TestSettled leaves out of conditions what a site's values decide.
func TestSettled(t *testing.T) {
	rb := load(t, map[string]string{"a.hcl": `
variable "host" { type = string }
check "x" {
  target = var.host
  probe "ping" {}
  pass    = result.received > 0 && (var.host != "a" || result.duplicates == 0)
  explain = "${var.host == "a" ? "one" : "other"} ${target} ${result.sent}"
}`})
	site := bind(t, rb, "x", map[string]map[string]string{"local": {"host": "a"}})
	s := describe(t, rb, site).parts[0].steps[0]
	words, _ := s.say(s.check.Pass)
	if got, want := words.String(), "result.received is more than 0 and result.duplicates is 0"; got != want {
		t.Errorf("condition: %s, want %s", got, want)
	}
	if got, want := s.text(s.check.Explain).String(), "one a ‹result.sent›"; got != want {
		t.Errorf("text: %s, want %s", got, want)
	}
}

// TestByHand fills commands in as a shell takes them.
func TestByHand(t *testing.T) {
	rb := load(t, map[string]string{"a.hcl": `
variable "host" { type = string }
variable "file" { type = string }
fact "way" {
  target = var.host
  probe "route" {}
}
fact "default" {
  probe "route" {}
}
fact "again" {
  target = fact.way.found ? var.host : null
  probe "ping" { count = 20 }
}
check "log" {
  target = var.file
  probe "log" { pattern = "it's 220" }
  pass    = result.matched
  explain = "No ${fact.again.received} ${fact.default.found}."
}`})
	hand := func(d *Document, address string) string {
		s := d.parts[0].named[address][0]
		if s.fact != nil {
			return s.byHand(s.fact.Probe, s.fact.Target).String()
		}
		return s.byHand(s.check.Probe, s.check.Target).String()
	}
	open := describe(t, rb, nil)
	bound := describe(t, rb, bind(t, rb, "x", map[string]map[string]string{"local": {"host": "192.0.2.1", "file": "/var/log/my mail; rm"}}))
	for address, want := range map[string][2]string{
		"fact.way":     {"ip route get ‹var.host›", "ip route get 192.0.2.1"},
		"fact.default": {"ip route show default", "ip route show default"},
		"fact.again":   {"ping -c 20 -s 56 ‹var.host›", "ping -c 20 -s 56 192.0.2.1"},
		"check.log":    {`grep -E 'it'\''s 220' ‹var.file› | tail`, `grep -E 'it'\''s 220' '/var/log/my mail; rm' | tail`},
	} {
		if got := hand(open, address); got != want[0] {
			t.Errorf("%s, open: %s, want %s", address, got, want[0])
		}
		if got := hand(bound, address); got != want[1] {
			t.Errorf("%s, bound: %s, want %s", address, got, want[1])
		}
	}
}
