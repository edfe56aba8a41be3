package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var valueImpossible = &Rule{
	ID:      "value-impossible",
	Summary: "Comparison with a word that never occurs",
	Doc: "A comparison of a status, a state or another word that was observed with one that it can't be, such as status == \"failed\" for \"fail\". " +
		"It comes out the same whatever the network does.",
	Hint: "Correct the word.",
	Check: func(p *Pass) {
		for _, f := range p.Facts {
			for e := range factExprs(f) {
				p.words(e, nil)
			}
		}
		for _, c := range p.Checks {
			for e := range checkExprs(c) {
				p.words(e, c.Probe)
			}
		}
		for _, c := range p.Conclusions {
			for e := range given(c.When, c.Explain, c.Remedy) {
				p.words(e, nil)
			}
		}
	},
}

// words reports comparisons of a reference with a constant that it can't be.
func (p *Pass) words(e *rules.Expr, own *rules.ProbeBlock) {
	if !slices.ContainsFunc(e.Refs, func(r rules.Ref) bool { return r.Observed() }) {
		return
	}
	_ = hclsyntax.VisitAll(e.Expression, func(n hclsyntax.Node) hcl.Diagnostics {
		compare, ok := n.(*hclsyntax.BinaryOpExpr)
		if !ok || compare.Op != hclsyntax.OpEqual && compare.Op != hclsyntax.OpNotEqual {
			return nil
		}
		for _, sides := range [][2]hclsyntax.Expression{{compare.LHS, compare.RHS}, {compare.RHS, compare.LHS}} {
			ref, ok := plain(sides[0]).(*hclsyntax.ScopeTraversalExpr)
			if !ok {
				continue
			}
			value, ok := constant(sides[1])
			words := p.wordsOf(ref.Traversal, own)
			if !ok || value.IsNull() || value.Type() != cty.String || len(words) == 0 || slices.Contains(words, value.AsString()) {
				continue
			}
			p.Report(compare.Range(), "This is always %t: %s is never %q.%s", compare.Op == hclsyntax.OpNotEqual,
				rules.TraversalString(ref.Traversal), value.AsString(), suggestion(value.AsString(), words))
		}
		return nil
	})
}

// mostWords bounds the words that a message lists.
const mostWords = 12

// suggestion says which words there are, or which of many may have been meant.
func suggestion(given string, words []string) string {
	if len(words) > mostWords {
		return rules.DidYouMean(given, words)
	}
	return fmt.Sprintf(" It is one of %s.", strings.Join(words, ", "))
}

// statuses are all that check.NAME.status can be.
var statuses = []string{"pass", "warn", "fail", "error", "blocked", "skipped"}

// wordsOf are all that a reference to something observed can be; nil where that
// is anything. Keys and indexes choose among many of a kind.
func (p *Pass) wordsOf(t hcl.Traversal, own *rules.ProbeBlock) []string {
	var names []string
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		}
	}
	if names[0] == string(rules.RefVantage) && len(names) > 2 {
		names = names[2:] // of a vantage, its checks
	}
	probe := own
	switch {
	case names[0] == string(rules.RefResult):
		names = names[1:]
	case names[0] == string(rules.RefFact) && len(names) > 2 && p.Fact(names[1]) != nil:
		probe, names = p.Fact(names[1]).Probe, names[2:]
	case names[0] == string(rules.RefCheck) && len(names) == 3 && names[2] == "status":
		return statuses
	case names[0] == string(rules.RefCheck) && len(names) > 3 && names[2] == "result" && p.Check(names[1]) != nil:
		probe, names = p.Check(names[1]).Probe, names[3:]
	default:
		return nil
	}
	if probe == nil {
		return nil
	}
	attrs := probe.Kind.Result
	for i, name := range names {
		n := slices.IndexFunc(attrs, func(a rules.Attribute) bool { return a.Name == name })
		if n < 0 {
			return nil
		}
		if i == len(names)-1 {
			return attrs[n].Words
		}
		attrs = attrs[n].Attrs
	}
	return nil
}
