package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/dag"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
)

// cycles reports the shortest cycle of each group of blocks that all wait for
// each other.
func (g *Graph) cycles() hcl.Diagnostics {
	if !slices.Contains(g.rank, -1) {
		return nil
	}
	var diags hcl.Diagnostics
	for _, edges := range g.waits().Cycles() {
		path := make([]step, len(edges))
		for i, e := range edges {
			path[i] = step{e, &g.edges[e.From][e.Index]}
		}
		diags = append(diags, g.cycle(path))
	}
	return diags
}

// A step is one edge of a cycle.
type step struct {
	dag.Edge
	why *Edge
}

// cycle tells a cycle, edge by edge. Its place is the first edge's.
func (g *Graph) cycle(path []step) *hcl.Diagnostic {
	var related diagnostic.Related
	var edges []string
	for _, s := range path {
		rng, ok := s.why.writtenAt()
		if !ok {
			continue // a diagnosis and its observation are one check to people
		}
		note := fmt.Sprintf("%s waits for %s", g.label(s.From), g.label(s.To))
		related = append(related, diagnostic.Place{Note: note, Range: rng})
		edges = append(edges, fmt.Sprintf("%s (%s)", note, diagnostic.Where(rng)))
	}
	d := diagnostic.ErrorAt(related[0].Range, "Circular reference", "%s. Take one of these references out.", strings.Join(edges, ", "))
	d.Extra = related
	if len(edges) > 1 {
		d.Detail += g.remedy(path)
		return d
	}
	d.Detail = g.label(path[0].From) + " refers to itself."
	if ref := path[0].why.Ref; ref != nil && ref.Root == language.RefCheck {
		d.Detail += " A check's own observation is called result, its target target."
	}
	return d
}

// remedy says what a fact that reads a check which needs it may read of it.
func (g *Graph) remedy(path []step) string {
	for _, s := range path {
		ref := s.why.Ref
		switch {
		case !g.isFact(s.From) || ref == nil || ref.Root != language.RefCheck:
		case ref.Attr == "result":
			return " A fact that reads the result of a check can serve its warn, its causes and its texts, not what comes before them."
		case slices.ContainsFunc(path, func(back step) bool { return back.From == s.To && back.why.Ref != nil }):
			return " The status of a check is settled by its diagnosis, so a fact that serves the diagnosis can read the result only."
		}
	}
	return ""
}

func (g *Graph) isFact(n int) bool {
	return n >= len(g.locals) && n < len(g.locals)+len(g.rb.Facts)
}

// label is a node's block as expressions name it.
func (g *Graph) label(n int) string {
	if n < len(g.locals) {
		return expression.AddressOf(language.RefLocal, g.locals[n].Name)
	}
	n -= len(g.locals)
	if n < len(g.rb.Facts) {
		return g.rb.Facts[n].Address()
	}
	return g.rb.Checks[(n-len(g.rb.Facts))/2].Address()
}
