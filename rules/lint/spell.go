package lint

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// spell writes an expression down so that two of the same spelling always have
// the same value: without white space, comments and needless brackets. One that
// it has no spelling for is like itself only.
func spell(e hclsyntax.Expression) string {
	var b strings.Builder
	spellTo(&b, e)
	return b.String()
}

func spellTo(b *strings.Builder, e hclsyntax.Expression) {
	list := func(open string, es []hclsyntax.Expression) {
		b.WriteString(open)
		for _, e := range es {
			spellTo(b, e)
			b.WriteByte(',')
		}
		b.WriteByte(')')
	}
	e = plain(e)
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		spellValue(b, e.Val)
	case *hclsyntax.ScopeTraversalExpr:
		b.WriteString(terminal.Reference(e.Traversal))
	case *hclsyntax.RelativeTraversalExpr:
		list("(", []hclsyntax.Expression{e.Source})
		b.WriteString(terminal.Reference(e.Traversal))
	case *hclsyntax.UnaryOpExpr:
		list(fmt.Sprintf("unary%p(", e.Op), []hclsyntax.Expression{e.Val})
	case *hclsyntax.BinaryOpExpr:
		list(fmt.Sprintf("binary%p(", e.Op), []hclsyntax.Expression{e.LHS, e.RHS})
	case *hclsyntax.ConditionalExpr:
		list("if(", []hclsyntax.Expression{e.Condition, e.TrueResult, e.FalseResult})
	case *hclsyntax.FunctionCallExpr:
		list(fmt.Sprintf("%s%t(", e.Name, e.ExpandFinal), e.Args)
	case *hclsyntax.IndexExpr:
		list("index(", []hclsyntax.Expression{e.Collection, e.Key})
	case *hclsyntax.TupleConsExpr:
		list("tuple(", e.Exprs)
	case *hclsyntax.TemplateExpr:
		list("template(", e.Parts)
	case *hclsyntax.SplatExpr:
		list("splat(", []hclsyntax.Expression{e.Source, e.Each})
	case *hclsyntax.AnonSymbolExpr:
		b.WriteString("item")
	case *hclsyntax.ForExpr:
		parts := []hclsyntax.Expression{e.CollExpr, e.ValExpr}
		for _, optional := range []hclsyntax.Expression{e.KeyExpr, e.CondExpr} {
			if optional != nil {
				parts = append(parts, optional)
			}
		}
		list(fmt.Sprintf("for %q %q %t %t %t(", e.KeyVar, e.ValVar, e.KeyExpr != nil, e.CondExpr != nil, e.Group), parts)
	default:
		fmt.Fprintf(b, "%T%p", e, e)
	}
}

func spellValue(b *strings.Builder, v cty.Value) {
	switch {
	case !v.IsKnown() || v.IsNull() || !v.Type().IsPrimitiveType():
		fmt.Fprintf(b, "%#v", v)
	case v.Type() == cty.String:
		fmt.Fprintf(b, "%q", v.AsString())
	case v.Type() == cty.Number:
		b.WriteString(v.AsBigFloat().Text('g', -1))
	default:
		fmt.Fprint(b, v.True())
	}
}
