package main

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
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
	cmd.Flags().SortFlags = false
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
			o.format, diagnostic.DidYouMean(o.format, o.formats()), strings.Join(o.formats(), ", ")))
	}
	rb, _, err := c.useRunbook(&o.runbookOptions, args)
	if err != nil {
		return err
	}
	return graphFormats[i].draw(c.out, newGraphOf(rb), c.outTTY)
}

// A graph is what is drawn of a runbook's: checks in its order, facts in that of
// the files, as people look them up.
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
	under                      string   // the one of them that it is drawn below
	reads                      []string // addresses read before it is observed, or to warn
	explains                   []string // addresses read only to explain a check that did not pass
}

func newGraphOf(rb *rules.Runbook) *graph {
	g := &graph{name: rb.Name, overlays: len(rb.Overlays)}
	order := rb.Graph()
	for _, c := range order.Checks() {
		n := &graphNode{name: c.Name, kind: c.Probe.Kind.Name, layer: c.Layer, overlay: c.Overlay, changed: places(c.Overrides),
			gates: order.Gates(c), under: order.Under(c)}
		n.waits(order.OfCheck(c))
		g.checks = append(g.checks, n)
	}
	for _, f := range rb.Facts {
		n := &graphNode{name: f.Name, kind: f.Probe.Kind.Name, overlay: f.Overlay, changed: places(f.Overrides)}
		n.waits(order.OfFact(f))
		g.facts = append(g.facts, n)
	}
	return g
}

// waits adds what a node reads; gates are known.
func (n *graphNode) waits(edges iter.Seq[*rules.Edge]) {
	for e := range edges {
		root, name := e.To()
		address := expression.AddressOf(root, name)
		switch {
		case root == language.RefLocal || e.Kind == rules.EdgeGate || slices.Contains(n.reads, address) || slices.Contains(n.explains, address):
		case e.Kind == rules.EdgeExplain:
			n.explains = append(n.explains, address)
		default:
			n.reads = append(n.reads, address)
		}
	}
}

func places(overrides []hcl.Range) []string {
	var places []string
	for _, r := range overrides {
		places = append(places, diagnostic.Where(r))
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
	text := expression.OwnName(n.name) + lineEnd + n.kind
	if origin := g.origin(n); origin != "" {
		text += lineEnd + origin
	}
	return text
}

// drawTree draws each check below the last of its gates, then lists the facts.
func drawTree(w io.Writer, g *graph, t tty) error {
	tee, last, bar := "├─ ", "└─ ", "│  "
	if t.ascii {
		tee, last, bar = "|- ", "`- ", "|  "
	}
	below := map[string][]*graphNode{}
	for _, n := range g.checks {
		below[n.under] = append(below[n.under], n)
	}

	var b strings.Builder
	var draw func(n *graphNode, first, rest string)
	draw = func(n *graphNode, first, rest string) {
		fmt.Fprintf(&b, "%s%s  %s", first, n.name, n.kind)
		others := slices.DeleteFunc(slices.Clone(n.gates), func(gate string) bool { return gate == n.under })
		if len(others) > 0 {
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
	g.listFacts(&b, cmp.Or(t.width, terminal.DefaultWidth))
	_, err := io.WriteString(w, terminal.Lines(b.String()))
	return err
}

// listFacts says of each fact what it is gathered for.
func (g *graph) listFacts(b *strings.Builder, width int) {
	if len(g.facts) == 0 {
		return
	}
	table := &terminal.Table{}
	for _, f := range g.facts {
		row := []string{f.name, f.kind}
		if g.overlays > 1 {
			row = append(row, "["+f.overlay+"]")
		}
		table.Row(append(row, "")...)
	}
	heads := table.Lines()
	b.WriteString("\nfacts\n")
	for i, f := range g.facts {
		address := expression.AddressOf(language.RefFact, f.name)
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
				before = append(before, expression.AddressOf(language.RefFact, n.name))
			}
		}
		head := heads[i]
		rest := terminal.Indent(terminal.Width(head))
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
	before := head + what
	room := terminal.Wrap{Columns: width - terminal.Width(before), Whole: true}
	for _, line := range room.Lines(strings.Join(names, ", ")) {
		b.WriteString(before + line + "\n")
		before = rest + terminal.Indent(len(what))
	}
	return rest
}
