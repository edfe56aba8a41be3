package format

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// An edit replaces a part of a text.
type edit struct {
	from, to int
	text     []byte
}

// unwrap takes "${" and "}" off each value of an attribute that is nothing else
// than one interpolation. The value stays the same, its type as well: HCL hands
// on whatever the interpolation is. It is nil where there is none.
func unwrap(body *hclsyntax.Body, src []byte) []byte {
	var edits []edit
	collect(body, src, &edits)
	if len(edits) == 0 {
		return nil
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out []byte
	done := 0
	for _, e := range edits {
		out = append(append(out, src[done:e.from]...), e.text...)
		done = e.to
	}
	return append(out, src[done:]...)
}

func collect(body *hclsyntax.Body, src []byte, edits *[]edit) {
	for _, attr := range body.Attributes {
		rng := attr.Expr.Range()
		value := src[rng.Start.Byte:rng.End.Byte]
		if inner := unwrapped(attr.Expr, value); inner != nil {
			*edits = append(*edits, edit{rng.Start.Byte, rng.End.Byte, inner})
		}
	}
	for _, b := range body.Blocks {
		collect(b.Body, src, edits)
	}
}

// unwrapped is the text of a value without the interpolations around it; nil
// where there are none, or where it can't stand without them.
func unwrapped(e hclsyntax.Expression, value []byte) []byte {
	wrap, ok := e.(*hclsyntax.TemplateWrapExpr)
	if !ok || len(value) == 0 || value[0] != '"' {
		return nil
	}
	inner := bytes.TrimSuffix(bytes.TrimPrefix(value, []byte(`"${`)), []byte(`}"`))
	inner = bytes.TrimSuffix(bytes.TrimPrefix(inner, []byte("~")), []byte("~"))
	if deeper := unwrapped(wrap.Wrapped, bytes.TrimSpace(inner)); deeper != nil {
		return deeper
	}
	// Where its lines end matters outside of brackets.
	for _, candidate := range [][]byte{bytes.TrimSpace(inner), slices.Concat([]byte("("), inner, []byte(")"))} {
		if isValue(candidate) {
			return candidate
		}
	}
	return nil
}

// isValue reports whether a text is the value of an attribute.
func isValue(text []byte) bool {
	file, diags := hclsyntax.ParseConfig(slices.Concat([]byte("x = "), text, []byte("\n")), "", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	body := file.Body.(*hclsyntax.Body)
	return len(body.Attributes) == 1 && len(body.Blocks) == 0
}
