package rules

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// causesNamed holds the names of causes in the condition of a conclusion
// against the causes that the checks have: one that is misspelt would never
// hold, and nobody would know.
func (b *blockProver) causesNamed(when *expression.Expr) {
	if when == nil {
		return
	}
	hclsyntax.VisitAll(when.Expression, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.BinaryOpExpr:
			if n.Op == hclsyntax.OpEqual || n.Op == hclsyntax.OpNotEqual {
				b.causeNamed(n.LHS, n.RHS)
				b.causeNamed(n.RHS, n.LHS)
			}
		case *hclsyntax.FunctionCallExpr:
			if n.Name != "contains" || len(n.Args) != 2 {
				break
			}
			if list, ok := n.Args[0].(*hclsyntax.TupleConsExpr); ok {
				for _, e := range list.Exprs {
					b.causeNamed(n.Args[1], e)
				}
			}
		}
		return nil
	})
}

// causeNamed proves a name that the cause of a check is compared with.
func (b *blockProver) causeNamed(cause, name hclsyntax.Expression) {
	for {
		inner, ok := cause.(*hclsyntax.ParenthesesExpr)
		if !ok {
			break
		}
		cause = inner.Expression
	}
	read, ok := cause.(*hclsyntax.ScopeTraversalExpr)
	if !ok || read.Traversal.RootName() != string(language.RefVantage) || expression.StepName(read.Traversal[len(read.Traversal)-1]) != "cause" {
		return
	}
	literal, ok := name.(*hclsyntax.TemplateExpr)
	if !ok || !literal.IsStringLiteral() {
		return
	}
	ref := expression.NewRef(read.Traversal)
	_, of, _ := ref.Concluded()
	check := b.rb.Check(of)
	value, diags := literal.Value(nil)
	if check == nil || diags.HasErrors() || value.Type() != cty.String {
		return // said already
	}
	names := make([]string, len(check.Causes))
	for i, c := range check.Causes {
		if c.Name == value.AsString() {
			return
		}
		names[i] = c.Name
	}
	b.errorAt(name.Range(), "Unknown cause", "%s has no cause %q.%s", check.Address(), value.AsString(), diagnostic.DidYouMean(value.AsString(), names))
}
