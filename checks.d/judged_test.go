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
	"log.line": "matched says that it is a greeting",

	"smtp.attempts.address":     "names the attempt",
	"smtp.attempts.connected":   "refused, timed_out, icmp and local_error say why not",
	"smtp.attempts.icmp.code":   "icmp.type says that there was an error",
	"smtp.attempts.icmp.mtu":    "icmp.type says that there was an error",
	"smtp.attempts.icmp.name":   "icmp.type says that there was an error",
	"smtp.attempts.icmp.sender": "icmp.type says that there was an error",
	"smtp.connect_ms":           "delay and loss are the line's: remote_subnet judges them",
	"smtp.ehlo_name":            "servers greet with one name and answer EHLO with another: the greeting's is judged",
	"smtp.ehlo_reply":           "dialogue says what it amounts to",
	"smtp.extensions":           "masked says what is wrong with them; which there are is the host's choice",
	"smtp.greeting_addresses":   "greeting_relation says what they amount to",
	"smtp.icmp.mtu":             "a handshake is too small to be told about sizes: path_mtu judges them",
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
