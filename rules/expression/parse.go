package expression

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/internal/scan"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
)

// ParseSyntax parses a file in the native form, whatever its blocks mean, behind
// the guards of rules.Load: it refuses what is no text, bigger than 16 MiB or nested
// more than 500 deep, so that nothing in a file can take the process down. The
// body beside errors holds what could be parsed.
func ParseSyntax(name string, src []byte) (*hclsyntax.Body, hcl.Diagnostics) {
	if len(src) > language.MaxFileBytes {
		return &hclsyntax.Body{}, hcl.Diagnostics{language.TooBig(name)}
	}
	if d := scan.Text(src, name, false); d != nil {
		return &hclsyntax.Body{}, hcl.Diagnostics{d}
	}
	if _, diags := scan.File(src, name, syntax.OpeningsOf(name)); diags.HasErrors() {
		return &hclsyntax.Body{}, diags
	}
	return syntax.ParsePiece(scan.Piece{Src: src, Start: hcl.InitialPos}, name)
}

// ParseExpression parses a native expression, as a person types one for a
// variable. It is bounded as files are: one that nests too deep is an error.
func ParseExpression(name string, src []byte) (*Expr, hcl.Diagnostics) {
	if d := scan.Expression(src, name, hcl.InitialPos); d != nil {
		return nil, hcl.Diagnostics{d}
	}
	e, diags := hclsyntax.ParseExpression(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	return New(e), diags
}
