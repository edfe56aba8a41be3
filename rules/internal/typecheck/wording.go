package typecheck

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// typeNoun is a type in a sentence: "a number", "a list of string".
func typeNoun(t cty.Type) string {
	switch {
	case t == cty.DynamicPseudoType:
		return "a value of any type"
	case t.IsObjectType():
		return "an object"
	default:
		return "a " + t.FriendlyName()
	}
}

// asWritten is a value as it is written in an expression, where that is short.
func asWritten(v cty.Value) string {
	switch t := v.Type(); {
	case v.IsNull():
		return "null"
	case !v.IsKnown():
		return "unknown"
	case t == cty.String:
		return terminal.Literal(v.AsString())
	case t == cty.Number && terminal.Writable(v.AsBigFloat()):
		return v.AsBigFloat().Text('f', -1)
	case t == cty.Bool:
		return terminal.Value(v)
	default:
		return typeNoun(t)
	}
}

// describe is an expression in a sentence: a reference or a literal as it is
// written, otherwise what the caller says.
func describe(e hclsyntax.Expression, otherwise string) string {
	switch e := bare(e).(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return terminal.Reference(e.Traversal)
	case *hclsyntax.LiteralValueExpr:
		return asWritten(e.Val)
	case *hclsyntax.TemplateExpr:
		if s, ok := constantString(e); ok && len(s) <= 40 {
			return terminal.Literal(s)
		}
	}
	return otherwise
}

// bare is e without what encloses it and means nothing.
func bare(e hclsyntax.Expression) hclsyntax.Expression {
	for {
		switch w := e.(type) {
		case *hclsyntax.ParenthesesExpr:
			e = w.Expression
		case *hclsyntax.TemplateWrapExpr:
			e = w.Wrapped
		case *expression.TextPart:
			e = w.Expression
		default:
			return e
		}
	}
}

// constantString is the value of a quoted string without interpolation.
func constantString(e hclsyntax.Expression) (string, bool) {
	t, ok := e.(*hclsyntax.TemplateExpr)
	if !ok {
		return "", false
	}
	var b strings.Builder
	for _, part := range t.Parts {
		lit, ok := part.(*hclsyntax.LiteralValueExpr)
		if !ok {
			return "", false
		}
		s, ok := guard.KnownString(lit.Val)
		if !ok {
			return "", false
		}
		b.WriteString(s)
	}
	return b.String(), true
}
