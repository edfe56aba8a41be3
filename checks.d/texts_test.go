package checks_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// hole is what stands in a text in place of a value that is null, was not
// observed, or broke. No text of the shipped runbook uses these words itself,
// so that each of them that is rendered is one.
var hole = regexp.MustCompile(`\b(none|not observed|not available)\b`)

// holes are the parts of a report's texts that had no value to show.
func holes(rb *rules.Runbook, report *engine.Report) []string {
	var found []string
	note := func(name string, holes []expression.Hole) {
		for _, h := range holes {
			src := h.Range.SliceBytes(rb.Files[h.Range.Filename])
			found = append(found, fmt.Sprintf("%s has nothing to show (%s) for ${%s}", name, h.Kind, src))
		}
	}
	for _, site := range report.Sites {
		for _, c := range site.Conclusions {
			note(c.Name, c.Holes)
		}
		for _, v := range site.Vantages {
			for _, c := range v.Checks {
				note(c.Address+" "+c.Cause, c.Holes)
			}
		}
	}
	return found
}

// established are what texts may say of an observation that their condition
// does not read, each with the reason why it can't be missing.
var established = map[string]string{
	// This computer, its subnet, its gateway and what lies behind.
	"adapter.adapter_below_down: result.name":                               "an adapter that was found has a name",
	"adapter.adapter_down: result.name":                                     "an adapter that was found has a name",
	"adapter.link_down: result.name":                                        "an adapter that was found has a name",
	"adapter.no_address: result.name":                                       "an adapter that was found has a name",
	"local_subnet.local_route_shadows: fact.subnet_route.prefix":            "the kernel tells the entry of a unicast route",
	"local_subnet.answered_by_another: result.answered_by":                  "a stranger's reply came from an address",
	"local_subnet.subnet_host_filters_ping: fact.subnet_neighbour.mac":      "who answers for a hardware address has one",
	"local_subnet.subnet_host_down: fact.subnet_route.prefix":               "the kernel tells the entry of a unicast route, and causes before have the others",
	"default_gateway.gateway_silent: fact.gateway_neighbour.mac":            "who answers for a hardware address has one",
	"path_mtu.mtu_black_hole: result.mtu":                                   "larger packets are called lost only beside smaller ones that pass; back from the host, no size is told",
	"local_subnet.subnet_neighbour_wrong: fact.subnet_neighbour.mac":        "a fixed entry is of a hardware address",
	"local_subnet.subnet_neighbour_wrong: fact.subnet_route.interface":      "a neighbour's entry is found on the adapter of its route",
	"default_gateway.gateway_address_wrong: fact.way_out.prefix":            "the kernel tells the entry of a unicast route",
	"default_gateway.gateway_one_of_several_down: fact.way_out.prefix":      "the kernel tells the entry of a unicast route",
	"default_gateway.answered_by_another: result.answered_by":               "a stranger's reply came from an address",
	"default_gateway.gateway_neighbour_wrong: fact.gateway_neighbour.mac":   "a fixed entry is of a hardware address",
	"default_gateway.gateway_neighbour_wrong: fact.gateway_route.interface": "a neighbour's entry is found on the adapter of its route",
	"remote_subnet.subnet_mask_too_wide: fact.way_out.prefix":               "a way without a gateway is an entry's, which the kernel tells",
	"remote_subnet.source_address_wrong: fact.way_out.source":               "who was sent pings was sent them from an address",
	"local_subnet.adapter_without_arp: fact.subnet_route.interface":         "a unicast route leaves by an adapter",
	"remote_subnet.answered_by_another: result.answered_by":                 "a stranger's reply came from an address",
	"remote_subnet.gateway_redirects: fact.way_out.gateway":                 "only the gateway of the route redirects",
	"remote_subnet.local_reverse_path_filter: fact.way_out.interface":       "only a way out by an adapter could be traced",
	"remote_subnet.tunnel_down: fact.way_out.interface":                     "the tunnel is the adapter of that route",
	"remote_subnet.tunnel_down: fact.way_out.prefix":                        "a way out by an adapter is an entry's, which the kernel tells",
	"remote_subnet.routing_loop: fact.remote_trace.last_sender":             "in a loop the same router answered at several distances",
	"remote_subnet.remote_host_down: fact.way_out.prefix":                   "a way without a gateway is an entry's, which the kernel tells",
	"remote_subnet.gateway_not_forwarding: fact.way_out.gateway":            "a way out without a gateway is on this subnet, or a tunnel's, which tunnel_down has",
	"remote_subnet.path_broken: fact.way_out.interface":                     "a way without a gateway has an adapter",
	"remote_subnet.path_broken: fact.remote_trace.last_sender":              "the trace is silent behind the last that answered",
	"remote_subnet.path_broken: fact.way_out.gateway":                       "a way out without a gateway is on this subnet, or a tunnel's, which tunnel_down has",
	"dns.dns_edns_dropped: result.system.problem":                           "a look-up without an address has a reason",
	"dns.dns_name_missing: result.answered_by":                              "a code came from a server",
	"dns.system_resolver_failing: result.system.problem":                    "a look-up without an address has a reason",
	"smtp.smtp_greeting_mangled: result.greeting":                           "masked says that it is the greeting's",
	"smtp.smtp_greeting_mangled: result.ehlo_reply":                         "masked says that it is in that reply",
	"smtp.smtp_not_ready: result.ehlo_reply":                                "dialogue says that it is a reply",
	"smtp.smtp_not_ready: result.greeting":                                  "a greeting with a code has a text",
	"smtp.smtp_refuses_service: result.greeting":                            "a greeting with a code has a text",
	"smtp.smtp_answered_nearer: result.greeting":                            "a greeting with a code has a text",
	"smtp.smtp_answered_nearer: result.nearer_hop":                          "who answers nearer was seen to do so at a distance",
	"smtp.smtp_dialogue_stalls: result.ehlo_ms":                             "a dialogue has come to EHLO",
	"smtp.smtp_helo_refused: result.ehlo_reply":                             "dialogue says that it refuses",
	"same_computer: check.adapter.result.name":                              "an adapter whose hardware address is known was found, and has a name",
	"only_mail_blocked: check.smtp.status":                                  "of a vantage that is complete the status of each check is known",
}

// Every statement of a text about an observation stands in the text's own
// condition, or can't be missing: a text that says more than was established is
// a false accusation, and one with "none" in it is of no use.
func TestTextsSayWhatIsEstablished(t *testing.T) {
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "checks.d", FS: checks.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	g := &statements{t: t, rb: rb, used: map[string]bool{}}
	for _, c := range rb.Checks {
		block := "check." + c.Name
		g.hold(c.Name, block, c.Explain, c.Pass)
		g.hold(c.Name, block, c.Remedy, c.Pass)
		for _, cause := range c.Causes {
			name := c.Name + "." + cause.Name
			g.hold(name, block, cause.Explain, cause.When)
			g.hold(name, block, cause.Remedy, cause.When)
		}
	}
	for _, c := range rb.Conclusions {
		g.hold(c.Name, "", c.Explain, c.When)
		g.hold(c.Name, "", c.Remedy, c.When)
	}
	for name := range established {
		if !g.used[name] {
			t.Errorf("%q stands in established without need", name)
		}
	}
}

// statements holds texts against their conditions.
type statements struct {
	t    *testing.T
	rb   *rules.Runbook
	used map[string]bool // of established
}

// hold reports what a text says beyond its condition; block is that of result.
func (g *statements) hold(name, block string, text, when *expression.Expr) {
	if text == nil {
		return
	}
	_ = hclsyntax.VisitAll(text.Expression, func(n hclsyntax.Node) hcl.Diagnostics {
		if l, ok := n.(*hclsyntax.LiteralValueExpr); ok && l.Val.Type() == cty.String && hole.MatchString(l.Val.AsString()) {
			g.t.Errorf("%s uses a word that stands for a missing value: %q", name, l.Val.AsString())
		}
		return nil
	})
	known := attributesIn(when)
	for _, a := range unguarded(text.Expression, nil) {
		if slices.Contains(known, a) || g.neverNull(a.of(block), known, block) || sameMessage(a, known) {
			continue
		}
		exception := fmt.Sprintf("%s: %s", name, a)
		g.used[exception] = true
		if established[exception] == "" {
			g.t.Errorf("%s speaks of %s, which its condition does not look at", name, a)
		}
	}
}

// neverNull reports whether an attribute has a value wherever its block was
// observed, and the condition shows that it was: result always is.
func (g *statements) neverNull(a attribute, known []attribute, block string) bool {
	of, path := a.split()
	observed := of == block || slices.ContainsFunc(known, func(k attribute) bool {
		other, _ := k.of(block).split()
		return other == of
	})
	kind := g.kind(of)
	return observed && kind != nil && path != "" && present(kind.Result, strings.Split(path, "."))
}

func (g *statements) kind(block string) *language.Kind {
	name := block[strings.IndexByte(block, '.')+1:]
	if f := g.rb.Fact(name); f != nil && strings.HasPrefix(block, "fact.") {
		return f.Probe.Kind
	}
	if c := g.rb.Check(name); c != nil && c.Probe != nil && strings.HasPrefix(block, "check.") {
		return c.Probe.Kind
	}
	return nil
}

// present reports whether the attribute at a path is never null.
func present(attrs []language.Attribute, path []string) bool {
	i := slices.IndexFunc(attrs, func(a language.Attribute) bool { return a.Name == path[0] })
	switch {
	case i < 0:
		return false
	case len(path) == 1:
		return attrs[i].NeverNull || attrs[i].Attrs != nil
	}
	return present(attrs[i].Attrs, path[1:])
}

// sameMessage reports whether an attribute of an ICMP error is of one whose
// name, code or sender the condition has looked at: they come together.
func sameMessage(a attribute, known []attribute) bool {
	i := strings.LastIndex(string(a), ".icmp.")
	return i >= 0 && slices.ContainsFunc(known, func(k attribute) bool {
		return strings.HasPrefix(string(k), string(a)[:i+len(".icmp.")])
	})
}

// unguarded are the attributes that an expression reads, but for those in the
// branches of a condition that looks at them.
func unguarded(n hclsyntax.Node, seen []attribute) []attribute {
	w := &guardedWalk{guards: [][]attribute{seen}}
	_ = hclsyntax.Walk(n, w)
	return w.found
}

// A guardedWalk goes through an expression and knows in which branches it is.
type guardedWalk struct {
	guards [][]attribute
	found  []attribute
	loops  []*hclsyntax.ForExpr
}

func (w *guardedWalk) Enter(n hclsyntax.Node) hcl.Diagnostics {
	guard := w.guards[len(w.guards)-1]
	switch n := n.(type) {
	case *hclsyntax.ConditionalExpr:
		guard = append(slices.Clone(guard), readsOf(n.Condition)...)
	case *hclsyntax.ForExpr:
		w.loops = append(w.loops, n)
		if n.CondExpr != nil {
			guard = append(slices.Clone(guard), readsOf(n)...)
		}
	case *hclsyntax.ScopeTraversalExpr:
		r := &reader{bound: map[string][]attribute{}, found: map[attribute]bool{}}
		for _, loop := range w.loops {
			r.bindLoops(loop)
		}
		r.read(n)
		for a := range r.found {
			if !slices.Contains(guard, a) && !slices.Contains(w.found, a) {
				w.found = append(w.found, a)
			}
		}
	}
	w.guards = append(w.guards, guard)
	return nil
}

func (w *guardedWalk) Exit(n hclsyntax.Node) hcl.Diagnostics {
	w.guards = w.guards[:len(w.guards)-1]
	return nil
}
