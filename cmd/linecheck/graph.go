package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/linecheck/linecheck/rules"
	"github.com/spf13/cobra"
)

type graphOptions struct {
	runbookOptions
	format string
}

// graphFormats lists the ways to draw, the default first.
var graphFormats = []struct {
	name, doc string
	draw      func(w io.Writer, g *graph, t tty) error
}{
	{"tree", "a tree, for the terminal", drawTree},
	{"dot", "Graphviz: linecheck graph --format dot | dot -Tsvg", drawDot},
	{"mermaid", "a flowchart for Markdown pages", drawMermaid},
}

func newGraph(c *console) *cobra.Command {
	o := &graphOptions{}
	var formats strings.Builder
	for _, f := range graphFormats {
		fmt.Fprintf(&formats, "  %-10s %s\n", f.name, f.doc)
	}
	cmd := &cobra.Command{
		Use:   "graph [RUNBOOK …]",
		Short: "Draw which check waits for which",
		Long: `Draws the order of a runbook: which check waits for which, and which facts are
gathered before a check or to explain why it did not pass. What an import
brings in stands under the import's name. Where several runbooks are laid over
one another it says which one each block came from, and which override file
changed it.

` + runbookHelp + `

Formats:
` + formats.String(),
		Example: `  linecheck graph
  linecheck graph embedded ./our-checks
  linecheck graph --format dot | dot -Tsvg > ladder.svg`,
		ValidArgsFunction: completeRunbook,
		RunE:              func(_ *cobra.Command, args []string) error { return o.run(c, args) },
	}
	cmd.Flags().StringVar(&o.format, "format", graphFormats[0].name, "draw it as `NAME`")
	o.packages.flags(cmd.Flags())
	must(cmd.RegisterFlagCompletionFunc("format", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return o.formats(), cobra.ShellCompDirectiveNoFileComp
	}))
	return cmd
}

func (o *graphOptions) formats() []string {
	var names []string
	for _, f := range graphFormats {
		names = append(names, f.name)
	}
	return names
}

func (o *graphOptions) run(c *console, args []string) error {
	i := slices.Index(o.formats(), o.format)
	if i < 0 {
		return mistake("Unknown format", fmt.Sprintf("There is no format %q.%s There is: %s.",
			o.format, rules.DidYouMean(o.format, o.formats()), strings.Join(o.formats(), ", ")))
	}
	rb, _, err := c.useRunbook(&o.runbookOptions, args)
	if err != nil {
		return err
	}
	return graphFormats[i].draw(c.out, newGraphOf(rb), c.outTTY)
}

// A graph is the order of a runbook, nodes and edges in the runbook's order.
type graph struct {
	name     string
	overlays int
	checks   []*graphNode
	facts    []*graphNode
}

// A graphNode is a check or a fact.
type graphNode struct {
	name, kind, layer, overlay string
	changed                    []string // places of overrides
	gates                      []string // names of checks that must pass first
	reads                      []string // addresses read before it is observed
	explains                   []string // addresses read only to explain a check that did not pass
}

func newGraphOf(rb *rules.Runbook) *graph {
	g := &graph{name: rb.Name, overlays: len(rb.Overlays)}
	for _, c := range rb.Checks {
		n := &graphNode{name: c.Name, kind: c.Probe.Kind.Name, layer: c.Layer, overlay: c.Overlay, changed: places(c.Overrides)}
		for _, gate := range c.DependsOn {
			n.gates = appendNew(n.gates, gate.Check)
		}
		n.reads = addresses(nil, c.Target, c.When, c.Pass, c.Warn)
		n.reads = addresses(n.reads, probeArgs(c.Probe)...)
		late := addresses(nil, c.Explain, c.Remedy)
		for _, cause := range c.Causes {
			late = addresses(late, cause.When, cause.Explain, cause.Remedy)
		}
		for _, a := range late {
			if !slices.Contains(n.reads, a) {
				n.explains = append(n.explains, a)
			}
		}
		g.checks = append(g.checks, n)
	}
	for _, f := range rb.Facts {
		n := &graphNode{name: f.Name, kind: f.Probe.Kind.Name, overlay: f.Overlay, changed: places(f.Overrides)}
		n.reads = addresses(nil, append(probeArgs(f.Probe), f.Target)...)
		g.facts = append(g.facts, n)
	}
	return g
}

func places(overrides []hcl.Range) []string {
	var places []string
	for _, r := range overrides {
		places = append(places, fmt.Sprintf("%s:%d", r.Filename, r.Start.Line))
	}
	return places
}

// origin says which overlay a node came from, if there are several, and what
// changed it; "" where there is nothing to say.
func (g *graph) origin(n *graphNode) string {
	var parts []string
	if g.overlays > 1 {
		parts = append(parts, n.overlay)
	}
	if len(n.changed) > 0 {
		parts = append(parts, "changed by "+strings.Join(n.changed, ", "))
	}
	return strings.Join(parts, ", ")
}

// label is what stands in a drawn node.
func (g *graph) label(n *graphNode, lineEnd string) string {
	text := rules.OwnName(n.name) + lineEnd + n.kind
	if origin := g.origin(n); origin != "" {
		text += lineEnd + origin
	}
	return text
}

func probeArgs(p *rules.ProbeBlock) []*rules.Expr {
	var exprs []*rules.Expr
	for _, a := range p.Args {
		exprs = append(exprs, a.Expr)
	}
	return exprs
}

// addresses adds the checks and facts that expressions refer to.
func addresses(known []string, exprs ...*rules.Expr) []string {
	for _, e := range exprs {
		if e == nil {
			continue
		}
		for _, r := range e.Refs {
			if r.Root == rules.RefCheck || r.Root == rules.RefFact {
				known = appendNew(known, rules.AddressOf(r.Root, r.Name))
			}
		}
	}
	return known
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// drawTree draws each check below the last of its gates, then lists the facts.
func drawTree(w io.Writer, g *graph, t tty) error {
	tee, last, bar := "├─ ", "└─ ", "│  "
	if t.ascii {
		tee, last, bar = "|- ", "`- ", "|  "
	}
	index := map[string]int{}
	for i, n := range g.checks {
		index[n.name] = i
	}
	below := map[string][]*graphNode{}
	for _, n := range g.checks {
		under := ""
		for _, gate := range n.gates {
			if under == "" || index[gate] > index[under] {
				under = gate
			}
		}
		below[under] = append(below[under], n)
	}

	var b strings.Builder
	var draw func(n *graphNode, first, rest string)
	draw = func(n *graphNode, first, rest string) {
		fmt.Fprintf(&b, "%s%s  %s", first, n.name, n.kind)
		if others := otherGates(n, index); len(others) > 0 {
			fmt.Fprintf(&b, ", also after %s", strings.Join(others, ", "))
		}
		if origin := g.origin(n); origin != "" {
			fmt.Fprintf(&b, "  [%s]", origin)
		}
		b.WriteByte('\n')
		kids := below[n.name]
		for i, k := range kids {
			if i == len(kids)-1 {
				draw(k, rest+last, rest+"   ")
			} else {
				draw(k, rest+tee, rest+bar)
			}
		}
	}
	for _, n := range below[""] {
		draw(n, "", "")
	}
	g.listFacts(&b, cmp.Or(t.width, report.DefaultWidth))
	_, err := io.WriteString(w, b.String())
	return err
}

// otherGates are the gates of n but the one that it is drawn below.
func otherGates(n *graphNode, index map[string]int) []string {
	others := slices.Clone(n.gates)
	if len(others) > 0 {
		deepest := slices.MaxFunc(others, func(a, b string) int { return index[a] - index[b] })
		others = slices.DeleteFunc(others, func(s string) bool { return s == deepest })
	}
	return others
}

// listFacts says of each fact what it is gathered for.
func (g *graph) listFacts(b *strings.Builder, width int) {
	if len(g.facts) == 0 {
		return
	}
	names, kinds, overlays := 0, 0, 0
	for _, f := range g.facts {
		names, kinds, overlays = max(names, len(f.name)), max(kinds, len(f.kind)), max(overlays, len("[]")+len(f.overlay))
	}
	b.WriteString("\nfacts\n")
	for _, f := range g.facts {
		address := rules.AddressOf(rules.RefFact, f.name)
		var before, explain []string
		for _, n := range g.checks {
			if slices.Contains(n.reads, address) {
				before = append(before, n.name)
			}
			if slices.Contains(n.explains, address) {
				explain = append(explain, n.name)
			}
		}
		for _, n := range g.facts {
			if slices.Contains(n.reads, address) {
				before = append(before, rules.AddressOf(rules.RefFact, n.name))
			}
		}
		head := fmt.Sprintf("%-*s  %-*s  ", names, f.name, kinds, f.kind)
		if g.overlays > 1 {
			head += fmt.Sprintf("%-*s  ", overlays, "["+f.overlay+"]")
		}
		rest := strings.Repeat(" ", len(head))
		head = listed(b, head, rest, "changed by ", f.changed, width)
		if len(before)+len(explain) == 0 {
			fmt.Fprintf(b, "%snot used\n", head)
		}
		head = listed(b, head, rest, "before ", before, width)
		listed(b, head, rest, "to explain ", explain, width)
	}
}

// listed writes names behind a first head, in lines that fit width where they
// can, and returns the head of the next line.
func listed(b *strings.Builder, head, rest, what string, names []string, width int) string {
	if len(names) == 0 {
		return head
	}
	line := head + what + names[0]
	for _, name := range names[1:] {
		line += ","
		if len(line)+len(" ")+len(name) > width {
			b.WriteString(line + "\n")
			line = rest + strings.Repeat(" ", len(what)) + name
		} else {
			line += " " + name
		}
	}
	b.WriteString(line + "\n")
	return rest
}

// graphEdges calls draw for each edge, from what comes first to what waits.
func (g *graph) graphEdges(draw func(from, to string, style edgeStyle)) {
	for _, n := range g.checks {
		to := rules.AddressOf(rules.RefCheck, n.name)
		var gates []string
		for _, gate := range n.gates {
			gates = append(gates, rules.AddressOf(rules.RefCheck, gate))
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
			draw(a, rules.AddressOf(rules.RefFact, n.name), readEdge)
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
		if module := rules.Module(n.name); module != "" {
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
		if rules.Module(n.name) != "" {
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
			fmt.Fprintf(&b, "%s%s [label=%s];\n", indent, quote(rules.AddressOf(rules.RefCheck, n.name)), quote(g.label(n, "\n")))
		}
		for _, n := range c.facts {
			fmt.Fprintf(&b, "%s%s [label=%s, shape=ellipse];\n", indent, quote(rules.AddressOf(rules.RefFact, n.name)), quote(g.label(n, "\n")))
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
	node := func(root rules.RefRoot, name string, places map[string]int) string {
		id := string(root) + strconv.Itoa(places[name])
		ids[rules.AddressOf(root, name)] = id
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
			fmt.Fprintf(&b, "%s%s[\"%s\"]\n", indent, node(rules.RefCheck, n.name, checks), escape(g.label(n, "<br>")))
		}
		for _, n := range c.facts {
			fmt.Fprintf(&b, "%s%s([\"%s\"])\n", indent, node(rules.RefFact, n.name, facts), escape(g.label(n, "<br>")))
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
