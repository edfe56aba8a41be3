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
)

// unjudged are the attributes, by their kind, that the shipped runbook observes
// and no condition reads, each with its reason.
var unjudged = map[string]string{
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
}

// Whatever a probe of the shipped runbook observes is judged by some condition,
// or stands in unjudged with its reason: what is observed and judged by nobody
// is a false green waiting to happen.
func TestEverythingObservedIsJudged(t *testing.T) {
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "checks.d", FS: checks.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	blocks := map[string]*rules.Kind{} // by address
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
	add := func(judge, block string, e *rules.Expr) {
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
func paths(attrs []rules.Attribute, prefix string) []string {
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
