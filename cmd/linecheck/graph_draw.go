package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
)

// graphEdges calls draw for each edge, from what comes first to what waits.
func (g *graph) graphEdges(draw func(from, to string, style edgeStyle)) {
	for _, n := range g.checks {
		to := expression.AddressOf(language.RefCheck, n.name)
		var gates []string
		for _, gate := range n.gates {
			gates = append(gates, expression.AddressOf(language.RefCheck, gate))
			draw(gates[len(gates)-1], to, gateEdge)
		}
		for _, a := range n.reads {
			if !slices.Contains(gates, a) {
				draw(a, to, readEdge)
			}
		}
		for _, a := range n.explains {
			if !slices.Contains(gates, a) {
				draw(a, to, explainEdge)
			}
		}
	}
	for _, n := range g.facts {
		for _, a := range n.reads {
			draw(a, expression.AddressOf(language.RefFact, n.name), readEdge)
		}
	}
}

type edgeStyle int

const (
	gateEdge    edgeStyle = iota + 1 // must pass first
	readEdge                         // is observed first
	explainEdge                      // is observed to explain
)

// A cluster is what is drawn in one frame: the checks of a layer, or all that an
// import brings in. A layer without a name has no frame.
type cluster struct {
	name          string
	imported      bool
	checks, facts []*graphNode
}

// clusters puts imports first, then the layers in the order in which checks
// first name them, then the runbook's own facts, in no frame.
func (g *graph) clusters() []*cluster {
	var all []*cluster
	find := func(n *graphNode) *cluster {
		c := cluster{name: n.layer}
		if module := expression.Module(n.name); module != "" {
			c = cluster{name: module, imported: true}
		}
		i := slices.IndexFunc(all, func(other *cluster) bool { return other.name == c.name && other.imported == c.imported })
		if i < 0 {
			all = append(all, &c)
			i = len(all) - 1
		}
		return all[i]
	}
	own := &cluster{}
	for _, n := range g.checks {
		c := find(n)
		c.checks = append(c.checks, n)
	}
	for _, n := range g.facts {
		c := own
		if expression.Module(n.name) != "" {
			c = find(n)
		}
		c.facts = append(c.facts, n)
	}
	return append(all, own)
}

func drawDot(w io.Writer, g *graph, _ tty) error {
	quote := func(s string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
	}
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n", quote(g.name))
	b.WriteString("  node [fontname=\"sans-serif\", shape=box];\n")
	for i, c := range g.clusters() {
		indent := "  "
		if c.name != "" {
			fmt.Fprintf(&b, "  subgraph cluster_%d {\n    label=%s;\n", i, quote(c.name))
			indent = "    "
		}
		for _, n := range c.checks {
			fmt.Fprintf(&b, "%s%s [label=%s];\n", indent, quote(expression.AddressOf(language.RefCheck, n.name)), quote(g.label(n, "\n")))
		}
		for _, n := range c.facts {
			fmt.Fprintf(&b, "%s%s [label=%s, shape=ellipse];\n", indent, quote(expression.AddressOf(language.RefFact, n.name)), quote(g.label(n, "\n")))
		}
		if c.name != "" {
			b.WriteString("  }\n")
		}
	}
	styles := map[edgeStyle]string{gateEdge: "", readEdge: " [style=dashed]", explainEdge: " [style=dotted]"}
	g.graphEdges(func(from, to string, style edgeStyle) {
		fmt.Fprintf(&b, "  %s -> %s%s;\n", quote(from), quote(to), styles[style])
	})
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// numbered are the places of nodes by name.
func numbered(nodes []*graphNode) map[string]int {
	places := make(map[string]int, len(nodes))
	for i, n := range nodes {
		places[n.name] = i
	}
	return places
}

func drawMermaid(w io.Writer, g *graph, _ tty) error {
	// Names may hold letters that mean something to Mermaid: number the nodes.
	ids := map[string]string{}
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	escape := func(s string) string { return strings.ReplaceAll(s, `"`, "#quot;") }
	node := func(root language.RefRoot, name string, places map[string]int) string {
		id := string(root) + strconv.Itoa(places[name])
		ids[expression.AddressOf(root, name)] = id
		return id
	}
	checks, facts := numbered(g.checks), numbered(g.facts)
	for i, c := range g.clusters() {
		indent := "  "
		if c.name != "" {
			fmt.Fprintf(&b, "  subgraph layer%d[\"%s\"]\n", i, escape(c.name))
			indent = "    "
		}
		for _, n := range c.checks {
			fmt.Fprintf(&b, "%s%s[\"%s\"]\n", indent, node(language.RefCheck, n.name, checks), escape(g.label(n, "<br>")))
		}
		for _, n := range c.facts {
			fmt.Fprintf(&b, "%s%s([\"%s\"])\n", indent, node(language.RefFact, n.name, facts), escape(g.label(n, "<br>")))
		}
		if c.name != "" {
			b.WriteString("  end\n")
		}
	}
	arrows := map[edgeStyle]string{gateEdge: "-->", readEdge: "-.->", explainEdge: "-. explains .->"}
	g.graphEdges(func(from, to string, style edgeStyle) {
		fmt.Fprintf(&b, "  %s %s %s\n", ids[from], arrows[style], ids[to])
	})
	_, err := io.WriteString(w, b.String())
	return err
}
