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
			a, _ := p.attribute(ref.Traversal, own)
			if a == nil || a.Words == nil || !ok || value.IsNull() || value.Type() != cty.String || a.Type != cty.String || canBe(a, value) || shadowed(ref.Traversal, e) {
				continue
			}
			p.Report(compare.Range(), "This is always %t: %s is never %q.%s", compare.Op == hclsyntax.OpNotEqual,
				rules.TraversalString(ref.Traversal), value.AsString(), suggestion(value.AsString(), a.Words))
		}
		return nil
	})
}

// canBe reports whether a text can be observed of an attribute that has words.
func canBe(a *rules.Attribute, text cty.Value) bool {
	return slices.Contains(a.Words, text.AsString()) || a.Check != nil && a.Check(text) == nil
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
