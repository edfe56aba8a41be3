package checks_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"

	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
)

// unjudged are the attributes, by their kind, that the shipped runbook observes
// and no condition reads, each with its reason.
var unjudged = map[string]string{
	// This computer, its subnet, its gateway and what lies behind.
	"interface.chosen_by":  "says how sure it is which adapter is meant: texts hedge by it",
	"interface.claimed_by": "says who holds one of duplicates, which is judged",
	"interface.idle":       "an unused adapter is no fault; where the meant one can't be found, a text names them",
	"interface.link_local": "every adapter with IPv6 has one; who has nothing else has no addresses, which is judged",
	"interface.mtu":        "any size may be meant; whether it gets through is tried by path_mtu",
	"interface.rx_errors":  "counted since the system started, whatever became of it: pings show what is lost now",
	"interface.tx_errors":  "counted since the system started, whatever became of it: pings show what is lost now",
	"log.line":             "is what matched, which is judged",
	"mtu.direction":        "says where a black hole is, which is judged: either way mail hangs",
	"mtu.limited_by":       "a router that reports its limit does what it should",
	"mtu.mtu":              "any size carries mail, as long as larger packets do not vanish: that is judged",
	"neighbour.waited_ms":  "says how long the kernel took to settle the state, which is judged",
	"ping.address":         "is the target, which is an address throughout this runbook",
	"ping.answered_by":     "says from where strangers came, which are judged",
	"ping.icmp.mtu":        "pings of this size fit every link; path_mtu tries larger ones",
	"ping.rtt_max_ms":      "one slow answer hinders no mail: the average is judged",
	"ping.rtt_min_ms":      "what is slow on average is judged",
	"ping.rtt_stddev_ms":   "answers that vary hinder no mail: the average is judged",
	"ping.socket":          "says how was asked, not what came: the verdict is the same with every privilege",
	"route.table":          "any table may be meant: where its entry leads to is judged",
	"tcp.icmp.mtu":         "a connection's first packets fit every link; path_mtu tries larger ones",
	"tcp.icmp.type":        "type and code make the name, which is judged",
	"tcp.local_error":      "the mail service's own check asks again, and judges it",
	"trace.hops.icmp.code": "an error that ends the trace is trace.icmp, which is judged; others are a hop's time exceeded",
	"trace.hops.icmp.mtu":  "packets of a trace fit every link; path_mtu tries larger ones",
	"trace.hops.icmp.name": "an error that ends the trace is trace.icmp, which is judged; others are a hop's time exceeded",
	"trace.hops.icmp.type": "an error that ends the trace is trace.icmp, which is judged; others are a hop's time exceeded",

	"trace.hops.icmp.sender":     "is the hop's own sender",
	"trace.hops.rtt_ms":          "routers answer for themselves when they have time: it says nothing about what they forward",
	"trace.hops.ttl":             "is the place in the list",
	"trace.icmp.mtu":             "packets of a trace fit every link; path_mtu tries larger ones",
	"trace.last_sender":          "says who answered at the distance silent_after, which is judged",
	"dns.config_problems":        "tells why there are no servers, which is judged",
	"dns.servers.canonical_name": "where the aliases lead is judged by the addresses there",
	"dns.servers.extended_error": "the server's own words beside its code, which is judged",
	"dns.servers.icmp.code":      "icmp.name says the same",
	"dns.servers.icmp.mtu":       "a question fits through any path",
	"dns.servers.icmp.type":      "icmp.name says the same",
	"dns.servers.timed_out":      "answered and unanswered say it, and of which type",
	"dns.servers.truncated":      "an answer that was fetched over TCP is whole; tcp_error is of one that was not",
	"dns.servers.ttl_s":          "any time is right, 0 included (RFC 2181, 8)",
	"dns.system.problem":         "the words for found = false",

	"smtp.attempts.icmp.code":   "icmp.type says that there was an error",
	"smtp.attempts.icmp.mtu":    "icmp.type says that there was an error",
	"smtp.attempts.icmp.sender": "icmp.type says that there was an error",
	"smtp.ehlo_name":            "servers greet with one name and answer EHLO with another: the greeting's is judged",
	"smtp.ehlo_reply":           "dialogue says what it amounts to",
	"smtp.extensions":           "masked says what is wrong with them; which there are is the host's choice",
	"smtp.greeting_addresses":   "greeting_relation says what they amount to",
	"smtp.icmp.mtu":             "a handshake is too small to be told about sizes: path_mtu judges them",
	"smtp.nearer_hop":           "says where, which answered_nearer judges",
	"smtp.nearer_router":        "says who stands there, which answered_nearer judges",
	"smtp.tls.expires_in_days":  "no session is asked for: unknown",
	"smtp.tls.names":            "no session is asked for: unknown",
	"smtp.tls.offered":          "within a company it need not be, and no value of the profile asks for it",
	"smtp.tls.problem":          "no session is asked for: unknown",
	"smtp.tls.verified":         "no session is asked for: unknown",
	"smtp.tls.version":          "no session is asked for: unknown",
}

// Whatever a probe of the shipped runbook observes is judged by some condition,
// or stands in unjudged with its reason: what is observed and judged by nobody
// is a false green waiting to happen.
func TestEverythingObservedIsJudged(t *testing.T) {
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "checks.d", FS: checks.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	blocks := map[string]*language.Kind{} // by address
	for _, f := range rb.Facts {
		blocks["fact."+f.Name] = f.Probe.Kind
	}
	for _, c := range rb.Checks {
		if c.Probe != nil {
			blocks["check."+c.Name] = c.Probe.Kind
		}
	}
	judges := map[string][]string{}
	for block, kind := range blocks {
		for _, path := range paths(kind.Result, "") {
			name := kind.Name + "." + path
			judges[name] = append(judges[name], judgesOf(rb)[block+"."+path]...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(judges)) {
		who := slices.Compact(slices.Sorted(slices.Values(judges[name])))
		t.Logf("%-32s %s", name, cmp.Or(strings.Join(who, ", "), "nobody: "+unjudged[name]))
		switch judged := len(who) > 0; {
		case !judged && unjudged[name] == "":
			t.Errorf("no condition reads %s", name)
		case judged && unjudged[name] != "":
			t.Errorf("%s stands in unjudged, and is judged by %v", name, who)
		}
	}
	for name := range unjudged {
		if _, observed := judges[name]; !observed {
			t.Errorf("%s stands in unjudged, and is not observed", name)
		}
	}
}

// judgesOf are the conditions of a runbook, by what they read: a check's
// observation as check.NAME.PATH, a fact's as fact.NAME.PATH. What decides
// which fact is gathered, and with which arguments, judges as well.
func judgesOf(rb *rules.Runbook) map[string][]string {
	judges := map[string][]string{}
	add := func(judge, block string, e *expression.Expr) {
		for _, a := range attributesIn(e) {
			block, path := a.of(block).split()
			name := block + "." + path
			if !slices.Contains(judges[name], judge) {
				judges[name] = append(judges[name], judge)
			}
		}
	}
	for _, c := range rb.Checks {
		block := "check." + c.Name
		add(c.Name+" pass", block, c.Pass)
		add(c.Name+" warn", block, c.Warn)
		add(c.Name+" when", block, c.When)
		for _, cause := range c.Causes {
			add(cause.Name, block, cause.When)
			add(cause.Name, block, cause.Severity)
		}
	}
	for _, c := range rb.Conclusions {
		add(c.Name, "", c.When)
	}
	for _, f := range rb.Facts {
		add("fact "+f.Name, "", f.Target)
		for i := range f.Probe.Args {
			add("fact "+f.Name, "", f.Probe.Args[i].Expr)
		}
	}
	return judges
}

// paths are the attributes of a result, those of nested objects behind a dot.
func paths(attrs []language.Attribute, prefix string) []string {
	var list []string
	for i := range attrs {
		a := &attrs[i]
		if a.Attrs == nil {
			list = append(list, prefix+a.Name)
			continue
		}
		list = append(list, paths(a.Attrs, prefix+a.Name+".")...)
	}
	return list
}
