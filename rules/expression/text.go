package expression

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// textBroken is what a value that can't be computed reads in a text.
const textBroken = "not available"

// A TextPart is an interpolated part of a text. It embeds a ParenthesesExpr,
// not the part itself, so that a walk also visits the part.
type TextPart struct {
	*hclsyntax.ParenthesesExpr
}

// maxPart bounds what one value adds to a text, in bytes: what follows is for
// people, and whatever a peer sends is in it.
const maxPart = 16 << 10

// Value renders the part. It has no errors, because a template that sees one
// stops writing.
func (p *TextPart) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := guard.Evaluate(p.Expression, ctx)
	if diags.HasErrors() {
		return cty.StringVal(textBroken), asWarnings(diags)
	}
	return cty.StringVal(cut(terminal.Value(v))), diags
}

// cut shortens what a value reads to maxPart, and says so.
func cut(s string) string {
	if len(s) <= maxPart {
		return s
	}
	n := terminal.RuneStart(s, maxPart)
	return fmt.Sprintf("%s… (%d bytes more)", s[:n], len(s)-n)
}

// wrapText wraps what a text interpolates: the parts of its template, and of
// templates that can become part of its output (branches, bodies of loops,
// elements that join puts together). Templates elsewhere, in arguments of a
// function say, are computed with and keep their meaning.
func wrapText(e hclsyntax.Expression) {
	switch e := e.(type) {
	case *hclsyntax.TemplateExpr:
		for i, part := range e.Parts {
			switch part.(type) {
			case *hclsyntax.LiteralValueExpr, *TextPart:
				continue
			}
			wrapText(part)
			e.Parts[i] = &TextPart{&hclsyntax.ParenthesesExpr{Expression: part, SrcRange: part.Range()}}
		}
	case *hclsyntax.TemplateWrapExpr:
		wrapText(e.Wrapped)
	case *hclsyntax.ParenthesesExpr:
		wrapText(e.Expression)
	case *hclsyntax.ConditionalExpr:
		wrapText(e.TrueResult)
		wrapText(e.FalseResult)
	case *hclsyntax.TemplateJoinExpr:
		if loop, ok := e.Tuple.(*hclsyntax.ForExpr); ok {
			wrapText(loop.ValExpr)
		}
	case *hclsyntax.FunctionCallExpr:
		if e.Name != "join" {
			return
		}
		for _, arg := range e.Args[min(1, len(e.Args)):] {
			switch arg := arg.(type) {
			case *hclsyntax.ForExpr:
				wrapText(arg.ValExpr)
			case *hclsyntax.TupleConsExpr:
				for _, el := range arg.Exprs {
					wrapText(el)
				}
			}
		}
	}
}
