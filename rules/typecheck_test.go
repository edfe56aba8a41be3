package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// testKind observes a bit of everything that the probe kinds observe.
var testKind = &Kind{
	Name: "test",
	Result: []Attribute{
		{Name: "received", Type: cty.Number, NeverNull: true},
		{Name: "sent", Type: cty.Number, NeverNull: true},
		{Name: "connected", Type: cty.Bool, NeverNull: true},
		{Name: "loss_pct", Type: cty.Number},
		{Name: "rtt_avg_ms", Type: cty.Number},
		{Name: "code", Type: cty.Number},
		{Name: "greeting", Type: cty.String},
		{Name: "rcode", Type: cty.String},
		{Name: "address", Type: cty.String},
		{Name: "addresses", Type: cty.List(cty.String), NeverNull: true},
		{Name: "extensions", Type: cty.Map(cty.String)},
		{Name: "codes", Type: cty.List(cty.Number)},
		{Name: "names", Type: cty.Set(cty.String)},
		{Name: "found", Type: cty.Bool, NeverNull: true},
		{Name: "icmp", Attrs: []Attribute{
			{Name: "type", Type: cty.Number},
			{Name: "code", Type: cty.Number},
			{Name: "name", Type: cty.String},
			{Name: "sender", Type: cty.String},
		}},
		{Name: "tls", Attrs: []Attribute{
			{Name: "offered", Type: cty.Bool},
			{Name: "verified", Type: cty.Bool},
			{Name: "names", Type: cty.List(cty.String)},
		}},
		{Name: "servers", List: true, Attrs: []Attribute{
			{Name: "server", Type: cty.String, NeverNull: true},
			{Name: "answered", Type: cty.Bool, NeverNull: true},
			{Name: "rcode", Type: cty.String},
			{Name: "rtt_ms", Type: cty.Number},
			{Name: "addresses", Type: cty.List(cty.String)},
			{Name: "icmp", Attrs: []Attribute{{Name: "code", Type: cty.Number}}},
		}},
	},
}

func testScope() *scope {
	check := cty.ObjectVal(map[string]cty.Value{
		"result": testKind.UnknownResult(),
		"status": cty.UnknownVal(cty.String).RefineNotNull(),
		"passed": cty.UnknownVal(cty.Bool),
	})
	unknown := func(t cty.Type) cty.Value { return cty.UnknownVal(t) }
	return newScope(map[string]cty.Value{
		"var": cty.ObjectVal(map[string]cty.Value{
			"gateway": unknown(cty.String),
			"port":    unknown(cty.Number),
			"strict":  unknown(cty.Bool),
			"any":     cty.DynamicVal,
			"hosts":   unknown(cty.List(cty.String)),
			"limits":  unknown(cty.Map(cty.Number)),
			"never":   cty.UnknownVal(cty.String).RefineNotNull(),
			"secret":  cty.UnknownVal(cty.String).Mark(Sensitive),
		}),
		"local": cty.ObjectVal(map[string]cty.Value{
			"pair":   cty.TupleVal([]cty.Value{unknown(cty.String), unknown(cty.Number)}),
			"config": cty.ObjectVal(map[string]cty.Value{"mode": unknown(cty.String)}),
		}),
		"target": cty.UnknownVal(cty.String).RefineNotNull(),
		"result": testKind.UnknownResult(),
		"fact": cty.ObjectVal(map[string]cty.Value{
			"way_out":   testKind.UnknownResult(),
			"neighbour": testKind.UnknownResult(),
			"peers":     unknown(cty.Map(testKind.ResultType())),
		}),
		"check": cty.ObjectVal(map[string]cty.Value{
			"local_subnet": check,
			"mirrors":      unknown(cty.Map(check.Type())),
		}),
	}).with("each", cty.ObjectVal(map[string]cty.Value{
		"key": cty.UnknownVal(cty.String), "value": cty.UnknownVal(cty.String),
	})).without("vantage", "What other computers saw is known only to a conclusion.")
}

// marked splits an expression with «» around the place of an error.
func marked(src string) (plain, place string) {
	before, rest, ok := strings.Cut(src, "«")
	if !ok {
		return src, ""
	}
	place, after, _ := strings.Cut(rest, "»")
	return before + place + after, place
}

func check(t testing.TB, mode, src string) hcl.Diagnostics {
	t.Helper()
	c := newChecker()
	switch mode {
	case "pass":
		c.condition(newExpr(parseExpr(t, src)), testScope(), true)
	case "when":
		c.condition(newExpr(parseExpr(t, src)), testScope(), false)
	case "text":
		c.text(newText(parseExpr(t, src)), testScope())
	case "string":
		c.value(newExpr(parseExpr(t, src)), testScope(), cty.String)
	case "number":
		c.value(newExpr(parseExpr(t, src)), testScope(), cty.Number)
	case "any":
		c.value(newExpr(parseExpr(t, src)), testScope(), cty.DynamicPseudoType)
	default:
		t.Fatalf("mode %s", mode)
	}
	return c.diags
}

// TestCheckerErrors holds one error each against where it is shown, between
// «», and what is said.
func TestCheckerErrors(t *testing.T) {
	for _, test := range wrongExpressions {
		t.Run(test.mode+" "+test.src, func(t *testing.T) {
			src, place := marked(test.src)
			diags := check(t, test.mode, src)
			if len(diags) != 1 {
				t.Fatalf("%d diagnostics, not one: %s", len(diags), all(diags))
			}
			d := diags[0]
			if got := src[d.Subject.Start.Byte:d.Subject.End.Byte]; got != place {
				t.Errorf("shown at %q, not %q", got, place)
			}
			if got := d.Summary + ": " + d.Detail; !strings.Contains(got, test.want) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if !strings.HasSuffix(d.Detail, ".") && !strings.HasSuffix(d.Detail, "?") && !strings.HasSuffix(d.Detail, ").") {
				t.Errorf("not a sentence: %s", d.Detail)
			}
		})
	}
}

func TestCheckerValid(t *testing.T) {
	for mode, list := range validExpressions {
		for _, src := range list {
			t.Run(mode+" "+src, func(t *testing.T) {
				if diags := check(t, mode, src); len(diags) > 0 {
					t.Error(all(diags))
				}
			})
		}
	}
}

func all(diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "\n%s: %s: %s", d.Subject, d.Summary, d.Detail)
	}
	return b.String()
}

var wrongExpressions = []struct{ mode, src, want string }{
	// Names.
	{"pass", `result.«recieved» > 0`, `Unknown attribute: result has no attribute "recieved". Did you mean "received"?`},
	{"pass", `result.connected && result.«cod» == 220`, `Did you mean "code"?`},
	{"pass", `false || result.connected || result.«cod» == 220`, `Did you mean "code"?`},
	{"pass", `result.connected ? result.«cod» == 220 : false`, `Did you mean "code"?`},
	{"pass", `try(result.«cod», 0) == 220`, `Did you mean "code"?`},
	{"pass", `can(result.«cod»)`, `Did you mean "code"?`},
	{"pass", `result.«loss» < 20`, `Did you mean "loss_pct"?`},
	{"pass", `result.icmp.«sendr» == target`, `result.icmp has no attribute "sendr". Did you mean "sender"?`},
	{"pass", `result.icmp.«x» == target`, `result.icmp has no attribute "x". There is code, name, sender and type.`},
	{"pass", `result.servers[0].«rcod» == "NOERROR"`, `result.servers[0] has no attribute "rcod". Did you mean "rcode"?`},
	{"pass", `result.servers[var.port].«rcod» == "NOERROR"`, `has no attribute "rcod". Did you mean "rcode"?`},
	{"pass", `contains(result.servers[*].«rcod», "NOERROR")`, `Did you mean "rcode"?`},
	{"pass", `contains(result.servers.*.«rcod», "NOERROR")`, `Did you mean "rcode"?`},
	{"pass", `alltrue([for s in result.servers : s.«answerd»])`, `s has no attribute "answerd". Did you mean "answered"?`},
	{"pass", `alltrue([for s in result.servers : s.answered if s.«rcod» == "x"])`, `Did you mean "rcode"?`},
	{"pass", `length({ for s in result.servers : s.«servr» => s.rcode }) > 1`, `Did you mean "server"?`},
	{"pass", `alltrue([for name, p in fact.peers : p.«foud»])`, `Did you mean "found"?`},
	{"pass", `alltrue([for s in result.servers : alltrue([for a in s.«adresses» : sameip(a, target)])])`, `Did you mean "addresses"?`},
	{"pass", `element(result.servers, 0).«rcod» == "NOERROR"`, `Did you mean "rcode"?`},
	{"pass", `one(result.servers).«rcod» == "NOERROR"`, `Did you mean "rcode"?`},
	{"pass", `(result.icmp).«cod» == 3`, `Did you mean "code"?`},
	{"pass", `(result.connected ? result.icmp : fact.way_out.icmp).«cod» == 3`, `Did you mean "code"?`},
	{"pass", `fact.«way_uot».found`, `Unknown fact: There is no fact "way_uot". Did you mean "way_out"?`},
	{"pass", `fact«["way_uot"]».found`, `There is no fact "way_uot". Did you mean "way_out"?`},
	{"pass", `fact.peers["a"].«foud»`, `Did you mean "found"?`},
	{"pass", `fact.peers.a.«foud»`, `Did you mean "found"?`},
	{"pass", `check.«local_subent».passed`, `Unknown check: There is no check "local_subent". Did you mean "local_subnet"?`},
	{"pass", `check.local_subnet.«pass»`, `Did you mean "passed"?`},
	{"pass", `check.local_subnet.result.«foud»`, `Did you mean "found"?`},
	{"pass", `check.mirrors["x"].«passd»`, `Did you mean "passed"?`},
	{"pass", `alltrue([for c in check.mirrors : c.«passd»])`, `Did you mean "passed"?`},
	{"pass", `result.received > var.«prot»`, `Unknown variable: There is no variable "prot". Did you mean "port"?`},
	{"pass", `result.received > local.«confg»`, `Unknown local value: There is no local value "confg". Did you mean "config"?`},
	{"pass", `«reslt».received > 0`, `Unknown name: There is no "reslt" here. Did you mean "result"?`},
	{"pass", `«received» > 0`, `There is no "received" here. Did you mean "result.received"?`},
	{"pass", `«way_out».found`, `Did you mean "fact.way_out"?`},
	{"pass", `result.rcode == «SERVFAIL»`, `There is no "SERVFAIL" here. A string stands in quotes: "SERVFAIL".`},
	{"pass", `result.found == «ture»`, `Did you mean "true"?`},
	{"pass", `«vantage».gateway.check.x.passed`, `Not available here: What other computers saw is known only to a conclusion.`},
	{"pass", `[for s in result.servers : s.answered][0] && «s».answered`, `There is no "s" here.`},
	{"pass", `«startwith»(result.greeting, "220")`, `Unknown function: There is no function "startwith". Did you mean "startswith"?`},
	{"text", `"no ${var.«gatway» == null ? "a" : "b"}"`, `Did you mean "gateway"?`},
	{"text", `"${«targt»} does not answer"`, `Did you mean "target"?`},
	{"text", `"%{ if result.«conected» }a%{ endif }"`, `Did you mean "connected"?`},
	{"text", `"%{ for s in result.servers }${s.«servr»}%{ endfor }"`, `Did you mean "server"?`},

	// Steps that a type does not have.
	{"pass", `result.received.«foo» > 0`, `result.received is a number, which has no attributes.`},
	{"pass", `result.servers.«rcode» == "NOERROR"`, `result.servers is a list. Read the attribute of one element, result.servers[0].rcode, or of each, result.servers[*].rcode.`},
	{"pass", `result.servers.«rcod» == "NOERROR"`, `its elements have no attribute "rcod". Did you mean "rcode"?`},
	{"pass", `result.names«[0]» == "x"`, `result.names is a set, whose elements have no order and no index.`},
	{"pass", `result.addresses«["x"]» == "x"`, `A number is needed to choose from a list of string, and this is a string.`},
	{"pass", `result.addresses«[-1]» == "x"`, `An index counts from 0.`},
	{"pass", `result.addresses«[0.5]» == "x"`, `An index must be a whole number.`},
	{"pass", `result.addresses«[null]» == "x"`, `Null can't be an index.`},
	{"pass", `result.code == local.pair«[2]»`, `local.pair has 2 elements, counted from 0.`},
	{"pass", `result.found«[0]»`, `result.found is a bool, which has no elements.`},

	// Always the same.
	{"pass", `«result.code == "220"»`, `Always false: This comparison is always false: result.code is a number and "220" is a string, which are never equal. Write 220 without quotes.`},
	{"pass", `«"220" == result.code»`, `Write 220 without quotes.`},
	{"pass", `«result.code != "220"»`, `Always true`},
	{"pass", `result.connected || «result.code == "220"»`, `Always false`},
	{"pass", `result.connected && «result.code != "220"»`, `Always true`},
	{"pass", `!(«result.code == "220"»)`, `Always false`},
	{"pass", `result.connected ? «result.code == "220"» : false`, `Always false`},
	{"pass", `try(«result.code == "220"», false)`, `Always false`},
	{"pass", `alltrue([for s in result.servers : «s.rtt_ms == "5"»])`, `Write 5 without quotes.`},
	{"pass", `alltrue([for p in [25, 587] : «result.greeting == p»])`, `Convert one of them with tostring or tonumber.`},
	{"pass", `«result.greeting == 220»`, `Write "220", in quotes.`},
	{"pass", `«result.greeting == result.code»`, `Convert one of them`},
	{"pass", `«result.connected == "true"»`, `Write true without quotes.`},
	{"pass", `«result.connected == 1»`, `result.connected is a bool and 1 is a number, which are never equal.`},
	{"pass", `«result.addresses == ["10.0.0.1"]»`, `Convert the tuple: tolist([…]).`},
	{"pass", `«result.names == ["a"]»`, `toset([…])`},
	{"pass", `«result.addresses == "10.0.0.1"»`, `result.addresses is a list of string and "10.0.0.1" is a string`},
	{"pass", `«result.icmp != null»`, `Always true: This comparison is always true: result.icmp is never null, its attributes are. Compare one of them.`},
	{"pass", `«result.icmp == null»`, `Always false`},
	{"pass", `«null != result.icmp»`, `result.icmp is never null`},
	{"pass", `«result.received != null»`, `result.received is never null.`},
	{"pass", `«fact.way_out != null» && result.connected`, `fact.way_out is never null`},
	{"pass", `alltrue([for s in result.servers : «s.icmp != null»])`, `s.icmp is never null`},
	{"pass", `alltrue([for s in result.servers : «s != null»])`, `s is never null`},
	{"pass", `«result.servers[0].icmp != null»`, `never null`},
	{"pass", `«(result.code > 3) != null»`, `is never null`},
	{"pass", `«"host-${result.code}" == "port-1"»`, `Always false: This refers to result.code, but it is false whatever was observed.`},
	{"pass", `«length(result.addresses) >= 0»`, `Always true`},
	{"pass", `«0 > length(result.addresses)»`, `Always false`},
	{"pass", `«length(result.icmp)» == 3`, `Always the same value: This refers to result.icmp, but it is 4 whatever was observed.`},
	{"pass", `«coalesce("a", result.greeting)» == "a"`, `it is "a" whatever was observed`},
	{"pass", `(«result.connected ? 1 : 1») == 1`, `it is 1 whatever was observed`},
	{"pass", `«result.received * 0» == 0`, `it is 0 whatever was observed`},
	{"pass", `«true» || result.connected`, `Always true: This side of || is always true, and so is the whole of it: result.connected does not matter.`},
	{"pass", `result.connected && «1 > 2»`, `This side of && is always false`},
	{"pass", `result.connected && «"220" == 220»`, `This side of && is always false`},
	{"pass", `«can(result.code)»`, `Always true: Reading result.code never fails: it may be null or not observed, and neither is an error. Did you mean result.code != null?`},
	{"pass", `try(«result.code», 0) == 220`, `For what may be null write coalesce(result.code, …).`},
	{"pass", `try(«fact.way_out.icmp.code», 0) == 220`, `Never fails`},
	{"pass", `«contains(result.codes, "220")»`, `Never found: "220" is a string, and the elements of result.codes are of type number, which are never equal.`},
	{"pass", `«contains(["220", "250"], result.code)»`, `Never found`},
	{"when", `«var.port == "25"»`, `Write 25 without quotes.`},
	{"when", `«var.strict == "true"»`, `Write true without quotes.`},
	{"text", `"${«result.code == "220"» ? "a" : "b"}"`, `Always false`},
	{"text", `"${«result.icmp != null» ? "a" : "b"}"`, `never null`},

	// What must observe and does not.
	{"pass", `«true»`, `Nothing observed in the condition: This condition is constant`},
	{"pass", `«1 == 1»`, `Nothing observed`},
	{"pass", `«var.strict»`, `This condition depends on var.strict only: it comes out the same whatever the network does.`},
	{"pass", `«sameip(target, var.gateway)»`, `depends on target only`},
	{"pass", `«can(cidrhost("x", 1))»`, `Nothing observed`},

	// Not bool.
	{"pass", `«null»`, `Not true or false: A condition must be true or false, and this is null.`},
	{"pass", `«"true"»`, `and this is a string. Write true without quotes.`},
	{"pass", `«1»`, `and this is a number.`},
	{"pass", `«try(result.servers[0].answered, "x")»`, `and this may be of several types.`},
	{"pass", `contains(try(fact.peers["a"].addresses, []), result.«adress»)`, `Did you mean "address"?`},
	{"pass", `try(fact.peers["a"].servers, [])[0].«rcod» == "x"`, `Did you mean "rcode"?`},
	{"pass", `«[result.connected, "x"][var.port]»`, `and this may be of several types.`},
	{"when", `«{ (var.gateway) = 1 }»`, `and this is a map of dynamic.`},
	{"when", `«[for x in [var.any] : x]»`, `and this is a tuple.`},
	{"when", `«[for x in var.hosts : var.any]»`, `and this is a list of dynamic.`},
	{"when", `«"${var.strict}-"»`, `and this is a string.`},
	{"pass", `«result.code»`, `and this is a number. Compare it with one.`},
	{"pass", `«result.addresses»`, `Ask for its length, or use alltrue, anytrue or contains.`},
	{"pass", `«result.icmp»`, `and this is an object. Compare one of its attributes.`},
	{"pass", `«result.greeting» && result.connected`, `Both sides of && must be true or false, and this is a string.`},
	{"pass", `result.connected || «result.code»`, `Both sides of || must be true or false`},
	{"pass", `!«result.code»`, `What stands behind ! must be true or false`},
	{"pass", `«result.code» ? true : false`, `What stands before ? must be true or false`},
	{"pass", `length([for s in result.servers : s if «s.rcode»]) > 0`, `What stands behind if must be true or false`},
	{"pass", `«result.connected ? "yes" : "no"»`, `and this is a string`},

	// Operands and arguments.
	{"pass", `result.code > «"abc"»`, `A number is needed, and "abc" is a string.`},
	{"pass", `result.code > «null»`, `A number is needed, and this is null.`},
	{"pass", `result.code > «result.addresses»`, `A number is needed, and this is a list of string.`},
	{"pass", `«result.greeting» > 5`, `If it always holds a number, write tonumber(result.greeting).`},
	{"pass", `result.code + «result.connected» > 5`, `A number is needed, and this is a bool.`},
	{"pass", `result.code / «0» > 5`, `Nothing can be divided by zero.`},
	{"pass", `result.code > «1e99999999»`, `Number out of range: Nothing that can be observed is of this size.`},
	{"text", `"${«1e-99999999»}"`, `Number out of range`},
	{"pass", `-«result.connected» > 5`, `A number is needed`},
	{"pass", `sameip(«result.addresses», target)`, `Wrong argument: result.addresses as sameip's "a": a string is needed, and this is a list of string.`},
	{"pass", `sameip(result.address, «"10.0.0.300"»)`, `"10.0.0.300" is not an IP address`},
	{"pass", `cidrcontains(«"10.0.0.0/33"», result.address)`, `is not a network prefix`},
	{"pass", `can(regex(«"("», result.greeting))`, `missing closing )`},
	{"pass", `replace(result.greeting, «"/(/"», "") == "x"`, `missing closing )`},
	{"pass", `cidrhost(«"10.0.0.0"», result.code) == target`, `is not a network prefix`},
	{"pass", `cidrnetmask(«"x"») == result.address`, `is not a network prefix`},
	{"pass", `sameip(result.address«)»`, `Missing argument: sameip needs an argument "b".`},
	{"pass", `sameip(result.address, target, «target»)`, `sameip takes 2, and this is one more.`},
	{"pass", `can(sameip(«result.addresses», target))`, `a string is needed`},
	{"pass", `try(length(«result.code»), 0) > 1`, `a list, set, map, object or string is needed`},
	{"pass", `length(«null») > result.code`, `length can't take null as its "value".`},
	{"pass", `«"${result.code}" == "220"»`, `Write 220 without quotes.`},
	{"pass", `alltrue(«[result.connected, true]»...)`, `Wrong number of arguments: alltrue takes 1, and these make 2.`},
	{"pass", `alltrue(«[result.icmp]»)`, `This as alltrue's "list": `},
	{"pass", `max(«result.addresses»...) > 1`, `A number is needed, and result.addresses is a string`},
	{"pass", `max(«["a", result.code]»...) > 1`, `a number is needed, and "a" is a string`},
	{"pass", `max(«result.greeting», 5) > 1`, `write tonumber(result.greeting)`},
	{"pass", `sum(«"x"») > result.code`, ``},
	{"pass", `try(«)» > result.code`, `try needs an expression.`},
	{"pass", `result.connected ? «1 : [result.code]»`, `Both results of ?: must be of one type; the first is a number, the second a tuple.`},
	{"pass", `[for x in «result.code» : x][0] > 1`, `A for expression needs a list, set, map or object, and this is a number.`},
	{"pass", `"a${«result.addresses»}" == "x"`, `A text can't show a list of string.`},
	{"pass", `"a${«null»}" == result.greeting`, `A string can't be made of null.`},
	{"pass", `{ «(null)» = result.code }["a"] > 1`, `A key must not be null.`},

	// Texts.
	{"text", `"got ${«result.addresses»}"`, `Not a text: A text can't show a list of string. Put its elements together: join(", ", result.addresses).`},
	{"text", `"got ${«result.servers»}"`, `join(", ", [for x in result.servers : x.…]).`},
	{"text", `"got ${«result.icmp»}"`, `A text can't show an object. Show one of its attributes, or jsonencode(result.icmp).`},
	{"text", `"${«result.icmp»}"`, `A text can't show an object.`},
	{"text", `«result.addresses»`, `A text can't show a list of string.`},
	{"text", `"%{ for s in result.servers }${«s»}%{ endfor }"`, `A text can't show an object.`},
	{"text", `"%{ if result.connected }${«result.icmp»}%{ endif }"`, `A text can't show an object.`},

	// Values.
	{"string", `«var.hosts»`, `Wrong type: A string is needed, and this is a list of string.`},
	{"number", `«"abc"»`, `A number is needed, and "abc" is a string.`},
	{"number", `«var.strict»`, `A number is needed, and this is a bool.`},
	{"any", `{ «a.b» = 1 }`, `Ambiguous key`},
}

var validExpressions = map[string][]string{
	"pass": {
		`result.connected`,
		`result.received > 0 && (fact.way_out.found || sameip(fact.way_out.address, target))`,
		`result.icmp.code == 3`,
		`result.icmp.code != null`,
		`result.icmp.code == null || result.icmp.sender != var.gateway`,
		`null == result.greeting`,
		`result.code == 220 || result.code == "220${""}" + 0`,
		`result.loss_pct >= 20`,
		`result.greeting == "220 x" && startswith(result.greeting, "220")`,
		`can(regex("^220[ -]", result.greeting))`,
		`try(regex("^[0-9]{3}", result.greeting), "") == "220"`,
		`try(result.servers[0].rcode, "none") == "NOERROR"`,
		`try(result.addresses[0], null) != null`,
		`can(result.addresses[1])`,
		`try(result.servers[0].rtt_ms, "none") == 5`,
		`try(result.servers[0].rtt_ms, "none") == "none"`,
		`length(try(fact.peers["a"].addresses, [])) > 0`,
		`try(fact.peers["a"].addresses, []) == []`,
		`try(fact.peers["a"].found, false)`,
		`coalesce(result.greeting, "none") != "none"`,
		`var.gateway != null && fact.way_out.found && !fact.way_out.connected && !sameip(fact.way_out.address, var.gateway)`,
		`length(result.addresses) > 0`,
		`length(result.addresses) >= 1`,
		`length(result.servers) == 2`,
		`alltrue([for s in result.servers : s.answered])`,
		`alltrue([for s in result.servers : s.rcode == "NOERROR" if s.answered])`,
		`alltrue([for s in result.servers : s.icmp.code != null])`,
		`alltrue([for i, s in result.servers : i > 0 || s.answered])`,
		`alltrue([for a in result.addresses : cidrcontains("10.0.0.0/8", a)])`,
		`anytrue([for p in [25, 587] : result.code == p])`,
		`anytrue([for k, p in { a = 25, b = 587 } : result.code == p && k != "b"])`,
		`alltrue([for c in check.mirrors : c.passed])`,
		`alltrue(values({ for k, c in check.mirrors : k => c.passed }))`,
		`alltrue([for k, v in { for s in result.servers : s.server => s.answered } : v])`,
		`length({ for s in result.servers : s.rcode => s.server... }) == 1`,
		`check.local_subnet.passed`,
		`check.local_subnet.status == "pass"`,
		`check.mirrors[each.key].passed`,
		`check.mirrors["a"].result.received > 0`,
		`contains(result.servers[*].rcode, "NXDOMAIN")`,
		`contains(result.addresses, var.gateway)`,
		`contains(var.hosts, result.address)`,
		`contains([220, 221], result.code)`,
		`contains(["a", 1], result.code)`,
		`contains([], result.code) || result.connected`,
		`toset(result.addresses) == toset(var.hosts)`,
		`result.addresses == tolist(["10.0.0.1"])`,
		`result.addresses == var.hosts`,
		`result.names == toset(["a"])`,
		`[for a in result.addresses : a] == ["10.0.0.1"]`,
		`[for s in result.servers : s.rcode] == ["NOERROR", "NOERROR"]`,
		`[result.code, result.received] == [220, 3]`,
		`{ a = result.code } == { a = 220 }`,
		`{ a = [for x in result.codes : x] } == { a = [1, 2] }`,
		`sort(result.addresses) == sort(var.hosts)`,
		`result.connected == true`,
		`result.connected != var.strict`,
		`(result.connected ? result.code : null) != null`,
		`(result.connected ? result.code : 0) > 1`,
		`(var.port == 25 ? result.greeting : result.rcode) == "x"`,
		`result.code > var.port`,
		`result.code > "200"`,
		`tonumber(result.greeting) > 5`,
		`tonumber(split(" ", result.greeting)[0]) == 220`,
		`result.code == tonumber(var.gateway)`,
		`result.extensions["SIZE"] != null`,
		`result.extensions.SIZE != null`,
		`lookup(result.extensions, "SIZE", "0") != "0"`,
		`contains(keys(result.extensions), "STARTTLS")`,
		`var.any.deep.thing == result.code`,
		`var.any || result.connected`,
		`result.code == var.any`,
		`result.code == var.limits["a"]`,
		`result.code == local.pair[1]`,
		`result.greeting == local.config.mode`,
		`result.greeting == local.config["mode"]`,
		`jsondecode(result.greeting).ok`,
		`jsondecode(result.greeting).ok == true`,
		`"${result.code}" == 220`,
		`"220-${result.greeting}" == "220-x"`,
		`"x${var.gateway}" != result.greeting`,
		`format("%s:%d", result.address, result.code) == "10.0.0.1:25"`,
		`one(result.servers) == null`,
		`one([for s in result.servers : s if s.answered]) != null`,
		`one(result.servers[*].rcode) == "NOERROR"`,
		`min([for s in result.servers : s.rtt_ms]...) < 100`,
		`max(result.codes...) < 100`,
		`sum([for s in result.servers : s.rtt_ms]) < 100`,
		`length([for s in result.servers : s if s.answered]) > 0`,
		`length(flatten([for s in result.servers : s.addresses])) > 0`,
		`length(setintersection(result.addresses, var.hosts)) > 0`,
		`length(distinct(concat(result.addresses, var.hosts))) == 1`,
		`alltrue([for s in result.servers : alltrue([for a in s.addresses : contains(result.addresses, a)])])`,
		`[for s in result.servers : s.answered][0]`,
		`result.servers[length(result.servers) - 1].answered`,
		`result.servers[var.port].answered`,
		`element(result.servers, 0).answered`,
		`reverse(result.servers)[0].answered`,
		`(result.found ? result.icmp : fact.way_out.icmp).code == 3`,
		`!result.connected`,
		`-result.code < 0`,
		`result.received * 100 / result.sent > 80`,
		`result.received % 2 == 0`,
		`can(tonumber(result.greeting))`,
		`can(cidrhost("${result.address}/32", 0))`,
		`try(cidrhost("not constant by mistake", 0), result.address) == target`,
		`try(tobool(result.greeting), false)`,
		`issensitive(var.secret) || result.connected`,
		`result.greeting == var.secret`,
		`merge({ a = 1 }, result.extensions)["SIZE"] == "x"`,
		`(result.icmp[*].code)[0] == 3`,
		`zipmap(["a"], [result.code]).a == 3`,
		`[result.code, "x"][var.port] == 3`,
		`{ a = result.code, b = "x" }[var.gateway] == 3`,
		`fact.peers[each.key].received > 0`,
		`alltrue([for name, p in fact.peers : p.received > 0 || name == "x"])`,
		`result.connected && true`,
		`result.connected || false`,
		`var.strict && result.connected`,
		`[for x in result.addresses : x if x == null] == []`,
		`(result.connected ? [for a in result.addresses : a] : []) == ["a"]`,
		`length(try(jsondecode(result.greeting), [])) > 0`,
		`result.rcode == "NOERROR" ? true : result.connected`,
		`title(result.rcode) == "Noerror"`,
		`result["received"] > 0`,
	},
	"when": {
		`true`,
		`false`,
		`var.strict`,
		`var.gateway != null`,
		`var.never != null`,
		`var.port == 25`,
		`var.any`,
		`var.any[0]`,
		`var.any.x && var.any[*].y[0]`,
		`alltrue([for x in var.any : x])`,
		`[for x in [var.any] : x][0]`,
		`[for x in var.hosts : var.any][0]`,
		`{ (var.gateway) = true }["a"]`,
		`try(var.any, false)`,
		`lookup({ a = true }, var.gateway, false)`,
		`length(var.hosts) > 0`,
		`var.port >= 0`,
		`can(cidrhost("${var.gateway}/32", 0))`,
		`var.gateway == null || can(cidrhost("${var.gateway}/32", 0))`,
		`contains(["a", "b"], var.gateway)`,
		`fact.way_out.found`,
		`1 == "1"`,
	},
	"text": {
		`"plain"`,
		`""`,
		`"${target} does not answer"`,
		`"${result.code} ${result.connected} ${result.greeting} ${result.rtt_avg_ms}"`,
		`result.greeting`,
		`result.code`,
		`"${result.greeting}"`,
		`"${null}"`,
		`"got ${join(", ", result.addresses)}"`,
		`"got ${join(", ", [for s in result.servers : "${s.server}: ${s.rcode}"])}"`,
		`"%{ for s in result.servers }${s.server} %{ endfor }"`,
		`"%{ if result.connected }${result.code}%{ else }nothing%{ endif }"`,
		`"${var.gateway == null ? "none" : var.gateway}"`,
		`"${var.any}"`,
		`"${jsonencode(result.icmp)}"`,
		`"${coalesce(result.greeting, "nothing")}"`,
		`upper(result.rcode)`,
		"<<EOT\nfirst ${result.code}\nsecond\nEOT\n",
	},
	"string": {
		`var.gateway`,
		`null`,
		`try(coalesce(var.gateway, fact.way_out.address), null)`,
		`try(coalesce(var.gateway, fact.way_out.address))`,
		`"${each.key}.example"`,
		`cidrhost("10.1.0.0/16", 5)`,
		`result.code`,
		`var.any`,
		`var.secret`,
	},
	"number": {`25`, `"25"`, `var.port`, `var.gateway`, `var.any`},
	"any": {
		`[]`, `{}`, `{ a = 1, (var.gateway) = 2 }`, `toset(["a"])`, `[for h in var.hosts : h]`,
		`{ for h in var.hosts : h => upper(h) }`, `{ "${each.key}" = 1 }`,
	},
}

// TestCheckerReportsAll is about independent mistakes in one expression.
func TestCheckerReportsAll(t *testing.T) {
	src := `result.cod == 220 && fact.nix.found || reslt.x && length(5) > 1 && sameip(var.prot, result.adress)`
	var got []string
	for _, d := range check(t, "pass", src) {
		got = append(got, src[d.Subject.Start.Byte:d.Subject.End.Byte])
	}
	want := []string{"cod", "nix", "reslt", "5", "prot", "adress"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
