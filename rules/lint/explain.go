package lint

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var explainWithoutAddress = &Rule{
	ID:      "explain-without-address",
	Summary: "Explanation without an address",
	Doc: "A check has a target, but neither its explain nor that of any of its causes names it, or another address that was observed. " +
		"Whoever reads the report does not know where to go.",
	Hint: "Name the computer that it is about: ${target}.",
	Check: func(p *Pass) {
		for _, c := range p.Checks {
			if c.Target == nil || c.Explain == nil {
				continue
			}
			texts := []*expression.Expr{c.Explain}
			for _, cause := range c.Causes {
				texts = append(texts, cause.Explain)
			}
			if !slices.ContainsFunc(texts, func(text *expression.Expr) bool { return text != nil && namesAddress(text, c.Target) }) {
				p.Report(c.Explain.Range(), "No explanation of check.%s says which computer or address it is about.", c.Name)
			}
		}
	},
}

// addressNames are the attributes of results that hold addresses or names of
// computers.
var addressNames = []string{"address", "addresses", "gateway", "last_sender", "redirected_to", "sender", "server", "servers", "source"}

func namesAddress(text, target *expression.Expr) bool {
	for i := range text.Refs {
		ref := &text.Refs[i]
		switch {
		case ref.Root == language.RefTarget:
			return true
		case ref.Observed():
			if slices.ContainsFunc(ref.Traversal, func(step hcl.Traverser) bool {
				attr, ok := step.(hcl.TraverseAttr)
				return ok && slices.Contains(addressNames, attr.Name)
			}) {
				return true
			}
		}
		if slices.ContainsFunc(target.Refs, func(r expression.Ref) bool { return r.Root == ref.Root && r.Name == ref.Name }) {
			return true // what the target is made from
		}
	}
	constant, diags := target.Value(nil)
	if diags.HasErrors() || constant.Type() != cty.String || constant.IsNull() || !constant.IsKnown() || constant.IsMarked() {
		return false
	}
	found := false
	_ = hclsyntax.VisitAll(text.Expression, func(n hclsyntax.Node) hcl.Diagnostics {
		if lit, ok := n.(*hclsyntax.LiteralValueExpr); ok && lit.Val.Type() == cty.String && !lit.Val.IsNull() {
			found = found || strings.Contains(lit.Val.AsString(), constant.AsString())
		}
		return nil
	})
	return found
}
