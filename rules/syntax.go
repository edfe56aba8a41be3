package rules

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// ParseSyntax parses a file in the native form, whatever its blocks mean, behind
// the guards of [Load]: it refuses what is no text, bigger than 16 MiB or nested
// more than 500 deep, so that nothing in a file can take the process down. The
// body beside errors holds what could be parsed.
func ParseSyntax(name string, src []byte) (*hclsyntax.Body, hcl.Diagnostics) {
	if len(src) > maxFileBytes {
		return &hclsyntax.Body{}, hcl.Diagnostics{tooBig(name)}
	}
	if d := checkText(&source{name: name, src: src}); d != nil {
		return &hclsyntax.Body{}, hcl.Diagnostics{d}
	}
	if _, diags := scan(src, name, openingsOf(name)); diags.HasErrors() {
		return &hclsyntax.Body{}, diags
	}
	return parsePiece(piece{src: src, start: hcl.InitialPos}, name)
}

// ParseExpression parses a native expression, as a person types one for a
// variable. It is bounded as files are: one that nests too deep is an error.
func ParseExpression(name string, src []byte) (*Expr, hcl.Diagnostics) {
	if d := scanExpression(src, name, hcl.InitialPos); d != nil {
		return nil, hcl.Diagnostics{d}
	}
	e, diags := hclsyntax.ParseExpression(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	return newExpr(e), diags
}
